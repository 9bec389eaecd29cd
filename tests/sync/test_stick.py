"""The way by stick: pulled while copying, copied twice, brought back in any order; nothing is lost, nothing doubled."""

import random
import secrets
import shutil
from pathlib import Path

import httpx
import pytest

from sync import outbox, stick, stick_attachments
from sync.central.centre import Centre
from sync.central.sticks import import_folder
from sync.journal import Sealer
from sync.note import LogKey, LogVerifier
from sync.stick_files import Exported
from tests.sync.posts import Post, Sessions
from tests.sync.witness.parts import NOON


@pytest.fixture
def post(sessions: Sessions, sealer: Sealer, tmp_path: Path, log: LogVerifier) -> Post:
    return Post(sessions, sealer, tmp_path / "stick", log)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stick, "MAX_ENVELOPES", 4)


def lines_of(inside: httpx.Client, folder: Path) -> list[str]:
    return [told.line for told in import_folder(inside, folder)]


def test_there_and_back(post: Post, inside: httpx.Client, centre: Centre) -> None:
    post.write(10)
    assert post.export() == Exported(files=3, items=10, before=0)
    assert post.export().before == 3
    assert post.waiting() == 10
    lines = lines_of(inside, post.folder)
    assert [line.partition(",")[0] for line in lines] == [
        "MX-TIJ-01-000000001-000000004.batch: 4 receipts",
        "MX-TIJ-01-000000005-000000008.batch: 4 receipts",
        "MX-TIJ-01-000000009-000000010.batch: 2 receipts",
    ]
    assert centre.store.size() == 10
    assert post.bring_back() == stick.Imported(answers=3, released=10, problems=[])
    assert post.waiting() == 0
    assert post.bring_back() == stick.Imported(answers=3, released=0, problems=[])
    assert post.export().files == 0


def test_imported_twice_is_there_once(post: Post, inside: httpx.Client, centre: Centre) -> None:
    post.write(5)
    post.export()
    for _ in range(2):
        assert [told.done for told in import_folder(inside, post.folder)] == [True, True]
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
    told = list(import_folder(inside, post.folder))
    assert "cut" in told[-1].line
    assert not told[-1].done
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
    [told] = import_folder(inside, post.folder)
    assert ("REFUSED (gap)" in told.line, told.done) == (True, False)
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
    lines = lines_of(inside, post.folder)
    assert "REFUSED: batch" in lines[0]
    assert "2 receipts" in lines[1]


def test_attachments_go_along_and_their_receipts_come_back(post: Post, inside: httpx.Client, centre: Centre) -> None:
    post.write(1)
    parts = post.attach(b"short", secrets.token_bytes(2_500_000))
    post.export()
    assert post.export_attachments().items == 2
    assert len(list(post.folder.glob("*.piece"))) == 4
    assert all(told.done for told in import_folder(inside, post.folder))
    for part, body in parts:
        assert centre.depot.read(post.sealer.station, part.sealed) == body
    back = (post.sessions, post.sealer, post.folder)
    newer = LogKey.generate("other.example").verifier
    strange = stick_attachments.import_answers(*back, [newer, centre.log.verifier], NOON)
    assert (strange.released, len(strange.problems)) == (0, 2)
    assert stick_attachments.import_answers(*back, [centre.log.verifier], NOON) == stick.Imported(4, 2, [])
    assert stick_attachments.import_answers(*back, [centre.log.verifier], NOON) == stick.Imported(4, 0, [])
    assert post.export_attachments().items == 0


def test_an_attachment_without_its_record_waits_on_the_stick(post: Post, inside: httpx.Client) -> None:
    post.write(1)
    post.attach(b"short")
    post.folder.mkdir()
    post.export_attachments()
    assert ["REFUSED (entry_missing)" in line for line in lines_of(inside, post.folder)] == [True]
    post.export()
    assert all(told.done for told in import_folder(inside, post.folder))
