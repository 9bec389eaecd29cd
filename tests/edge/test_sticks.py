"""A file is on the stick or the officer is told why not: gone, full, failing; what was there before stays."""

from pathlib import Path

import pytest

from edge.errors import NotCarried, StickFull, StickGone, StickTaken
from edge.sticks import Sticks
from tests.edge.usb import plugged, possible, pull

DATA = bytes(range(256)) * 64
KIB = 64


@pytest.fixture
def media(tmp_path: Path) -> Path:
    if not possible(tmp_path):
        pytest.skip("only root can mount a filesystem")
    (tmp_path / "media").mkdir()
    return tmp_path / "media"


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_folder_that_nothing_is_mounted_in_is_no_stick(tmp_path: Path) -> None:
    (tmp_path / "media" / "left behind").mkdir(parents=True)
    sticks = Sticks(tmp_path / "media")
    assert sticks.plugged() == []
    with pytest.raises(StickGone, match="no stick left behind"):
        sticks.write("left behind", "a.court", DATA)
    assert names(tmp_path / "media" / "left behind") == []


def test_without_the_folder_there_is_no_stick(tmp_path: Path) -> None:
    assert Sticks(tmp_path / "none").plugged() == []


@pytest.mark.parametrize("name", ["../station", "/etc", "", "."])
def test_a_name_that_is_no_stick_s_reaches_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(StickGone):
        Sticks(tmp_path).write(name, "a.court", DATA)


def test_what_is_written_lies_there_whole(media: Path) -> None:
    with plugged(media / "FGR 1") as stick, plugged(media / "ana" / "FGR 2"):
        sticks = Sticks(media)
        assert [each.name for each in sticks.plugged()] == ["FGR 1", "ana/FGR 2"]
        assert all(each.free > len(DATA) for each in sticks.plugged())
        sticks.write("FGR 1", "a.court", DATA)
        sticks.write("FGR 1", "a.court", DATA)
        assert ((stick / "a.court").read_bytes(), names(stick)) == (DATA, ["a.court"])


@pytest.mark.parametrize("there", [b"what the defence was given", b"", DATA + b"\n"])
def test_another_file_of_that_name_is_told_and_stays(media: Path, there: bytes) -> None:
    with plugged(media / "FGR") as stick:
        (stick / "a.court").write_bytes(there)
        with pytest.raises(StickTaken, match=r"a different a\.court"):
            Sticks(media).write("FGR", "a.court", DATA)
        assert ((stick / "a.court").read_bytes(), names(stick)) == (there, ["a.court"])


def test_a_link_in_its_place_leads_nowhere_and_stays(media: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(DATA)
    with plugged(media / "FGR") as stick:
        (stick / "a.court").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(StickTaken):
            Sticks(media).write("FGR", "a.court", DATA)
        assert (stick / "a.court").is_symlink()


def test_a_full_stick_is_told_and_keeps_what_it_had(media: Path) -> None:
    with plugged(media / "small", KIB) as stick:
        sticks = Sticks(media)
        sticks.write("small", "a.court", b"older")
        with pytest.raises(StickFull, match="more room"):
            sticks.write("small", "b.court", DATA * 100)
        assert ((stick / "a.court").read_bytes(), names(stick)) == (b"older", ["a.court"])


def test_a_stick_that_was_pulled_is_told_and_nothing_is_written_in_its_place(media: Path) -> None:
    def write_while_pulled(sticks: Sticks) -> None:
        with sticks.writing("stick") as folder:
            pull(stick)
            (folder / "a.court").write_bytes(DATA)

    with plugged(media / "stick") as stick:
        with pytest.raises(StickGone):
            write_while_pulled(Sticks(media))
        with pytest.raises(StickGone):
            Sticks(media).write("stick", "a.court", DATA)
        assert names(stick) == []


def test_a_stick_that_fails_is_told(media: Path) -> None:
    with plugged(media / "stick") as stick:
        (stick / "a.court.new").mkdir()
        with pytest.raises(NotCarried, match="use another one"):
            Sticks(media).write("stick", "a.court", DATA)
