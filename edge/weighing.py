"""The post's scale: what it shows now, and a weight that may enter a record."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Literal

from drivers.errors import DriverError, PortLost
from drivers.opening import open_scale
from drivers.ports.discovery import Lister, this_machine
from drivers.ports.health import PortMeter
from drivers.ports.session import Named
from drivers.scales.driver import Scale, Timing
from drivers.scales.weight import Basis, ScaleChanged, Weight, WeightRefused
from drivers.transcript import Transcript
from edge.held import Held
from edge.instrument_port import InstrumentPort

Kind = Literal["gross", "net", "tare"]
TIMING = Timing(rest=2.0)
"""What was at rest when it was taken is at rest again within this, or is taken anew."""


@dataclass(frozen=True)
class Weighed:
    """A stable weight with who weighed it, and the newest bytes of the session."""

    weight: Weight
    transcript: Transcript


def require_kind(weight: Weight, kind: Kind) -> None:
    """Raise WeightRefused unless what a scale told can be such a weight of a thing.

    Nothing weighs nothing or less, and what a scale calls net is neither gross nor a tare.
    """
    if weight.value is None:
        raise weight.refused
    if weight.value <= 0:
        code = "below-zero" if weight.value else "empty"
        raise WeightRefused(weight.port, code, f"{weight.shown} of a thing; lay it on the pan, or set zero")
    if weight.basis is Basis.NET and kind != "net":
        tare = f"{weight.tare.shown} of tare" if weight.tare else "its tare"
        raise WeightRefused(weight.port, "tared", f"the scale has taken {tare} off, {kind} was asked for; set zero")


class Weighing:
    """A scale that stays open: what is in doubt about its zero is not forgotten between two weighings."""

    def __init__(self, address: str, ports: Lister = this_machine) -> None:
        self.port = InstrumentPort(address, _known_scale, ports)
        self._held = Held(self.port, (PortLost, ScaleChanged))
        self._closing = Event()

    def look(self) -> Weight:
        """Return what the scale shows now, at rest or not. Raises a DriverError."""
        with self._held.use() as (scale, _):
            return scale.weigh()

    def weigh(self, shown: str, left: Callable[[], bool] = lambda: False) -> Weighed:
        """Return the stable mass that somebody saw as `shown` and took; `left` tells that they went away meanwhile.

        Raises WeightRefused where the scale does not tell just that, or another DriverError.
        """

        def stopped() -> bool:
            return self._closing.is_set() or left()

        with self._held.use() as (scale, window):
            return Weighed(scale.stable_weight(stopped, shown), window.transcript)

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
