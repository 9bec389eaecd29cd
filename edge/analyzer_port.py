"""The analyzer's port over the station's whole day: opened for each reading, watched and counted between them."""

import time

from drivers.instrument import Analyzer
from drivers.ports.discovery import Lister, this_machine
from drivers.ports.health import PortHealth, PortMeter
from drivers.ports.watch import Watch
from drivers.registry import open_analyzer
from drivers.transcript import Transcript


class AnalyzerPort:
    """Where the analyzer is: `address` as in the settings. `start` begins to watch the cable, `close` ends it."""

    def __init__(self, address: str, ports: Lister = this_machine) -> None:
        self._address = address
        self._ports = ports
        _, _, place = address.partition(":")
        self._meter = PortMeter(place)
        self._watch = Watch(place, ports, self._meter)

    def open(self, transcript: Transcript) -> Analyzer:
        """Open the analyzer for one reading. Raises a DriverError."""
        return open_analyzer(self._address, transcript, time.monotonic_ns, meter=self._meter, ports=self._ports)

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
