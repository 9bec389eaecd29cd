"""The station and the cable of its analyzer: gone, and ready again without a restart."""

from pathlib import Path

from drivers.analyzer_link.simulator import Simulator
from drivers.family import Role
from drivers.pty import serve_pty
from edge.simulate import SAMPLES, choose_plays
from edge.views import Interruption
from tests.edge.bench import PIN, STEADY, Bench, finished, noise
from tests.waiting import wait_until


def simulated(*plays: str, duration: float = 0.4) -> Simulator:
    return Simulator(choose_plays(plays, SAMPLES), noise(), duration, STEADY)


def test_the_station_sees_the_cable_go_and_come_back(bench: Bench, tmp_path: Path) -> None:
    link = tmp_path / "analyzer"
    port = serve_pty(simulated("Cocaine"), link)
    station = bench.open(analyzer=f"analyzer-link:{link}")
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    assert station.health().analyzer == "connected"
    for turn in (1, 2):
        port.close()
        wait_until(lambda: station.health().analyzer == "absent")
        wait_until(lambda count=turn: station.ports()[Role.ANALYZER].unplugs == count)
        assert finished(station, station.screenings.start(officer)).problem is Interruption.PORT_UNAVAILABLE
        port = serve_pty(simulated("Cocaine"), link)
        wait_until(lambda: station.health().analyzer == "connected")
        assert finished(station, station.screenings.start(officer)).problem is None
    port.close()


def test_a_cable_pulled_while_measuring_is_told_and_the_next_reading_works(bench: Bench, tmp_path: Path) -> None:
    with serve_pty(simulated("Cocaine:unplug", "Caffeine", duration=0.9), tmp_path / "analyzer", replug_after=1.0):
        station = bench.open(analyzer=f"analyzer-link:{tmp_path / 'analyzer'}")
        officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
        assert finished(station, station.screenings.start(officer)).problem is Interruption.PORT_LOST
        wait_until(lambda: station.health().analyzer == "connected")
        assert finished(station, station.screenings.start(officer)).problem is None
        health = station.ports()[Role.ANALYZER]
        assert health.unplugs == 1
        assert health.frames > 5
        assert health.bytes_read > 100
