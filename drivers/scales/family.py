"""Scales among the instrument families: one for each dialect."""

import random
from collections.abc import Callable
from decimal import Decimal

from drivers.family import Family, Role, Simulation
from drivers.instrument import InstrumentIdentity
from drivers.outlet import WireFault
from drivers.pty import Simulated
from drivers.scales.a_and_d import A_AND_D
from drivers.scales.driver import Scale
from drivers.scales.faces import FACES
from drivers.scales.frames import Dialect
from drivers.scales.mt_sics import MT_SICS
from drivers.scales.ohaus import OHAUS
from drivers.scales.pan import PanFault
from drivers.scales.simulator import VirtualScale
from drivers.transport import LineSettings, Transport

_LOADS = {"100 g": Decimal("100.00"), "empty": Decimal(0), "brick": Decimal("1012.37"), "too heavy": Decimal(5000)}


def _family(dialect: Dialect) -> Family:
    def greet(transport: Transport, monotonic_ns: Callable[[], int]) -> InstrumentIdentity:
        return Scale(transport, monotonic_ns, dialect).identify()

    def begin(sample: str, fault: str | None, rng: random.Random) -> Simulated:
        return VirtualScale(FACES[dialect.name], rng, _LOADS[sample], _fault(fault))

    return Family(
        name=dialect.name,
        about=f"scales that speak {dialect.maker}'s protocol",
        role=Role.SCALE,
        line=LineSettings(dialect.speed),
        greet=greet,
        simulation=Simulation(tuple(_LOADS), (*WireFault, *PanFault), begin),
    )


def _fault(name: str | None) -> WireFault | PanFault | None:
    if name is None:
        return None
    return PanFault(name) if name in tuple(PanFault) else WireFault(name)


SCALES = tuple(_family(dialect) for dialect in (MT_SICS, A_AND_D, OHAUS))
