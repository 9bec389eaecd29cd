"""Long sessions in segments: bounded on disk and in memory, chained, and played again as one."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers import canonical
from drivers.errors import BadFrame, NotRecorded
from drivers.replay import ReplayTransport
from drivers.rotation import FIRST_PREVIOUS, FORMAT, Rotation, Segment, join, read_rotation
from drivers.transcript import Direction, Event, Transcript


def event(number: int, data: bytes = b"$GPGGA\r\n") -> Event:
    return Event(number * 1000, Direction.READ, data)


def kept(folder: Path, events: int, kept: int = 8, cost: int = 400) -> Rotation:
    rotation = Rotation(folder, "nmea:/dev/ttyUSB0", cost, kept)
    for number in range(events):
        rotation.add(event(number))
    return rotation


def segments(*sizes: int) -> list[Segment]:
    made: list[Segment] = []
    number = 0
    for size in sizes:
        transcript = Transcript("nmea:x")
        for _ in range(size):
            transcript.add(event(number))
            number += 1
        made.append(Segment(len(made), made[-1].digest if made else FIRST_PREVIOUS, transcript))
    return made


def test_what_was_kept_comes_back_in_order(tmp_path: Path) -> None:
    mark = kept(tmp_path, 75).cut()
    long = read_rotation(tmp_path)
    assert long.events == tuple(event(number) for number in range(75))
    assert long.address == "nmea:/dev/ttyUSB0"
    assert long.head == mark
    assert mark.number == 7


def test_the_oldest_go_and_the_rest_still_checks(tmp_path: Path) -> None:
    mark = kept(tmp_path, 1000, kept=3).cut()
    assert len(list(tmp_path.iterdir())) == 3
    long = read_rotation(tmp_path)
    assert long.events[-1] == event(999)
    assert long.head == mark


def test_the_digest_fixes_the_last_segment_and_through_it_all_before(tmp_path: Path) -> None:
    mark = kept(tmp_path, 50).cut()
    last = max(tmp_path.iterdir())
    assert hashlib.sha256(last.read_bytes()).digest() == mark.digest
    assert (
        Segment.from_bytes(last.read_bytes(), "last").previous
        == Segment.from_bytes(sorted(tmp_path.iterdir())[-2].read_bytes(), "one before").digest
    )


def test_a_replay_of_many_segments_is_as_live(tmp_path: Path) -> None:
    kept(tmp_path, 40).cut()
    replay = ReplayTransport(read_rotation(tmp_path), "replay")
    came = b"".join(iter(lambda: replay.read(1.0), b""))
    assert came == b"$GPGGA\r\n" * 40


@pytest.mark.parametrize("change", ["removed", "changed", "swapped", "foreign", "time turns back", "none"])
def test_a_broken_chain_is_refused(change: str) -> None:
    chain = segments(3, 3, 3)
    other = segments(3, 3, 3)[1].transcript
    other.address = "nmea:y"
    early = segments(3)[0].transcript
    broken = {
        "removed": [chain[0], chain[2]],
        "changed": [segments(2)[0], chain[1], chain[2]],
        "swapped": [chain[0], chain[2], chain[1]],
        "foreign": [chain[0], replace(chain[1], transcript=other)],
        "time turns back": [chain[0], replace(chain[1], transcript=early)],
        "none": [],
    }
    assert join(chain, "folder").events
    with pytest.raises(BadFrame, match="folder"):
        join(broken[change], "folder")


GOOD = {"format": FORMAT, "number": 0, "previous": bytes(32), "transcript": Transcript().to_bytes()}


@pytest.mark.parametrize(
    "change",
    [{"format": "garita.transcript-segment/2"}, {"number": -1}, {"number": True}, {"number": "0"},
     {"previous": bytes(31)}, {"previous": ""}, {"transcript": b""}, {"transcript": {}}, {"extra": 1}],
    ids=["other format", "negative", "a boolean", "text", "31 bytes", "no bytes", "empty transcript", "a map", "extra"],
)  # fmt: skip
def test_what_is_no_segment_is_refused(change: dict[str, object]) -> None:
    Segment.from_bytes(canonical.encode(GOOD), "good")
    with pytest.raises(BadFrame, match="file"):
        Segment.from_bytes(canonical.encode({**GOOD, **change}), "file")


@given(st.binary(max_size=400))
def test_any_bytes_are_a_segment_or_refused(data: bytes) -> None:
    try:
        segment = Segment.from_bytes(data, "file")
    except BadFrame:
        return
    assert segment.to_bytes() == data


@given(st.lists(st.binary(max_size=200), max_size=60), st.integers(100, 2000))
@settings(max_examples=30, deadline=None)
def test_any_session_survives_its_segments(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], cost: int
) -> None:
    folder = tmp_path_factory.mktemp("session")
    rotation = Rotation(folder, "nmea:x", cost, kept=100)
    for number, data in enumerate(pieces):
        rotation.add(event(number, data))
    rotation.cut()
    assert [e.data for e in read_rotation(folder).events] == pieces


def test_a_folder_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotRecorded, match="cannot be kept"):
        Rotation(tmp_path / "file", "nmea:x").cut()
