"""The clock may be turned: that marks records and stops nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from edge.clock import SYNC_LASTS, SystemClock, Timekeeper, format_wall, parse_wall
from edge.station import Station
from edge.views import OperatorView
from sync.contract import canonical
from sync.contract.facts import FactRecord
from sync.contract.record import Timestamp
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
    for name in ("Ana Ruiz", "Luis Soto"):
        bench.clock.wall -= timedelta(days=1)
        station.operators.enrol(name, "officer", PIN)
    assert len(turned_back(bench)) == 2


def test_trust_comes_back_when_the_clock_has_caught_up(bench: Bench) -> None:
    station = bench.open()
    bench.clock.wall -= timedelta(hours=1)
    assert station.health().clock == "turned_back"
    bench.clock.wall += timedelta(hours=2)
    assert station.health().clock == "unsynchronised", "whoever set it, the network did not since"
    bench.clock.synced = bench.clock.wall
    assert station.health().clock == "synchronised"


def test_a_record_says_what_the_clock_follows() -> None:
    clock, satellites = HandClock(), list[datetime]()
    times = Timekeeper(clock, gnss=lambda: satellites[-1] if satellites else None)
    assert (times.now().source, times.now().trust) == ("network", "synchronised")
    clock.synchronised = False
    assert (times.now().source, times.now().trust) == ("rtc", "unsynchronised")
    satellites.append(clock.wall)
    assert (times.now().source, times.now().trust) == ("gnss", "synchronised")
    satellites.append(clock.wall + timedelta(minutes=5))
    assert times.now().source == "rtc", "a receiver that says something else confirms nothing"
    clock.wall += timedelta(minutes=5)
    assert times.now().source == "gnss"
    satellites.clear()
    assert times.now().source == "operator", "on this boot somebody set it"
    clock.reboot()
    assert Timekeeper(clock).now().source == "rtc"


def test_the_drift_against_the_last_receipt_is_counted_on_and_ends_with_the_boot() -> None:
    clock = HandClock()
    times = Timekeeper(clock)
    assert (times.now().receipt, times.now().drift_ms) == (None, None)
    heard = times.hear(clock.wall - timedelta(seconds=3))
    assert times.now().drift_ms == 3000
    clock.sleep(3600)
    assert times.now().drift_ms == 3000
    clock.wall -= timedelta(days=1)
    assert times.now().drift_ms == 3000 - 24 * 3600 * 1000
    assert times.now().receipt == format_wall(heard.time)
    clock.reboot()
    later = Timekeeper(clock, central=heard).now()
    assert (later.receipt, later.drift_ms) == (format_wall(heard.time), None)


def test_a_clock_behind_the_last_receipt_is_turned_back_whatever_it_showed_before() -> None:
    clock = HandClock()
    heard = Timekeeper(clock).hear(clock.wall + timedelta(hours=1))
    clock.reboot()
    assert Timekeeper(clock, central=heard).now().trust == "turned_back"
    clock.wall += timedelta(hours=1)
    assert Timekeeper(clock, central=heard).now().trust == "synchronised"


def test_setting_the_clock_forward_is_on_record_once(bench: Bench, a_station: Station, officer: OperatorView) -> None:
    bench.clock.sleep(3600)
    finished(a_station, a_station.screenings.start(officer))
    assert not changes(bench)
    bench.clock.wall += timedelta(days=30)
    view = finished(a_station, a_station.screenings.start(officer))
    [change] = changes(bench)
    assert "forward by 2592000.0 s" in change.detail
    assert view.record


def changes(bench: Bench) -> list[FactRecord]:
    facts = [record for record in bench.records() if isinstance(record, FactRecord)]
    return [record for record in facts if record.fact == "clock_changed"]


def test_what_the_centre_said_outlives_a_restart(bench: Bench, a_station: Station) -> None:
    a_station.sending.hear(bench.clock.wall - timedelta(seconds=7))
    bench.close()
    bench.open()
    assert bench.records()[-1].recorded.drift_ms == 7000
    assert a_station


def test_an_older_timestamp_keeps_its_form() -> None:
    old = Timestamp(wall="2026-11-22T18:42:07.000000Z", monotonic_ns=1, boot="b", trust="synchronised")
    assert set(canonical.decode(old.to_bytes(), "timestamp")) == {"wall", "monotonic_ns", "boot", "trust"}
    new = Timekeeper(HandClock()).now()
    assert set(canonical.decode(new.to_bytes(), "timestamp")) == {*Timestamp.model_fields}
    assert Timestamp.from_bytes(new.to_bytes()) == new


@pytest.mark.parametrize("ahead", [timedelta(days=3), timedelta(minutes=10), timedelta(seconds=5)])
def test_a_clock_set_by_hand_is_not_what_the_network_made_it(ahead: timedelta) -> None:
    clock = HandClock()
    keeper = Timekeeper(clock)
    assert keeper.now().trust == "synchronised"
    clock.wall += ahead
    assert (keeper.now().trust, keeper.now().source) == ("unsynchronised", "operator")
    clock.sleep(60)
    assert keeper.now().trust == "unsynchronised"
    clock.synced = clock.wall
    assert keeper.now().trust == "synchronised"


def test_a_synchronisation_of_long_ago_holds_no_more() -> None:
    clock = HandClock()
    clock.synced -= SYNC_LASTS + timedelta(minutes=1)
    assert Timekeeper(clock).now().trust == "unsynchronised"


def test_whom_satellites_contradict_is_not_synchronised() -> None:
    clock = HandClock()
    keeper = Timekeeper(clock, gnss=lambda: clock.wall - timedelta(days=3))
    assert (keeper.now().trust, keeper.now().source) == ("unsynchronised", "rtc")


def test_a_clock_far_ahead_of_the_centre_is_not_synchronised() -> None:
    clock = HandClock()
    keeper = Timekeeper(clock)
    keeper.hear(clock.wall - timedelta(hours=1))
    assert (keeper.now().trust, keeper.now().drift_ms) == ("unsynchronised", 3_600_000)
