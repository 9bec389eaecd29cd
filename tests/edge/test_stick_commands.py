"""`garita sync export` and `import-receipts`: what they say of a stick, and how they end."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from edge.cli import app
from edge.errors import NotCarried, StickFull, StickGone
from sync import outbox
from sync.contract.ids import Seq, StationId
from sync.contract.submission import Answer
from sync.errors import NothingOnStick
from sync.receipts import VerifiedReceipt
from sync.stick_files import FOLDER
from tests.edge.bench import Bench
from tests.edge.usb import plugged, possible

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def data(bench: Bench) -> Path:
    """Let a station have something to send, and sticks below `media`."""
    bench.settings["sticks"] = bench.data / "media"
    bench.open()
    bench.close()
    return bench.data


def sync(command: str, data: Path, stick: Path) -> Result:
    return CliRunner().invoke(app, ["sync", command, "--data", str(data), str(stick)])


def test_a_folder_in_the_place_of_a_batch_is_named_and_the_rest_is_written(data: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    assert sync("export", data, stick).exit_code == 0
    [batch] = stick.glob("*.batch")
    batch.unlink()
    batch.mkdir()
    done = sync("export", data, stick)
    assert (done.exit_code, done.stdout.startswith("0 entries in 0 files")) == (1, True)
    assert done.stderr == f"garita: {batch.name}: a folder lies in its place; remove it\n"


def test_a_stick_that_is_not_there_is_told_and_nothing_is_made_in_its_place(data: Path, tmp_path: Path) -> None:
    error = sync("export", data, tmp_path / "stick/garita").exception
    assert isinstance(error, StickGone)
    assert str(error).startswith(f"{tmp_path}/stick is not there: plug the stick in and mount it")
    assert not (tmp_path / "stick").exists()


def test_what_is_not_mounted_where_sticks_are_is_not_called_a_stick(data: Path, tmp_path: Path) -> None:
    def written(folder: Path) -> str:
        done = sync("export", data, folder)
        assert done.exit_code == 0
        return done.stdout

    media = data / "media"
    (media / "ana").mkdir(parents=True)
    no_stick = f". NO STICK IS MOUNTED THERE (below {media}): copy them onto one"
    assert no_stick in written(tmp_path / "not-mounted")
    assert no_stick in written(media / "ana" / "left behind")
    if not possible(tmp_path):
        pytest.skip("only root can mount a filesystem")
    with plugged(tmp_path / "in memory") as memory:
        assert no_stick in written(memory / "garita")
    with plugged(media / "ana" / "FGR") as stick:
        told = written(stick / "garita")
    assert (no_stick in told, "; take them to the centre" in told) == (False, True)


def test_where_nothing_waits_nothing_is_to_be_taken_anywhere(bench: Bench, tmp_path: Path) -> None:
    station = bench.open()
    with station._database.write() as session:
        waiting = outbox.summary(session).waiting
        for seq in range(1, waiting + 1):
            outbox.release(session, Seq(seq), "its receipt", VerifiedReceipt(seq - 1, waiting, bytes(32)), NOON)
    done = sync("export", bench.data, tmp_path / "stick")
    assert (done.exit_code, done.stdout) == (
        0,
        f"nothing waits to be sent, and nothing was written to {tmp_path}/stick\n",
    )


def test_a_full_stick_is_told(data: Path, tmp_path: Path) -> None:
    if not possible(tmp_path):
        pytest.skip("only root can mount a filesystem")
    with plugged(tmp_path / "stick", 64) as stick:
        (stick / "holiday.jpg").write_bytes(bytes(shutil.disk_usage(stick).free))
        error = sync("export", data, stick).exception
        assert isinstance(error, StickFull)
        assert f"stick {stick} has no room for it" in str(error)
        assert ".batch" in str(error)
        assert [path.name for path in stick.iterdir()] == ["holiday.jpg"]


def test_a_stick_without_an_answer_is_told(data: Path, tmp_path: Path) -> None:
    assert isinstance(sync("import-receipts", data, tmp_path / "none").exception, NotCarried)
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "MX-MEX-02-000000001-000000001.answer").write_bytes(b"another station's")
    error = sync("import-receipts", data, tmp_path).exception
    assert isinstance(error, NothingOnStick)
    assert f"no answer to MX-TIJ-01 in {tmp_path} or in its folder garita" in str(error)


def test_an_answer_that_is_wrong_is_named_and_the_command_ends_with_1(data: Path, tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    name = "MX-TIJ-01-000000001-000000001.answer"
    other = Answer(station=StationId("ZZ-OTHER"), contiguous=0, receipts=[], refusal=None)
    (tmp_path / FOLDER / name).write_bytes(other.to_bytes())
    done = sync("import-receipts", data, tmp_path)
    assert done.exit_code == 1
    assert done.stderr == f"garita: {name}: an answer to ZZ-OTHER; this is MX-TIJ-01\n"
    assert done.stdout.startswith("0 entries and 0 attachments released")
