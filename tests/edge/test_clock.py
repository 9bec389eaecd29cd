"""The clock may be turned: that marks records and stops nothing."""

from datetime import UTC, datetime, timedelta

from edge.clock import SystemClock, Timekeeper, format_wall, parse_wall
from edge.station import Station
from edge.views import OperatorView
from sync.contract.records import StationRecord
from tests.edge.bench import PIN, Bench, HandClock, finished


def test_a_wall_time_has_one_form() -> None:
    wall = datetime(2026, 11, 22, 18, 42, 7, 5, tzinfo=UTC)
    assert format_wall(wall) == "2026-11-22T18:42:07.000005Z"
    assert parse_wall(format_wall(wall)) == wall


def test_the_system_clock_rises_and_knows_its_boot() -> None:
    clock = SystemClock()
    first, second = clock.read(), clock.read()
    assert first.monotonic_ns < second.monotonic_ns
    assert first.boot == second.boot
    assert len(first.boot) == 36


def test_trust_says_what_is_known() -> None:
    clock = HandClock()
    times = Timekeeper(clock)
    assert times.now().trust == "synchronised"
    clock.synchronised = False
    assert times.now().trust == "unsynchronised"
    clock.wall -= timedelta(seconds=1)
    assert times.now().trust == "unsynchronised"
    clock.wall -= timedelta(days=1)
    assert times.now().trust == "turned_back"


def turned_back(bench: Bench) -> list[StationRecord]:
    records = [record for record in bench.records() if isinstance(record, StationRecord)]
    return [record for record in records if record.event == "clock_turned_back"]


def test_turning_the_clock_back_is_recorded_once_and_marks_what_follows(
    bench: Bench, a_station: Station, officer: OperatorView
) -> None:
    bench.clock.wall -= timedelta(days=1)
    view = finished(a_station, a_station.screenings.start(officer))
    assert view.record
    assert view.record.recorded.trust == "turned_back"
    assert view.record.conclusion == "alarm"
    assert len(turned_back(bench)) == 1
    assert "2026-11-21" in turned_back(bench)[0].detail


def test_turning_it_back_while_the_station_is_off_shows_too(bench: Bench) -> None:
    bench.open().operators.enrol("Ana Ruiz", "officer", PIN)
    bench.close()
    bench.clock.wall -= timedelta(days=1)
    assert bench.open().health().clock == "turned_back"
    assert len(turned_back(bench)) == 1
    bench.close()
    bench.open()
    assert len(turned_back(bench)) == 1


def test_turning_it_back_again_is_another_event(bench: Bench) -> None:
    station = bench.open()
    for _ in range(2):
        bench.clock.wall -= timedelta(days=1)
        station.operators.enrol("Ana Ruiz", "officer", PIN)
    assert len(turned_back(bench)) == 2


def test_trust_comes_back_when_the_clock_has_caught_up(bench: Bench) -> None:
    station = bench.open()
    bench.clock.wall -= timedelta(hours=1)
    assert station.health().clock == "turned_back"
    bench.clock.wall += timedelta(hours=2)
    assert station.health().clock == "synchronised"
