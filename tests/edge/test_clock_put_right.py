"""One wrong time in the future does not mark all that follows; whoever only sets the clock back gains nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from edge.clock import BUILT, Day, Heard, Timekeeper, format_wall
from sync.contract.facts import FactRecord
from sync.vault.watch import Watch
from tests.edge.bench import NOON, Bench, HandClock

YEARS = timedelta(days=5 * 365)


def told(bench: Bench) -> list[FactRecord]:
    return [each for each in bench.records() if isinstance(each, FactRecord) and each.fact == "clock_put_right"]


def wrong_once(bench: Bench) -> None:
    """Start once with a clock that is years ahead and follows nobody, then right again."""
    bench.open()
    bench.close()
    bench.clock.wall += YEARS
    bench.open()
    bench.close()
    bench.clock.wall -= YEARS


def test_a_wrong_future_rules_until_two_sources_agree_and_no_longer(bench: Bench) -> None:
    wrong_once(bench)
    station = bench.open()
    assert station.health().clock == "turned_back", "the network alone is one"
    station.sending.hear(bench.clock.wall)
    assert station.health().clock == "synchronised"
    station.upkeep.note("looked after")
    [fact] = told(bench)
    assert fact.values["sources"] == "network, centre"
    assert fact.values["was"] > fact.values["now"]
    bench.close()
    bench.clock.sleep(3600)
    station = bench.open()
    assert station.health().clock == "synchronised", "it outlives a restart"
    assert len(told(bench)) == 1


def test_the_vault_is_told_once_and_then_measures_by_the_right_time(bench: Bench) -> None:
    wrong_once(bench)
    station = bench.open()
    station.sending.hear(bench.clock.wall)
    for _ in range(3):
        station.upkeep.note("looked after")
    watch = Watch()
    records = bench.records()
    alerts = [
        (record, alert) for record in records for alert in watch.look(record) if alert.kind == "clock_turned_back"
    ]
    assert len([alert for _, alert in alerts if "put right" in alert.detail]) == 1
    assert not [alert for record, alert in alerts if record in records[-3:]]


def at(clock: HandClock, agreed: timedelta, *, satellites: bool, centre: bool) -> Timekeeper:
    """Return a timekeeper that saw a time a year ahead once, and two sources agree on one `agreed` from now."""
    gnss: Callable[[], datetime | None] = lambda: clock.wall if satellites else None  # noqa: E731
    times = Timekeeper(clock, clock.wall + timedelta(days=365), None, gnss, clock.wall + agreed)
    if centre:
        times.hear(clock.wall)
    return times


@pytest.mark.parametrize(
    ("network", "satellites", "centre", "rules"),
    [
        (True, True, False, True),
        (True, False, True, True),
        (False, True, True, True),
        (True, False, False, False),
        (False, True, False, False),
        (False, False, True, False),
        (False, False, False, False),
    ],
)
def test_two_of_network_satellites_and_centre_are_enough(
    network: bool, satellites: bool, centre: bool, rules: bool
) -> None:
    clock = HandClock(synchronised=network)
    times = at(clock, timedelta(days=-1), satellites=satellites, centre=centre)
    assert (times.now().trust == "turned_back") is not rules
    assert (times.take_put_right() is not None) is rules


def test_the_law_is_that_of_the_latest_day_until_the_clock_is_put_right() -> None:
    times = at(HandClock(synchronised=False), timedelta(days=-1), satellites=False, centre=True)
    assert (times.day().date.isoformat(), times.day().by) == ("2027-11-22", "record")
    times = at(HandClock(), timedelta(days=-1), satellites=False, centre=True)
    assert (times.day().date.isoformat(), times.day().by) == ("2026-11-22", "clock")


def test_the_law_is_that_of_the_centre_s_day_unless_two_sources_contradict() -> None:
    clock = HandClock()
    heard = Heard(clock.wall + timedelta(days=400), clock.monotonic_ns, "another boot")
    assert Timekeeper(clock, central=heard).day() == Day((clock.wall + timedelta(days=400)).date(), "centre")
    assert Timekeeper(clock, central=heard, gnss=lambda: clock.wall).day() == Day(clock.wall.date(), "clock")


def test_no_law_is_older_than_the_software() -> None:
    assert Timekeeper(HandClock(NOON.replace(year=1970))).day() == Day(BUILT, "software")


def test_behind_what_two_agreed_on_it_stays_turned_back_whoever_says_otherwise() -> None:
    times = at(HandClock(), timedelta(hours=1), satellites=True, centre=True)
    assert times.now().trust == "turned_back"
    assert times.take_put_right() is None


def test_a_source_that_contradicts_lets_nothing_rule() -> None:
    clock = HandClock()
    ahead = clock.wall + timedelta(days=365)
    times = Timekeeper(clock, ahead, Heard(ahead, clock.monotonic_ns, clock.boot), lambda: clock.wall)
    times.now()
    assert times.take_put_right() is None
    assert times.now().trust == "turned_back"


def test_a_centre_whose_clock_is_wrong_does_not_make_a_station_wrong_that_two_others_confirm() -> None:
    clock = HandClock()
    times = Timekeeper(clock, gnss=lambda: clock.wall)
    times.hear(clock.wall + timedelta(hours=2))
    now = times.now()
    assert (now.trust, now.source, now.drift_ms) == ("synchronised", "gnss", -7200000)
    assert now.receipt == format_wall(clock.wall + timedelta(hours=2))
