"""How the panel is set outlives a restart; a damaged file is as good as none."""

from pathlib import Path

import pytest

from edge.preferences import FILE_NAME, Panel, Preferences


def test_what_is_set_is_kept(tmp_path: Path) -> None:
    Panel(tmp_path).set(volume=3)
    Panel(tmp_path).set(discreet=True)
    assert Panel(tmp_path).now == Preferences(volume=3, discreet=True)


@pytest.mark.parametrize("text", ["", "[]", '{"volume": 9}', "{"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    assert Panel(tmp_path).now == Preferences()
