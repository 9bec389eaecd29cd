"""PINs: few attempts, growing locks, and nothing that a restart or a turned clock would win."""

import re

import pytest

from edge.attempts import LockPolicy
from edge.errors import BadEnrolment, Locked, NotSignedIn, UnknownOperator, WrongPin
from edge.station import Station
from edge.views import OperatorView
from sync.contract.ids import OperatorId
from sync.contract.records import OperatorRecord
from tests.edge.bench import PIN, Bench

WRONG = "000001"
GUESSED = ["777777", "123456", "654321", "890123", "112233", "121212", "471471", "471174"]
HOUR = 3600


@pytest.fixture
def station(bench: Bench) -> Station:
    return bench.open()


@pytest.fixture
def ana(station: Station) -> OperatorView:
    return station.operators.enrol("Ana Ruiz", "officer", PIN)


def lock_out(station: Station, operator: OperatorView) -> Locked:
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongPin) as wrong:
            station.operators.sign_in(operator.id, WRONG)
        assert wrong.value.attempts_left == left
    with pytest.raises(Locked) as locked:
        station.operators.sign_in(operator.id, WRONG)
    return locked.value


def test_the_right_pin_opens_a_session(station: Station, ana: OperatorView) -> None:
    token = station.operators.sign_in(ana.id, PIN)
    assert station.operators.session(token) == ana
    assert station.operators.list() == [ana]
    station.operators.sign_out(token)
    with pytest.raises(NotSignedIn):
        station.operators.session(token)


def test_a_session_ends_when_nobody_uses_it(bench: Bench, station: Station, ana: OperatorView) -> None:
    token = station.operators.sign_in(ana.id, PIN)
    for _ in range(3):
        bench.clock.sleep(9 * 60)
        station.operators.session(token)
    bench.clock.sleep(11 * 60)
    with pytest.raises(NotSignedIn, match="10 idle minutes"):
        station.operators.session(token)


def test_a_restart_signs_everybody_out(bench: Bench, station: Station, ana: OperatorView) -> None:
    token = station.operators.sign_in(ana.id, PIN)
    bench.close()
    with pytest.raises(NotSignedIn):
        bench.open().operators.session(token)


def test_while_locked_even_the_right_pin_is_not_looked_at(bench: Bench, station: Station, ana: OperatorView) -> None:
    assert lock_out(station, ana).seconds == 60
    bench.clock.sleep(59)
    with pytest.raises(Locked) as locked:
        station.operators.sign_in(ana.id, PIN)
    assert locked.value.seconds == pytest.approx(1)
    bench.clock.sleep(1)
    assert station.operators.sign_in(ana.id, PIN)


def test_each_lock_is_longer_until_the_right_pin_comes(bench: Bench, station: Station, ana: OperatorView) -> None:
    for seconds in (60, 120, 240):
        assert lock_out(station, ana).seconds == seconds
        bench.clock.sleep(seconds)
    station.operators.sign_in(ana.id, PIN)
    assert lock_out(station, ana).seconds == 60


def test_a_lock_lasts_an_hour_at_most() -> None:
    assert LockPolicy().seconds(50) == HOUR


def test_a_restart_ends_no_lock(bench: Bench, station: Station, ana: OperatorView) -> None:
    lock_out(station, ana)
    bench.close()
    bench.clock.sleep(30)
    with pytest.raises(Locked) as locked:
        bench.open().operators.sign_in(ana.id, PIN)
    assert locked.value.seconds == pytest.approx(30)


def test_neither_a_reboot_nor_a_turned_clock_ends_a_lock(bench: Bench, station: Station, ana: OperatorView) -> None:
    lock_out(station, ana)
    bench.close()
    bench.clock.sleep(10 * HOUR)
    bench.clock.reboot()
    station = bench.open()
    with pytest.raises(Locked) as locked:
        station.operators.sign_in(ana.id, PIN)
    assert locked.value.seconds == pytest.approx(60)
    bench.clock.sleep(60)
    assert station.operators.sign_in(ana.id, PIN)


def test_every_step_is_a_sealed_record(bench: Bench, station: Station, ana: OperatorView) -> None:
    lock_out(station, ana)
    bench.clock.sleep(60)
    station.operators.sign_out(station.operators.sign_in(ana.id, PIN))
    records = [record for record in bench.records() if isinstance(record, OperatorRecord)]
    assert [record.event for record in records] == [
        *["sign_in_failed"] * 5,
        "locked",
        "signed_in",
        "signed_out",
    ]
    assert {record.operator for record in records} == {ana.id}


def test_nobody_of_that_id(station: Station) -> None:
    with pytest.raises(UnknownOperator):
        station.operators.sign_in(OperatorId("op-none"), PIN)


@pytest.mark.parametrize(
    ("name", "role", "pin"),
    [
        pytest.param(" ", "officer", PIN, id="no-name"),
        pytest.param("x" * 61, "officer", PIN, id="long-name"),
        pytest.param("Ana", "boss", PIN, id="unknown-role"),
        pytest.param("Ana", "officer", "12345", id="short-pin"),
        pytest.param("Ana", "officer", "12345a", id="letters-in-pin"),
        pytest.param("Ana", "officer", "\u0661" * 5 + "\u0662", id="digits-of-another-script"),
        *(pytest.param("Ana", "officer", pin, id=pin) for pin in GUESSED),
    ],
)
def test_who_cannot_be_enrolled(station: Station, name: str, role: str, pin: str) -> None:
    with pytest.raises(BadEnrolment):
        station.operators.enrol(name, role, pin)
    assert station.operators.list() == []


def test_the_token_is_256_random_bits(station: Station, ana: OperatorView) -> None:
    token = station.operators.sign_in(ana.id, PIN)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    assert token not in repr(vars(station.operators._sessions))
