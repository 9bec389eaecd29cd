"""An instrument's port over the station's whole day: opened for use, watched and counted between."""

import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from drivers.errors import WrongInstrument
from drivers.overheard import stranger
from drivers.ports.discovery import Lister, this_machine
from drivers.ports.health import PortHealth, PortMeter
from drivers.ports.session import Named
from drivers.ports.watch import Watch

Instrument_co = TypeVar("Instrument_co", covariant=True)


class Opener(Protocol[Instrument_co]):
    """Opens an instrument of one family at an address, as drivers/opening.py and drivers/registry.py do."""

    def __call__(
        self,
        address: str,
        transcript: Named,
        monotonic_ns: Callable[[], int],
        *,
        meter: PortMeter,
        ports: Lister,
    ) -> Instrument_co:
        """Open it. Raises a DriverError."""
        ...


class InstrumentPort(Generic[Instrument_co]):
    """Where an instrument is: `address` as in the settings. `start` begins to watch the cable, `close` ends it.

    `turn` changes whenever the cable comes or goes.
    """

    def __init__(self, address: str, opener: Opener[Instrument_co], ports: Lister = this_machine) -> None:
        self.turn = 0
        self._address = address
        self._opener = opener
        self._ports = ports
        self._family, _, place = address.partition(":")
        self._place = place
        self._meter = PortMeter(place)
        self._watch = Watch(place, ports, self._meter, self._turned)

    def open(self, transcript: Named) -> Instrument_co:
        """Open the instrument; `transcript` keeps what passes. Raises a DriverError."""
        return self._opener(self._address, transcript, time.monotonic_ns, meter=self._meter, ports=self._ports)

    def listen_anew(self) -> None:
        """Begin to hear who speaks on it."""
        self._meter.listen_anew()

    def stranger(self) -> WrongInstrument | None:
        """Return the error that says which other instrument spoke on it since `listen_anew`, None where none did."""
        return stranger(self._place, self._family, self._meter.newest)

    @property
    def attached(self) -> bool:
        """Whether it is plugged in, by a look that is made now."""
        return self._watch.look()

    @property
    def health(self) -> PortHealth:
        return self._meter.health

    def start(self) -> None:
        self._watch.start()

    def close(self) -> None:
        self._watch.close()

    def _turned(self, _: str | None) -> None:
        self.turn += 1
