"""Code readers among the instrument families."""

import random
from collections.abc import Callable

from drivers.code_reader.driver import CodeReader
from drivers.code_reader.simulator import Scan, VirtualReader
from drivers.family import Family, Role, Simulation
from drivers.instrument import InstrumentIdentity
from drivers.outlet import WireFault
from drivers.pty import Simulated
from drivers.transport import LineSettings, Transport

GREET_S = 5.0
SCAN_EVERY_S = 2.0
_SCANS = {
    "medicine box": b"]d2010950600013435210ABC123\x1d21XYZ",
    "pallet": b"]C100106141411234567897",
    "container": b"]C0CSQU3054383",
    "parcel": b"]C0RA473124829GB",
    "waybill": b"]L0line one\rline two",
    "no identifier": b"ABC-123",
}
_TURNS = 1000


def greet(transport: Transport, monotonic_ns: Callable[[], int]) -> InstrumentIdentity:
    """Wait for any scan: a reader cannot be asked. Raises NoResponse when nothing is scanned within 5 s."""
    code = CodeReader(transport, monotonic_ns).read(GREET_S, lambda: False)
    return InstrumentIdentity("", f"code reader, {'with' if code.aim else 'without'} AIM identifiers", "", "")


def _begin(sample: str, fault: str | None, rng: random.Random) -> Simulated:
    scans = [Scan((turn + 1) * SCAN_EVERY_S, _SCANS[sample]) for turn in range(_TURNS)]
    return VirtualReader(scans, rng, fault=WireFault(fault) if fault else None)


CODE_READER = Family(
    name="code-reader",
    about="readers of barcodes and 2D codes on a serial port",
    role=Role.READER,
    line=LineSettings(9600),
    greet=greet,
    simulation=Simulation(tuple(_SCANS), tuple(WireFault), _begin),
)
