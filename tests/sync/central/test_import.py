"""`garita-central import`, the command itself, beside a centre that runs."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE

import pytest

from sync.central.centre import Centre
from sync.central.settings import CentralSettings
from sync.journal import Sealer
from sync.note import LogVerifier
from sync.stick_files import FOLDER
from tests.sync.posts import Post, Sessions
from tests.sync.witness.parts import NOON

COMMAND = Path(sys.executable).with_name("garita-central")


@pytest.fixture
def data(tmp_path: Path, sealer: Sealer) -> Iterator[Path]:
    """Run a centre that admits the station."""
    folder = tmp_path / "centre"
    Centre.create(folder, "log.test/garita", CentralSettings(port=0, outside_socket=Path("outside.sock")))
    made = Centre.open(folder)
    made.store.admit(sealer.key.card(sealer.station), NOON)
    made.close()
    process = subprocess.Popen([COMMAND, "serve", "--data", folder], stdout=PIPE)  # noqa: S603 - our own command
    assert process.stdout
    process.stdout.readline()
    yield folder
    process.kill()
    process.communicate()


def test_a_stick_is_taken_in_or_it_is_said_why_not(
    data: Path, sessions: Sessions, sealer: Sealer, log: LogVerifier, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    assert bring(data, stick) == (
        1,
        "",
        f"garita-central: {stick} is not there: lay it there, or bring it back from the backup\n",
    )
    stick.mkdir()
    code, _, complaint = bring(data, stick)
    assert (code, complaint.count("\n")) == (1, 1)
    assert f"{stick}: neither *.batch nor *.piece" in complaint
    post = Post(sessions, sealer, stick / FOLDER, log)
    post.write(2)
    post.export()
    said = "MX-TIJ-01-000000001-000000002.batch: 2 receipts, MX-TIJ-01 is here up to entry 2\n"
    assert bring(data, stick) == (0, said, "")
    (stick / FOLDER / "A.batch").write_bytes(b"holiday.jpg")
    code, told, complaint = bring(data, stick)
    assert (code, told.endswith(said), complaint) == (1, True, "")
    assert told.startswith("A.batch: REFUSED: batch: ")


def test_without_a_centre_it_is_said_to_start_it(
    centre_folder: Path, sessions: Sessions, sealer: Sealer, log: LogVerifier, tmp_path: Path
) -> None:
    post = Post(sessions, sealer, tmp_path / "stick", log)
    post.write(1)
    post.export()
    code, said, complaint = bring(centre_folder, post.folder)
    assert (code, said) == (1, "")
    assert "start it, and import again" in complaint


def bring(data: Path, stick: Path) -> tuple[int, str, str]:
    command = [COMMAND, "import", "--data", data, stick]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - our own command
    return ended.returncode, ended.stdout, ended.stderr
