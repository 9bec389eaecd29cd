"""The drill: one key, alone, opens everything that the centre holds. What a state does before it needs to."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sync.contract.ids import StationId
from sync.contract.inside import LoggedEnvelope
from sync.envelope import Envelope
from sync.errors import LogDamaged, SyncError
from sync.identity import Opener
from sync.opening import open_envelope
from sync.vault.cases import Cases
from sync.vault.source import Source


@dataclass
class DrillReport:
    """How many envelopes the log has, were given, opened and are as they were filed; and what stands against a pass."""

    size: int = 0
    seen: int = 0
    opened: int = 0
    same: int = 0
    problems: list[str] = field(default_factory=list[str])


def open_everything(source: Source, cases: Cases, identity: Opener, vault: StationId) -> DrillReport:
    """Open each envelope, keep nothing, and compare with what was filed under another key.

    Only the newest records of `vault` itself, the drill's own among them, need not be filed yet.
    """
    report = DrillReport(size=source.page(-1).size)
    if report.size <= cases.progress():
        report.problems.append(f"the log has {report.size} entries, and {cases.progress() + 1} were filed: it was cut")
    try:
        for logged in _everything(source, report.size):
            report.seen += 1
            _open(logged, cases, identity, vault, report)
    except LogDamaged as error:
        report.problems.append(str(error))
    if not report.same:
        report.problems.append("nothing of it is filed here, so nothing was compared: let `garita-vault run` file it")
    return report


def _everything(source: Source, size: int) -> Iterator[LoggedEnvelope]:
    """Yield the first `size` entries of the log; raises LogDamaged where the centre leaves one out."""
    expected = 0
    while expected < size:
        for logged in source.page(expected - 1).envelopes or [None]:
            if logged is None or logged.index != expected:
                given = "nothing more" if logged is None else f"entry {logged.index}"
                raise LogDamaged(f"the log has {size} entries, and the centre gave {given} where {expected} comes next")
            if expected == size:
                return
            yield logged
            expected += 1


def _open(logged: LoggedEnvelope, cases: Cases, identity: Opener, vault: StationId, report: DrillReport) -> None:
    name = f"log index {logged.index}, {logged.station}/{logged.seq}"
    try:
        data = open_envelope(Envelope.from_bytes(logged.envelope), identity)
    except SyncError as error:
        report.problems.append(f"{name}: {error}")
        return
    report.opened += 1
    filed = cases.record_bytes(logged.station, logged.seq)
    report.same += filed == data
    if filed is None and (logged.station != vault or logged.index <= cases.progress()):
        report.problems.append(f"{name}: not filed here; let `garita-vault run` file it, or see `problems`")
    elif filed not in (None, data):
        report.problems.append(f"{name}: filed as another record")
