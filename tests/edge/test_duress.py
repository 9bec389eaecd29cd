"""The duress PIN: it opens like the other one, and only whoever opens the records sees which of the two it was."""

from dataclasses import replace
from typing import Any, Literal

import pytest
from argon2 import PasswordHasher

from edge.approvals import Approval
from edge.casework import Casework
from edge.errors import BadEnrolment, Locked, WrongPin
from edge.pins import Pins
from edge.station import Station
from edge.tables import Operator
from edge.views import OperatorView
from sync.contract.account import AccountRecord
from sync.contract.acts import void_subject
from sync.contract.approval import ApprovalRecord
from sync.contract.duress import MARK, is_forced
from sync.contract.ids import Seq
from sync.contract.records import OperatorRecord
from tests.edge.bench import PIN, Bench, finished

DURESS = "424297"
NEW_PIN = "271828"


@pytest.fixture
def station(a_station: Station) -> Station:
    return a_station


@pytest.fixture
def ana(station: Station, officer: OperatorView) -> OperatorView:
    station.accounts.set_duress_pin(officer, PIN, DURESS)
    return officer


def test_it_opens_a_session_that_looks_like_any_other(station: Station, ana: OperatorView) -> None:
    assert station.operators.session(station.operators.sign_in(ana.id, DURESS)) == ana


def test_everything_done_since_is_marked_inside_the_records_alone(
    bench: Bench, station: Station, ana: OperatorView
) -> None:
    token = station.operators.sign_in(ana.id, DURESS)
    reading = finished(station, station.screenings.start(station.operators.session(token)))
    station.operators.sign_out(token)
    made = [record for record in bench.marked_records() if record.operator and not isinstance(record, AccountRecord)]
    assert len(made) == 4, "sign-in, the reading's start and end, sign-out"
    assert all(is_forced(record) for record in made)
    assert reading.record
    assert MARK not in (reading.record.model_extra or {}), "what the station itself can read does not tell"
    database = bench.database()
    with database.read() as session:
        rows = session.connection().exec_driver_sql("SELECT record FROM reading").scalars().all()
    database.close()
    assert not [row for row in rows if MARK.encode() in row]


def test_the_own_pin_ends_it(bench: Bench, station: Station, ana: OperatorView) -> None:
    station.operators.sign_in(ana.id, DURESS)
    station.operators.sign_in(ana.id, PIN)
    forced = [is_forced(each) for each in bench.marked_records() if isinstance(each, OperatorRecord)]
    assert forced == [True, False]


def test_a_forced_second_person_marks_the_approval_of_both(bench: Bench, station: Station, ana: OperatorView) -> None:
    boss = station.operators.enrol("Luis Paz", "supervisor", PIN)
    casework, subject = Casework(station._database, station._recorder), void_subject(Seq(1), "a mistake")
    proofs = (
        replace(station.operators.prove(each.id, pin), method="token") for each, pin in ((boss, PIN), (ana, DURESS))
    )
    casework.void(Approval("void", subject, *proofs), Seq(1), "a mistake")
    approval, void = bench.marked_records()[-2:]
    assert isinstance(approval, ApprovalRecord)
    assert (is_forced(approval), is_forced(void)) == (True, False)


def test_no_row_tells_who_has_one(station: Station) -> None:
    with_one = station.operators.enrol("Ana Ruiz", "officer", PIN)
    station.accounts.set_duress_pin(with_one, PIN, DURESS)
    station.operators.enrol("Luis Paz", "officer", PIN)
    with station._database.read() as session:
        rows = session.connection().exec_driver_sql("SELECT duress_hash FROM operator").scalars().all()
    shapes = {(row.rsplit("$", 2)[0], len(row)) for row in rows}
    assert len(rows) == 2
    assert len(shapes) == 1


class CountingHasher(PasswordHasher):
    """Argon2id that counts how often it is asked."""

    asked = 0

    def verify(self, *arguments: Any) -> Literal[True]:
        self.asked += 1
        return super().verify(*arguments)


@pytest.mark.parametrize(("pin", "which"), [(PIN, "own"), (DURESS, "duress"), ("000001", None)])
def test_every_pin_takes_the_same_work(pin: str, which: str | None) -> None:
    hasher = CountingHasher(time_cost=1, memory_cost=8, parallelism=1)
    pins = Pins(hasher)
    row = Operator(id="op-1", name="Ana", role="officer", pin_hash=pins.hash(PIN), duress_hash=pins.hash(DURESS))
    assert pins.which(row, pin) == which
    assert hasher.asked == 2


def test_the_sealed_records_of_both_are_of_one_size(station: Station, ana: OperatorView) -> None:
    sizes: list[int] = []
    for pin in (PIN, DURESS):
        station.operators.sign_in(ana.id, pin)
        with station._database.read() as session:
            newest = "SELECT length(envelope) FROM journal ORDER BY seq DESC LIMIT 1"
            sizes.append(session.connection().exec_driver_sql(newest).scalar_one())
    assert abs(sizes[0] - sizes[1]) <= 1, "as much as another microsecond on the clock makes"


def test_what_a_forced_person_is_made_to_change_looks_changed(
    bench: Bench, station: Station, ana: OperatorView
) -> None:
    station.accounts.change_pin(ana, DURESS, NEW_PIN)
    station.operators.sign_in(ana.id, NEW_PIN)
    assert is_forced(bench.marked_records()[-1]), "the coercer's new PIN is the duress PIN"
    station.operators.sign_in(ana.id, PIN)
    assert not is_forced(bench.marked_records()[-1]), "the person's own PIN is still theirs"


def test_a_forced_person_cannot_be_made_to_give_the_duress_pin_away(
    bench: Bench, station: Station, ana: OperatorView
) -> None:
    station.accounts.set_duress_pin(ana, DURESS, "909047")
    last = bench.marked_records()[-1]
    assert isinstance(last, AccountRecord)
    assert (last.event, is_forced(last)) == ("duress_pin_set", True)
    station.operators.sign_in(ana.id, DURESS)
    assert is_forced(bench.marked_records()[-1])


def test_both_pins_lock_together(station: Station, ana: OperatorView) -> None:
    for _ in range(4):
        with pytest.raises(WrongPin):
            station.operators.sign_in(ana.id, "000001")
    with pytest.raises(Locked):
        station.operators.sign_in(ana.id, "000001")
    for pin in (PIN, DURESS):
        with pytest.raises(Locked):
            station.operators.sign_in(ana.id, pin)


def test_a_slip_of_one_finger_is_no_duress(station: Station, officer: OperatorView) -> None:
    near = PIN[:-1] + str((int(PIN[-1]) + 1) % 10)
    with pytest.raises(BadEnrolment, match="2 digits"):
        station.accounts.set_duress_pin(officer, PIN, near)


def test_the_own_pin_never_becomes_the_duress_pin(station: Station, ana: OperatorView) -> None:
    with pytest.raises(BadEnrolment, match="choose another"):
        station.accounts.change_pin(ana, PIN, DURESS)
