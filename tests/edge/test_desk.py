"""The desk: who asks proves first, somebody else proves second, and only then it is done, once."""

import json

import pytest

from edge.approvals import Approval
from edge.desk import Act
from edge.errors import NotAllowed, TokenRefused, UnknownAct
from edge.station import Station
from edge.views import OperatorView
from sync.assertion import verify_assertion
from sync.contract.account import AccountRecord
from sync.contract.acts import account_subject
from sync.contract.approval import ApprovalRecord
from tests.edge.authenticator import Authenticator, client
from tests.edge.bench import PIN, Bench

WAIT_S = 300


class Person:
    """Somebody with a token of their own."""

    def __init__(self, station: Station, name: str, role: str) -> None:
        self.station = station
        self.view: OperatorView = station.operators.enrol(name, role, PIN)
        self.token = Authenticator()
        options = station.tokens.new_options(self.view, bytes(32))
        answer = client(self.token).make_credential(options["publicKey"])
        station.accounts.provision_token(self.view.id, station.tokens.read_new(bytes(32), json.dumps(dict(answer))))

    def touch(self, act: Act) -> bool:
        options = self.station.desk.options(act, self.view)
        answer = client(self.token).get_assertion(options["publicKey"]).get_response(0)
        return self.station.desk.touch(act, self.view, json.dumps(dict(answer)))


@pytest.fixture
def station(bench: Bench) -> Station:
    return bench.open()


@pytest.fixture
def admin(station: Station) -> Person:
    return Person(station, "Marta Gil", "admin")


@pytest.fixture
def auditor(station: Station) -> Person:
    return Person(station, "Juan Mora", "auditor")


@pytest.fixture
def leaving(station: Station, admin: Person) -> Act:
    """Provide the act by which an officer leaves."""
    ana = station.operators.enrol("Ana Ruiz", "officer", PIN)

    def leave(approval: Approval) -> None:
        station.accounts.leave(approval, ana.id)

    return station.desk.begin(admin.view, "accounts", account_subject("left", "Ana Ruiz", "officer"), leave)


def test_two_tokens_do_it_and_the_records_prove_both(
    bench: Bench, station: Station, admin: Person, auditor: Person, leaving: Act
) -> None:
    assert not admin.touch(leaving)
    assert auditor.touch(leaving)
    assert "Ana Ruiz" not in [each.name for each in station.operators.list()]
    records = bench.records()
    approval, left = records[-2:]
    assert isinstance(approval, ApprovalRecord)
    assert isinstance(left, AccountRecord)
    tokens = {each.person: each.token for each in records if isinstance(each, AccountRecord) and each.token}
    for person in approval.persons:
        enrolled = tokens[person.operator]
        assert person.token
        verify_assertion(person.token, approval.statement.challenge, enrolled.public_key)


def test_it_is_done_once(station: Station, admin: Person, auditor: Person, leaving: Act) -> None:
    admin.touch(leaving)
    auditor.touch(leaving)
    with pytest.raises(UnknownAct):
        station.desk.act(leaving.id)
    with pytest.raises(UnknownAct):
        auditor.touch(leaving)


def test_one_person_alone_does_nothing(station: Station, admin: Person, leaving: Act) -> None:
    admin.touch(leaving)
    with pytest.raises(NotAllowed, match="then somebody else does"):
        admin.touch(leaving)
    assert "Ana Ruiz" in [each.name for each in station.operators.list()]


def test_the_second_person_does_not_go_first(auditor: Person, leaving: Act) -> None:
    with pytest.raises(NotAllowed, match="proves first"):
        auditor.touch(leaving)


def test_who_may_not_stand_beside_it_does_not(station: Station, admin: Person, leaving: Act) -> None:
    officer = Person(station, "Luis Paz", "officer")
    admin.touch(leaving)
    with pytest.raises(NotAllowed, match="Luis Paz is officer"):
        officer.touch(leaving)
    assert station.desk.beside(leaving) == []


def test_an_answer_for_one_act_approves_no_other(station: Station, admin: Person, leaving: Act) -> None:
    other = station.desk.begin(admin.view, "accounts", leaving.subject, lambda _: None)
    options = station.desk.options(other, admin.view)
    answer = client(admin.token).get_assertion(options["publicKey"]).get_response(0)
    with pytest.raises(TokenRefused, match="challenge"):
        station.desk.touch(leaving, admin.view, json.dumps(dict(answer)))


def test_a_pin_is_not_enough(station: Station, admin: Person, leaving: Act) -> None:
    assert not station.desk.takes_pin(leaving)
    with pytest.raises(NotAllowed, match="touch the token"):
        station.desk.enter(leaving, admin.view, PIN)


def test_an_act_does_not_wait_for_ever(bench: Bench, station: Station, admin: Person, leaving: Act) -> None:
    bench.clock.sleep(WAIT_S)
    assert station.desk.act(leaving.id) is leaving
    bench.clock.sleep(1)
    with pytest.raises(UnknownAct):
        admin.touch(station.desk.act(leaving.id))


def test_an_officer_begins_no_change_of_accounts(station: Station) -> None:
    officer = station.operators.enrol("Luis Paz", "officer", PIN)
    with pytest.raises(NotAllowed, match="expected admin"):
        station.desk.begin(officer, "accounts", "Luis Paz is admin from now on", lambda _: None)


def test_a_demonstration_takes_pins_and_says_so(bench: Bench) -> None:
    station = bench.open(demo=True)
    boss, beside = (station.operators.enrol(name, "supervisor", PIN) for name in ("Ana Ruiz", "Luis Paz"))
    approvals: list[Approval] = []
    act = station.desk.begin(boss, "void", "entry 7", approvals.append)
    assert station.desk.takes_pin(act)
    assert not station.desk.enter(act, boss, PIN)
    assert station.desk.enter(act, beside, PIN)
    assert [approvals[0].first.method, approvals[0].second.method] == ["demonstration_pin"] * 2
