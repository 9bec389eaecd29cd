"""A stick that somebody else had: nothing on it reaches beyond it, hangs, or keeps what lies beside it from its way."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from sync import stick
from sync.central.centre import Centre
from sync.central.sticks import import_folder
from sync.contract import canonical
from sync.contract.ids import StationId
from sync.contract.pieces import Piece
from sync.contract.submission import MAX_BODY, Answer, Refusal
from sync.errors import NothingOnStick
from sync.journal import Sealer
from sync.note import LogVerifier
from sync.stick_files import FOLDER
from tests.edge.usb import plugged, possible
from tests.sync.posts import Post, Sessions

SECRET = b"the key of the log"


def folder(path: Path) -> None:
    (path / "inside").mkdir(parents=True)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def nowhere(path: Path) -> None:
    path.symlink_to("/nonexistent")


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def device(path: Path) -> None:
    try:
        os.mknod(path, 0o666 | 0o020000, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root can make a device")


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(MAX_BODY + 1)


Trap = Callable[[Path], None]
TRAPS = pytest.mark.parametrize("trap", [folder, pipe, nowhere, endless, device, huge])


@pytest.fixture
def post(sessions: Sessions, sealer: Sealer, tmp_path: Path, log: LogVerifier) -> Post:
    return Post(sessions, sealer, tmp_path / "stick", log)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "log.key"
    path.write_bytes(SECRET)
    return path


@TRAPS
@pytest.mark.parametrize("suffix", ["batch", "piece"])
def test_one_bad_thing_is_one_line_and_the_rest_goes_on(
    trap: Trap, suffix: str, post: Post, inside: httpx.Client, centre: Centre
) -> None:
    post.write(2)
    post.attach(b"short")
    post.export()
    post.export_attachments()
    trap(post.folder / f"A.{suffix}")
    told = list(import_folder(inside, post.folder))
    assert [each.done for each in told].count(False) == 1
    [complaint] = [each.line for each in told if not each.done]
    assert complaint.startswith(f"A.{suffix}: REFUSED")
    assert (centre.store.size(), len(told)) == (2, 3)


@TRAPS
@pytest.mark.parametrize("suffix", ["answer", "held"])
def test_one_bad_answer_keeps_no_other_back(trap: Trap, suffix: str, post: Post, inside: httpx.Client) -> None:
    post.write(2)
    post.attach(b"short")
    post.export()
    post.export_attachments()
    assert all(each.done for each in import_folder(inside, post.folder))
    name = f"{post.sealer.station}-0.{suffix}"
    trap(post.folder / name)
    answers, attachments = post.bring_back(), post.bring_attachments_back()
    assert (answers.released, attachments.released) == (2, 1)
    [problem] = [*answers.problems, *attachments.problems]
    assert problem.startswith(f"{name}: ")


@TRAPS
@pytest.mark.parametrize("suffix", ["batch", "piece"])
def test_what_lies_in_the_place_of_a_file_is_replaced_or_named(trap: Trap, suffix: str, post: Post) -> None:
    post.write(2)
    post.attach(b"short")
    post.export()
    post.export_attachments()
    [path] = post.folder.glob(f"*.{suffix}")
    data = path.read_bytes()
    path.unlink()
    trap(path)
    done = (post.export(), post.export_attachments())
    if trap is folder:
        [problem] = [each for one in done for each in one.problems]
        assert problem.startswith(f"{path.name}: ")
        assert sum(each.items for each in done) == (1 if suffix == "batch" else 2)
    else:
        assert [each.problems for each in done] == [[], []]
        assert path.read_bytes() == data


def test_no_answer_is_written_through_a_link(post: Post, inside: httpx.Client, secret: Path) -> None:
    post.write(1)
    post.attach(b"short")
    post.export()
    post.export_attachments()
    for path in list(post.folder.iterdir()):
        for suffix in (".answer", ".held"):
            path.with_suffix(suffix).symlink_to(secret)
            path.with_suffix(f"{suffix}.new").symlink_to(secret)
    assert all(each.done for each in import_folder(inside, post.folder))
    assert secret.read_bytes() == SECRET
    assert len([path for path in post.folder.iterdir() if path.is_symlink()]) == 4


def test_no_batch_is_written_through_a_link(post: Post, secret: Path) -> None:
    post.write(1)
    post.attach(b"short")
    post.export()
    post.export_attachments()
    names = [path.name for path in post.folder.iterdir()]
    for name in names:
        (post.folder / name).unlink()
        (post.folder / f"{name}.new").symlink_to(secret)
    post.export()
    post.export_attachments()
    assert secret.read_bytes() == SECRET
    assert sorted(path.name for path in post.folder.iterdir()) == sorted(names)


@pytest.mark.parametrize("spoilt", [b"", b"x" * 100])
def test_a_damaged_piece_is_mended(spoilt: bytes, post: Post, inside: httpx.Client) -> None:
    post.write(1)
    post.attach(b"short")
    post.export()
    assert post.export_attachments().before == 0
    [piece] = post.folder.glob("*.piece")
    whole = piece.read_bytes()
    piece.write_bytes(spoilt)
    assert not list(import_folder(inside, post.folder))[-1].done
    done = post.export_attachments()
    assert (done.items, done.before, piece.read_bytes()) == (1, 0, whole)
    assert post.export_attachments().before == 1


@pytest.mark.parametrize(
    "change",
    [
        {"receipts": [{"seq": 2**63, "proof": ""}]},
        {"receipts": [{"seq": 2**64 - 1, "proof": ""}]},
        {"receipts": [{"seq": 0, "proof": ""}]},
        {"receipts": [{"seq": 1, "proof": ""}] * 501},
        {"contiguous": 2**63},
    ],
    ids=["2^63", "2^64-1", "zero", "501 receipts", "contiguous 2^63"],
)
def test_numbers_that_no_journal_has_are_malformed(change: dict[str, object], post: Post) -> None:
    post.write(2)
    post.folder.mkdir()
    answer = Answer(station=post.sealer.station, contiguous=0, receipts=[], refusal=None).model_dump() | change
    (post.folder / f"{post.sealer.station}-0.answer").write_bytes(canonical.encode(answer))
    done = post.bring_back()
    assert (done.released, len(done.problems)) == (0, 1)
    assert "Answer: " in done.problems[0]


def test_an_answer_to_another_station_is_none_of_ours(post: Post) -> None:
    post.folder.mkdir()
    refusal = Refusal(seq=None, code="revoked_station", detail="you are revoked")
    other = Answer(station=StationId("ZZ-OTHER"), contiguous=1, receipts=[], refusal=refusal)
    (post.folder / f"{post.sealer.station}-0.answer").write_bytes(other.to_bytes())
    [problem] = post.bring_back().problems
    assert "an answer to ZZ-OTHER; this is MX-TIJ-01" in problem
    assert "revoked" not in problem


def test_what_a_stick_says_is_one_line_and_commands_no_terminal(post: Post, inside: httpx.Client) -> None:
    post.folder.mkdir()
    refusal = Refusal(seq=None, code="gap", detail="\x1b[2J\n" + "x" * 10_000)
    answer = Answer(station=post.sealer.station, contiguous=0, receipts=[], refusal=refusal)
    (post.folder / f"{post.sealer.station}-0.answer").write_bytes(answer.to_bytes())
    (post.folder / "A\n\x1b[2J.batch").touch()
    Path(os.fsdecode(os.fsencode(post.folder) + b"/B\xff.batch")).touch()
    for line in (*post.bring_back().problems, *(each.line for each in import_folder(inside, post.folder))):
        assert line.isprintable()
        assert len(line) <= 500


def test_every_batch_goes_to_the_centre_from_a_stick_without_room(
    post: Post, inside: httpx.Client, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not possible(post.folder):
        pytest.skip("only root can mount a filesystem")
    monkeypatch.setattr(stick, "MAX_ENVELOPES", 2)
    post.write(6)
    with plugged(post.folder, 256):
        post.export()
        with (post.folder / "holiday.jpg").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(post.folder).free)
        told = list(import_folder(inside, post.folder))
        assert [each.done for each in told] == [False] * 3
        assert all(".answer cannot be written (No space left on device)" in each.line for each in told)
        assert centre.store.size() == 6
        (post.folder / "holiday.jpg").unlink()
        assert all(each.done for each in import_folder(inside, post.folder))
        assert post.bring_back().released == 6


def test_the_stick_itself_is_its_folder_too(post: Post, inside: httpx.Client) -> None:
    post.write(2)
    root = post.folder
    post.folder = root / FOLDER
    with pytest.raises(FileNotFoundError):
        post.export()
    assert not root.exists(), "a stick that is not there is not made on this disk"
    root.mkdir()
    post.export()
    (post.folder / "._MX-TIJ-01-000000001-000000002.batch").write_bytes(b"what macOS puts beside")
    assert [each.done for each in import_folder(inside, root)] == [True]
    post.folder = root
    assert post.bring_back() == stick.Imported(answers=1, released=2, problems=[])


def test_a_folder_of_ours_that_is_a_link_is_not_looked_into(post: Post, inside: httpx.Client, tmp_path: Path) -> None:
    post.write(2)
    post.export()
    other = tmp_path / "other"
    other.mkdir()
    (other / FOLDER).symlink_to(post.folder)
    with pytest.raises(NothingOnStick):
        list(import_folder(inside, other))


def test_where_there_is_nothing_it_is_said(inside: httpx.Client, tmp_path: Path) -> None:
    with pytest.raises(NothingOnStick, match=r"\*\.batch"):
        list(import_folder(inside, tmp_path))
    with pytest.raises(FileNotFoundError):
        list(import_folder(inside, tmp_path / "none"))


def test_the_longest_legal_piece_is_read(post: Post, inside: httpx.Client) -> None:
    post.write(1)
    post.attach(os.urandom(1024 * 1024))
    post.export()
    post.export_attachments()
    assert max(path.stat().st_size for path in post.folder.glob("*.piece")) <= Piece.MAX_BYTES
    assert all(each.done for each in import_folder(inside, post.folder))
