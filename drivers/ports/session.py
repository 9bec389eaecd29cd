"""One session on one port, the same for every family: found by identity, held alone, counted, written down."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from drivers.framing import FrameCounts
from drivers.ports.discovery import Lister, find, this_machine
from drivers.ports.health import HealthTransport, PortMeter
from drivers.transcript import Keeper, RecordingTransport
from drivers.transport import LineSettings, SerialTransport


class Named(Keeper, Protocol):
    """What keeps a session's bytes, and at which address they passed."""

    address: str


class Counting(Protocol):
    """An instrument on a port."""

    @property
    def counts(self) -> FrameCounts:
        """Good and damaged frames since the port was opened."""
        ...


@dataclass(frozen=True)
class PortSession:
    """A port for one session.

    `address` is a family and a place; the place is a path, or a USB identity wherever among `ports` it is plugged in
    now. Every byte goes into `transcript`; `meter` counts what passes.
    """

    address: str
    transcript: Named
    monotonic_ns: Callable[[], int]
    meter: PortMeter | None = None
    ports: Lister = this_machine

    @property
    def place(self) -> str:
        return self.address.partition(":")[2]

    def counted(self, line: LineSettings) -> HealthTransport:
        """Open the port; no copy of what passes is kept. Raises PortUnavailable."""
        serial = SerialTransport(find(self.place, self.ports), line)
        return HealthTransport(serial, self.meter or PortMeter(self.place), self.monotonic_ns)

    def recorded(self, counted: HealthTransport) -> RecordingTransport:
        """Return the same port with a copy of every byte kept."""
        self.transcript.address = self.address
        return RecordingTransport(counted, self.transcript, self.monotonic_ns)

    def open(self, line: LineSettings) -> RecordingTransport:
        """Open the port. Raises PortUnavailable."""
        return self.recorded(self.counted(line))

    def follow(self, instrument: Counting) -> None:
        """Let the meter count what the instrument's driver makes of the bytes."""
        if self.meter:
            self.meter.follow(instrument.counts)
