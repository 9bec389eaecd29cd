"""Ordinates written as AFFN (FIX, PAC) or ASDF (SQZ, DIF, with runs): the way back of asdf.py."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from models.formats.jcamp.asdf import DIF, DUP, SQZ

_SQZ_LETTER = {digit: letter for letter, digit in SQZ.items()}
_DIF_LETTER = {digit: letter for letter, digit in DIF.items()}
_DUP_LETTER = {digit: letter for letter, digit in DUP.items()}


class Form(StrEnum):
    """How a writer spells ordinates."""

    FIX = "FIX"
    PAC = "PAC"
    SQZ = "SQZ"
    DIF = "DIF"
    SQZDUP = "SQZDUP"
    DIFDUP = "DIFDUP"


def encode(ordinates: Sequence[int | None], xs: Sequence[float], form: Form, per_line: int = 12) -> Iterator[str]:
    """Write the lines of a table, `per_line` ordinates on each; a table of differences ends with its check line."""
    at = 0
    ended_in_step = False
    while at < len(ordinates):
        check = ended_in_step
        piece = ordinates[at - check : at + per_line]
        tokens = list(_spell(piece, form))
        ended_in_step = tokens[-1][0] in DIF
        yield f"{xs[at - check]!r}" + _join(tokens, form)
        at += len(piece) - check
    if ended_in_step:
        yield f"{xs[-1]!r}" + _squeeze(ordinates[-1])


def _join(tokens: list[str], form: Form) -> str:
    if form is Form.FIX:
        return " " + " ".join(tokens)
    return "".join(_runs(tokens) if form in {Form.SQZDUP, Form.DIFDUP} else tokens)


def _spell(ordinates: Sequence[int | None], form: Form) -> Iterator[str]:
    before: int | None = None
    for ordinate in ordinates:
        if ordinate is None:
            yield "?"
        elif form is Form.FIX:
            yield str(ordinate)
        elif form is Form.PAC:
            yield f"{ordinate:+d}"
        elif form in {Form.DIF, Form.DIFDUP} and before is not None:
            yield _with_letter(ordinate - before, _DIF_LETTER)
        else:
            yield _squeeze(ordinate)
        before = ordinate


def _squeeze(ordinate: int | None) -> str:
    return "?" if ordinate is None else _with_letter(ordinate, _SQZ_LETTER)


def _with_letter(value: int, letters: dict[int, str]) -> str:
    digits = str(abs(value))
    return letters[int(digits[0]) * (-1 if value < 0 else 1)] + digits[1:]


def _runs(tokens: list[str]) -> Iterator[str]:
    at = 0
    while at < len(tokens):
        times = next((n for n, token in enumerate(tokens[at:]) if token != tokens[at]), len(tokens) - at)
        yield tokens[at] + (_with_letter(times, _DUP_LETTER) if times > 1 else "")
        at += times
