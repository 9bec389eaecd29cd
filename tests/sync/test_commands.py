"""What a command prints of other people's texts: whatever is in them is seen, and nothing of it is obeyed."""

import json
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.commands import plain, say, say_json

ERASE_LINE, C1_ERASE, RIGHT_TO_LEFT = "\x1b[2K\r", "\x9b2K", "\N{RIGHT-TO-LEFT OVERRIDE}"


@pytest.mark.parametrize(
    "evil", [ERASE_LINE, C1_ERASE, RIGHT_TO_LEFT, "\nMX-TIJ-02/9: duress: forged", "\N{LINE SEPARATOR}"]
)
def test_a_line_stays_one_line(evil: str, capsys: pytest.CaptureFixture[str]) -> None:
    say(f"MX-TIJ-01/3: unapproved: {evil}Peña")
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert printed.endswith("Peña\n")
    assert not any(category(each).startswith("C") or category(each) == "Zl" for each in printed.rstrip("\n"))


@given(st.text())
def test_json_reads_back_what_was_said(text: str) -> None:
    assert json.loads(f'"{plain(json.dumps(text, ensure_ascii=False)[1:-1])}"') == text


def test_bytes_are_hexadecimal(capsys: pytest.CaptureFixture[str]) -> None:
    say_json({"digest": b"\x01\xff", "name": f"ácido {RIGHT_TO_LEFT}"})
    printed = capsys.readouterr().out
    assert "ácido \\u202e" in printed
    assert json.loads(printed) == {"digest": "01ff", "name": f"ácido {RIGHT_TO_LEFT}"}
