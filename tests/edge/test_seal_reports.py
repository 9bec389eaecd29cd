"""A report of another seal stays before everybody until somebody else answers it; an open bag is missing its seal."""

from dataclasses import dataclass

import httpx
import pytest

from edge.errors import NotAllowed
from edge.exhibit_file import ExhibitFile
from edge.paper.acta import Things, _things
from edge.seizures import missing
from edge.station import Station
from edge.views import OperatorView
from sync.contract.casework import SealRecord
from sync.contract.ids import ScreeningId, Seq
from tests.edge.bench import PIN
from tests.edge.paper.case import prints

HELD, OTHER = "SELLO-00132", "SELLO-00123"
FOUND = f"found with another seal: {OTHER} · manual; on record: {HELD}"


@dataclass
class Seizure:
    """A signed seizure of one sealed exhibit."""

    station: Station
    screening: ScreeningId
    exhibit: str

    @property
    def file(self) -> ExhibitFile:
        [file] = self.station.casework.dossier(self.screening).exhibits
        return file

    @property
    def sealed(self) -> Seq:
        return next(seq for seq, each in self.file.records if isinstance(each, SealRecord))

    @property
    def acta(self) -> Things:
        dossier = self.station.casework.dossier(self.screening)
        return _things(prints(self.station, "en")._teller(dossier), dossier, self.file)

    def swap(self, person: OperatorView) -> None:
        """Report another seal, and amend the record to it."""
        self.station.casework.report_seal(person, self.exhibit, OTHER)
        self.amend(person)

    def amend(self, person: OperatorView) -> None:
        self.station.casework.amend(person, self.sealed, "It was read wrongly", [("seal_number", HELD, OTHER)])

    def approve(self, person: OperatorView) -> None:
        self.station.seizures.review(person, self.screening, "approved")


@pytest.fixture
def seizure(a_station: Station, officer: OperatorView) -> Seizure:
    screening = a_station.screenings.open(officer, "vehicle")
    exhibit = a_station.casework.add_exhibit(officer, screening, "a bag")
    a_station.casework.apply_seal(officer, exhibit, HELD, "closed")
    a_station.seizures.sign(officer, screening, "hold")
    return Seizure(a_station, screening, exhibit)


@pytest.fixture
def sol(a_station: Station) -> OperatorView:
    return a_station.operators.enrol("Eva Sol", "supervisor", PIN)


@pytest.fixture
def mora(a_station: Station) -> OperatorView:
    return a_station.operators.enrol("Luis Mora", "supervisor", PIN)


def decision(browser: httpx.Client, seizure: Seizure) -> str:
    """Return all that is shown to who reviews it."""
    here = f"/screenings/{seizure.screening}/decision"
    return "".join(browser.get(f"{here}?page={page}").text for page in (1, 2))


def test_a_seal_that_its_holder_reports_and_amends_is_no_typing_error_to_who_approves(
    browser: httpx.Client, seizure: Seizure, officer: OperatorView, sol: OperatorView
) -> None:
    browser.cookies.set("garita_language", "en")
    seizure.swap(officer)
    assert browser.post("/api/sign-in", json={"operator": sol.id, "pin": PIN}).status_code == 200
    exhibit = f"/exhibits/{seizure.exhibit}"
    assert f"Exhibit 1: {FOUND}" in decision(browser, seizure)
    assert FOUND in browser.get(exhibit).text
    assert ("Mind:", FOUND) in [(each.name, each.value) for each in seizure.acta.now]
    seizure.approve(sol)
    assert seizure.file.reports == []
    assert FOUND not in decision(browser, seizure)
    assert "another seal" not in browser.get(exhibit).text
    assert "Mind:" not in [each.name for each in seizure.acta.now]


def test_who_reported_it_or_amended_it_since_does_not_approve_it(
    browser: httpx.Client, seizure: Seizure, sol: OperatorView, mora: OperatorView
) -> None:
    browser.cookies.set("garita_language", "en")
    seizure.station.casework.report_seal(sol, seizure.exhibit, OTHER)
    seizure.amend(mora)
    for party in (sol, mora):
        with pytest.raises(NotAllowed, match="somebody else approves it"):
            seizure.approve(party)
        assert browser.post("/api/sign-in", json={"operator": party.id, "pin": PIN}).status_code == 200
        page = browser.get(f"/screenings/{seizure.screening}/decision").text
        assert "somebody else approves it." in page
        assert "garita-hold" not in page
    assert len(seizure.file.reports) == 1
    seizure.approve(seizure.station.operators.enrol("Ida Paz", "auditor", PIN))
    assert seizure.file.reports == []


def test_a_report_after_an_approval_brings_the_seizure_before_a_review_again(
    seizure: Seizure, officer: OperatorView, sol: OperatorView
) -> None:
    seizure.approve(sol)
    assert seizure.station.cases.find(9, unapproved=True) == []
    seizure.station.casework.report_seal(officer, seizure.exhibit, OTHER)
    [line] = seizure.station.cases.find(9, unapproved=True)
    assert line.decision == "corrected"
    seizure.approve(sol)
    assert seizure.station.cases.find(9, unapproved=True) == []


def test_a_bag_that_lies_open_is_missing_its_seal_and_keeps_its_reports(
    browser: httpx.Client, seizure: Seizure, officer: OperatorView, sol: OperatorView
) -> None:
    browser.cookies.set("garita_language", "en")
    for found in ("OTRO-777", "OTRO-888"):
        seizure.station.casework.report_seal(officer, seizure.exhibit, found)
    seizure.station.casework.break_seal(officer, seizure.exhibit, HELD, "The bag is damaged")
    assert (seizure.exhibit, "seal") in [
        (each.exhibit, each.step) for each in missing(seizure.station.casework.dossier(seizure.screening))
    ]
    browser.post("/api/sign-in", json={"operator": sol.id, "pin": PIN})
    page = decision(browser, seizure)
    told = [f"found with another seal: {each} · manual; on record: {HELD}" for each in ("OTRO-777", "OTRO-888")]
    told.append(f"the bag is open: seal {HELD} · manual was broken")
    for each in told:
        assert f"Exhibit 1: {each}" in page
    assert "Seal of exhibit 1" in page
    assert "Nothing is missing" not in page
    assert [each.value for each in seizure.acta.now if each.name == "Mind:"] == told
    seizure.station.casework.apply_seal(officer, seizure.exhibit, "SELLO-00200", "closed again")
    page = decision(browser, seizure)
    assert "the bag is open" not in page
    assert "found with another seal: OTRO-888" in page, "a new seal answers no report"
