"""Transcripts: there and back, bounded, and played again."""

from collections.abc import Iterator
from pathlib import Path

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.analyzer_link.driver import AnalyzerLink
from drivers.analyzer_link.plays import Fault
from drivers.errors import BadFrame, DriverError, PortLost, PortUnavailable, UnknownInstrument
from drivers.instrument import Progress
from drivers.registry import open_analyzer
from drivers.replay import ReplayTransport
from drivers.transcript import EVENT_COST, FORMAT, MAX_COST, MAX_FILE, Direction, Event, RecordingTransport, Transcript
from models.spectrum import Spectrum
from tests.drivers.wires import ENERGIES, FIRST_ID, Babble, analyzer_on, never, wire_to

EVENTS = st.lists(
    st.tuples(st.integers(0, 2**60), st.sampled_from(Direction), st.binary(max_size=50)), max_size=10
).map(lambda parts: sorted(parts, key=lambda part: part[0]))
GOOD = {"format": FORMAT, "address": "analyzer-link:/dev/x", "events": [[5, 0, b"ask"], [9, 1, b"answer"]]}


def transcript_of(parts: list[tuple[int, Direction, bytes]], address: str = "analyzer-link:/dev/x") -> Transcript:
    transcript = Transcript(address)
    for part in parts:
        transcript.add(Event(*part))
    return transcript


def recorded(fault: Fault | None = None) -> tuple[Transcript, list[Progress | Spectrum], str]:
    """Return a reading over a simulated wire: transcript, what it brought, and the error it ended in."""
    wire = wire_to(fault)
    transcript = Transcript("analyzer-link:/dev/x")
    recording = RecordingTransport(wire, transcript, wire.monotonic_ns)
    analyzer = AnalyzerLink(recording, wire.monotonic_ns, FIRST_ID)
    return transcript, *outcome(analyzer.acquire(ENERGIES, never))


def outcome(acquiring: Iterator[Progress | Spectrum]) -> tuple[list[Progress | Spectrum], str]:
    items: list[Progress | Spectrum] = []
    try:
        items.extend(acquiring)
    except DriverError as error:
        return items, f"{type(error).__name__}: {error.problem}"
    return items, "none"


def plain(items: list[Progress | Spectrum]) -> list[object]:
    return [
        item if isinstance(item, Progress) else (item.mz.tolist(), item.intensity.tolist(), item.collision_energy)
        for item in items
    ]


@given(EVENTS, st.text(max_size=20))
def test_there_and_back(parts: list[tuple[int, Direction, bytes]], address: str) -> None:
    transcript = transcript_of(parts, address)
    read = Transcript.from_bytes(transcript.to_bytes(), "file")
    assert read.events == transcript.events
    assert read.address == address
    assert read.digest == transcript.digest


@given(st.binary(max_size=200))
def test_any_bytes_are_a_transcript_or_a_bad_frame(data: bytes) -> None:
    try:
        transcript = Transcript.from_bytes(data, "file")
    except BadFrame:
        return
    assert transcript.to_bytes() == data


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"format": "garita.transcript/2"}, "expected a map"),
        ({"more": 1}, "expected a map"),
        ({"address": b"x"}, "expected a map"),
        ({"events": {}}, "expected a map"),
        ({"events": [[1, 0]]}, "each event"),
        ({"events": [[1, 0, "text"]]}, "each event"),
        ({"events": [[True, 0, b""]]}, "each event"),
        ({"events": [[1, True, b""]]}, "each event"),
        ({"events": [[1, 3, b""]]}, "3 is not a valid Direction"),
        ({"events": [[-1, 0, b""]]}, "offset -1 ns"),
        ({"events": [[2**63, 0, b""]]}, "offset 9223372036854775808 ns"),
        ({"events": [[9, 0, b""], [5, 1, b""]]}, "must not turn back"),
    ],
    ids=[
        "a later format", "an extra key", "address of bytes", "events no list", "event of two", "text for bytes",
        "a truth for a time",
        "a truth for a direction", "unknown direction", "before the start", "beyond 63 bits", "time turned back",
    ],
)  # fmt: skip
def test_a_file_with_a_fault(fault: dict[str, object], words: str) -> None:
    with pytest.raises(BadFrame, match=words):
        Transcript.from_bytes(cbor2.dumps({**GOOD, **fault}, canonical=True), "file")


def test_a_file_in_another_spelling_or_too_long() -> None:
    good = cbor2.dumps(GOOD, canonical=True)
    assert len(Transcript.from_bytes(good, "file").events) == 2
    for bad in (good + b"\x00", good[:-1], cbor2.dumps(dict(reversed(GOOD.items()))), bytes(MAX_FILE + 1)):
        with pytest.raises(BadFrame, match="file: "):
            Transcript.from_bytes(bad, "file")


def test_a_full_transcript_ends_the_session_and_keeps_what_came() -> None:
    babble = Babble(lambda: bytes(60_000))
    transcript = Transcript()
    transport = RecordingTransport(babble, transcript, babble.monotonic_ns)

    def read_for_ever() -> None:
        while True:
            transport.read(0.01)

    with pytest.raises(BadFrame, match="the transcript is full"):
        read_for_ever()
    kept = sum(EVENT_COST + len(event.data) for event in transcript.events)
    assert MAX_COST - 60_100 < kept <= MAX_COST
    assert Transcript.from_bytes(transcript.to_bytes(), "file").digest == transcript.digest


@pytest.mark.parametrize("fault", [None, *(fault for fault in Fault if fault is not Fault.UNPLUG)])
def test_a_replay_brings_the_same(fault: Fault | None) -> None:
    transcript, items, problem = recorded(fault)
    replayed = ReplayTransport(Transcript.from_bytes(transcript.to_bytes(), "file"), "replay")
    again, problem_again = outcome(analyzer_on(replayed).acquire(ENERGIES, never))
    assert plain(again) == plain(items)
    assert problem_again == problem


def test_a_lost_port_is_lost_again() -> None:
    transcript = transcript_of([(0, Direction.READ, b"\x00"), (9, Direction.LOST, b"pulled")])
    replayed = ReplayTransport(transcript, "replay")
    assert replayed.read(1.0) == b"\x00"
    with pytest.raises(PortLost, match="replay: pulled"):
        replayed.read(1.0)


def test_a_driver_that_writes_something_else_is_caught() -> None:
    transcript, _, _ = recorded()
    replayed = ReplayTransport(transcript, "replay")
    with pytest.raises(BadFrame, match="the replayed driver writes"):
        list(analyzer_on(replayed).acquire((15.0,), never))


def test_replay_by_address(tmp_path: Path) -> None:
    original, items, _ = recorded()
    file = tmp_path / "reading.transcript"
    file.write_bytes(original.to_bytes())
    transcript = Transcript()
    analyzer = open_analyzer(f"replay:{file}", transcript, never_called)
    assert plain(list(analyzer.acquire(ENERGIES, never))) == plain(items)
    analyzer.close()
    assert transcript.address == "replay:analyzer-link:/dev/x"
    assert [(e.direction, e.data) for e in transcript.events] == [(e.direction, e.data) for e in original.events]


def never_called() -> int:
    raise AssertionError("a replay runs on the transcript's clock")


@pytest.mark.parametrize(
    ("address", "error", "words"),
    [
        ("mx908:/dev/ttyACM0", UnknownInstrument, "expected analyzer-link:PORT or replay:FILE"),
        ("analyzer-link:", UnknownInstrument, "no such family"),
        ("", UnknownInstrument, "no such family"),
        ("analyzer-link:/nowhere/port", PortUnavailable, "there is no such port"),
        ("replay:/nowhere/file", PortUnavailable, "cannot be read"),
    ],
)
def test_an_address_that_leads_nowhere(address: str, error: type[DriverError], words: str) -> None:
    with pytest.raises(error, match=words):
        open_analyzer(address, Transcript(), never_called)


@pytest.mark.parametrize(
    ("events", "address", "error"),
    [
        ([], "analyzer-link:/dev/x", BadFrame),
        ([(0, Direction.WRITTEN, b"garbage")], "analyzer-link:/dev/x", BadFrame),
        ([], "scale:/dev/x", UnknownInstrument),
    ],
    ids=["nothing asked", "no request", "another family"],
)
def test_a_transcript_that_cannot_be_replayed(
    events: list[tuple[int, Direction, bytes]], address: str, error: type[DriverError], tmp_path: Path
) -> None:
    file = tmp_path / "reading.transcript"
    file.write_bytes(transcript_of(events, address).to_bytes())
    with pytest.raises(error):
        open_analyzer(f"replay:{file}", Transcript(), never_called)
