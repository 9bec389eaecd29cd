"""What every analyzer can be asked, whatever its protocol."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from models.spectrum import Spectrum


@dataclass(frozen=True)
class InstrumentIdentity:
    """Who is on the wire, in the instrument's own words."""

    maker: str
    model: str
    serial_number: str
    firmware: str


@dataclass(frozen=True)
class InstrumentStatus:
    """Whether a reading can start; `detail` says why not. `battery_percent` is None without a battery."""

    ready: bool
    detail: str
    battery_percent: int | None


@dataclass(frozen=True)
class SelfCheck:
    """The instrument's own check of itself: each item with its outcome."""

    passed: bool
    items: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Progress:
    """How far an acquisition is: 0 to 100, and the instrument's word for the stage."""

    percent: float
    stage: str


class Analyzer(Protocol):
    """A mass spectrometer that measures one sample at a time. Every method may raise a DriverError."""

    port: str

    def identify(self) -> InstrumentIdentity: ...

    def status(self) -> InstrumentStatus: ...

    def self_check(self) -> SelfCheck: ...

    def acquire(self, energies: Sequence[float], stopped: Callable[[], bool]) -> Iterator[Progress | Spectrum]:
        """Measure once: progress as it comes, one Spectrum for each collision energy in V that the instrument gives.

        When `stopped()` turns true the instrument is told to abort and the iterator ends.
        """
        ...

    def close(self) -> None: ...
