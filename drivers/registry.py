"""From an address to an open instrument."""

import random
from collections.abc import Callable
from pathlib import Path

from drivers.analyzer_link.driver import DEFAULT_TIMING, MAX_FIRST_ID, AnalyzerLink
from drivers.analyzer_link.frames import MAX_PAYLOAD, REQUESTS, parse
from drivers.analyzer_link.listener import Timing
from drivers.errors import BadFrame, PortUnavailable, UnknownInstrument
from drivers.framing import Framer
from drivers.instrument import Analyzer, GasAnalyzer
from drivers.ports.discovery import Lister, this_machine
from drivers.ports.health import PortMeter
from drivers.ports.session import Named, PortSession
from drivers.replay import ReplayTransport
from drivers.srs_rga import driver as srs_rga
from drivers.transcript import Direction, RecordingTransport, Transcript
from drivers.transport import DEFAULT_LINE

ANALYZER_LINK = "analyzer-link"
SRS_RGA = "srs-rga"
REPLAY = "replay"


def open_analyzer(
    address: str,
    transcript: Named,
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
        session = PortSession(address, transcript, monotonic_ns, meter, ports)
        first_id = random.SystemRandom().randint(1, MAX_FIRST_ID)
        analyzer = AnalyzerLink(session.open(DEFAULT_LINE), monotonic_ns, first_id, timing)
        session.follow(analyzer)
        return analyzer
    if family == REPLAY and place:
        return _replay(place, transcript, timing)
    raise UnknownInstrument(address, f"no such family; expected {ANALYZER_LINK}:PORT or {REPLAY}:FILE")


def open_gas_analyzer(
    address: str,
    transcript: Named,
    monotonic_ns: Callable[[], int],
    timing: srs_rga.Timing = srs_rga.DEFAULT_TIMING,
    *,
    meter: PortMeter | None = None,
    ports: Lister = this_machine,
) -> GasAnalyzer:
    """Open the gas analyzer at `srs-rga:PORT`, as `open_analyzer` does. Raises UnknownInstrument, PortUnavailable."""
    family, _, place = address.partition(":")
    if family != SRS_RGA or not place:
        raise UnknownInstrument(address, f"no such family; expected {SRS_RGA}:PORT")
    session = PortSession(address, transcript, monotonic_ns, meter, ports)
    counted = session.counted(srs_rga.LINE)
    analyzer = srs_rga.SrsRga(session.recorded(counted), monotonic_ns, timing, bare=counted)
    session.follow(analyzer)
    return analyzer


def _replay(file: str, transcript: Named, timing: Timing) -> Analyzer:
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
