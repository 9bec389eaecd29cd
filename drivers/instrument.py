"""What every analyzer can be asked, whatever its protocol."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

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


@dataclass(frozen=True, eq=False)
class GasReading:
    """What a gas analyzer measured in a vacuum chamber: not a sample on a swab, the gas that is there.

    `spectrum` has technique EI at the electron energy in eV and ion currents in A, what is below zero set to zero:
    a profile, or one peak for each whole m/z. `currents` are the same in A with their sign, noise goes below zero;
    `spread` in A is how far apart repeated measurements of each lie. `partial_pressures` in Torr are those of nitrogen
    that would give each current, None without a calibration. `total_pressure` in Torr, None where it is not measured.
    """

    spectrum: Spectrum
    currents: NDArray[np.float64]
    spread: NDArray[np.float64]
    partial_pressures: NDArray[np.float64] | None
    total_pressure: float | None


class GasAnalyzer(Protocol):
    """A mass spectrometer of the gas in a vacuum chamber. Every method may raise a DriverError.

    Its filament burns only after an explicit order, and is put out on every way out.
    """

    port: str

    def identify(self) -> InstrumentIdentity: ...

    def status(self) -> InstrumentStatus: ...

    def self_check(self) -> SelfCheck: ...

    def light(self, emission: float, ordered_by: str) -> AbstractContextManager[object]:
        """Light the filament at `emission` in mA by order of a person; it is put out when the context ends."""
        ...

    def put_out(self) -> None:
        """Put the filament out and hear it confirmed; raises a DriverError that says what to do where it is not."""
        ...

    def measure(
        self, first: int, last: int, *, profile: bool, stopped: Callable[[], bool]
    ) -> Iterator[Progress | GasReading]:
        """Measure once from m/z `first` to `last`; when `stopped()` turns true the iterator ends without a reading."""
        ...

    def close(self) -> None: ...
