"""The daily check of the analyzer: what a blank and the reference sample must come to, and for how long that counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast, get_args

from sqlmodel import Session, col, select

from edge.clock import parse_wall
from edge.records import Header
from edge.tables import Reading, Screening
from models.conclusion import Conclusion, Reason
from sync.contract.ids import ScreeningId
from sync.contract.records import (
    PRESUMPTIVE,
    Check,
    CheckRecord,
    IdentificationPart,
    InstrumentPart,
    ReadingPart,
    ScreeningRecord,
    parse_reading,
)

CHECKS: tuple[Check, ...] = get_args(Check)
COUNTS_FOR = timedelta(hours=24)
MISSING, NOT_EMPTY, NOT_NAMED = "daily-check-missing", "blank-not-empty", "reference-not-named"
HELD = "held"
"""The field of a screening whose conclusion was held back."""
FAILED = "checks_failed"
"""The field of a screening that was made after a check which did not pass: what was wrong, in codes."""
_EMPTY = {Reason.NOTHING_ABOVE_BACKGROUND, Reason.WEAK_SIGNAL}
_CONCLUDED = {Conclusion.ALARM, Conclusion.CAUTION, Conclusion.NO_ALARM}

Standing = Mapping[Check, CheckRecord]
"""The newest check of each kind."""


@dataclass(frozen=True)
class DailyCheck:
    """What is asked of each day: whether a check is `required`, and the substance of the `reference` sample."""

    required: bool
    reference: str

    def problems(self, check: Check, part: ReadingPart) -> list[str]:
        """Say in codes why a check did not pass; a reading that came to no end says why itself."""
        found = part.identification
        if part.outcome != "measured" or found is None:
            return list(found.reasons) if found else [MISSING]
        if check == "blank":
            return [] if _is_empty(found) else [NOT_EMPTY]
        return [] if self.reference in _named(found) else [NOT_NAMED]

    def record(self, header: Header, screening: ScreeningId, check: Check, part: ReadingPart) -> CheckRecord:
        """Return the record of a check."""
        problems = self.problems(check, part)
        return CheckRecord(
            station=header.station,
            operator=header.operator,
            recorded=header.recorded,
            software=header.software,
            screening=screening,
            subject_kind=check,
            presumptive=PRESUMPTIVE,
            conclusion=part.identification.conclusion if part.identification else "fault",
            check=check,
            expected=self.reference if check == "reference" else None,
            passed=not problems,
            problems=problems,
            readings=[part],
        )

    def held(self, standing: Standing, header: Header, part: ReadingPart) -> str | None:
        """Return why the conclusion of a reading made now is held back, None where it is not."""
        concluded = part.identification is not None and part.identification.conclusion in _CONCLUDED
        if not self.required or not concluded or counts(standing, header.recorded.wall, part.instrument):
            return None
        return MISSING


def failed(standing: Standing, part: ReadingPart) -> list[str]:
    """Return what was wrong at the newest checks of the reading's instrument, whether or not a check is asked for.

    A check that did not pass is told until one of its kind passes.
    """
    records = [record for check in CHECKS if (record := standing.get(check)) and not record.passed]
    return [code for each in records if _is_of(each, part.instrument) for code in each.problems]


def stands(check: CheckRecord | None, wall: str, instrument: InstrumentPart | None = None) -> bool:
    """Tell whether a check passed and still counts at `wall`; with `instrument`, whether it was of that one."""
    if check is None or not check.passed:
        return False
    age = parse_wall(wall) - parse_wall(check.recorded.wall)
    return timedelta(0) <= age < COUNTS_FOR and _is_of(check, instrument)


def _is_of(check: CheckRecord, instrument: InstrumentPart | None) -> bool:
    measured = check.readings[0].instrument
    return instrument is None or measured is None or measured.serial_number == instrument.serial_number


def counts(standing: Standing, wall: str, instrument: InstrumentPart | None = None) -> bool:
    """Tell whether at `wall` both checks stand."""
    return all(stands(standing.get(check), wall, instrument) for check in CHECKS)


def standing_of(session: Session) -> Standing:
    """Return the newest check of each kind; practice is none."""
    records = [parse_reading(data) for check in CHECKS if (data := session.exec(_newest(check)).first())]
    return {record.check: record for record in records if isinstance(record, CheckRecord)}


def held_of(record: ScreeningRecord | CheckRecord) -> str | None:
    """Return why the conclusion of a screening was held back."""
    return cast("str | None", (record.model_extra or {}).get(HELD))


def failed_of(record: ScreeningRecord | CheckRecord) -> Sequence[str]:
    """Return what was wrong at the checks before a screening, in codes."""
    return cast("Sequence[str]", (record.model_extra or {}).get(FAILED, ()))


def _newest(check: Check):  # noqa: ANN202 - SQLModel's own type of a statement
    return (
        select(Reading.record)
        .join(Screening, col(Screening.id) == col(Reading.screening))
        .where(col(Screening.subject_kind) == check, col(Screening.training).is_(False))
        .where(col(Reading.record).is_not(None))
        .order_by(col(Reading.number).desc())
        .limit(1)
    )


def _is_empty(found: IdentificationPart) -> bool:
    """Tell whether there was nothing to search, and why: a reading that was searched had peaks, whatever they were."""
    return found.conclusion == Conclusion.INCONCLUSIVE and found.reasons[0] in _EMPTY and not found.hits


def _named(found: IdentificationPart) -> set[str]:
    if found.conclusion not in _CONCLUDED or not found.hits:
        return set()
    return {found.hits[0].name, *found.hits[0].isomers}
