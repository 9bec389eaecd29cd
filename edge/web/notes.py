"""A card of a screen: a picture, a heading and a few lines, and how many lines they take."""

from dataclasses import dataclass

LARGE_TITLE, LARGE = 22, 25
"""Characters that surely fit one line of a card that is written large: of its title, and of the others."""
BETWEEN = 0.25
"""Of a line, what lies between two entries of a list."""


@dataclass(frozen=True)
class Notes:
    """A picture, a heading and a few lines; steps to take are numbered."""

    picture: str
    title: str
    lines: tuple[str, ...]
    numbered: bool = False

    @property
    def height(self) -> int:
        """How many lines it takes where it is written large."""
        return lines_of(self.title, LARGE_TITLE) + sum(lines_of(line, LARGE) for line in self.lines)


def lines_of(text: str, room: int) -> int:
    """Return how many lines a text takes where each has room for so many characters."""
    return -(-len(text) // room)
