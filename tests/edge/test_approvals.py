"""Two persons behind one act: never one of them twice, never the wrong role, never a PIN where a token is asked."""

from typing import get_args

import pytest

from edge.approvals import Approval, Method, Proof
from edge.errors import NotAllowed, WrongPin
from edge.permissions import EVERYBODY, PERMISSIONS, Action, check, check_beside
from edge.views import OperatorView, Role
from sync.contract.ids import OperatorId
from tests.edge.bench import PIN, Bench

TWO_PERSON = [action for action, permission in PERMISSIONS.items() if permission.beside]


def person(name: str, role: Role) -> OperatorView:
    return OperatorView(OperatorId(f"op-{name}"), name, role)


def proof(name: str, role: Role, method: Method = "token") -> Proof:
    return Proof(person(name, role), method)


def test_the_table_has_every_act_and_knows_every_role() -> None:
    assert set(PERMISSIONS) == set(get_args(Action))
    assert set(EVERYBODY) == set(get_args(Role))
    for permission in PERMISSIONS.values():
        assert permission.may
        assert permission.token == bool(permission.beside)


@pytest.mark.parametrize("action", PERMISSIONS)
@pytest.mark.parametrize("role", EVERYBODY)
def test_a_role_does_what_the_table_says_and_nothing_else(action: Action, role: Role) -> None:
    for rule, roles in ((check, PERMISSIONS[action].may), (check_beside, PERMISSIONS[action].beside)):
        if role in roles:
            rule(person("ana", role), action)
        else:
            with pytest.raises(NotAllowed, match=f"{action}: ana is {role}"):
                rule(person("ana", role), action)


@pytest.mark.parametrize("action", TWO_PERSON)
def test_two_persons_of_the_right_roles_approve(action: Action) -> None:
    permission = PERMISSIONS[action]
    approval = Approval(action, "entry 7", proof("ana", permission.may[0]), proof("luis", permission.beside[0]))
    assert [each.name for each in approval.of(action, "entry 7")] == ["ana", "luis"]


def test_what_was_approved_approves_nothing_else() -> None:
    approval = Approval("void", "entry 7", proof("ana", "supervisor"), proof("luis", "officer"))
    for action, subject in (("void", "entry 8"), ("release", "entry 7")):
        with pytest.raises(NotAllowed, match="void of 'entry 7' was approved"):
            approval.of(action, subject)


@pytest.mark.parametrize("action", TWO_PERSON)
def test_nobody_is_the_second_person_beside_themselves(action: Action) -> None:
    for role in PERMISSIONS[action].may:
        with pytest.raises(NotAllowed, match="stands there twice"):
            Approval(action, "entry 7", proof("ana", role), proof("ana", role))


def test_an_officer_voids_nothing_even_with_a_supervisor_beside() -> None:
    with pytest.raises(NotAllowed, match="ana is officer; expected supervisor"):
        Approval("void", "entry 7", proof("ana", "officer"), proof("luis", "supervisor"))


def test_a_technician_stands_beside_no_release() -> None:
    with pytest.raises(NotAllowed, match="luis is technician"):
        Approval("release", "entry 7", proof("ana", "supervisor"), proof("luis", "technician"))


@pytest.mark.parametrize("methods", [("pin", "token"), ("token", "pin"), ("pin", "pin")])
def test_a_pin_is_no_token(methods: tuple[Method, Method]) -> None:
    first, second = methods
    with pytest.raises(NotAllowed, match="touch the token"):
        Approval("void", "entry 7", proof("ana", "supervisor", first), proof("luis", "officer", second))


def test_a_pin_proves_the_person_and_a_wrong_one_counts(bench: Bench) -> None:
    station = bench.open()
    ana = station.operators.enrol("Ana Ruiz", "supervisor", PIN)
    with pytest.raises(WrongPin) as wrong:
        station.operators.prove(ana.id, "000001")
    assert wrong.value.attempts_left == 4
    assert station.operators.prove(ana.id, PIN) == Proof(ana, "pin")
    with pytest.raises(WrongPin) as wrong:
        station.operators.prove(ana.id, "000001")
    assert wrong.value.attempts_left == 4


def test_a_demonstration_says_how_it_did_without_tokens(bench: Bench) -> None:
    station = bench.open(demo=True)
    ana, luis = (station.operators.enrol(name, "supervisor", PIN) for name in ("Ana Ruiz", "Luis Paz"))
    proofs = station.operators.prove(ana.id, PIN), station.operators.prove(luis.id, PIN)
    assert Approval("void", "entry 7", *proofs).first.method == "demonstration_pin"
