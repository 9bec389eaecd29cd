"""Cables that were plugged into one another's ports: each companion tells that another instrument is on its own."""

from collections.abc import Callable, Iterator
from datetime import date
from threading import Event, Thread

import pytest

from drivers.errors import DriverError, WrongInstrument
from drivers.nmea.simulator import VirtualReceiver
from drivers.pty import serve_pty
from drivers.scales.parity import with_parity
from edge.positioning import Positioning
from edge.weighing import Weighing
from sync.contract.records import ScreeningRecord
from tests.drivers.hand_reader import hand_reader
from tests.edge.bench import PIN, Bench, finished, noise
from tests.waiting import wait_until

SAID = {"code-reader": b"]C0SEAL-0001\r", "ohaus": b"    123.45 g\r\n", "a-and-d": with_parity(b"ST,+00123.45  g\r\n")}


@pytest.fixture
def speaking() -> Iterator[Callable[[str], str]]:
    """Let an instrument of a family speak unasked on a real terminal, ten times a second; tells the terminal's path."""
    with hand_reader(b"") as hand:
        ended = Event()

        def speak(family: str) -> str:
            def run() -> None:
                while not ended.wait(0.1):
                    hand.send(SAID[family])

            threads.append(Thread(target=run))
            threads[0].start()
            return hand.path

        threads: list[Thread] = []
        yield speak
        ended.set()
        for thread in threads:
            thread.join()


def told(of: str, there: str) -> str:
    return f"another instrument is on this port: what comes is of {there}, not of {of}"


@pytest.mark.parametrize("scale", ["mt-sics", "a-and-d", "ohaus"])
def test_a_satellite_receiver_on_the_scale_s_port(scale: str) -> None:
    with serve_pty(VirtualReceiver(noise())) as port:
        weighing = Weighing(f"{scale}:{port.path}")
        with pytest.raises(WrongInstrument, match=told(scale, "nmea")):
            weighing.look()
        weighing.close()


@pytest.mark.parametrize(("scale", "there"), [("mt-sics", "code-reader"), ("mt-sics", "a-and-d"), ("a-and-d", "ohaus")])
def test_what_speaks_unasked_on_the_scale_s_port(scale: str, there: str, speaking: Callable[[str], str]) -> None:
    weighing = Weighing(f"{scale}:{speaking(there)}")
    for take in (weighing.look, lambda: weighing.weigh("123.45 g")):
        with pytest.raises(WrongInstrument, match=told(scale, there)):
            take()
    weighing.close()


@pytest.mark.parametrize("there", ["code-reader", "ohaus", "a-and-d"])
def test_what_speaks_on_the_receiver_s_port(there: str, speaking: Callable[[str], str]) -> None:
    receiver = Positioning(f"nmea:{speaking(there)}", date.today)
    receiver.start()
    try:
        wait_until(lambda: isinstance(_problem(receiver), WrongInstrument))
        assert told("nmea", there) in str(_problem(receiver))
    finally:
        receiver.close()


def test_a_satellite_receiver_on_the_analyzer_s_port_is_on_record_as_that(bench: Bench) -> None:
    with serve_pty(VirtualReceiver(noise())) as port:
        station = bench.open(analyzer=f"analyzer-link:{port.path}")
        finished(station, station.screenings.start(station.operators.enrol("Ana Ruiz", "officer", PIN)))
    [record] = [each for each in bench.records() if isinstance(each, ScreeningRecord)]
    assert told("analyzer-link", "nmea") in (record.readings[0].problem or "")


def _problem(receiver: Positioning) -> DriverError:
    with pytest.raises(DriverError) as raised:
        receiver.locate()
    return raised.value
