"""What stands on paper: names and values, and blocks of them. A value that nobody knows is a box to fill by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Set = Literal["", "hash", "box", "strong", "struck"]


@dataclass(frozen=True)
class Line:
    """A name and what stands beside it; a "box" is left open to be written in."""

    name: str
    value: str = ""
    kind: Set = ""


@dataclass(frozen=True)
class Block:
    """One thing that was done or found: title, when and by whom, and its lines; `void` says that it counts no more."""

    title: str
    when: str
    lines: Sequence[Line]
    void: str = ""
    pictures: Sequence[str] = ()


@dataclass(frozen=True)
class Table:
    """Rows under headings."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Tick:
    """Something to tick: ticked already where the station knows."""

    name: str
    ticked: bool = False


def box(name: str, value: str = "") -> Line:
    """Return a line with its value, or with an empty box where there is none."""
    return Line(name, value, "" if value else "box")
