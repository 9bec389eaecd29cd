"""Alerts in the national case database: each points to the entry that somebody must look at."""

import sqlite3
from dataclasses import dataclass
from typing import ClassVar, Literal

AlertKind = Literal[
    "duress",
    "unapproved",
    "unproven",
    "provisioned",
    "measured_again",
    "clock_turned_back",
    "misnamed",
    "unpinned",
    "policy_changed",
    "settings_changed",
]


@dataclass(frozen=True)
class Alert:
    """What to look at, with words for a person."""

    kind: AlertKind
    detail: str


@dataclass(frozen=True)
class FiledAlert:
    """An alert, and the entry that it is about."""

    station: str
    seq: int
    kind: str
    detail: str


class Alerts:
    """The table of alerts, in the database of the cases and its transactions."""

    SCHEMA: ClassVar[str] = """
    CREATE TABLE IF NOT EXISTS alerts (
        station TEXT NOT NULL,
        seq     INTEGER NOT NULL,
        kind    TEXT NOT NULL,
        detail  TEXT NOT NULL,
        FOREIGN KEY (station, seq) REFERENCES entries
    ) STRICT;
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, station: str, seq: int, alert: Alert) -> None:
        """Keep an alert."""
        self._database.execute("INSERT INTO alerts VALUES (?, ?, ?, ?)", (station, seq, alert.kind, alert.detail))

    def list(self) -> list[FiledAlert]:
        """Return every alert, in the order of the entries."""
        rows = self._database.execute("SELECT station, seq, kind, detail FROM alerts ORDER BY station, seq, kind")
        return [FiledAlert(*row) for row in rows]
