"""Problems of the case database: whatever was not as it must be, with its bytes and a stable code."""

import sqlite3
from dataclasses import dataclass

from sync.contract.inside import LoggedEnvelope
from sync.vault.attached import Named


@dataclass(frozen=True)
class Problem:
    """An envelope that is not as it must be, with a stable code."""

    log_index: int
    station: str
    seq: int
    code: str
    detail: str


class Problems:
    """The table of problems, in the database of the cases."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, logged: LoggedEnvelope, code: str, detail: str, found: str) -> None:
        """Keep an envelope that is not as it must be."""
        self._insert((logged.index, logged.station, logged.seq, code, detail, found, logged.envelope))

    def add_attachment(self, named: Named, body: bytes, detail: str, found: str) -> None:
        """Keep sealed bytes that are not the attachment that a record names."""
        query = "SELECT log_index FROM entries WHERE station = ? AND seq = ?"
        [(index,)] = self._database.execute(query, (named.station, named.seq)).fetchall()
        self._insert((index, named.station, named.seq, f"attachment_{named.place}", detail, found, body))

    def spoilt(self, station: str, seq: int) -> list[bytes]:
        """Return the envelopes at a place of a journal that could not be believed."""
        query = "SELECT envelope FROM problems WHERE station = ? AND seq = ?"
        return [envelope for (envelope,) in self._database.execute(query, (station, seq))]

    def why(self, station: str, seq: int) -> str | None:
        """Return why an entry that came is not among the opened ones; None where none came."""
        query = "SELECT code, detail FROM problems WHERE station = ? AND seq = ? ORDER BY log_index, code LIMIT 1"
        row = self._database.execute(query, (station, seq)).fetchone()
        return f"{row[0]}: {row[1]}" if row else None

    def list(self) -> list[Problem]:
        """Return everything that was not as it must be, in log order."""
        query = "SELECT log_index, station, seq, code, detail FROM problems ORDER BY log_index, code"
        return [Problem(*row) for row in self._database.execute(query)]

    def _insert(self, row: tuple[int, str, int, str, str, str, bytes]) -> None:
        self._database.execute("INSERT OR IGNORE INTO problems VALUES (?, ?, ?, ?, ?, ?, ?)", row)
