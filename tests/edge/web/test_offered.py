"""The screens of seizures and exhibits offer nobody what their role may not do, and everybody what it may."""

import re
from collections.abc import Iterator, Mapping
from typing import get_args

import httpx
import pytest

from edge.permissions import PERMISSIONS, Action
from edge.station import Station
from edge.tables import Operator
from edge.views import OperatorView
from sync.contract.acts import Role
from sync.contract.casework import SealRecord
from sync.contract.ids import ScreeningId
from tests.edge.bench import PIN
from tests.edge.web.test_loose_bags import HANDOVER, OPEN, SEAL, give, screens

ACTS: Mapping[str, Action] = {
    r"/exhibits/[^/]+/handover": "transfer",
    r"/exhibits/[^/]+/(open|weight|photo|seal)": "casework",
    r"/screenings/[^/]+/(exhibits/new|undo|witnesses|review)": "casework",
    r"/entries/\d+/amend": "casework",
    r"/entries/\d+/void": "void",
    r"/screenings/[^/]+/export": "release",
    r"/screenings/[^/]+/decision.*|/reviews": "review",
}


def offered(page: str) -> set[str]:
    """Return where the links and forms of a page lead, without what follows the path."""
    return set(re.findall(r'(?:href|action)="(/[^"?#]*)', page))


def acts(page: str) -> set[Action]:
    """Return what a page offers to do."""
    found = offered(page)
    return {action for pattern, action in ACTS.items() if any(re.fullmatch(pattern, each) for each in found)}


@pytest.fixture
def screening(a_station: Station, officer: OperatorView) -> ScreeningId:
    return a_station.screenings.open(officer, "vehicle")


@pytest.fixture
def exhibit(a_station: Station, officer: OperatorView, screening: ScreeningId) -> str:
    return a_station.casework.add_exhibit(officer, screening, "a bag")


@pytest.fixture(params=get_args(Role))
def person(request: pytest.FixtureRequest, a_station: Station, officer: OperatorView) -> OperatorView:
    return officer if request.param == "officer" else a_station.operators.enrol("Eva Sol", request.param, PIN)


@pytest.fixture
def client(a_station: Station, person: OperatorView) -> Iterator[httpx.Client]:
    with screens(a_station, person) as client:
        yield client


def may(person: OperatorView, *actions: Action) -> set[Action]:
    return {each for each in actions if person.role in PERMISSIONS[each].may}


def look(client: httpx.Client, person: OperatorView, *pages: str) -> set[Action]:
    """Return what pages offer; none of it is another role's, and no link of theirs is refused."""
    found = set[Action]()
    for page in pages:
        answer = client.get(page, follow_redirects=True)
        assert answer.status_code == 200, page
        found |= acts(answer.text)
        assert acts(answer.text) <= may(person, *PERMISSIONS), f"{person.role} at {page}"
        for link in set(re.findall(r'<a [^>]*href="(/(?:exhibits|screenings|entries|cases)[^"#]*)', answer.text)):
            told = client.get(link.replace("&amp;", "&"), follow_redirects=True)
            assert told.status_code == 200, f"{person.role} at {page}: {link}"
    return found


def test_of_a_seizure_that_is_not_signed(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str, client: httpx.Client,
    person: OperatorView,
) -> None:  # fmt: skip
    pages = f"/screenings/{screening}/seizure", f"/exhibits/{exhibit}", "/cases"
    assert look(client, person, *pages) - {"review"} == may(person, "casework")
    sealed = a_station.casework.apply_seal(officer, exhibit, SEAL, "closed")
    assert look(client, person, *pages) - {"review"} == may(person, "casework", "transfer")
    entry = look(client, person, f"/entries/{sealed}", f"/screenings/{screening}/entries")
    assert entry == may(person, "casework", "void")
    back = a_station.seizures.undo(officer, screening, sealed)
    for seq in (sealed, back):
        assert look(client, person, f"/entries/{seq}") == set(), "it was taken back"


def test_of_a_signed_one(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str, client: httpx.Client,
    person: OperatorView,
) -> None:  # fmt: skip
    casework = a_station.casework
    casework.apply_seal(officer, exhibit, SEAL, "closed")
    a_station.seizures.sign(officer, screening, "hold")
    here = f"/exhibits/{exhibit}"
    opens: set[Action] = {"casework"} if person == officer else set()
    assert look(client, person, here, "/cases") - {"review"} == may(person, "transfer") | opens
    assert look(client, person, f"/screenings/{screening}/record") == may(person, "release")
    casework.break_seal(officer, exhibit, SEAL, "a sample")
    assert look(client, person, here) == may(person, "casework")
    approver = a_station.operators.enrol("Ida Paz", "supervisor", PIN)
    a_station.seizures.review(approver, screening, "returned", "no photograph")
    ends = may(person, "casework") or may(person, "release")
    assert look(client, person, f"/screenings/{screening}/record") == ends


def test_who_signed_a_seizure_is_offered_no_review_of_it(a_station: Station) -> None:
    sol = a_station.operators.enrol("Eva Sol", "supervisor", PIN)
    screening = a_station.screenings.open(sol, "vehicle")
    a_station.casework.add_exhibit(sol, screening, "a bag")
    a_station.seizures.sign(sol, screening, "hold")
    here = f"/screenings/{screening}/decision"
    for person, acts_there in (
        (sol, set[str]()),
        (a_station.operators.enrol("Au Dit", "auditor", PIN), {f"{here}/return", f"{here}/approve"}),
    ):
        with screens(a_station, person) as client:
            page = client.get(here).text
            assert {each for each in offered(page) if each.startswith(f"{here}/")} == acts_there
            assert ("You signed it: somebody else reviews it." in page) == (person is sol)


def test_an_exhibit_that_nobody_here_can_give_is_not_handed_over(
    a_station: Station, officer: OperatorView, exhibit: str
) -> None:
    """Who has it became a technician: a supervisor gives it for them, and nobody else."""
    a_station.casework.apply_seal(officer, exhibit, SEAL, "closed")
    with a_station._database.write() as session:
        session.get_one(Operator, officer.id).role = "technician"
    for role, is_offered in (("officer", False), ("supervisor", True)):
        person = a_station.operators.enrol(f"Luis {role}", role, PIN)
        with screens(a_station, person) as client:
            assert ("transfer" in look(client, person, f"/exhibits/{exhibit}")) == is_offered


def test_home_goes_on_with_a_hand_over_for_a_laboratory_and_with_an_open_bag_for_who_closes_it(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str
) -> None:
    lab = a_station.operators.enrol("Inés Duarte", "laboratory", PIN)
    a_station.casework.apply_seal(officer, exhibit, SEAL, "closed")
    a_station.seizures.sign(officer, screening, "hold")
    here = f"/exhibits/{exhibit}/handover"
    with screens(a_station, officer) as client:
        client.post(here, data={"receiver": lab.id, "reason": "analysis"})
        assert "PIN" in give(client, here).text
    with screens(a_station, lab) as client:
        assert HANDOVER in client.get("/").text
        client.post(f"{here}/again")
        assert HANDOVER not in client.get("/").text
    a_station.casework.break_seal(officer, exhibit, SEAL, "a sample")
    assert [each.action for each in a_station.casework.dossier(screening).of(SealRecord)] == ["applied", "broken"]
    for person in (lab, officer):
        with screens(a_station, person) as client:
            assert (OPEN in client.get("/").text) == (person is officer)
