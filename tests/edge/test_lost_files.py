"""A station that has worked makes nothing anew in silence: no second journal under its key, no other key."""

from pathlib import Path

import pytest

from edge.errors import UnusableDatabase, UnusableKeyFile
from edge.keyring import Keyring
from edge.protect import protector_of
from edge.settings import Settings
from edge.space import Space
from tests.edge.bench import Bench, write_settings


def refuse(_: str) -> str:
    raise AssertionError("nobody is asked")


@pytest.fixture
def worked(bench: Bench) -> Bench:
    bench.open()
    bench.close()
    return bench


def files(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.is_file() and each.name != "reserve"}


def test_nor_does_one_begin_where_the_disk_had_no_room_for_a_reserve(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Space.__init__, "__defaults__", (lambda _: 0,))
    bench.open()
    bench.close()
    (bench.data / "station.db").unlink()
    with pytest.raises(UnusableDatabase, match="this station has worked before"):
        bench.open()


@pytest.mark.parametrize("emptied", [False, True], ids=["gone", "emptied"])
def test_without_its_database_no_second_journal_begins(worked: Bench, emptied: bool) -> None:
    file = worked.data / "station.db"
    file.unlink()
    if emptied:
        file.touch()
    before = files(worked.data)
    with pytest.raises(
        UnusableDatabase, match=r"station\.db is not there or empty, and this station has worked before"
    ):
        worked.open()
    assert files(worked.data) == before


def test_a_start_that_never_came_to_work_can_be_done_again(bench: Bench) -> None:
    """As where a key file was wrong at the first start: then the database's key is there, and nothing else."""
    write_settings(bench.data, bench.settings)
    Keyring.unlock(protector_of(Settings.load(bench.data), refuse))
    assert (bench.data / "database.key").exists()
    bench.open()


def test_without_the_key_of_its_database_no_other_is_made(worked: Bench) -> None:
    (worked.data / "database.key").unlink()
    before = files(worked.data)
    with pytest.raises(UnusableKeyFile, match=r"database\.key is not there, and .*station\.db opens with no other"):
        protector_of(Settings.load(worked.data), refuse)
    assert files(worked.data) == before
