"""The ordinates of `(X++(Y..Y))`: AFFN by columns (FIX) or by signs (PAC), and ASDF: squeezed, differences, runs.

A line is an abscissa and ordinates. Pseudo-digits carry the sign and the first digit of a number, so that nothing parts
them: SQZ `@A..I` is +0..+9 and `a..i` -1..-9; DIF `%J..R`, `j..r` is the step from the ordinate before; DUP `S..Zs` is
how often the token before it stands, itself counted (1..9). A line after one that ended in a difference begins with
that one's last ordinate again (the Y-check), which is no point. `?` is an ordinate that is missing.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from models.formats.text import Place, shown

_TOKEN = re.compile(
    r"(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]\d{1,3})?)"
    r"|(?P<sqz>[@A-Ia-i]\d*(?:\.\d*)?)|(?P<dif>[%J-Rj-r]\d*(?:\.\d*)?)|(?P<dup>[S-Zs]\d*)|(?P<missing>\?)",
    re.ASCII,
)
_LOOSE_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)[eE]\d{1,3}", re.ASCII)
_PARTS = re.compile(r"[\s,;]+")
_LONGEST = 20
_NO_LETTER = str.maketrans(dict.fromkeys("@ABCDEFGHIabcdefghi", "1"))

SQZ = {**dict(zip("@ABCDEFGHI", range(10), strict=True)), **dict(zip("abcdefghi", range(-1, -10, -1), strict=True))}
DIF = {**dict(zip("%JKLMNOPQR", range(10), strict=True)), **dict(zip("jklmnopqr", range(-1, -10, -1), strict=True))}
DUP = dict(zip("STUVWXYZs", range(1, 10), strict=True))

Ordinate = int | float | None
"""A number as it stands in the table, before YFACTOR; None where it is missing."""


@dataclass(frozen=True)
class Token:
    """One token of a line: its kind, its letters, and its number."""

    kind: str
    text: str
    value: Ordinate


@dataclass(frozen=True)
class LineStart:
    """What the abscissa at the head of a line says, and how finely (one unit of its last place).

    `index` is the point that it stands at; where the line began with a Y-check, the point before is meant as often.
    """

    place: Place
    x: float
    unit: float
    index: int
    checked: bool


@dataclass
class Ordinates:
    """Ordinates as they come, line by line; never more than `most`. Raises UnreadableFile."""

    most: int
    values: list[Ordinate] = field(default_factory=list[Ordinate])
    starts: list[LineStart] = field(default_factory=list[LineStart])
    _step: int | float | None = None

    def line(self, text: str, place: Place) -> None:
        """Read one line of a table."""
        tokens = _tokens(text, place)
        head = next(tokens, None)
        if head is None:
            return
        if head.kind not in {"number", "sqz"} or head.value is None:
            place.refuse("an abscissa at the head of the line", shown(head.text))
        after_difference = self._step is not None
        first = next(tokens, None)
        checked = after_difference and first is not None
        self.starts.append(LineStart(place, float(head.value), _unit(head.text), len(self.values), checked))
        self._step = None
        if first is not None:
            self._first(first, place, checked=checked)
            self._rest(first, tokens, place)

    def _first(self, token: Token, place: Place, *, checked: bool) -> None:
        if token.kind not in {"number", "sqz", "missing"}:
            place.refuse("an ordinate in full after the abscissa", shown(token.text))
        if not checked:
            self._put(token.value, 1, place)
        elif token.value is None or not math.isclose(token.value, self.values[-1] or 0, rel_tol=1e-9, abs_tol=1e-9):
            place.refuse(f"{self.values[-1]}, the last ordinate of the line before (Y-check)", shown(token.text))

    def _rest(self, before: Token, tokens: Iterator[Token], place: Place) -> None:
        for token in tokens:
            if token.kind == "dup":
                self._repeat(before, token, place)
            elif token.kind == "dif":
                self._step = token.value
                self._put(self._stepped(place), 1, place)
            else:
                self._step = None
                self._put(token.value, 1, place)
            before = token

    def _repeat(self, before: Token, token: Token, place: Place) -> None:
        times = int(token.value or 0) - 1
        if before.kind == "dup" or times < 0:
            place.refuse("a count of repetitions after a number", shown(before.text + token.text))
        if self._step is None:
            self._put(before.value, times, place)
            return
        self._room(times, place)
        for _ in range(times):
            self._put(self._stepped(place), 1, place)

    def _stepped(self, place: Place) -> Ordinate:
        last = self.values[-1]
        if last is None or self._step is None:
            place.refuse("a number before a difference", "a missing ordinate (?)")
        return last + self._step

    def _put(self, value: Ordinate, times: int, place: Place) -> None:
        self._room(times, place)
        self.values += [value] * times

    def _room(self, times: int, place: Place) -> None:
        if len(self.values) + times > self.most:
            place.refuse(f"{self.most} ordinates in all", f"at least {len(self.values) + times}")


def decode(lines: Iterable[tuple[Place, str]], most: int) -> Ordinates:
    """Read the lines of a table with at most `most` ordinates. Raises UnreadableFile naming the line."""
    ordinates = Ordinates(most)
    for place, text in lines:
        ordinates.line(text, place)
    return ordinates


def _tokens(text: str, place: Place) -> Iterator[Token]:
    """Read tokens; `5E3` without a sign is a number only where it cannot be the abscissa 5 with the ordinate 53."""
    for count, word in enumerate(_PARTS.split(text.strip())):
        if count and _LOOSE_NUMBER.fullmatch(word):
            yield Token("number", word, _number(word, place))
        elif word:
            yield from _word(word, place)


def _word(word: str, place: Place) -> Iterator[Token]:
    at = 0
    while at < len(word):
        match = _TOKEN.match(word, at)
        if match is None:
            place.refuse("a number or pseudo-digit", shown(word[at:]))
        at = match.end()
        yield _token(str(match.lastgroup), match.group(), place)


def _token(kind: str, text: str, place: Place) -> Token:
    match kind:
        case "sqz":
            return Token(kind, text, _pseudo(SQZ[text[0]], text, place))
        case "dif":
            return Token(kind, text, _pseudo(DIF[text[0]], text, place))
        case "dup":
            return Token(kind, text, _pseudo(DUP[text[0]], text, place))
        case "missing":
            return Token(kind, text, None)
        case _:
            return Token(kind, text, _number(text, place))


def _pseudo(digit: int, text: str, place: Place) -> int | float:
    return _number(f"{digit}{text[1:]}", place)


def _number(text: str, place: Place) -> int | float:
    if len(text) > _LONGEST + len("+.E+100"):
        place.refuse(f"a number of at most {_LONGEST} digits", shown(text))
    if text.lstrip("+-").isdigit():
        return int(text)
    value = float(text)
    if not math.isfinite(value):
        place.refuse("a finite number", shown(text))
    return value


def _unit(text: str) -> float:
    """Return one unit of the last place of a number's text: 0.01 for 450.25."""
    mantissa, _, exponent = (text[:1].translate(_NO_LETTER) + text[1:]).upper().partition("E")
    decimals = len(mantissa.partition(".")[2])
    return float(f"1e{min(int(exponent or 0), _LONGEST) - decimals}")
