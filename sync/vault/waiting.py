"""Envelopes that wait: the centre showed no card of their station yet, so nobody could say whether it signed them."""

import sqlite3
from typing import ClassVar

from sync.contract.ids import StationId
from sync.contract.inside import LoggedEnvelope
from sync.errors import BadSignature

NO_CARD = "no_card"
AT_ONCE = 50


class NoCard(BadSignature):
    """An envelope of a station whose card is not here; it is judged again when the card is."""


class Waiting:
    """Those of the case database's problems that a card will solve."""

    SCHEMA: ClassVar[str] = f"""
    UPDATE problems SET code = '{NO_CARD}'
        WHERE code = 'bad_signature' AND detail LIKE '%: the centre shows no card of that station';
    CREATE INDEX waiting_for_card ON problems (station, log_index) WHERE code = '{NO_CARD}';
    """  # noqa: S608 - from this file

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def stations(self) -> set[StationId]:
        """Return the stations of all that waits."""
        rows = self._database.execute("SELECT DISTINCT station FROM problems WHERE code = ?", (NO_CARD,))
        return {StationId(station) for (station,) in rows}

    def of_station(self, station: StationId) -> list[LoggedEnvelope]:
        """Return what waits longest of a station, in log order."""
        query = (
            "SELECT log_index, station, seq, envelope FROM problems WHERE code = ? AND station = ? ORDER BY 1 LIMIT ?"
        )
        rows = self._database.execute(query, (NO_CARD, station, AT_ONCE)).fetchall()
        return [LoggedEnvelope(index=row[0], station=StationId(row[1]), seq=row[2], envelope=row[3]) for row in rows]

    def take(self, logged: LoggedEnvelope) -> None:
        """Let it wait no longer."""
        self._database.execute("DELETE FROM problems WHERE log_index = ? AND code = ?", (logged.index, NO_CARD))
