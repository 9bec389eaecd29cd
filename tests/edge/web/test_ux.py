"""The table of requirements names tests that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ROWS = [
    line.split("|") for line in (ROOT / "docs/ux.md").read_text("utf-8").splitlines() if re.match(r"\| \d+ \|", line)
]


def test_all_thirty_five_are_there() -> None:
    assert [int(row[1]) for row in ROWS] == list(range(1, 36))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1].strip())
def test_each_named_test_exists(row: list[str]) -> None:
    file = None
    for name in re.findall(r"`([^`]+)`", row[4]):
        path, _, test = name.partition("::")
        if path not in ("…", ""):
            found = [ROOT / path, Path(__file__).parent / path]
            file = next((each for each in found if each.exists()), None)
            assert file, path
        if test:
            assert file
            assert re.search(rf"def {re.escape(test.removesuffix('…'))}", file.read_text("utf-8")), name
