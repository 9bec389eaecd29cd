"""Room on the disk: said before it is gone, kept back for what was begun, on a real small filesystem too."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.errors import NoSpace, NotSaved
from edge.space import MIB, Space
from edge.station import Station
from edge.views import OperatorView
from sync.contract.facts import FactRecord
from sync.contract.records import ScreeningRecord
from tests.edge.bench import PIN, Bench, PutOnPty, finished

RESERVE = 4 * MIB


class Disk:
    """A disk with as much room as a test says."""

    def __init__(self, free: int) -> None:
        self.free = free

    def __call__(self, _: Path) -> int:
        return self.free


@pytest.fixture
def disk() -> Disk:
    return Disk(100 * RESERVE)


@pytest.fixture
def space(tmp_path: Path, disk: Disk) -> Space:
    space = Space(tmp_path, RESERVE, disk)
    space.restore()
    return space


@pytest.mark.parametrize(
    ("free", "state"),
    [(100 * RESERVE, "ok"), (10 * RESERVE, "ok"), (10 * RESERVE - 1, "low"), (RESERVE, "low"), (RESERVE - 1, "full")],
)
def test_how_much_room_there_is(space: Space, disk: Disk, free: int, state: str) -> None:
    disk.free = free
    assert space.state() == state


def test_the_reserve_is_real_blocks(space: Space, tmp_path: Path) -> None:
    assert (tmp_path / "reserve").stat().st_blocks * 512 >= RESERVE
    space.release()
    assert (tmp_path / "reserve").stat().st_blocks == 0


def test_without_the_reserve_nothing_starts_until_it_is_back(space: Space, disk: Disk) -> None:
    space.release()
    disk.free = 2 * RESERVE - 1
    with pytest.raises(NoSpace, match="too little for a new screening"):
        space.check()
    disk.free = 2 * RESERVE
    space.check()
    assert space.state() == "low"


def test_a_reserve_that_has_no_room_yet_lies_there_empty(tmp_path: Path) -> None:
    space = Space(tmp_path, RESERVE, Disk(2 * RESERVE - 1))
    space.restore()
    assert (tmp_path / "reserve").stat().st_size == 0
    assert space.state() == "full"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount an ext4 filesystem of 24 MiB from a file, through a loop device."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a filesystem")
    image, folder = tmp_path / "disk.img", tmp_path / "disk"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(24 * MIB)
    subprocess.run(["mkfs.ext4", "-q", "-m", "0", image], check=True)  # noqa: S603, S607 - fixed words
    if subprocess.run(["mount", "-o", "loop", image, folder], check=False).returncode:  # noqa: S603, S607 - fixed words
        pytest.skip("this machine has no loop device to mount")
    yield folder
    subprocess.run(["umount", folder], check=True)  # noqa: S603, S607 - fixed words


def fill(folder: Path, leave: int = 0) -> Path:
    """Fill the filesystem up to `leave` bytes."""
    filler = folder / "filler"
    with filler.open("ab") as file:
        for size in (MIB, 4096):
            while os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize > leave + size:
                file.write(bytes(size))
                file.flush()
                os.fsync(file.fileno())
    return filler


@pytest.fixture
def on_small_disk(bench: Bench, small_disk: Path, put_on_pty: PutOnPty) -> Iterator[tuple[Bench, Station]]:
    """Open a station whose data directory is the small filesystem."""
    for file in bench.data.iterdir():
        (small_disk / file.name).write_bytes(file.read_bytes())
    bench.data = small_disk
    yield bench, bench.open(analyzer=put_on_pty("Cocaine", "Caffeine", duration=1.5), reserve_mib=4)
    bench.close()


def facts(bench: Bench) -> list[str]:
    return [record.fact for record in bench.records() if isinstance(record, FactRecord)]


def test_a_full_disk_loses_nothing_and_says_so_before(on_small_disk: tuple[Bench, Station]) -> None:
    bench, station = on_small_disk
    operator = station.operators.enrol("Ana Ruiz", "officer", PIN)
    station._housekeeping.watch_space()
    assert station.health().space == "low"

    reading = station.screenings.start(operator, "parcel")
    filler = fill(bench.data)
    view = finished(station, reading)
    assert (view.state, view.record is not None) == ("done", True), "the reserve lets what was begun end"

    assert station.health().space == "full"
    with pytest.raises(NoSpace):
        station.screenings.start(operator)
    refused(station, operator)

    filler.unlink()
    station._housekeeping.watch_space()
    assert station.health().space == "low"
    again = finished(station, station.screenings.start(operator))
    assert again.state == "done"
    bench.close()
    screenings = [record for record in bench.records() if isinstance(record, ScreeningRecord)]
    assert screenings == [view.record, again.record]
    assert "space_low" in facts(bench)
    assert "power_lost" not in facts(bench)


def refused(station: Station, operator: OperatorView) -> None:
    """Whatever else is written to a disk that is full to the last block is refused, never half saved."""
    fill(station.settings.data)
    before = station.sending.state().waiting
    with pytest.raises(NotSaved, match="full"):
        sign_in_and_out(station, operator)
    assert station.sending.state().waiting >= before


def sign_in_and_out(station: Station, operator: OperatorView) -> None:
    for _ in range(200):
        station.operators.sign_out(station.operators.sign_in(operator.id, PIN))
