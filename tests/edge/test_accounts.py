"""Accounts: nobody changes one alone, nobody is deleted, and each change is a record that names both persons."""

from collections.abc import Callable

import pytest

from edge.approvals import Approval, Proof
from edge.errors import BadEnrolment, NameTaken, NotAllowed, NotSignedIn, UnknownOperator, UnseenLetter, WrongPin
from edge.station import Station
from edge.tables import Operator
from edge.views import OperatorView
from sync.contract.account import AccountEvent, AccountRecord
from sync.contract.acts import account_subject
from sync.contract.approval import ApprovalRecord
from sync.contract.ids import OperatorId
from tests.edge.bench import PIN, Bench, rename

NEW_PIN = "271828"
ADMIN = OperatorView(OperatorId("op-admin"), "Marta Gil", "admin")
AUDITOR = OperatorView(OperatorId("op-auditor"), "Juan Mora", "auditor")


@pytest.fixture
def station(bench: Bench) -> Station:
    return bench.open()


@pytest.fixture
def ana(station: Station) -> OperatorView:
    return station.operators.enrol("Ana Ruiz", "officer", PIN)


def two(subject: str) -> Approval:
    """Return the approval of an administrator and an auditor."""
    return Approval("accounts", subject, Proof(ADMIN, "token"), Proof(AUDITOR, "token"))


def of_change(event: AccountEvent, name: str, role: str) -> Approval:
    """Return their approval of a change of an account."""
    return two(account_subject(event, name, role))


SAME = ("Ana Ruiz", " ana  RUIZ ", "\uff21na Ruiz")
UNSEEN = (
    "\u200d",
    "\ufe0f",
    "\U000e0101",
    "\u034f",
    "\u3164",
    "\u115f",
    "\uffa0",
    "\u17b4",
    "\u180b",
    "\u00ad",
    "\u2800",
)


@pytest.mark.parametrize("name", SAME)
def test_two_of_one_name_are_never_here_at_once(station: Station, ana: OperatorView, name: str) -> None:
    with pytest.raises(NameTaken, match="badge number"):
        station.operators.enrol(name, "supervisor", NEW_PIN)
    with pytest.raises(NameTaken):
        station.accounts.enrol(of_change("enrolled", name.strip(), "officer"), name, "officer", NEW_PIN)
    assert station.operators.list() == [ana]
    assert station.operators.enrol("Ana Ruiz 4471", "officer", NEW_PIN)
    station.accounts.leave(of_change("left", ana.name, ana.role), ana.id)
    assert station.operators.enrol(name, "officer", NEW_PIN)
    with pytest.raises(NameTaken):
        station.accounts.come_back(of_change("returned", ana.name, ana.role), ana.id)


@pytest.mark.parametrize("letter", UNSEEN, ids=lambda letter: f"{ord(letter):04x}")
def test_a_letter_that_nobody_sees_makes_no_other_name(station: Station, ana: OperatorView, letter: str) -> None:
    with pytest.raises(UnseenLetter, match=rf"has U\+{ord(letter):04X} in it, which nobody sees; type it anew"):
        station.operators.enrol(f"Ana{letter} Ruiz", "supervisor", NEW_PIN)
    assert station.operators.list() == [ana]


def test_a_name_from_before_with_an_unseen_letter_is_the_one_that_it_looks_like(station: Station) -> None:
    with station._database.write() as session:
        session.add(Operator(id="op-before", name="Ana\ufe0f Ruiz", role="officer", pin_hash="", duress_hash=""))
    with pytest.raises(NameTaken):
        station.operators.enrol("Ana Ruiz", "officer", NEW_PIN)


def test_letters_that_are_seen_stay(station: Station) -> None:
    for name in ("Íñigo Núñez", "Ngọc Ánh", "Đặng Thị", "O'Neill-Peña", "王小明", "أحمد علي"):
        assert station.operators.enrol(name, "officer", NEW_PIN).name == name


def test_two_of_one_name_from_before_are_told(station: Station, ana: OperatorView) -> None:
    twin, other = (station.operators.enrol(name, "officer", PIN) for name in ("Ana Ruiz 2", "Eva Sol"))
    rename(station, twin, SAME[1])
    assert {each.operator.id: each.shares_name for each in station.accounts.everybody()} == {
        ana.id: True, twin.id: True, other.id: False,
    }  # fmt: skip
    station.accounts.leave(of_change("left", SAME[1], "officer"), twin.id)
    assert not any(each.shares_name for each in station.accounts.everybody())


def test_two_persons_enrol_a_third(bench: Bench, station: Station) -> None:
    eva = station.accounts.enrol(of_change("enrolled", "Eva Sol", "officer"), " Eva Sol", "officer", NEW_PIN)
    assert station.operators.session(station.operators.sign_in(eva.id, NEW_PIN)) == eva
    approval, account = [each for each in bench.records() if isinstance(each, ApprovalRecord | AccountRecord)]
    assert isinstance(approval, ApprovalRecord)
    assert isinstance(account, AccountRecord)
    assert approval.subject == "Eva Sol may work here as officer"
    assert [each.operator for each in approval.persons] == [ADMIN.id, AUDITOR.id]
    assert (account.event, account.person, account.name, account.role) == ("enrolled", eva.id, "Eva Sol", "officer")
    assert account.operator == ADMIN.id


@pytest.mark.parametrize(
    "change",
    [
        lambda station, approval, _: station.accounts.enrol(approval, "Eva Sol", "admin", NEW_PIN),
        lambda station, approval, person: station.accounts.change_role(approval, person, "admin"),
        lambda station, approval, person: station.accounts.replace_pin(approval, person, NEW_PIN),
        lambda station, approval, person: station.accounts.leave(approval, person),
    ],
    ids=["enrol", "role", "pin", "leave"],
)
def test_an_approval_of_another_change_changes_nothing(
    bench: Bench, station: Station, ana: OperatorView, change: Callable[[Station, Approval, OperatorId], None]
) -> None:
    before, people = bench.records(), station.accounts.everybody()
    with pytest.raises(NotAllowed, match="was approved, not accounts of"):
        change(station, two("Luis Paz may work here as officer"), ana.id)
    assert (bench.records(), station.accounts.everybody()) == (before, people)
    assert station.operators.sign_in(ana.id, PIN)


def test_another_role_ends_the_sessions(station: Station, ana: OperatorView) -> None:
    token = station.operators.sign_in(ana.id, PIN)
    station.accounts.change_role(of_change("role_changed", ana.name, "supervisor"), ana.id, "supervisor")
    with pytest.raises(NotSignedIn):
        station.operators.session(token)
    assert station.operators.session(station.operators.sign_in(ana.id, PIN)).role == "supervisor"


def test_who_left_signs_in_no_more_and_stays_on_record(bench: Bench, station: Station, ana: OperatorView) -> None:
    token = station.operators.sign_in(ana.id, PIN)
    station.accounts.leave(of_change("left", ana.name, ana.role), ana.id)
    with pytest.raises(NotSignedIn):
        station.operators.session(token)
    with pytest.raises(UnknownOperator):
        station.operators.sign_in(ana.id, PIN)
    assert station.operators.list() == []
    assert [(each.operator, each.left) for each in station.accounts.everybody()] == [(ana, True)]
    station.accounts.come_back(of_change("returned", ana.name, ana.role), ana.id)
    assert station.operators.sign_in(ana.id, PIN)
    events = [record.event for record in bench.records() if isinstance(record, AccountRecord)]
    assert events == ["enrolled", "left", "returned"]


def test_a_replaced_pin_opens_and_the_old_one_does_not(station: Station, ana: OperatorView) -> None:
    station.accounts.replace_pin(of_change("pin_replaced", ana.name, ana.role), ana.id, NEW_PIN)
    with pytest.raises(WrongPin):
        station.operators.sign_in(ana.id, PIN)
    assert station.operators.sign_in(ana.id, NEW_PIN)


def test_everybody_changes_their_own_pin_with_the_old_one(bench: Bench, station: Station, ana: OperatorView) -> None:
    with pytest.raises(WrongPin):
        station.accounts.change_pin(ana, "000001", NEW_PIN)
    station.accounts.change_pin(ana, PIN, NEW_PIN)
    assert station.operators.sign_in(ana.id, NEW_PIN)
    with pytest.raises(WrongPin):
        station.operators.sign_in(ana.id, PIN)
    changed = [record for record in bench.records() if isinstance(record, AccountRecord)][-1]
    assert (changed.event, changed.operator, changed.person) == ("pin_changed", ana.id, ana.id)


@pytest.mark.parametrize("pin", ["12345", "abcdef", "123456"])
def test_a_pin_that_cannot_be_taken_costs_no_attempt(station: Station, ana: OperatorView, pin: str) -> None:
    with pytest.raises(BadEnrolment):
        station.accounts.change_pin(ana, "000001", pin)
    with pytest.raises(WrongPin) as wrong:
        station.operators.sign_in(ana.id, "000001")
    assert wrong.value.attempts_left == 4


def test_the_last_administrator_stays(station: Station, ana: OperatorView) -> None:
    eva = station.operators.enrol("Eva Sol", "admin", PIN)
    with pytest.raises(BadEnrolment, match="last administrator"):
        station.accounts.leave(of_change("left", eva.name, eva.role), eva.id)
    with pytest.raises(BadEnrolment, match="last administrator"):
        station.accounts.change_role(of_change("role_changed", eva.name, "officer"), eva.id, "officer")
    station.accounts.change_role(of_change("role_changed", ana.name, "admin"), ana.id, "admin")
    station.accounts.leave(of_change("left", eva.name, eva.role), eva.id)
    assert [each.id for each in station.operators.list()] == [ana.id]


def test_who_left_under_a_name_that_is_refused_today_comes_back(station: Station) -> None:
    with station._database.write() as session:
        session.add(
            Operator(id="op-before", name="Eva\ufe0f Sol", role="officer", pin_hash="", duress_hash="", left=True)
        )
    station.accounts.check_apart("Eva\ufe0f Sol")
    station.accounts.come_back(of_change("returned", "Eva\ufe0f Sol", "officer"), "op-before")
    assert "op-before" in [str(each.id) for each in station.operators.list()]
