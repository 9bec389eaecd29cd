"""The SRS RGA among the instrument families."""

import random
from collections.abc import Callable

from drivers.family import Family, Role, Simulation
from drivers.instrument import InstrumentIdentity
from drivers.outlet import WireFault
from drivers.pty import Simulated
from drivers.srs_rga.chamber import CHAMBERS, Chamber, ChamberFault
from drivers.srs_rga.driver import DEFAULT_TIMING, LINE, named
from drivers.srs_rga.link import Link
from drivers.srs_rga.memory import Memory
from drivers.srs_rga.simulator import VirtualRga
from drivers.transport import Transport


def greet(transport: Transport, monotonic_ns: Callable[[], int]) -> InstrumentIdentity:
    """Ask who it is, and nothing else: what is lit stays lit. A scan that runs ends, as it does with any byte."""
    return named(Link(transport, monotonic_ns, DEFAULT_TIMING).resync())


def begin(sample: str, fault: str | None, rng: random.Random) -> Simulated:
    """Start a virtual RGA100 with a multiplier."""
    return VirtualRga(Chamber(CHAMBERS[sample], rng), Memory(), rng, _fault(fault))


def _fault(name: str | None) -> WireFault | ChamberFault | None:
    if name is None:
        return None
    return ChamberFault(name) if name in tuple(ChamberFault) else WireFault(name)


SRS_RGA = Family(
    name="srs-rga",
    about="residual gas analyzers of a vacuum chamber, SRS RGA100, RGA200 and RGA300",
    role=Role.GAS_ANALYZER,
    line=LINE,
    greet=greet,
    simulation=Simulation(tuple(CHAMBERS), (*WireFault, *ChamberFault), begin),
)
