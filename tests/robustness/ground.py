"""A station's folder for shifts that end badly, and what must hold of it after each end."""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from sqlmodel import col, func, select, text

from edge.database import Database
from edge.tables import Reading
from sync import attachment_store
from sync.attachment_store import AttachmentEntry
from sync.chain import Head, empty
from sync.contract.ids import Seq, StationId
from sync.identity import Identity
from sync.journal import JournalEntry, verify_after, verify_stored
from sync.keys import StationKey
from sync.outbox import OutboxEntry
from tests.edge.bench import lay_down_keys
from tests.robustness.marks import MARK

STATION = StationId("MX-TIJ-01")
KNOWN = ("station.db", "station.db-wal", "station.db-shm", "station.toml", "database.key", "station.key", "root.keys")
ALSO_KNOWN = (*KNOWN, "recipients.list", "log.vkey", "reserve", "lost+found")


class Lost(AssertionError):
    """Something that must hold after a cut does not."""


@dataclass
class Ground:
    """The folder, its station's key, and the head up to which its journal was found whole."""

    data: Path
    key: StationKey = field(default_factory=StationKey.generate)
    head: Head | None = None

    def lay(self) -> None:
        """Provision the folder."""
        self.data.mkdir(parents=True, exist_ok=True)
        lay_down_keys(self.data, self.key, Identity.generate("national"), Identity.generate("escrow"))
        (self.data / "station.toml").write_text(
            f'station = "{STATION}"\npost = "Km 57"\nreserve_mib = 1\ndaily_check = false\n', "utf-8"
        )

    def check(self, acknowledged: str, *, whole: bool = False) -> int:
        """Return how long the journal is; raises Lost. `acknowledged` is the last seq and digest that were said."""
        self._check_files()
        database = Database(self.data / "station.db", (self.data / "database.key").read_bytes())
        try:
            head = self._check_journal(database, whole=whole)
            _check_acknowledged(database, acknowledged)
            _check_outbox(database)
            _check_readings(database)
            _check_attachments(database, whole=whole)
            if whole:
                _check_pages(database)
        finally:
            database.close()
        self.head = head
        return head.seq

    def _check_files(self) -> None:
        for file in self.data.rglob("*"):
            if file.name not in ALSO_KNOWN:
                raise Lost(f"{file} was left behind")
            if file.is_file() and MARK.encode() in file.read_bytes():
                raise Lost(f"{file} holds what should be sealed")

    def _check_journal(self, database: Database, *, whole: bool) -> Head:
        with database.read() as session:
            if whole:
                return verify_stored(session, STATION, self.key.public)
            last = self.head or empty(STATION, self.key.public)
            return verify_after(session, STATION, self.key.public, last)


def _check_acknowledged(database: Database, acknowledged: str) -> None:
    if not acknowledged:
        return
    seq, digest = acknowledged.split()
    with database.read() as session:
        entry = session.get(JournalEntry, Seq(int(seq)))
    if entry is None or entry.digest.hex() != digest:
        raise Lost(f"entry {seq} was acknowledged and is not there")


def _check_outbox(database: Database) -> None:
    with database.read() as session:
        lone = select(func.count()).select_from(JournalEntry)
        entries = session.exec(lone).one()
        queued = session.exec(
            select(func.count()).select_from(OutboxEntry).join(JournalEntry, col(JournalEntry.seq) == OutboxEntry.seq)
        ).one()
    if entries != queued:
        raise Lost(f"{entries} entries, and {queued} of them in the outbox")


def _check_readings(database: Database) -> None:
    """Hold that at most the last reading is open, and each other one has its record and entry."""
    with database.read() as session:
        rows = session.exec(select(Reading.state, Reading.seq, col(Reading.record).is_(None))).all()
        open_ones = [row for row in rows if row[0] == "measuring"]
        if len(open_ones) > 1:
            raise Lost(f"{len(open_ones)} readings are open")
        for state, seq, without in rows:
            if state != "measuring" and (seq is None or without or session.get(OutboxEntry, seq) is None):
                raise Lost(f"a reading is {state} without a sealed record")


def _check_attachments(database: Database, *, whole: bool) -> None:
    """Hold that each attachment that an entry was committed with is there, and at the end that its bytes are."""
    with database.read() as session:
        if lost := attachment_store.lost(session):
            raise Lost(f"an attachment of entry {lost[0]} is gone")
        bodies = select(AttachmentEntry).execution_options(yield_per=100)
        for each in session.exec(bodies) if whole else ():
            if sha256(each.body).digest() != each.sealed:
                raise Lost(f"an attachment of entry {each.seq} is damaged")


def _check_pages(database: Database) -> None:
    with database.read() as session:
        for pragma in ("integrity_check", "cipher_integrity_check"):
            found = [row[0] for row in session.execute(text(f"PRAGMA {pragma}"))]
            if found not in ([], ["ok"]):
                raise Lost(f"{pragma}: {found[:3]}")
