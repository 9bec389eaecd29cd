"""The drill: one key, alone, opens everything that the centre holds. What a state does before it needs to."""

from dataclasses import dataclass, field

from sync.envelope import Envelope
from sync.errors import SyncError
from sync.identity import Opener
from sync.opening import open_envelope
from sync.vault.cases import Cases
from sync.vault.source import Source


@dataclass
class DrillReport:
    """How many envelopes there are, how many opened, how many are as they were filed; and those that failed."""

    seen: int = 0
    opened: int = 0
    same: int = 0
    problems: list[str] = field(default_factory=list[str])


def open_everything(source: Source, cases: Cases, identity: Opener) -> DrillReport:
    """Open each envelope, keep nothing, and compare with what was filed under another key."""
    report, after = DrillReport(), -1
    while page := source.page(after).envelopes:
        for logged in page:
            report.seen += 1
            try:
                data = open_envelope(Envelope.from_bytes(logged.envelope), identity)
            except SyncError as error:
                report.problems.append(f"log index {logged.index}, {logged.station}/{logged.seq}: {error}")
                continue
            report.opened += 1
            filed = cases.record_bytes(logged.station, logged.seq)
            report.same += filed == data
            if filed not in (None, data):
                report.problems.append(
                    f"log index {logged.index}, {logged.station}/{logged.seq}: filed as another record"
                )
        after = page[-1].index
    return report
