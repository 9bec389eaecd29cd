"""GPS receivers among the instrument families."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from drivers.family import Family, Role, Simulation
from drivers.instrument import InstrumentIdentity
from drivers.nmea.driver import SPEEDS, hear
from drivers.nmea.simulator import Antenna, SkyFault, VirtualReceiver
from drivers.outlet import WireFault
from drivers.pty import Simulated
from drivers.transport import LineSettings, Transport

_LINE = LineSettings(9600)
_ANTENNAS = {
    "Nuevo Laredo": Antenna(),
    "Tijuana": Antenna(latitude=32.5427, longitude=-117.0294, talker="GP"),
    "Lázaro Cárdenas": Antenna(latitude=17.9584, longitude=-102.1892, talker="GB"),
}


def greet(transport: Transport, monotonic_ns: Callable[[], int]) -> InstrumentIdentity:
    """Listen until it has spoken twice: a receiver tells its talker, and no more of itself."""
    return InstrumentIdentity("", f"NMEA 0183 receiver, talker {hear(transport, monotonic_ns)}", "", "")


def _begin(sample: str, fault: str | None, rng: random.Random) -> Simulated:
    antenna = replace(_ANTENNAS[sample], start=datetime.now(UTC).replace(microsecond=0))
    return VirtualReceiver(rng, antenna, _fault(fault))


def _fault(name: str | None) -> WireFault | SkyFault | None:
    if name is None:
        return None
    return SkyFault(name) if name in tuple(SkyFault) else WireFault(name)


NMEA = Family(
    name="nmea",
    about="satellite receivers that speak NMEA 0183",
    role=Role.POSITION,
    line=_LINE,
    other_speeds=tuple(speed for speed in SPEEDS if speed != _LINE.baudrate),
    greet=greet,
    simulation=Simulation(tuple(_ANTENNAS), (*WireFault, *SkyFault), _begin),
)
