"""Files that are whole or not there."""

import os
import stat
from pathlib import Path

import pytest

from sync.errors import UnusableFile
from sync.files import make_folder, write_new, write_whole


def test_replaces_the_whole_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    for data in (b"first", b"second, and longer", b""):
        write_whole(tmp_path / "file", data)
        assert (tmp_path / "file").read_bytes() == data
        assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_old_file_stays_where_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    write_whole(tmp_path / "file", b"old")
    (tmp_path / "file.new").mkdir()
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"old"


def test_what_a_power_cut_left_beside_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "file.new").write_bytes(b"half of a much longer fi")
    write_whole(tmp_path / "file", b"whole", mode=0o600)
    assert (tmp_path / "file").read_bytes() == b"whole"


@pytest.mark.parametrize("name", ["file", "file.new"])
def test_a_link_is_replaced_and_what_it_leads_to_stays(tmp_path: Path, name: str) -> None:
    (tmp_path / "log.key").write_bytes(b"the key of the log")
    (tmp_path / "stick").mkdir()
    (tmp_path / "stick" / name).symlink_to(tmp_path / "log.key")
    write_whole(tmp_path / "stick/file", b"an answer")
    assert (tmp_path / "log.key").read_bytes() == b"the key of the log"
    assert (tmp_path / "stick/file").read_bytes() == b"an answer"
    assert [(path.name, path.is_symlink()) for path in (tmp_path / "stick").iterdir()] == [("file", False)]


def test_a_pipe_beside_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "file.new")
    write_whole(tmp_path / "file", b"whole")
    assert (tmp_path / "file").read_bytes() == b"whole"


def test_what_cannot_be_written_is_named_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    with pytest.raises(IsADirectoryError, match=r"/file'"):
        write_whole(tmp_path / "file", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_was_beside_gives_a_secret_no_readers(tmp_path: Path) -> None:
    (tmp_path / "file.new").touch(mode=0o644)
    write_whole(tmp_path / "file", b"secret", mode=0o600)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def test_secrets_are_private(tmp_path: Path) -> None:
    write_whole(tmp_path / "file", b"", mode=0o600)
    make_folder(tmp_path / "a/b/c", mode=0o700)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "a/b/c").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "a/b").stat().st_mode) == 0o755


def test_a_new_file_that_could_not_be_put_in_place_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pulled(_self: Path, _target: Path) -> Path:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", pulled)
        with pytest.raises(OSError, match="Input/output"):
            write_new(tmp_path / "out.bin", b"evidence")
    assert not list(tmp_path.iterdir())
    write_new(tmp_path / "out.bin", b"evidence")
    with pytest.raises(UnusableFile, match="is there already"):
        write_new(tmp_path / "out.bin", b"other")
