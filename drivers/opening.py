"""From an address to an open instrument that is no analyzer, as drivers/registry.py does for analyzers."""

from collections.abc import Callable
from datetime import date

from drivers.code_reader.driver import CodeReader
from drivers.code_reader.frames import SUFFIXES
from drivers.errors import UnknownInstrument
from drivers.families import family_of
from drivers.family import Family, Role
from drivers.nmea.driver import Receiver, find_speed
from drivers.ports.discovery import Lister, this_machine
from drivers.ports.health import PortMeter
from drivers.ports.session import Named, PortSession
from drivers.scales.a_and_d import A_AND_D
from drivers.scales.driver import DEFAULT_TIMING, Scale, Timing
from drivers.scales.mt_sics import MT_SICS
from drivers.scales.ohaus import OHAUS
from drivers.transport import LineSettings

_DIALECTS = {dialect.name: dialect for dialect in (MT_SICS, A_AND_D, OHAUS)}


def open_scale(
    address: str,
    transcript: Named,
    monotonic_ns: Callable[[], int],
    timing: Timing = DEFAULT_TIMING,
    *,
    meter: PortMeter | None = None,
    ports: Lister = this_machine,
) -> Scale:
    """Open the scale at `mt-sics:PORT`, `a-and-d:PORT` or `ohaus:PORT`. Raises UnknownInstrument, PortUnavailable."""
    family = _family(address, Role.SCALE, "scale")
    session = PortSession(address, transcript, monotonic_ns, meter, ports)
    scale = Scale(session.open(family.line), monotonic_ns, _DIALECTS[family.name], timing)
    session.follow(scale)
    return scale


def open_receiver(
    address: str,
    transcript: Named,
    monotonic_ns: Callable[[], int],
    floor: date,
    today: Callable[[], date],
    *,
    meter: PortMeter | None = None,
    ports: Lister = this_machine,
) -> Receiver:
    """Open the receiver at `nmea:PORT` at the line speed that brings sentences.

    Raises UnknownInstrument, PortUnavailable, and NoResponse or BadFrame where no speed does.
    """
    _family(address, Role.POSITION, "satellite receiver")
    session = PortSession(address, transcript, monotonic_ns, meter, ports)
    speed = find_speed(lambda speed: session.counted(LineSettings(speed)), monotonic_ns)
    receiver = Receiver(session.open(LineSettings(speed)), monotonic_ns, floor, today)
    session.follow(receiver)
    return receiver


def open_code_reader(
    address: str,
    transcript: Named,
    monotonic_ns: Callable[[], int],
    suffixes: tuple[bytes, ...] = SUFFIXES["any"],
    *,
    meter: PortMeter | None = None,
    ports: Lister = this_machine,
) -> CodeReader:
    """Open the reader at `code-reader:PORT`, which ends codes with one of `suffixes`.

    Raises UnknownInstrument, PortUnavailable.
    """
    family = _family(address, Role.READER, "code reader")
    session = PortSession(address, transcript, monotonic_ns, meter, ports)
    reader = CodeReader(session.open(family.line), monotonic_ns, suffixes)
    session.follow(reader)
    return reader


def _family(address: str, role: Role, named: str) -> Family:
    family, _ = family_of(address)
    if family.role is not role:
        raise UnknownInstrument(address, f"no {named}; {family.name} is for {family.about}")
    return family
