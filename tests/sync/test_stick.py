"""The way by stick: pulled while copying, copied twice, brought back in any order; nothing is lost, nothing doubled."""

import random
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from sqlmodel import Session

from sync import attachment_store, outbox, stick, stick_attachments
from sync.attachments import seal_attachment
from sync.central.centre import Centre
from sync.central.sticks import import_folder
from sync.contract.ids import Seq
from sync.journal import Sealer, append
from sync.note import LogKey, LogVerifier
from tests.sync.witness.parts import NOON

Sessions = Callable[[], Session]


class Post:
    """A station without a line."""

    def __init__(self, sessions: Sessions, sealer: Sealer, stick_folder: Path, log: LogVerifier) -> None:
        self.sessions, self.sealer, self.folder, self.log = sessions, sealer, stick_folder, log

    def write(self, count: int) -> None:
        with self.sessions() as session:
            for number in range(count):
                outbox.put(session, Seq(append(session, self.sealer, b"record %d" % number).seq))
                session.flush()
            session.commit()

    def export(self) -> stick.Exported:
        return stick.export(self.sessions, self.sealer, self.folder)

    def bring_back(self) -> stick.Imported:
        return stick.import_answers(self.sessions, self.sealer, self.folder, self.log, NOON)

    def waiting(self) -> int:
        with self.sessions() as session:
            return outbox.summary(session).waiting


@pytest.fixture
def post(sessions: Sessions, sealer: Sealer, tmp_path: Path, log: LogVerifier) -> Post:
    return Post(sessions, sealer, tmp_path / "stick", log)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stick, "MAX_ENVELOPES", 4)


def test_there_and_back(post: Post, inside: httpx.Client, centre: Centre) -> None:
    post.write(10)
    assert post.export() == stick.Exported(files=3, entries=10, before=0)
    assert post.export().before == 3
    assert post.waiting() == 10
    lines = list(import_folder(inside, post.folder))
    assert [line.partition(",")[0] for line in lines] == [
        "MX-TIJ-01-000000001-000000004.batch: 4 receipts",
        "MX-TIJ-01-000000005-000000008.batch: 4 receipts",
        "MX-TIJ-01-000000009-000000010.batch: 2 receipts",
    ]
    assert centre.store.size() == 10
    assert post.bring_back() == stick.Imported(released=10, problems=[])
    assert post.waiting() == 0
    assert post.bring_back() == stick.Imported(released=0, problems=[])
    assert post.export().files == 0


def test_imported_twice_is_there_once(post: Post, inside: httpx.Client, centre: Centre) -> None:
    post.write(5)
    post.export()
    for _ in range(2):
        assert ["REFUSED" in line for line in import_folder(inside, post.folder)] == [False, False]
    assert centre.store.size() == 5


@pytest.mark.parametrize("seed", range(12))
def test_a_stick_pulled_while_it_was_copied(seed: int, post: Post, inside: httpx.Client, centre: Centre) -> None:
    """Copying by hand leaves a file cut anywhere; what is whole is taken, and the next stick brings the rest."""
    chance = random.Random(seed)  # noqa: S311 - a scenario
    post.write(chance.randrange(1, 12))
    post.export()
    pulled = chance.choice(sorted(post.folder.iterdir()))
    data = pulled.read_bytes()
    pulled.write_bytes(data[: chance.randrange(len(data))])
    for later in sorted(post.folder.iterdir()):
        if later > pulled:
            later.unlink()
    lines = list(import_folder(inside, post.folder))
    assert "cut" in lines[-1]
    post.bring_back()
    assert post.waiting() + centre.store.size() >= len(post_journal(post))
    post.export()
    list(import_folder(inside, post.folder))
    assert post.bring_back().problems == []
    assert (post.waiting(), centre.store.size()) == (0, len(post_journal(post)))


def post_journal(post: Post) -> list[int]:
    with post.sessions() as session:
        return [entry.seq for entry in session.exec(outbox.select(outbox.OutboxEntry)).all()]


def test_a_stick_that_lacks_the_first_file_is_a_gap(post: Post, inside: httpx.Client) -> None:
    post.write(8)
    post.export()
    (post.folder / "MX-TIJ-01-000000001-000000004.batch").unlink()
    [line] = import_folder(inside, post.folder)
    assert "REFUSED (gap)" in line
    assert "gap" in post.bring_back().problems[0]
    assert post.waiting() == 8


def test_answers_that_prove_nothing_release_nothing(post: Post, inside: httpx.Client, other_log_key: LogKey) -> None:
    post.write(4)
    post.export()
    list(import_folder(inside, post.folder))
    [answer] = post.folder.glob("*.answer")
    good = answer.read_bytes()
    answer.write_bytes(good[:-1])
    assert "Answer" in post.bring_back().problems[0]
    shutil.copy(post.folder / "MX-TIJ-01-000000001-000000004.batch", answer)
    assert post.bring_back().released == 0
    answer.write_bytes(good)
    post.log = other_log_key.verifier
    assert "receipt" in post.bring_back().problems[0]
    assert post.waiting() == 4


def test_a_file_that_is_none_is_named_and_the_others_go_on(post: Post, inside: httpx.Client) -> None:
    post.write(2)
    post.export()
    (post.folder / "A-000000001-000000001.batch").write_bytes(b"holiday.jpg")
    lines = list(import_folder(inside, post.folder))
    assert "REFUSED: batch" in lines[0]
    assert "2 receipts" in lines[1]


def test_attachments_go_along_and_their_receipts_come_back(post: Post, inside: httpx.Client, centre: Centre) -> None:
    parts = [seal_attachment(data, "photo", "image/jpeg") for data in (b"short", secrets.token_bytes(2_500_000))]
    post.write(1)
    with post.sessions() as session:
        attachment_store.keep(session, post.sealer, Seq(1), parts)
        session.commit()
    post.export()
    assert stick_attachments.export(post.sessions, post.sealer, post.folder) == 2
    assert len(list(post.folder.glob("*.piece"))) == 4
    assert not any("REFUSED" in line for line in import_folder(inside, post.folder))
    for part, body in parts:
        assert centre.depot.read(post.sealer.station, part.sealed) == body
    back = (post.sessions, post.sealer, post.folder)
    strange = stick_attachments.import_answers(*back, [LogKey.generate("other.example").verifier], NOON)
    assert (strange[0], len(strange[1])) == (0, 2)
    assert stick_attachments.import_answers(*back, [centre.log.verifier], NOON) == (2, [])
    assert stick_attachments.import_answers(*back, [centre.log.verifier], NOON) == (0, [])
    assert stick_attachments.export(post.sessions, post.sealer, post.folder) == 0


def test_an_attachment_without_its_record_waits_on_the_stick(post: Post, inside: httpx.Client) -> None:
    post.write(1)
    with post.sessions() as session:
        attachment_store.keep(session, post.sealer, Seq(1), [seal_attachment(b"short", "photo", "image/jpeg")])
        session.commit()
    post.folder.mkdir()
    stick_attachments.export(post.sessions, post.sealer, post.folder)
    assert ["REFUSED (entry_missing)" in line for line in import_folder(inside, post.folder)] == [True]
    post.export()
    assert not any("REFUSED" in line for line in import_folder(inside, post.folder))
