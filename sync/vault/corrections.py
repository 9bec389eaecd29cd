"""What later records of a journal make of an earlier one: they void it, amend it, or take it back.

Whoever shows an entry, or lets it out, says so too: on its own it would pass for what still stands.
"""

import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sync.contract.approval import ApprovalRecord
from sync.contract.casework import AmendmentRecord, VoidRecord
from sync.contract.ids import Seq, StationId
from sync.contract.records import parse_record
from sync.contract.seizure import UndoRecord
from sync.vault.voids import DigestOf, Voids, misnamed

Correcting = VoidRecord | AmendmentRecord | UndoRecord
WORDS: dict[type[Correcting], str] = {VoidRecord: "voids", AmendmentRecord: "amends", UndoRecord: "takes back"}
LATER = f"""
SELECT seq, record FROM entries WHERE station = ? AND seq > ?
AND schema IN ({", ".join(f"'{kind.SCHEMA}'" for kind in WORDS)}) ORDER BY seq
"""  # noqa: S608 - from this file
APPROVAL = f"SELECT 1 FROM entries WHERE station = ? AND seq = ? AND schema = '{ApprovalRecord.SCHEMA}'"  # noqa: S608 - from this file


@dataclass(frozen=True)
class Correction:
    """Entry `seq` and what it says of an earlier one; a void may have its `approval`, and is `proven` or not."""

    seq: Seq
    record: Correcting
    approval: Seq | None = None
    proven: bool | None = None

    @property
    def entries(self) -> list[Seq]:
        """Which entries tell it."""
        return [self.seq] if self.approval is None else [self.approval, self.seq]

    def __str__(self) -> str:
        """Say it in one line."""
        station, record = self.record.station, self.record
        said = f"{station}/{self.seq} {WORDS[type(record)]} {station}/{record.concerns.seq}, by {record.operator}"
        reason = "" if isinstance(record, UndoRecord) else f": {record.reason}"
        return f"{said}{reason}{' (not proven, see `alerts`)' if self.proven is False else ''}"


class Corrections:
    """Looks for them in the database of the cases. One that names another digest than the entry has is none."""

    def __init__(self, database: sqlite3.Connection, digest_of: DigestOf, voids: Voids) -> None:
        self._database, self._digest_of, self._voids = database, digest_of, voids

    def of(self, station: StationId, seqs: Collection[int]) -> Iterator[Correction]:
        """Yield what concerns these entries of a station, and what concerns that in turn, by seq."""
        wanted = set(seqs)
        for seq, data in self._database.execute(LATER, (station, min(wanted))).fetchall():
            record = parse_record(data)
            if isinstance(record, Correcting) and record.concerns.seq in wanted and not self._misnamed(record):
                wanted.add(seq)
                yield self._correction(seq, record)

    def _misnamed(self, record: Correcting) -> bool:
        return misnamed(record, self._digest_of) is not None

    def _correction(self, seq: Seq, record: Correcting) -> Correction:
        if not isinstance(record, VoidRecord):
            return Correction(seq, record)
        approved = self._database.execute(APPROVAL, (record.station, seq - 1)).fetchone()
        return Correction(seq, record, Seq(seq - 1) if approved else None, self._voids.is_proven(record.station, seq))
