"""The station and the cable of its analyzer: gone within a second, ready again within three, never a restart."""

import random
import time
from collections.abc import Callable
from pathlib import Path

from drivers.analyzer_link.simulator import Simulator
from drivers.pty import serve_pty
from edge.simulate import SAMPLES, choose_plays
from edge.views import Interruption
from tests.edge.bench import PIN, Bench, finished

UNPLUG_TO_ERROR_S = 1.0
REPLUG_TO_READY_S = 3.0


def simulated(*plays: str, duration: float = 0.4) -> Simulator:
    return Simulator(choose_plays(plays, SAMPLES), random.Random(7), duration)  # noqa: S311 - noise


def within(seconds: float, condition: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_the_station_sees_the_cable_go_and_come_back(bench: Bench, tmp_path: Path) -> None:
    link = tmp_path / "analyzer"
    port = serve_pty(simulated("Cocaine"), link)
    station = bench.open(analyzer=f"analyzer-link:{link}")
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    assert station.health().analyzer == "connected"
    for turn in (1, 2):
        port.close()
        within(UNPLUG_TO_ERROR_S, lambda: station.health().analyzer == "absent")
        within(UNPLUG_TO_ERROR_S, lambda count=turn: station.ports()[0].unplugs == count)
        assert finished(station, station.screenings.start(officer)).problem is Interruption.PORT_UNAVAILABLE
        port = serve_pty(simulated("Cocaine"), link)
        within(REPLUG_TO_READY_S, lambda: station.health().analyzer == "connected")
        assert finished(station, station.screenings.start(officer)).problem is None
    port.close()


def test_a_cable_pulled_while_measuring_is_told_within_a_second_and_the_next_reading_works(
    bench: Bench, tmp_path: Path
) -> None:
    simulator = simulated("Cocaine:unplug", "Caffeine", duration=0.9)
    with serve_pty(simulator, tmp_path / "analyzer", replug_after=1.0):
        station = bench.open(analyzer=f"analyzer-link:{tmp_path / 'analyzer'}")
        officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
        reading = station.screenings.start(officer)
        within(5.0, lambda: simulator.unplugged)
        pulled = time.monotonic()
        view = finished(station, reading)
        assert view.problem is Interruption.PORT_LOST
        assert time.monotonic() - pulled < UNPLUG_TO_ERROR_S
        within(REPLUG_TO_READY_S, lambda: station.health().analyzer == "connected")
        assert finished(station, station.screenings.start(officer)).problem is None
        health = station.ports()[0]
        assert health.unplugs == 1
        assert health.frames > 5
        assert health.bytes_read > 100
