"""The stations of the case database: the card by which each is believed, and how far its journal was."""

import sqlite3

from sync.chain import Head
from sync.contract.card import StationCard
from sync.contract.ids import StationId

STRANGER = """
SELECT 1 FROM stations AS s WHERE station = ? AND NOT laid
AND NOT EXISTS (SELECT 1 FROM alerts AS a WHERE a.station = s.station AND a.kind = 'unpinned')
"""


class Stations:
    """The table of stations, in the database of the cases and its transactions."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def pin(self, card: StationCard) -> StationCard:
        """Return the card under which the station was first seen here."""
        row = (card.station, card.to_bytes())
        self._database.execute("INSERT OR IGNORE INTO stations (station, card) VALUES (?, ?)", row)
        query = "SELECT card FROM stations WHERE station = ?"
        return StationCard.from_bytes(self._database.execute(query, (card.station,)).fetchone()[0])

    def lay(self, card: StationCard) -> bool:
        """Believe a station by a card that was brought by hand; return False where another one is believed already."""
        if self.pin(card) != card:
            return False
        self._database.execute("UPDATE stations SET laid = 1 WHERE station = ?", (card.station,))
        return True

    def card(self, station: StationId) -> StationCard | None:
        """Return the card by which a station is believed here."""
        row = self._database.execute("SELECT card FROM stations WHERE station = ?", (station,)).fetchone()
        return StationCard.from_bytes(row[0]) if row else None

    def is_stranger(self, station: StationId) -> bool:
        """Tell whether nobody brought the station's card, and no alert says so yet."""
        return self._database.execute(STRANGER, (station,)).fetchone() is not None

    def head(self, station: StationId) -> Head | None:
        """Return the last entry of a station's journal that was believed here."""
        query = "SELECT seq, digest FROM stations WHERE station = ? AND seq > 0"
        row = self._database.execute(query, (station,)).fetchone()
        return Head(*row) if row else None

    def move_head(self, station: StationId, head: Head) -> None:
        """Note the last entry of a station's journal."""
        values = (head.seq, head.digest, station)
        self._database.execute("UPDATE stations SET seq = ?, digest = ? WHERE station = ?", values)

    def laid(self) -> list[StationCard]:
        """Return the cards that were brought by hand."""
        rows = self._database.execute("SELECT card FROM stations WHERE laid ORDER BY station").fetchall()
        return [StationCard.from_bytes(card) for (card,) in rows]
