"""Bytes of a text file as lines, and where a fault stands in them."""

import re
from dataclasses import dataclass
from typing import Never

from models.errors import UnreadableFile

_LINE_END = re.compile(r"\r\n|\r|\n")
SHOWN = 40


@dataclass(frozen=True)
class Place:
    """A line of a file, counted from 1; every refusal names it."""

    source: str
    line: int

    def refuse(self, expected: str, found: str) -> Never:
        """Raise UnreadableFile: what was expected here and what was found."""
        raise UnreadableFile(f"{self.source}, line {self.line}: expected {expected}, found {found}")


def decode_text(data: bytes) -> str:
    """Return the text of bytes: UTF-8 where they are that, else Latin-1, which every byte string is."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def split_lines(text: str) -> list[str]:
    """Split at CR LF, CR or LF and nothing else: form feeds and the like stand inside values."""
    return _LINE_END.split(text.removeprefix("\ufeff"))


def shown(text: str) -> str:
    """Quote a piece of a file for a message, cut where it is long."""
    return repr(text[:SHOWN]) + ("..." if len(text) > SHOWN else "")


def limit_bytes(data: bytes, most: int, source: str) -> None:
    """Refuse a file that is larger than its reader takes. Raises UnreadableFile."""
    if len(data) > most:
        raise UnreadableFile(f"{source}: expected at most {most} bytes, found {len(data)}")
