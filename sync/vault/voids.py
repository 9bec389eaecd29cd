"""Voids: which entries no longer count, as far as records prove it. A void strikes what it names by its true digest."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from sync.contract.casework import AmendmentRecord, VoidRecord
from sync.contract.ids import Seq, StationId
from sync.contract.record import Record
from sync.contract.seizure import UndoRecord
from sync.vault.alerts import Alert

DigestOf = Callable[[StationId, Seq], bytes | None]
VOIDS = "SELECT seq, record FROM entries WHERE schema = 'garita.void/1' ORDER BY station, seq"
DOUBTED = """
SELECT 1 FROM alerts AS a WHERE a.station = v.station AND a.seq IN (v.seq - 1, v.seq)
AND a.kind IN ('unapproved', 'unproven', 'misnamed')
"""
PROVEN = f"""
INSERT INTO proven_voids SELECT v.station, v.seq FROM entries AS v
WHERE v.schema = 'garita.void/1' AND NOT EXISTS ({DOUBTED})
"""  # noqa: S608 - from this file


@dataclass(frozen=True)
class Void:
    """Why an entry is said to count no longer; `proven` where it was found that two persons stand behind it."""

    reason: str
    proven: bool


class Voids:
    """What the opened voids say, in the database of the cases."""

    SCHEMA: ClassVar[str] = "CREATE INDEX voiding ON entries (station, seq) WHERE schema = 'garita.void/1';"
    PROVEN: ClassVar[str] = f"""
    CREATE TABLE proven_voids (
        station TEXT NOT NULL,
        seq     INTEGER NOT NULL,
        PRIMARY KEY (station, seq),
        FOREIGN KEY (station, seq) REFERENCES entries
    ) STRICT;
    {PROVEN};
    """

    def __init__(self, database: sqlite3.Connection, digest_of: DigestOf) -> None:
        self._database, self._digest_of = database, digest_of

    def by_entry(self) -> dict[tuple[StationId, Seq], Void]:
        """Return the void of each entry that one names by its true digest; a proven one goes before any other."""
        found = dict[tuple[StationId, Seq], Void]()
        for seq, data in self._database.execute(VOIDS).fetchall():
            record = VoidRecord.from_bytes(data)
            entry = (record.station, record.concerns.seq)
            if misnamed(record, self._digest_of) is None and not (entry in found and found[entry].proven):
                found[entry] = Void(record.reason, self.is_proven(record.station, seq))
        return found

    def is_proven(self, station: StationId, seq: Seq) -> bool:
        """Tell whether two persons stand behind the void that is entry `seq`."""
        query = "SELECT 1 FROM proven_voids WHERE station = ? AND seq = ?"
        return self._database.execute(query, (station, seq)).fetchone() is not None

    def judge(self, station: StationId, seq: Seq) -> None:
        """Keep that the void which is entry `seq` is proven, where no alert speaks against it or its approval."""
        self._database.execute(f"{PROVEN} AND v.station = ? AND v.seq = ?", (station, seq))


def misnamed(record: Record, digest_of: DigestOf) -> Alert | None:
    """Return what is wrong where a record concerns an earlier one and names it by another digest than it has."""
    if not isinstance(record, VoidRecord | AmendmentRecord | UndoRecord):
        return None
    seq = record.concerns.seq
    digest = digest_of(record.station, seq)
    if digest == record.concerns.digest:
        return None
    said = f"{record.schema_name} by {record.operator} names entry {seq} by SHA-256 {record.concerns.digest.hex()}"
    return Alert("misnamed", f"{said}, and {f'it is {digest.hex()}' if digest else 'no such entry was opened'}")
