"""A virtual scale at the other end of a wire, in virtual time."""

from decimal import Decimal

from drivers.outlet import WireFault
from drivers.scales.a_and_d import A_AND_D
from drivers.scales.driver import Scale, Timing
from drivers.scales.faces import FACES
from drivers.scales.frames import Dialect
from drivers.scales.mt_sics import MT_SICS
from drivers.scales.ohaus import OHAUS
from drivers.scales.pan import PanFault
from drivers.scales.simulator import VirtualScale
from tests.drivers.wires import Clocked, Damage, Wire, seeded

DIALECTS = (MT_SICS, A_AND_D, OHAUS)
GRAMS = Decimal("100.00")


def wire_to(
    dialect: Dialect,
    fault: WireFault | PanFault | None = None,
    damage: Damage | None = None,
    seed: int = 1,
    grams: Decimal = GRAMS,
) -> Wire:
    simulator = VirtualScale(FACES[dialect.name], seeded(seed), grams, fault)
    return Wire(simulator, damage or Damage(), seeded(seed + 1))


def scale_on(wire: Clocked, dialect: Dialect, timing: Timing | None = None) -> Scale:
    return Scale(wire, wire.monotonic_ns, dialect, timing or Timing())
