"""From an address to an open instrument."""

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

from drivers.analyzer_link.driver import DEFAULT_TIMING, MAX_FIRST_ID, AnalyzerLink
from drivers.analyzer_link.frames import MAX_PAYLOAD, REQUESTS, parse
from drivers.analyzer_link.listener import Timing
from drivers.code_reader.driver import CodeReader
from drivers.errors import BadFrame, PortUnavailable, UnknownInstrument
from drivers.framing import Framer
from drivers.instrument import Analyzer
from drivers.ports.discovery import Lister, find, this_machine
from drivers.ports.health import HealthTransport, PortMeter
from drivers.nmea.driver import Receiver, find_speed
from drivers.replay import ReplayTransport
from drivers.scales.a_and_d import A_AND_D
from drivers.scales.driver import Scale
from drivers.scales.mt_sics import MT_SICS
from drivers.scales.ohaus import OHAUS
from drivers.transcript import Direction, RecordingTransport, Transcript
from drivers.transport import LineSettings, SerialTransport

ANALYZER_LINK = "analyzer-link"
NMEA = "nmea"
CODE_READER = "code-reader"
SCALES = {dialect.name: dialect for dialect in (MT_SICS, A_AND_D, OHAUS)}
READER_SPEED = 9600
REPLAY = "replay"


def open_analyzer(
    address: str,
    transcript: Transcript,
    monotonic_ns: Callable[[], int],
    timing: Timing = DEFAULT_TIMING,
    *,
    meter: PortMeter | None = None,
    ports: Lister = this_machine,
) -> Analyzer:
    """Open the analyzer at `address`; every byte of the session goes into `transcript`, which also learns the address.

    `analyzer-link:PORT` opens a serial port or pseudo-terminal, `analyzer-link:usb:VENDOR:PRODUCT:SERIAL` the one among
    `ports` that has this identity now. `replay:FILE` plays a transcript's file as if live; its address then begins with
    `replay:`, so that a replay never passes for a measurement. `meter` counts what passes.
    Raises UnknownInstrument for another family, PortUnavailable, BadFrame for a damaged transcript.
    """
    family, _, place = address.partition(":")
    if family == ANALYZER_LINK and place:
        transcript.address = address
        counted = HealthTransport(SerialTransport(find(place, ports)), meter or PortMeter(place), monotonic_ns)
        live = RecordingTransport(counted, transcript, monotonic_ns)
        analyzer = AnalyzerLink(live, monotonic_ns, random.SystemRandom().randint(1, MAX_FIRST_ID), timing)
        if meter:
            meter.follow(analyzer.counts)
        return analyzer
    if family == REPLAY and place:
        return _replay(place, transcript, timing)
    raise UnknownInstrument(address, f"no such family; expected {ANALYZER_LINK}:PORT or {REPLAY}:FILE")


def open_scale(address: str, transcript: Transcript, monotonic_ns: Callable[[], int]) -> Scale:
    """Open the scale at `mt-sics:PORT`, `a-and-d:PORT` or `ohaus:PORT`, with `@SPEED` after it for another line speed.

    Raises UnknownInstrument, PortUnavailable.
    """
    family, port, speed = _parts(address)
    if family not in SCALES or not port:
        raise UnknownInstrument(address, f"no such family; expected one of {', '.join(SCALES)} and :PORT")
    dialect = SCALES[family]
    transcript.address = address
    live = SerialTransport(port, LineSettings(speed or dialect.speed))
    return Scale(RecordingTransport(live, transcript, monotonic_ns), monotonic_ns, dialect)


def open_receiver(
    address: str, transcript: Transcript, monotonic_ns: Callable[[], int], floor: date, today: Callable[[], date]
) -> Receiver:
    """Open the GPS receiver at `nmea:PORT`, whose line speed is then found out, or `nmea:PORT@SPEED`.

    Raises UnknownInstrument, PortUnavailable, NoResponse or BadFrame where no speed brings sentences.
    """
    family, port, speed = _parts(address)
    if family != NMEA or not port:
        raise UnknownInstrument(address, f"no such family; expected {NMEA}:PORT")
    speed = speed or find_speed(lambda speed: SerialTransport(port, LineSettings(speed)), monotonic_ns)
    transcript.address = address
    live = SerialTransport(port, LineSettings(speed))
    return Receiver(RecordingTransport(live, transcript, monotonic_ns), monotonic_ns, floor, today)


def open_code_reader(address: str, transcript: Transcript, monotonic_ns: Callable[[], int]) -> CodeReader:
    """Open the code reader at `code-reader:PORT` or `code-reader:PORT@SPEED`. Raises UnknownInstrument, PortUnavailable."""
    family, port, speed = _parts(address)
    if family != CODE_READER or not port:
        raise UnknownInstrument(address, f"no such family; expected {CODE_READER}:PORT")
    transcript.address = address
    live = SerialTransport(port, LineSettings(speed or READER_SPEED))
    return CodeReader(RecordingTransport(live, transcript, monotonic_ns), monotonic_ns)


def _parts(address: str) -> tuple[str, str, int | None]:
    family, _, place = address.partition(":")
    port, at, speed = place.rpartition("@")
    return (family, port, int(speed)) if at and speed.isdecimal() else (family, place, None)


def _replay(file: str, transcript: Transcript, timing: Timing) -> Analyzer:
    recorded = Transcript.from_bytes(_read(file), file)
    if not recorded.address.startswith(f"{ANALYZER_LINK}:"):
        raise UnknownInstrument(file, f"the transcript of {recorded.address!r} cannot be replayed; no such family")
    transcript.address = f"{REPLAY}:{recorded.address}"
    replayed = ReplayTransport(recorded, file)
    recording = RecordingTransport(replayed, transcript, replayed.monotonic_ns)
    return AnalyzerLink(recording, replayed.monotonic_ns, _first_id(recorded, file), timing)


def _read(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise PortUnavailable(file, f"the transcript cannot be read ({error})") from error


def _first_id(transcript: Transcript, file: str) -> int:
    framer = Framer(MAX_PAYLOAD)
    for event in transcript.events:
        if event.direction is Direction.WRITTEN and (payloads := framer.feed(event.data)):
            return parse(payloads[0], REQUESTS, file).id
    raise BadFrame(file, "nothing was ever asked in this transcript")
