"""What somebody signs or approves, in pages on which all of it has room: nobody signs what no page shows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import NamedTuple

LETTERS, TITLE = 37, 26
"""Letters that surely fit one line of a card on the narrowest panel, where it is written small; and of a heading."""
ROOM, CHUNK = 11.5, 6
"""Lines that surely fit a card on the lowest panel; and after how many what is told in one go is cut."""
HEADING, POINT = 1.5, 1.15
"""Lines that one of a heading takes with what lies below it, and one of a list."""
RUN = " · "


class Line(NamedTuple):
    """One thing told; `struck` is what counts no more and stands before it, struck out."""

    said: str
    struck: str = ""

    @property
    def height(self) -> int:
        """How many lines it takes."""
        return _lines(f"{self.struck} {self.said}")


@dataclass(frozen=True)
class Section:
    """A heading with its picture, each if any, and what is told under it: in a list, or `run` in one paragraph."""

    title: str
    lines: tuple[Line, ...] = ()
    picture: str = ""
    run: bool = False

    @property
    def height(self) -> float:
        """How many lines it takes."""
        heading = HEADING * _lines(self.title, TITLE)
        if self.run:
            return heading + _lines(RUN.join(each.said for each in self.lines))
        return heading + sum(POINT * each.height for each in self.lines)

    def cut(self, room: float) -> int:
        """Return how many of its lines fit together with its heading; never all, as it is to be cut."""
        fits = (number for number in range(1, len(self.lines)) if self.lines_of(0, number).height <= room)
        return max(fits, default=0)

    def lines_of(self, start: int, end: int | None = None) -> "Section":
        """Return the heading with some of its lines."""
        return replace(self, lines=self.lines[start:end])


@dataclass(frozen=True)
class Sheet:
    """One page of what is signed, in one column or two. Every page together shows all."""

    columns: Sequence[Sequence[Section]]
    page: int
    pages: int

    @property
    def is_last(self) -> bool:
        """Whether everything was shown after this page: only here it is signed."""
        return self.page == self.pages


def listed(title: str, said: Iterable[str | Line], picture: str = "") -> Section:
    """Return a list of things, each short enough for a page."""
    lines = (each if isinstance(each, Line) else Line(each) for each in said)
    return Section(title, tuple(piece for each in lines for piece in _pieces(each)), picture)


def run(title: str, said: Iterable[str]) -> Section:
    """Return one paragraph of things, each short enough for a page."""
    return replace(listed(title, said), run=True)


def sheet(sections: Sequence[Section], page: int) -> Sheet:
    """Return a page of the sections, or the last where there are fewer."""
    columns = list(_columns(sections))
    pages = -(-len(columns) // 2)
    page = min(max(page, 1), pages)
    shown = [section for column in columns[2 * page - 2 : 2 * page] for section in column]
    return Sheet(_even(shown), page, pages)


def _columns(sections: Sequence[Section]) -> Iterator[list[Section]]:
    """Fill one column after the other; what would fit one alone is not cut."""
    column, room = list[Section](), ROOM
    for section in sections:
        rest = section
        while rest.height > room and (column or len(rest.lines) > 1):
            number = rest.cut(room) if rest.height > ROOM else 0
            if number or not column:
                number = max(number, 1)
                column.append(rest.lines_of(0, number))
                rest = rest.lines_of(number)
            yield column
            column, room = [], ROOM
        column.append(rest)
        room -= rest.height
    yield column


def _even(sections: Sequence[Section]) -> list[Sequence[Section]]:
    """Return them in two columns as high as each other; one alone stands alone."""
    if len(sections) == 1:
        return [sections]
    cuts = [(sections[:at], sections[at:]) for at in range(1, len(sections))]
    return list(min(cuts, key=lambda columns: max(sum(each.height for each in column) for column in columns)))


def _lines(text: str, letters: int = LETTERS) -> int:
    return len(wrap(text, letters, break_on_hyphens=False))


def _pieces(line: Line) -> list[Line]:
    if line.height <= CHUNK:
        return [line]
    return [*(Line("", each) for each in _short(line.struck)), *map(Line, _short(line.said))]


def _short(text: str) -> list[str]:
    lines = wrap(text, LETTERS, break_long_words=False, break_on_hyphens=False)
    return [" ".join(lines[at : at + CHUNK]) for at in range(0, len(lines), CHUNK)]
