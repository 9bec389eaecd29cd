"""All that the screen of a result says, and how much of it has room."""

from dataclasses import dataclass, replace
from typing import Literal

from edge.web.concluded import REFERRED, Kind
from edge.web.confidence import Sure
from edge.web.notes import BETWEEN, Notes, lines_of
from edge.web.possibilities import Possibility

Primary = Literal["case", "repeat", "finish", "coach", "compare", "shift"]
HEADLINE, ALONE, BELOW, TITLE, NOTE, DENSE_NOTE = 24, 38, 64, 32, 33, 42
"""Characters that surely fit one line: of a headline beside how sure it is, of one alone, and below it; of a card."""
OTHERS_ROOM, WIDE, ROW = 9, 88, 48
"""Lines that fit the card of other possibilities and the reasons below it; letters of each."""
FEW, MOST_HEIGHT = 3, 29
"""Lines that a card writes large; and the room for a conclusion and its cards: a headline takes 5 of it, a line 4."""
MOST_WARNED = 2
"""Lines between a name and what to do against a danger to life."""
LARGE_HEIGHT = 33
"""The room where a card is written larger still: there a line of it takes 5."""


@dataclass(frozen=True)
class Result:
    """All that the screen of a result says, in the language of the screen. `brief` is for one line of a list.

    `lists` says by which lists it was judged; `codes` are its reasons; `hazard` is the key of what it resembles, and
    `card` says what to wear, `law` what every authority says of each substance; `papers`: it may be lawful, so papers
    come first. `found` is what a mixture is made of, the gravest first, `others` what else it resembles, or all that a
    reading of no mixture does. `stereo` has all that is known of each form that the reading does not tell from what it
    names; `named`: it names one substance, `suspected`: it rests on a suspect.
    """

    kind: Kind
    word: str
    substance: str
    also: str
    brief: str
    sure: Sure | None
    first: Notes
    second: Notes
    card: Notes
    law: tuple[str, ...]
    why: Notes
    found: tuple[Possibility, ...]
    others: tuple[Possibility, ...]
    primary: Primary
    lists: str
    codes: tuple[str, ...]
    hazard: str
    papers: bool
    stereo: tuple[str, ...]
    named: bool
    suspected: bool
    doubt: str = ""
    """That the analyzer's last check did not pass: then nothing measured says how sure it is."""

    @property
    def shown(self) -> tuple[Possibility, ...]:
        """Those of `found` and `others` that find room on the smallest panel, below which the reasons stand."""
        room, rows = OTHERS_ROOM - lines_of(" ".join([self.why.title, *self.why.lines]), WIDE), list[Possibility]()
        for each in (*self.found, *self.others):
            room -= lines_of(f"{each.name} {each.short}", ROW) + BETWEEN
            if room < 0 and rows:
                break
            rows.append(each)
        return tuple(rows)

    @property
    def room(self) -> int:
        """How many lines a card below the conclusion may take where it is written large."""
        return (LARGE_HEIGHT - 5 * lines_of(self.substance, HEADLINE) - self._below) // 5

    def contradicted(self, by: str) -> "Result":
        """Return it as it stands where other readings of the same thing say otherwise: they are compared first."""
        also = ". ".join(filter(None, [self.also.removesuffix("."), by]))
        return replace(self, also=also, primary="compare")

    @property
    def warned(self) -> str:
        """What stands below the name where a danger to life comes first: what it may be instead, if there is room."""
        if self.kind not in REFERRED:
            return self.brief
        told = ". ".join(filter(None, [self.also.removesuffix("."), self.second.title]))
        return told if lines_of(told, BELOW) <= MOST_WARNED else self.second.title

    @property
    def is_crowded(self) -> bool:
        """Whether the conclusion and the fuller card below it take so much room that all must stand closer."""
        cards = max(_height(each) for each in (self.first, self.second))
        headline = 5 * lines_of(self.substance, HEADLINE if self.sure else ALONE)
        return headline + self._below + 4 * cards > MOST_HEIGHT

    @property
    def _below(self) -> int:
        """What the lines between a headline and the cards take."""
        return 4 * (lines_of(self.also, BELOW) + lines_of(self.doubt, BELOW))


def _height(notes: Notes) -> int:
    room = NOTE if len(notes.lines) <= FEW else DENSE_NOTE
    return lines_of(notes.title, TITLE) - 1 + sum(lines_of(line, room) for line in notes.lines)
