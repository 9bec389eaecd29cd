"""The drill: one key, alone, opens everything that the centre holds. What a state does before it needs to."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from sync.contract.ids import StationId
from sync.contract.inside import LoggedEnvelope
from sync.contract.records import parse_record
from sync.envelope import Envelope
from sync.errors import LogDamaged, SyncError
from sync.identity import Opener
from sync.vault.cases import Cases
from sync.vault.entry import Entry
from sync.vault.filing import Filing
from sync.vault.source import Source


@dataclass
class DrillReport:
    """How many envelopes the log has, were given, opened and are as they were filed; and what stands against a pass."""

    size: int = 0
    seen: int = 0
    opened: int = 0
    same: int = 0
    problems: list[str] = field(default_factory=list[str])
    named: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])
    """The entries in `problems`."""


def open_everything(source: Source, cases: Cases, identity: Opener, vault: StationId) -> DrillReport:
    """Open each envelope, file it again beside `cases`, compare what is in both, and keep nothing.

    Only the newest records of `vault` itself, the drill's own among them, need not be filed yet.
    """
    report = DrillReport(size=source.page(-1).size)
    if report.size <= cases.progress():
        report.problems.append(f"the log has {report.size} entries, and {cases.progress() + 1} were filed: it was cut")
    with TemporaryDirectory(dir=cases.file.parent, prefix="drill.") as folder:
        file = Path(folder) / "cases.db"
        try:
            with closing(Cases(file, new=True)) as again, again.transaction():
                filing = Filing(again)
                for logged in _everything(source, report.size):
                    report.seen += 1
                    _open(logged, cases, identity, vault, report, filing)
            _compare(cases, file, report)
        except LogDamaged as error:
            report.problems.append(str(error))
    if report.seen and not report.opened:
        report.problems.append("this key opens none of it, so nothing was compared: give the nation's or the escrow's")
    elif not report.same:
        report.problems.append("nothing of it is filed here, so nothing was compared: let `garita-vault run` file it")
    return report


def _compare(cases: Cases, again: Path, report: DrillReport) -> None:
    for station, seq, table in cases.compared.differences(again, report.size):
        if (station, seq) not in report.named:
            said = f"{station}/{seq}: its {table} here are not what its record in the log says"
            report.problems.append(f"{said}; keep {cases.file.name} for the auditor, see docs/vault.md")


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


def _open(
    logged: LoggedEnvelope, cases: Cases, identity: Opener, vault: StationId, report: DrillReport, filing: Filing
) -> None:
    def tell(problem: object) -> None:
        report.problems.append(f"log index {logged.index}, {logged.station}/{logged.seq}: {problem}")
        report.named.add((logged.station, logged.seq))

    try:
        envelope = Envelope.from_bytes(logged.envelope)
        data = Entry.called(logged).open(envelope, identity).record
    except SyncError as error:
        tell(error)
        return
    report.opened += 1
    filed = cases.record_bytes(logged.station, logged.seq)
    if filed == data:
        report.same += 1
        filing.file(logged.index, envelope, parse_record(data), data, "")
    elif filed is not None:
        tell("filed as another record")
    elif logged.station != vault or logged.index <= cases.progress():
        tell("not filed here; let `garita-vault run` file it, or see `problems`")
