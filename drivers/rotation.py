"""A session without an end, as a GPS receiver's: its transcript in segments, each chained to the one before by digest.

The file form is described in docs/formats/transcript.md.
"""

import hashlib
import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, cast

from drivers import canonical
from drivers.errors import BadFrame, NotRecorded
from drivers.transcript import MAX_COST, MAX_FILE, Event, Transcript

FORMAT = "garita.transcript-segment/1"
FIRST_PREVIOUS = bytes(32)
SEGMENT_COST = 256 * 1024
KEPT_SEGMENTS = 32
_MAX_NUMBER = 2**63 - 1
_DEPTH = 2
_FIELDS = {"format", "number", "previous", "transcript"}
_SUFFIX = ".segment"


@dataclass(frozen=True)
class Segment:
    """One piece of a long session. `previous` is the SHA-256 of the segment before, of 32 zero bytes for number 0."""

    number: int
    previous: bytes
    transcript: Transcript

    def to_bytes(self) -> bytes:
        return canonical.encode(
            {
                "format": FORMAT,
                "number": self.number,
                "previous": self.previous,
                "transcript": self.transcript.to_bytes(),
            }
        )

    @property
    def digest(self) -> bytes:
        """SHA-256 of the file form: with it this segment and all before it are fixed."""
        return hashlib.sha256(self.to_bytes()).digest()

    @classmethod
    def from_bytes(cls, data: bytes, source: str) -> Self:
        """Read the file form. Raises BadFrame, naming `source`, for anything else."""
        if len(data) > MAX_FILE:
            raise BadFrame(source, f"a segment has at most {MAX_FILE} bytes; {len(data)} came")
        try:
            number, previous, inner = _form(canonical.decode(data, _DEPTH))
        except ValueError as error:
            raise BadFrame(source, f"not a segment of a transcript: {error}") from error
        return cls(number, previous, Transcript.from_bytes(inner, source))


def _form(value: object) -> tuple[int, bytes, bytes]:
    form = cast("dict[object, object]", value) if isinstance(value, dict) else {}
    number, previous, inner = form.get("number"), form.get("previous"), form.get("transcript")
    if set(form) != _FIELDS or form["format"] != FORMAT or not isinstance(previous, bytes):
        raise ValueError(f"expected a map of format ({FORMAT}), number, previous and transcript")
    if not isinstance(inner, bytes) or not isinstance(number, int) or isinstance(number, bool):
        raise ValueError("expected number as a whole number and transcript as bytes")  # noqa: TRY004 - one error for all
    if not 0 <= number <= _MAX_NUMBER or len(previous) != len(FIRST_PREVIOUS):
        raise ValueError(f"number {number} and {len(previous)} bytes of previous; expected 0 or more, and 32")
    return number, previous, inner


@dataclass(frozen=True)
class Mark:
    """A moment in a long session: the segment that ended there, and its digest, which fixes all that came before."""

    number: int
    digest: bytes


class Rotation:
    """Keeps the events of a session in segments of about `segment_cost` bytes in `folder`; the oldest go.

    At most `kept` segments lie in the folder and one is held in memory. A folder holds one session: it is begun empty.
    """

    def __init__(self, folder: Path, address: str, segment_cost: int = SEGMENT_COST, kept: int = KEPT_SEGMENTS) -> None:
        self._folder = folder
        self._address = address
        self._limit = min(segment_cost, MAX_COST)
        self._kept = kept
        self._number = 0
        self._previous = FIRST_PREVIOUS
        self._open = Transcript(address)

    def add(self, event: Event) -> None:
        """Keep `event`, in a new segment where the present one is full. Raises NotRecorded, ValueError."""
        if self._open.cost and self._open.cost + event.cost > self._limit:
            self.cut()
        self._open.add(event)

    def cut(self) -> Mark:
        """End the present segment now, so that a record can name it. Raises NotRecorded where it cannot be written."""
        segment = Segment(self._number, self._previous, self._open)
        data = segment.to_bytes()
        self._write(segment.number, data)
        digest = hashlib.sha256(data).digest()
        self._number, self._previous = segment.number + 1, digest
        self._open = Transcript(self._address, self._open.end_ns)
        return Mark(segment.number, digest)

    def _write(self, number: int, data: bytes) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished = self._folder / f"{number:08}.unfinished"
            with unfinished.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._at(number))
            self._at(number - self._kept).unlink(missing_ok=True)
        except OSError as error:
            raise NotRecorded(self._address, f"its transcript cannot be kept in {self._folder}: {error}") from error

    def _at(self, number: int) -> Path:
        return self._folder / f"{number:08}{_SUFFIX}"


@dataclass(frozen=True)
class LongTranscript:
    """What a rotation kept, checked and joined: the events of all its segments in order."""

    address: str
    events: tuple[Event, ...]
    head: Mark


def read_rotation(folder: Path) -> LongTranscript:
    """Read the segments in `folder` and check their chain. Raises BadFrame where one is missing or changed."""
    files = sorted(folder.glob(f"*{_SUFFIX}"))
    return join([Segment.from_bytes(file.read_bytes(), str(file)) for file in files], str(folder))


def join(segments: Sequence[Segment], source: str) -> LongTranscript:
    """Return one transcript of `segments`; the first may have lost those before it. Raises BadFrame."""
    if not segments:
        raise BadFrame(source, "no segment of a transcript is there")
    for before, after in itertools.pairwise(segments):
        if after.number != before.number + 1 or after.previous != before.digest:
            raise BadFrame(source, f"segment {after.number} does not follow segment {before.number}: one was changed")
        if after.transcript.address != before.transcript.address or _starts(after) < before.transcript.end_ns:
            raise BadFrame(source, f"segment {after.number} is of another session than segment {before.number}")
    events = tuple(event for segment in segments for event in segment.transcript.events)
    return LongTranscript(segments[0].transcript.address, events, Mark(segments[-1].number, segments[-1].digest))


def _starts(segment: Segment) -> int:
    return segment.transcript.events[0].offset_ns if segment.transcript.events else _MAX_NUMBER
