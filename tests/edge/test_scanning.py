"""What is scanned belongs to the screen that is shown, is taken once, and is forgotten with it; on a real port."""

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pytest

from drivers.code_reader.frames import REST_S
from drivers.errors import WrongInstrument
from drivers.scales.parity import with_parity
from edge.scanning import Scanning
from tests.drivers.hand_reader import APART_S, HandReader, hand_reader
from tests.waiting import wait_until

FIRST, A, B = "/screenings/first", "/screenings/a", "/screenings/b"


@pytest.fixture
def hand() -> Iterator[HandReader]:
    with hand_reader() as hand:
        yield hand


@pytest.fixture
def reader(hand: HandReader) -> Iterator[Scanning]:
    """Provide a reader that is heard; FIRST is shown."""
    with heard(hand, "any") as reader:
        yield reader


@contextmanager
def heard(hand: HandReader, suffix: str) -> Generator[Scanning]:
    reader = Scanning(f"code-reader:{hand.path}", suffix)
    reader.start()
    try:
        hand.until_heard(lambda: next((each.code.raw for each in reversed(reader.scanned(FIRST))), None))
        yield reader
    finally:
        reader.close()


def texts(reader: Scanning, place: str) -> list[str]:
    return [each.code.text for each in reader.scanned(place)]


def test_a_scan_is_for_the_screen_that_is_shown_and_for_no_other(reader: Scanning, hand: HandReader) -> None:
    reader.attend(A)
    hand.scan(b"]C0PLATE-1")
    wait_until(lambda: texts(reader, A) == ["PLATE-1"])
    assert texts(reader, B) == []
    assert reader.take(B) == []
    reader.attend(B)
    assert (texts(reader, A), texts(reader, B)) == ([], [])
    hand.scan(b"]C0CSQU3054383")
    wait_until(lambda: texts(reader, B) == ["CSQU3054383"])
    assert (reader.take(A), texts(reader, A)) == ([], [])
    reader.attend(A)
    assert reader.scanned(A) == []


def test_a_scan_is_taken_once_and_a_screen_shown_again_keeps_it(reader: Scanning, hand: HandReader) -> None:
    reader.attend(A)
    hand.scan(b"]C0ONE")
    wait_until(lambda: reader.scanned(A))
    reader.attend(A)
    assert [each.code.text for each in reader.take(A)] == ["ONE"]
    assert (reader.take(A), reader.scanned(A)) == ([], [])


def test_after_a_start_the_screen_that_asks_first_is_the_one_that_is_shown(reader: Scanning, hand: HandReader) -> None:
    hand.scan(b"]C0TWO")
    wait_until(lambda: texts(reader, FIRST)[-1:] == ["TWO"])
    assert reader.scanned(A) == []


def test_a_code_that_began_before_a_screen_was_shown_is_not_its(reader: Scanning, hand: HandReader) -> None:
    reader.attend(A)
    before, settled = reader.port.health, reader.port.health.frames + reader.port.health.checksum_failures
    hand.send(b"]L0a long code that is st")
    wait_until(lambda: reader.port.health.bytes_read > before.bytes_read)
    reader.attend(B)
    hand.send(b"ill on its way\r")
    wait_until(lambda: reader.port.health.frames + reader.port.health.checksum_failures > settled)
    hand.until_heard(lambda: next((each.code.raw for each in reversed(reader.scanned(B))), None))
    assert all(text.startswith("READY") for text in texts(reader, B))


def test_a_code_carries_its_own_bytes_and_none_of_the_codes_before_it(reader: Scanning, hand: HandReader) -> None:
    reader.attend(A)
    for code in (b"]C0FIRST", b"]C0SECOND"):
        reader.take(A)
        hand.scan(code)
        wait_until(lambda: reader.scanned(A))
    [second] = reader.scanned(A)
    assert b"".join(event.data for event in second.transcript.events) == b"]C0SECOND\r"


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\t"])
def test_each_usual_suffix_ends_a_code_without_a_setting(end: bytes) -> None:
    with hand_reader(end) as hand, heard(hand, "any") as reader:
        reader.attend(A)
        hand.scan(b"]C0XYZ-1")
        wait_until(lambda: texts(reader, A) == ["XYZ-1"])


def test_a_reader_that_sends_no_suffix_is_read_where_the_settings_say_so() -> None:
    with hand_reader(b"") as hand, heard(hand, "none") as reader:
        reader.attend(A)
        hand.scan(b"]C0XYZ-1")
        wait_until(lambda: texts(reader, A) == ["XYZ-1"])


def test_two_codes_that_come_together_are_none_and_that_is_told(reader: Scanning, hand: HandReader) -> None:
    reader.attend(A)
    hand.send(b"]C0SEAL-0001\r]C0SEAL-0002\r")
    wait_until(lambda: reader.problem)
    assert reader.scanned(A) == []
    hand.scan(b"]C0SEAL-0002")
    wait_until(lambda: texts(reader, A) == ["SEAL-0002"])
    assert reader.problem is None


@pytest.mark.parametrize(
    ("said", "family"),
    [
        (b"S S     123.45 g\r\n", "mt-sics"),
        (b"ST,+00123.45  g\r\n", "a-and-d"),
        (with_parity(b"ST,+00123.45  g\r\n"), "a-and-d"),
        (b"    123.45 g\r\n", "ohaus"),
        (b"$GNRMC,,V,,,,,,,,,,N*4D\r\n$GNGGA,,,,,,0,,,,,,,,*78\r\n", "nmea"),
    ],
)
def test_another_instrument_on_its_port_is_told_and_no_line_of_it_is_ever_a_code(
    reader: Scanning, hand: HandReader, said: bytes, family: str
) -> None:
    time.sleep(REST_S)
    reader.attend(A)
    hand.send(b"23.45 g\r\n")
    wait_until(lambda: texts(reader, A) == ["23.45 g"])
    hand.send(said)
    wait_until(lambda: isinstance(reader.problem, WrongInstrument))
    assert f"another instrument is on this port: what comes is of {family}" in str(reader.problem)
    assert reader.scanned(A) == []
    hand.send(b"Net 23.45 g\r\n")
    time.sleep(2 * APART_S)
    assert reader.scanned(A) == []
    hand.scan(b"]C0SEAL-0002")
    wait_until(lambda: texts(reader, A) == ["SEAL-0002"])
    assert reader.problem is None
