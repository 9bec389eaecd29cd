"""What is scanned belongs to the screen that is shown, is taken once, and is forgotten with it; on a real port."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from edge.scanning import Scanning
from tests.drivers.hand_reader import HandReader, hand_reader
from tests.waiting import wait_until

A, B = "/screenings/a", "/screenings/b"


@pytest.fixture
def hand() -> Iterator[HandReader]:
    with hand_reader() as hand:
        yield hand


@pytest.fixture
def reader(hand: HandReader) -> Iterator[Scanning]:
    """Provide a reader whose port is open and heard."""
    with ExitStack() as ends:
        reader = Scanning(f"code-reader:{hand.path}")
        reader.start()
        ends.callback(reader.close)
        heard(reader, hand)
        yield reader


def heard(reader: Scanning, hand: HandReader) -> None:
    """Wait until what is sent is heard: bytes that come before the port is open are dropped."""
    wait_until(lambda: reader.port.health.bytes_read or hand.send(b"."))
    hand.scan(b"]C0READY")
    wait_until(lambda: reader.port.health.frames)


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
    assert texts(reader, A) == ["READY"] or not reader.scanned(B)
    hand.scan(b"]C0TWO")
    wait_until(lambda: texts(reader, A)[-1:] == ["TWO"])
    assert reader.scanned(B) == []
