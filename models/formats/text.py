"""Bytes of a text file as lines, and where a fault stands in them."""

import codecs
import re
from collections.abc import Iterator
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
    """Return the text of bytes: UTF-16 by its mark, UTF-8 where they are that, else Latin-1, which all bytes are."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def split_lines(text: str) -> list[str]:
    """Split at CR LF, CR or LF and nothing else: form feeds and the like stand inside values."""
    return _LINE_END.split(text.removeprefix("\ufeff"))


def each_line(text: str) -> Iterator[str]:
    """Yield the lines of split_lines one by one, so that a long text is not held twice."""
    at = len("\ufeff") if text.startswith("\ufeff") else 0
    for end in _LINE_END.finditer(text, at):
        yield text[at : end.start()]
        at = end.end()
    yield text[at:]


def read_number(text: str) -> float:
    """Read a number as instruments write it; NaN and infinity are numbers here. Raises ValueError.

    `1_82.1`, which Python takes for 1182.1, and digits of other scripts are none.
    """
    if "_" in text or not text.isascii():
        raise ValueError(f"expected a number, found {shown(text)}")
    return float(text)


def shown(text: str) -> str:
    """Quote a piece of a file for a message, cut where it is long."""
    return repr(text[:SHOWN]) + ("..." if len(text) > SHOWN else "")


def limit_bytes(data: bytes, most: int, source: str) -> None:
    """Refuse a file that is larger than its reader takes. Raises UnreadableFile."""
    if len(data) > most:
        raise UnreadableFile(f"{source}: expected at most {most} bytes, found {len(data)}")
