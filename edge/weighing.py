"""The post's scale: what it shows now, and a weight that may enter a record."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from drivers.errors import DriverError
from drivers.opening import open_scale
from drivers.ports.discovery import Lister, this_machine
from drivers.ports.health import PortMeter
from drivers.ports.session import Named
from drivers.scales.driver import Scale, Timing
from drivers.scales.weight import Weight
from drivers.transcript import Transcript
from edge.held import Held
from edge.instrument_port import InstrumentPort

TIMING = Timing(rest=8.0)
"""An officer waits before the screen: what is not at rest by then is weighed anew."""


@dataclass(frozen=True)
class Weighed:
    """A stable weight with who weighed it, and the newest bytes of the session."""

    weight: Weight
    transcript: Transcript


class Weighing:
    """A scale that stays open: what is in doubt about its zero is not forgotten between two weighings."""

    def __init__(self, address: str, ports: Lister = this_machine) -> None:
        self.port = InstrumentPort(address, _known_scale, ports)
        self._held = Held(self.port)
        self._closing = Event()

    def look(self) -> Weight:
        """Return what the scale shows now, at rest or not. Raises a DriverError."""
        with self._held.use() as (scale, _):
            return scale.weigh()

    def weigh(self) -> Weighed:
        """Return a stable mass. Raises WeightRefused, or another DriverError."""
        with self._held.use() as (scale, window):
            return Weighed(scale.stable_weight(self._closing.is_set), window.transcript)

    def zero(self) -> None:
        """Set the empty pan to zero. Raises a DriverError."""
        with self._held.use() as (scale, _):
            scale.zero()

    def start(self) -> None:
        self.port.start()

    def close(self) -> None:
        self._closing.set()
        self._held.close()
        self.port.close()


def _known_scale(
    address: str, transcript: Named, monotonic_ns: Callable[[], int], *, meter: PortMeter, ports: Lister
) -> Scale:
    scale = open_scale(address, transcript, monotonic_ns, TIMING, meter=meter, ports=ports)
    try:
        scale.identify()
    except DriverError:
        scale.close()
        raise
    return scale
