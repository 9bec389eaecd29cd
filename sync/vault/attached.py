"""Attachments in the national case database: what the records name, and the bytes once they came and opened."""

import sqlite3
from dataclasses import dataclass
from typing import ClassVar

from sync.contract.attachment import AttachmentPart


@dataclass(frozen=True)
class Named:
    """An attachment that record `station`/`seq` names in this place, counted from 0; `data` when it is here."""

    station: str
    seq: int
    place: int
    part: AttachmentPart
    data: bytes | None


class Attached:
    """The table of attachments, in the database of the cases and its transactions."""

    SCHEMA: ClassVar[str] = """
    CREATE TABLE IF NOT EXISTS attachments (
        station TEXT NOT NULL,
        seq     INTEGER NOT NULL,
        place   INTEGER NOT NULL,
        part    BLOB NOT NULL,
        digest  BLOB NOT NULL,
        opened  TEXT,
        data    BLOB,
        PRIMARY KEY (station, seq, place),
        FOREIGN KEY (station, seq) REFERENCES entries
    ) STRICT;
    CREATE INDEX IF NOT EXISTS missing_attachments ON attachments (station) WHERE opened IS NULL;
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, station: str, seq: int, place: int, part: AttachmentPart) -> None:
        """Note that a record names an attachment."""
        row = (station, seq, place, part.to_bytes(), part.digest)
        query = "INSERT INTO attachments (station, seq, place, part, digest) VALUES (?, ?, ?, ?, ?)"
        self._database.execute(query, row)

    def missing(self) -> list[Named]:
        """Return what is named and not here, the oldest of each station first."""
        return self._select("WHERE opened IS NULL ORDER BY station, seq, place")

    def of_entry(self, station: str, seq: int) -> list[Named]:
        """Return what one record names."""
        return self._select("WHERE station = ? AND seq = ? ORDER BY place", station, seq)

    def file(self, named: Named, data: bytes, opened: str) -> None:
        """Keep the opened bytes."""
        where = (opened, data, named.station, named.seq, named.place)
        query = "UPDATE attachments SET opened = ?, data = ? WHERE station = ? AND seq = ? AND place = ?"
        self._database.execute(query, where)

    def _select(self, where: str, *values: object) -> list[Named]:
        query = f"SELECT station, seq, place, part, data FROM attachments {where}"  # noqa: S608 - from this file
        rows = self._database.execute(query, values).fetchall()
        return [
            Named(station, seq, place, AttachmentPart.from_bytes(part), data)
            for station, seq, place, part, data in rows
        ]
