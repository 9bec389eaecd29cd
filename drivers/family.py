"""What an instrument family is: what it is for, how its line is set, how it is asked who it is, and how it is played.

docs/instruments/README.md says how a family is added to `drivers/families.py`.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from drivers.instrument import InstrumentIdentity
from drivers.pty import Simulated
from drivers.transport import LineSettings, Transport

Greet = Callable[[Transport, Callable[[], int]], InstrumentIdentity]
"""Says who is on the wire, with the transport's clock in ns. Raises a DriverError within some seconds.

It changes nothing in the instrument and starts nothing. Who cannot be asked is listened to.
"""
Begin = Callable[[str, str | None, random.Random], Simulated]
"""Starts a simulated instrument: one of the samples, one of the faults or none, and its chance."""


class Role(StrEnum):
    """What an instrument does at a post."""

    ANALYZER = "analyzer"
    GAS_ANALYZER = "gas-analyzer"
    SCALE = "scale"
    POSITION = "position"
    READER = "reader"


@dataclass(frozen=True)
class Simulation:
    """How a family is played without an instrument. The first sample plays when none is named."""

    samples: tuple[str, ...]
    faults: tuple[str, ...]
    begin: Begin


@dataclass(frozen=True)
class Family:
    """Instruments that speak the same. `name` stands in addresses, as in `analyzer-link:/dev/ttyACM0`."""

    name: str
    about: str
    role: Role
    line: LineSettings
    greet: Greet
    simulation: Simulation | None = None
    other_speeds: tuple[int, ...] = ()
    """In baud: at these too its driver finds it."""

    @property
    def lines(self) -> tuple[LineSettings, ...]:
        """Every way in which its line may be set."""
        return (self.line, *(replace(self.line, baudrate=speed) for speed in self.other_speeds))
