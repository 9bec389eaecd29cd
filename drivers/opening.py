"""From a port to an open instrument that is no analyzer; every byte of its session goes into a transcript."""

from collections.abc import Callable
from datetime import date

from drivers.code_reader.driver import CodeReader
from drivers.errors import UnknownInstrument
from drivers.families import family_of
from drivers.nmea.driver import Receiver, find_speed
from drivers.scales.a_and_d import A_AND_D
from drivers.scales.driver import Scale
from drivers.scales.mt_sics import MT_SICS
from drivers.scales.ohaus import OHAUS
from drivers.transcript import RecordingTransport, Transcript
from drivers.transport import LineSettings, SerialTransport, Transport

_DIALECTS = {dialect.name: dialect for dialect in (MT_SICS, A_AND_D, OHAUS)}


def open_scale(address: str, transcript: Transcript, monotonic_ns: Callable[[], int]) -> Scale:
    """Open the scale at `mt-sics:PORT`, `a-and-d:PORT` or `ohaus:PORT`. Raises UnknownInstrument, PortUnavailable."""
    family, port = family_of(address)
    if family.name not in _DIALECTS:
        raise UnknownInstrument(address, f"no scale; expected one of {', '.join(_DIALECTS)}")
    live = _recorded(SerialTransport(port, family.line), address, transcript, monotonic_ns)
    return Scale(live, monotonic_ns, _DIALECTS[family.name])


def open_receiver(
    address: str, transcript: Transcript, monotonic_ns: Callable[[], int], floor: date, today: Callable[[], date]
) -> Receiver:
    """Open the receiver at `nmea:PORT` at the line speed that brings sentences.

    Raises UnknownInstrument, PortUnavailable, and NoResponse or BadFrame where no speed does.
    """
    family, port = family_of(address)
    if family.name != "nmea":
        raise UnknownInstrument(address, "no satellite receiver; expected nmea")
    speed = find_speed(lambda speed: SerialTransport(port, LineSettings(speed)), monotonic_ns)
    live = _recorded(SerialTransport(port, LineSettings(speed)), address, transcript, monotonic_ns)
    return Receiver(live, monotonic_ns, floor, today)


def open_code_reader(address: str, transcript: Transcript, monotonic_ns: Callable[[], int]) -> CodeReader:
    """Open the reader at `code-reader:PORT`. Raises UnknownInstrument, PortUnavailable."""
    family, port = family_of(address)
    if family.name != "code-reader":
        raise UnknownInstrument(address, "no code reader; expected code-reader")
    return CodeReader(_recorded(SerialTransport(port, family.line), address, transcript, monotonic_ns), monotonic_ns)


def _recorded(
    transport: Transport, address: str, transcript: Transcript, monotonic_ns: Callable[[], int]
) -> RecordingTransport:
    transcript.address = address
    return RecordingTransport(transport, transcript, monotonic_ns)
