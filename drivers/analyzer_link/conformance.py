"""Whether an instrument follows PROTOCOL.md: every check by name, with what was expected and what came.

The instrument needs a sample that it can measure, and stands still for about six acquisitions.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from drivers.analyzer_link.conformance_checks import CHECKS
from drivers.analyzer_link.conformance_subject import Check, Subject
from drivers.analyzer_link.raw_host import Nonconforming, RawHost
from drivers.errors import DriverError
from drivers.transport import Transport


class Verdict(StrEnum):
    """What came of a check. SKIPPED: a check that it builds on has failed."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Outcome:
    """One check: `rule` is what it tests, `words` what was expected and what came, or what it waits for."""

    name: str
    rule: str
    verdict: Verdict
    words: str


def conformance(
    transport: Transport, monotonic_ns: Callable[[], int], first_id: int, energies: Sequence[int]
) -> Iterator[Outcome]:
    """Check the instrument on `transport`; `energies` in tenths of a volt, at least two that it can set.

    Gives each outcome as soon as it is known. A port that is lost fails the check under way.
    """
    subject = Subject(RawHost(transport, monotonic_ns, first_id), tuple(energies))
    passed: set[str] = set()
    for check in CHECKS:
        outcome = _outcome(check, subject, passed)
        if outcome.verdict is Verdict.PASS:
            passed.add(check.name)
        yield outcome


def _outcome(check: Check, subject: Subject, passed: set[str]) -> Outcome:
    missing = [name for name in check.needs if name not in passed]
    if missing:
        return Outcome(check.name, check.rule, Verdict.SKIPPED, f"needs {', '.join(missing)}")
    try:
        check.run(subject)
    except Nonconforming as fault:
        return Outcome(check.name, check.rule, Verdict.FAIL, str(fault))
    except DriverError as error:
        return Outcome(check.name, check.rule, Verdict.FAIL, f"the port failed: {error.problem}")
    return Outcome(check.name, check.rule, Verdict.PASS, "")
