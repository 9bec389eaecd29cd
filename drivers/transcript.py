"""Every byte of a session with an instrument, with its time and direction: kept, written down, and played again.

The file form is described in docs/formats/transcript.md.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol, Self, cast

from drivers import canonical
from drivers.errors import BadFrame, PortLost
from drivers.transport import Transport

FORMAT = "garita.transcript/1"
MAX_COST = 8 * 1024 * 1024
EVENT_COST = 32
MAX_FILE = 2 * MAX_COST
_MAX_OFFSET_NS = 2**63 - 1
_DEPTH = 4
_FIELDS = {"format", "address", "events"}


class Direction(IntEnum):
    """Where bytes went. LOST marks that the port went away; its bytes are the reason in UTF-8."""

    WRITTEN = 0
    READ = 1
    LOST = 2


@dataclass(frozen=True, slots=True)
class Event:
    """Bytes of one write or read, `offset_ns` after the port was opened."""

    offset_ns: int
    direction: Direction
    data: bytes

    def __post_init__(self) -> None:
        if not 0 <= self.offset_ns <= _MAX_OFFSET_NS:
            raise ValueError(f"offset {self.offset_ns} ns; expected 0 to 2^63 - 1")

    @property
    def cost(self) -> int:
        return EVENT_COST + len(self.data)


class Transcript:
    """The bytes of one session in order of time; at most 8 MiB, where each event costs 32 bytes more than its data."""

    def __init__(self, address: str = "", start_ns: int = 0) -> None:
        self.address = address
        self._events: list[Event] = []
        self._start_ns = start_ns
        self._cost = 0

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(self._events)

    @property
    def came(self) -> bytes:
        """What the instrument sent, without its times."""
        return b"".join(event.data for event in self._events if event.direction is Direction.READ)

    @property
    def cost(self) -> int:
        """What is kept, in bytes, with what each event costs."""
        return self._cost

    @property
    def end_ns(self) -> int:
        """Offset of the last event, or where the transcript starts."""
        return self._events[-1].offset_ns if self._events else self._start_ns

    @property
    def digest(self) -> bytes:
        """SHA-256 of the file form."""
        return hashlib.sha256(self.to_bytes()).digest()

    def add(self, event: Event) -> None:
        """Keep `event`. Raises ValueError when the transcript is full or time turns back."""
        if self._cost + event.cost > MAX_COST:
            raise ValueError(f"the transcript is full: {len(self._events)} events of {self._cost} bytes are kept")
        if event.offset_ns < self.end_ns:
            raise ValueError(f"offset {event.offset_ns} ns after {self.end_ns} ns; time must not turn back")
        self._events.append(event)
        self._cost += event.cost

    def to_bytes(self) -> bytes:
        events = [[event.offset_ns, int(event.direction), event.data] for event in self._events]
        return canonical.encode({"format": FORMAT, "address": self.address, "events": events})

    @classmethod
    def from_bytes(cls, data: bytes, source: str) -> Self:
        """Read the file form; `source` names the file in errors. Raises BadFrame for anything else."""
        if len(data) > MAX_FILE:
            raise BadFrame(source, f"a transcript has at most {MAX_FILE} bytes; {len(data)} came")
        try:
            address, events = _form(canonical.decode(data, _DEPTH))
            transcript = cls(address)
            for event in events:
                transcript.add(_event(event))
        except ValueError as error:
            raise BadFrame(source, f"not a transcript: {error}") from error
        return transcript


def _form(value: object) -> tuple[str, list[object]]:
    form = cast("dict[object, object]", value) if isinstance(value, dict) else {}
    address, events = form.get("address"), form.get("events")
    if set(form) != _FIELDS or form["format"] != FORMAT or not isinstance(address, str) or not isinstance(events, list):
        raise ValueError(f"expected a map of format ({FORMAT}), address (text) and events (list)")
    return address, cast("list[object]", events)


def _event(value: object) -> Event:
    match value:
        case [int(offset), int(direction), bytes(data)] if bool not in {type(offset), type(direction)}:
            return Event(offset, Direction(direction), data)
        case _:
            raise ValueError("each event must be [offset in ns, direction, bytes]")


class Keeper(Protocol):
    """What keeps events: a transcript, or a rotation of them."""

    def add(self, event: Event) -> None:
        """Keep `event`. Raises ValueError when it is full or time turns back."""
        ...


class RecordingTransport:
    """A transport that keeps a copy of every byte in a transcript. Raises BadFrame once the transcript is full.

    Offsets count from `start_ns` on the clock, from now where none is given: a port that was lost and opened again
    goes on in the same transcript.
    """

    def __init__(
        self, inner: Transport, transcript: Keeper, monotonic_ns: Callable[[], int], start_ns: int | None = None
    ) -> None:
        self.port = inner.port
        self._inner = inner
        self._transcript = transcript
        self._monotonic_ns = monotonic_ns
        self._start_ns = monotonic_ns() if start_ns is None else start_ns

    def write(self, data: bytes) -> None:
        self._keep(Direction.WRITTEN, data)
        try:
            self._inner.write(data)
        except PortLost as error:
            self._keep(Direction.LOST, error.problem.encode())
            raise

    def read(self, timeout: float) -> bytes:
        try:
            data = self._inner.read(timeout)
        except PortLost as error:
            self._keep(Direction.LOST, error.problem.encode())
            raise
        if data:
            self._keep(Direction.READ, data)
        return data

    def close(self) -> None:
        self._inner.close()

    def _keep(self, direction: Direction, data: bytes) -> None:
        try:
            self._transcript.add(Event(self._monotonic_ns() - self._start_ns, direction, data))
        except ValueError as error:
            raise BadFrame(
                self.port, f"{error}; an instrument that sends so much does not follow its protocol: restart it"
            ) from error
