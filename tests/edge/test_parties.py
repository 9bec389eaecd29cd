"""Who changed a seizure after it was signed approves it not: what they changed is seen by somebody else."""

from collections.abc import Callable

import httpx
import pytest

from edge.approvals import Approval, Proof
from edge.errors import NotAllowed
from edge.station import Station
from edge.views import OperatorView
from sync.contract.acts import void_subject
from sync.contract.ids import ScreeningId
from sync.contract.seizure import ReviewRecord
from tests.edge.bench import PIN

Change = Callable[[Station, OperatorView, ScreeningId, str], object]


@pytest.fixture
def screening(a_station: Station, officer: OperatorView) -> ScreeningId:
    return a_station.screenings.open(officer, "vehicle")


@pytest.fixture
def exhibit(a_station: Station, officer: OperatorView, screening: ScreeningId) -> str:
    """Return an exhibit of a signed seizure."""
    casework = a_station.casework
    exhibit = casework.add_exhibit(officer, screening, "a bag")
    casework.weigh(officer, exhibit, ("12.41", "g"))
    casework.apply_seal(officer, exhibit, "FGR-1", "closed")
    a_station.seizures.sign(officer, screening, "hold")
    return exhibit


@pytest.fixture
def sol(a_station: Station) -> OperatorView:
    return a_station.operators.enrol("Eva Sol", "supervisor", PIN)


@pytest.fixture
def mora(a_station: Station) -> OperatorView:
    return a_station.operators.enrol("Luis Mora", "auditor", PIN)


def amend(station: Station, person: OperatorView, screening: ScreeningId, _: str) -> None:
    weighed = next(seq for seq, each in station.casework.dossier(screening).records if each.schema_name == WEIGHT)
    station.casework.amend(person, weighed, "It was read wrongly", [("value", "12.41", "0.49")])


def void(station: Station, person: OperatorView, screening: ScreeningId, _: str) -> None:
    weighed = next(seq for seq, each in station.casework.dossier(screening).records if each.schema_name == WEIGHT)
    beside = next(each for each in station.operators.list() if each.role == "officer")
    approval = Approval("void", void_subject(weighed, "x"), Proof(person, "token"), Proof(beside, "token"))
    station.casework.void(approval, weighed, "x")


def weigh(station: Station, person: OperatorView, _: ScreeningId, exhibit: str) -> None:
    holder = next(each for each in station.operators.list() if each.role == "officer")
    station.casework.break_seal(holder, exhibit, "FGR-1", "A sample is taken")
    station.casework.weigh(person, exhibit, ("0.49", "g"), occasion="before_sampling")


def photograph(station: Station, person: OperatorView, _: ScreeningId, exhibit: str) -> None:
    station.casework.photograph(person, exhibit, b"\xff\xd8\xff another bag", "image/jpeg")


def close(station: Station, person: OperatorView, _: ScreeningId, exhibit: str) -> None:
    holder = next(each for each in station.operators.list() if each.role == "officer")
    station.casework.break_seal(holder, exhibit, "FGR-1", "A sample is taken")
    station.casework.apply_seal(person, exhibit, "OTHER-9", "closed")


WEIGHT = "garita.weight/3"


@pytest.mark.parametrize("change", [amend, void, weigh, photograph, close])
def test_who_changed_it_since_the_signature_does_not_approve_it_and_somebody_else_may(
    a_station: Station, browser: httpx.Client, screening: ScreeningId, exhibit: str, sol: OperatorView,
    mora: OperatorView, change: Change,
) -> None:  # fmt: skip
    change(a_station, sol, screening, exhibit)
    with pytest.raises(NotAllowed, match="Eva Sol measured, weighed, photographed, opened, closed, amended or voided"):
        a_station.seizures.review(sol, screening, "approved")
    browser.cookies.set("garita_language", "en")
    assert browser.post("/api/sign-in", json={"operator": sol.id, "pin": PIN}).status_code == 200
    page = browser.get(f"/screenings/{screening}/decision").text
    assert "somebody else approves it." in page
    assert "garita-hold" not in page
    a_station.seizures.review(mora, screening, "approved")
    told = [(each.decision, each.operator) for each in a_station.casework.dossier(screening).of(ReviewRecord)]
    assert told[-1] == ("approved", mora.id)


def test_who_allowed_a_void_is_somebody_else(
    a_station: Station, screening: ScreeningId, exhibit: str, sol: OperatorView, mora: OperatorView
) -> None:
    weighed = next(seq for seq, each in a_station.casework.dossier(screening).records if each.schema_name == WEIGHT)
    approval = Approval("void", void_subject(weighed, "x"), Proof(sol, "token"), Proof(mora, "token"))
    a_station.casework.void(approval, weighed, "x")
    with pytest.raises(NotAllowed, match="somebody else approves it"):
        a_station.seizures.review(sol, screening, "approved")
    a_station.seizures.review(mora, screening, "approved")
    assert exhibit


def test_what_somebody_else_approved_or_signed_again_is_answered(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str, sol: OperatorView,
    mora: OperatorView,
) -> None:  # fmt: skip
    """One who changed it approves what another changes later; and what its signer signed anew."""
    review = a_station.seizures.review
    amend(a_station, sol, screening, exhibit)
    review(mora, screening, "approved")
    amend(a_station, officer, screening, exhibit)
    review(sol, screening, "approved")
    amend(a_station, sol, screening, exhibit)
    review(sol, screening, "returned", "look at the weight")
    a_station.seizures.sign(officer, screening, "hold")
    review(sol, screening, "approved")


def test_who_handed_the_bag_on_is_no_party(
    a_station: Station, officer: OperatorView, screening: ScreeningId, exhibit: str, sol: OperatorView
) -> None:
    a_station.casework.transfer(officer, exhibit, sol.name, "storage", "FGR-1", sol.id)
    a_station.casework.transfer(sol, exhibit, "Inés, Laboratorio", "analysis", "FGR-1")
    a_station.seizures.review(sol, screening, "approved")
