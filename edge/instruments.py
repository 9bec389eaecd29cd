"""What `garita instruments` does: look at ports, ask who is there, find out what is wrong, record and play again."""

import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from drivers.analyzer_link.conformance import Outcome, conformance
from drivers.analyzer_link.driver import MAX_FIRST_ID
from drivers.analyzer_link.family import ANALYZER_LINK
from drivers.analyzer_link.frames import MAX_PAYLOAD, REQUESTS, Acquire, Identify, SelfTest, Status, parse
from drivers.analyzer_link.spectra import VOLT_STEPS
from drivers.errors import PortUnavailable
from drivers.families import FAMILIES, family_of
from drivers.framing import Framer
from drivers.instrument import Analyzer, InstrumentIdentity
from drivers.overheard import stranger
from drivers.ports.answering import Asking, Unanswered
from drivers.ports.discovery import Lister, StableName, find, stable_names, this_machine
from drivers.ports.doctor import Doctor, Finding
from drivers.ports.roles import TABLE, assignment, read_table
from drivers.registry import REPLAY, open_analyzer
from drivers.replay import ReplayTransport
from drivers.transcript import Direction, RecordingTransport, Transcript
from drivers.transport import SerialTransport
from models.spectrum import Spectrum
from sync.files import refuse_taken, write_new

LISTEN_TICK_S = 0.2
_SHOWN_BYTES = 24
_NS = 1_000_000_000


def list_ports(table: Path | None, ports: Lister = this_machine) -> Iterator[str]:
    """Return a line for each serial port; a state's `table` of roles comes before Garita's own."""
    roles = (*(read_table(table) if table else ()), *read_table(TABLE))
    present = ports()
    names = stable_names(present)
    for port in present:
        stable = names[port.path]
        known = assignment(port, roles)
        role = f"{known.role}{f', {known.family}' if known.family else ''}" if known else "role unknown"
        address = f"{known.family}:{stable.name}" if known and known.family else stable.name
        yield f"{port.path}  {port.usb or 'built in'}  {port.description or '-'}  {role}  {address}{_shared(stable)}"


def probe(address: str) -> str:
    """Ask who is at `address`. Raises a DriverError."""
    family, place = family_of(address)
    path = find(place, this_machine)
    found = Asking(family, path, time.monotonic_ns).ask()
    if isinstance(found, Unanswered):
        raise stranger(path, family.name, found.came) or found.error
    return _named(found.who)


def examine(address: str) -> Iterator[Finding]:
    """Say what is well and what is wrong with the port at `address`."""
    family, place = family_of(address)
    return Doctor(this_machine, time.monotonic_ns).examine(family, place)


def record(address: str, file: Path, seconds: float, energies: Sequence[float]) -> str:
    """Keep every byte of a session in `file`: a greeting, a measurement if there are `energies`, then listening.

    What came until an error is kept too. Raises a DriverError afterwards.
    """
    refuse_taken(file)
    family, place = family_of(address)
    transcript = Transcript(address)
    try:
        if energies:
            _measure(address, transcript, energies)
        else:
            path = find(place, this_machine)
            line = Asking(family, path, time.monotonic_ns).ask().line if family.other_speeds else family.line
            transport = RecordingTransport(SerialTransport(path, line), transcript, time.monotonic_ns)
            try:
                family.greet(transport, time.monotonic_ns)
                _listen(transport, seconds)
            finally:
                transport.close()
    finally:
        write_new(file, transcript.to_bytes())
    return f"{file}: {len(transcript.events)} events, sha256 {transcript.digest.hex()}"


def replay(file: Path) -> Iterator[str]:
    """Show what passed in a recorded session, and play it through the driver as if live.

    Raises a DriverError where the driver ends in one: the same as then.
    """
    transcript = Transcript.from_bytes(_read(file), str(file))
    yield f"{transcript.address or 'no address'}, {len(transcript.events)} events, sha256 {transcript.digest.hex()}"
    for event in transcript.events:
        data = event.data.hex(" ") if event.direction is not Direction.LOST else event.data.decode("utf-8", "replace")
        shown = data if len(event.data) <= _SHOWN_BYTES else f"{data[: 3 * _SHOWN_BYTES]}... {len(event.data)} bytes"
        yield f"{event.offset_ns / _NS:10.6f} s  {_WORDS[event.direction]}  {shown}"
    family = transcript.address.partition(":")[0]
    if family == ANALYZER_LINK.name:
        yield from _play(file, transcript)
    elif family in FAMILIES:
        replayed = ReplayTransport(transcript, str(file))
        yield f"identify: {_named(FAMILIES[family].greet(replayed, replayed.monotonic_ns))}"


def conform(address: str, energies: Sequence[float]) -> Iterator[Outcome]:
    """Check the device at `address` (a port, or analyzer-link:PORT) against Analyzer Link 1. Raises PortUnavailable."""
    place = address.removeprefix(f"{ANALYZER_LINK.name}:")
    transport = SerialTransport(find(place, this_machine), ANALYZER_LINK.line)
    steps = tuple(round(energy * VOLT_STEPS) for energy in energies)
    first_id = random.SystemRandom().randint(1, MAX_FIRST_ID)
    try:
        yield from conformance(transport, time.monotonic_ns, first_id, steps)
    finally:
        transport.close()


def as_json(finding: Finding | Outcome) -> str:
    """Return one line of JSON."""
    return json.dumps(vars(finding), ensure_ascii=False)


_WORDS = {Direction.WRITTEN: "to the instrument  ", Direction.READ: "from the instrument", Direction.LOST: "lost"}


def _shared(stable: StableName) -> str:
    if not stable.shared:
        return ""
    names = " and ".join(stable.shared)
    return f"  (another device too is {names}: leave each in its socket)"


def _named(who: InstrumentIdentity) -> str:
    words = [who.maker, who.model, who.serial_number, who.firmware]
    return "  ".join(word for word in words if word) or "it speaks, and tells no name"


def _measure(address: str, transcript: Transcript, energies: Sequence[float]) -> None:
    analyzer = open_analyzer(address, transcript, time.monotonic_ns)
    try:
        analyzer.identify()
        analyzer.status()
        for _ in analyzer.acquire(energies, lambda: False):
            pass
    finally:
        analyzer.close()


def _listen(transport: RecordingTransport, seconds: float) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        transport.read(min(left, LISTEN_TICK_S))


def _play(file: Path, transcript: Transcript) -> Iterator[str]:
    analyzer = open_analyzer(f"{REPLAY}:{file}", Transcript(), time.monotonic_ns)
    framer = Framer(MAX_PAYLOAD)
    asked: set[int] = set()
    for event in transcript.events:
        if event.direction is Direction.WRITTEN:
            for payload in framer.feed(event.data):
                request = parse(payload, REQUESTS, str(file))
                if request.id not in asked:
                    asked.add(request.id)
                    yield from _asked(analyzer, request)


def _asked(analyzer: Analyzer, request: object) -> Iterator[str]:
    match request:
        case Identify():
            yield f"identify: {_named(analyzer.identify())}"
        case Status():
            yield f"status: {analyzer.status()}"
        case SelfTest():
            yield f"self-check: {analyzer.self_check()}"
        case Acquire():
            energies = [energy / VOLT_STEPS for energy in request.energies]
            for item in analyzer.acquire(energies, lambda: False):
                if isinstance(item, Spectrum):
                    yield f"spectrum at {item.collision_energy:g} V: {item.mz.size} peaks"
        case _:
            return


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise PortUnavailable(str(file), f"the transcript cannot be read ({error})") from error
