"""What a start finds: a restored older database, an edited row, a cut end."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel, create_engine

from sync import outbox, receipts
from sync.anchoring import StoredHead, anchor_head, check_start, newest_head, sign_head
from sync.chain import Head
from sync.checkpoint import Checkpoint
from sync.errors import BrokenChain, RolledBack
from sync.file_anchor import FileAnchor
from sync.journal import JournalEntry, Sealer, append, verify_to_head
from sync.merkle import leaf_hash
from sync.note import LogKey

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
Write = Callable[[], AbstractContextManager[Session]]


class Box:
    """A station's database file and anchor."""

    def __init__(self, folder: Path, sealer: Sealer, log_key: LogKey) -> None:
        self.file, self.anchor = folder / "station.db", FileAnchor(folder / "anchor")
        self.sealer, self.log_key = sealer, log_key

    @contextmanager
    def write(self) -> Iterator[Session]:
        engine = create_engine(f"sqlite:///{self.file}")
        SQLModel.metadata.create_all(engine)
        with closing(Session(engine)) as session, session.begin():
            yield session
        engine.dispose()

    def add(self, count: int) -> None:
        with self.write() as session:
            for _ in range(count):
                outbox.put(session, append(session, self.sealer, b"record").seq)  # type: ignore[arg-type]

    def sign(self) -> None:
        anchor_head(self.write, self.sealer, NOON, self.anchor)

    def receive(self, seq: int) -> None:
        with self.write() as session:
            entry = session.get_one(JournalEntry, seq)
            note = Checkpoint(self.log_key.verifier.name, 1, leaf_hash(entry.digest)).sign(self.log_key)
            proof = receipts.write_proof(0, [], note)
            verified = receipts.verify(proof, entry.digest, self.log_key.verifier)
            outbox.release(session, seq, proof, verified, NOON)  # type: ignore[arg-type]

    def check(self) -> Head:
        with self.write() as session:
            return check_start(session, self.sealer.station, self.sealer.key, [self.log_key.verifier], self.anchor)

    def sql(self, *statements: str) -> None:
        with self.write() as session:
            for statement in statements:
                session.connection().exec_driver_sql(statement)


@pytest.fixture
def box(tmp_path: Path, sealer: Sealer, log_key: LogKey) -> Box:
    box = Box(tmp_path, sealer, log_key)
    box.add(4)
    box.sign()
    box.add(2)
    box.receive(3)
    return box


def test_a_whole_journal_starts(box: Box) -> None:
    assert box.check().seq == 6
    box.sign()
    assert box.check().seq == 6


def test_an_empty_database_starts_where_the_anchor_never_moved(tmp_path: Path, sealer: Sealer, log_key: LogKey) -> None:
    assert Box(tmp_path, sealer, log_key).check().seq == 0


def test_a_power_cut_between_head_and_anchor_is_caught_up(box: Box) -> None:
    with box.write() as session:
        sign_head(session, box.sealer, NOON, box.anchor.read() + 1, box.anchor.name)
    assert box.check().seq == 6
    box.sign()
    assert box.check().seq == 6
    assert box.anchor.read() == 2


def test_a_restored_older_database_is_found(box: Box, tmp_path: Path) -> None:
    shutil.copy(box.file, tmp_path / "yesterday.db")
    box.add(1)
    box.sign()
    shutil.copy(tmp_path / "yesterday.db", box.file)
    with pytest.raises(RolledBack, match="the anchor shows 2 and the newest stored head 1: this is an older journal"):
        box.check()


def test_a_deleted_database_is_found(box: Box) -> None:
    box.file.unlink()
    with pytest.raises(RolledBack, match="the anchor shows 1 and the newest stored head 0"):
        box.check()


def test_entries_cut_off_below_the_signed_head_are_found(box: Box) -> None:
    box.sql("DELETE FROM journal WHERE seq >= 4")
    with pytest.raises(RolledBack, match="entry 4, which was the head on 2026-11-22, is missing or changed"):
        box.check()


def test_an_edited_row_behind_the_head_is_found(box: Box) -> None:
    box.sql("UPDATE journal SET envelope = CAST(envelope || x'00' AS BLOB) WHERE seq = 5")
    with pytest.raises(BrokenChain, match="entry 5: its envelope was changed"):
        box.check()


def test_an_entry_that_the_log_does_not_have_is_found(box: Box) -> None:
    box.sql("UPDATE journal SET envelope = CAST(envelope || x'00' AS BLOB) WHERE seq = 3")
    with pytest.raises(RolledBack, match="entry 3 is not the one that the national log has"):
        box.check()


def test_a_signed_head_of_another_key_is_found(box: Box, other_sealer: Sealer) -> None:
    with box.write() as session:
        forged = sign_head(session, Sealer(box.sealer.station, other_sealer.key, []), NOON, 1)
        assert session.get_one(StoredHead, 6).statement == forged.data
    with pytest.raises(BrokenChain, match="the signed head of entry 6 was changed"):
        box.check()


def test_an_empty_journal_has_no_head_to_sign(tmp_path: Path, sealer: Sealer, log_key: LogKey) -> None:
    with Box(tmp_path, sealer, log_key).write() as session, pytest.raises(BrokenChain, match="has no entry yet"):
        sign_head(session, sealer, NOON)


class TestVerifiedToTheHead:
    @staticmethod
    def verify(box: Box) -> Head:
        with box.write() as session:
            signed = newest_head(session, box.sealer.station, box.sealer.key)
            assert signed
            return verify_to_head(session, box.sealer.station, box.sealer.key.public, signed)

    def test_a_whole_journal_is_followed_and_its_end_looked_at(self, box: Box) -> None:
        assert self.verify(box) == box.check()

    @pytest.mark.parametrize(
        ("statement", "words"),
        [
            ("DELETE FROM journal WHERE seq = 2", "entries 2 to 2 are missing"),
            ("UPDATE journal SET digest = zeroblob(32) WHERE seq = 2", "entry 2: its columns"),
            ("UPDATE journal SET prev = zeroblob(32) WHERE seq = 2", "entry 2: its columns"),
            (
                "UPDATE journal SET envelope = CAST(envelope || x'00' AS BLOB) WHERE seq = 2",
                "entry 2: its envelope was changed",
            ),
            ("DELETE FROM journal WHERE seq >= 4", "the journal ends at entry 3"),
            (
                "UPDATE journal SET envelope = CAST(envelope || x'00' AS BLOB) WHERE seq = 6",
                "entry 6: its envelope was changed",
            ),
        ],
        ids=["removed", "digest", "prev", "envelope", "cut", "behind-the-head"],
    )
    def test_a_change_is_named(self, statement: str, words: str, box: Box) -> None:
        box.sql(statement)
        with pytest.raises(BrokenChain, match=words):
            self.verify(box)
