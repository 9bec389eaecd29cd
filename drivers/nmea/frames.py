"""Bytes in, sentences out, no I/O: NMEA 0183 `$ttSSS,...*hh`, with the checksum that is always required here."""

import re
from dataclasses import dataclass

from drivers.errors import BadFrame
from drivers.framing import FrameCounts

LONGEST = 164
"""Bytes from `$` to the checksum: twice what the standard allows, as receivers with many digits exceed it."""
_CHECKED = len(b"*hh")
_MARKS = re.compile(rb"[$\r\n]")
_SENTENCE = re.compile(rb"\$(P|[A-OQ-Z][A-Z])([A-Z0-9]{3,8}),([ -)+-~]*)\*([0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class Sentence:
    """One sentence: `talker` GP, GN, GL, GA, GB, ..., P for a maker's own; `kind` GGA, RMC, ...; then the fields."""

    talker: str
    kind: str
    fields: tuple[str, ...]
    raw: bytes


class SentenceFramer:
    """Collects bytes into sentences by `$`, CR, LF or the checksum, whichever comes first; holds at most LONGEST."""

    def __init__(self) -> None:
        self.counts = FrameCounts()
        self._buffer = bytearray()

    @property
    def unfinished(self) -> int:
        return len(self._buffer)

    def feed(self, data: bytes) -> list[bytes]:
        """Return what begins with `$` and has come to its end, checked or not; what lies between is dropped."""
        pending = bytes(self._buffer) + data
        self._buffer.clear()
        found: list[bytes] = []
        at = 0
        while (start := pending.find(b"$", at)) >= 0:
            self._drop(pending[at:start])
            end = _end(pending, start)
            if end is None:
                self._keep(pending[start:])
                return found
            found.append(pending[start:end])
            at = end
        self._drop(pending[at:])
        return found

    def _keep(self, piece: bytes) -> None:
        if len(piece) <= LONGEST:
            self._buffer += piece
        else:
            self._drop(piece)

    def _drop(self, between: bytes) -> None:
        self.counts.dropped_bytes += len(between.strip(b"\r\n"))


def _end(pending: bytes, start: int) -> int | None:
    mark = _MARKS.search(pending, start + 1)
    limit = mark.start() if mark else len(pending)
    star = pending.find(b"*", start, limit)
    if star >= 0 and star + _CHECKED <= limit:
        return star + _CHECKED
    return mark.start() if mark else None


def checksum(body: bytes) -> int:
    """Return the exclusive or of the bytes between `$` and `*`."""
    result = 0
    for byte in body:
        result ^= byte
    return result


def parse(data: bytes, port: str) -> Sentence:
    """Return the sentence of `data`, from `$` to its checksum. Raises BadFrame, also where there is no checksum."""
    match = _SENTENCE.fullmatch(data)
    if match is None:
        raise BadFrame(port, f"{data[:90]!r} is no NMEA 0183 sentence with a checksum; check line speed and output")
    found, expected = int(match[4], 16), checksum(data[1:-3])
    if found != expected:
        raise BadFrame(port, f"{data[:90]!r}: the checksum is {found:02X}; {expected:02X} was expected")
    return Sentence(match[1].decode(), match[2].decode(), tuple(match[3].decode().split(",")), data)


def to_bytes(talker: str, kind: str, *fields: str) -> bytes:
    """Return a whole sentence with checksum, CR and LF."""
    body = ",".join((talker + kind, *fields)).encode("ascii")
    return b"$%s*%02X\r\n" % (body, checksum(body))
