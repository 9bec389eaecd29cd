"""A virtual receiver at the other end of a wire, in virtual time."""

from datetime import date

from drivers.nmea.driver import Receiver
from drivers.nmea.simulator import DEFAULT_ANTENNA, Antenna, SkyFault, VirtualReceiver
from drivers.outlet import WireFault
from tests.drivers.wires import Clocked, Damage, Wire, seeded

FLOOR = date(2026, 11, 1)
TODAY = date(2026, 11, 22)


def wire_to(
    fault: WireFault | SkyFault | None = None,
    damage: Damage | None = None,
    seed: int = 1,
    antenna: Antenna = DEFAULT_ANTENNA,
) -> Wire:
    return Wire(VirtualReceiver(seeded(seed), antenna, fault), damage or Damage(), seeded(seed + 1))


def receiver_on(wire: Clocked, today: date = TODAY) -> Receiver:
    return Receiver(wire, wire.monotonic_ns, FLOOR, lambda: today)
