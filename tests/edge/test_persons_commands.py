"""At the command line as at the screen: two persons, each with their own token, and a demonstration with PINs."""

import pytest

from edge.approvals import Approval
from edge.errors import NotAllowed, TokenRefused, UnknownOperator
from edge.persons_commands import approve, enrol_token
from edge.station import Station
from edge.token_device import TokenDevice
from sync.contract.account import AccountRecord
from tests.edge.authenticator import Authenticator
from tests.edge.bench import PIN, Bench
from tests.edge.protectors.people import Person

SUBJECT = "entries 1 to 7 leave for Juzgado 3: order 45/2026"


def person(station: Station, name: str, role: str) -> tuple[str, TokenDevice]:
    """Enrol somebody with a token, as provisioning does."""
    view, token = station.operators.enrol(name, role, PIN), TokenDevice(Authenticator(), Person([""]))
    assert name in enrol_token(station, view.id, token)
    return view.id, token


def test_two_persons_release_with_their_tokens(bench: Bench) -> None:
    station = bench.open()
    (ana, first), (luis, second) = person(station, "Ana Ruiz", "supervisor"), person(station, "Luis Paz", "auditor")
    tokens, approvals, asked = [first, second], list[Approval](), Person([""])
    approve(station, "release", SUBJECT, approvals.append, [ana, luis], asked, lambda _: tokens.pop(0))
    assert [each.id for each in approvals[0].of("release", SUBJECT)] == [ana, luis]
    assert [SUBJECT in words for words in asked.asked] == [True, True], "both read what they approve"
    added = [each for each in bench.records() if isinstance(each, AccountRecord) and each.event == "token_added"]
    assert [each.operator for each in added] == [None, None]


def test_one_token_for_both_is_refused(bench: Bench) -> None:
    station = bench.open()
    (ana, token), (luis, _) = person(station, "Ana Ruiz", "supervisor"), person(station, "Luis Paz", "auditor")
    with pytest.raises(TokenRefused, match="did not answer"):
        approve(station, "release", SUBJECT, pytest.fail, [ana, luis], Person([""]), lambda _: token)


def test_a_demonstration_asks_for_pins(bench: Bench) -> None:
    station, approvals = bench.open(demo=True), list[Approval]()
    ana, luis = (station.operators.enrol(name, "supervisor", PIN).id for name in ("Ana Ruiz", "Luis Paz"))
    approve(station, "release", SUBJECT, approvals.append, [ana, luis], Person([PIN]))
    assert approvals[0].first.method == "demonstration_pin"


@pytest.mark.parametrize("count", [0, 1, 3])
def test_two_persons_and_no_other_number(bench: Bench, count: int) -> None:
    station = bench.open()
    with pytest.raises(NotAllowed, match=f"{count} came: give --person ID twice"):
        approve(station, "release", SUBJECT, pytest.fail, ["op-1"] * count)


def test_nobody_of_that_id(bench: Bench) -> None:
    with pytest.raises(UnknownOperator, match="op-9"):
        approve(bench.open(), "release", SUBJECT, pytest.fail, ["op-9", "op-8"])
