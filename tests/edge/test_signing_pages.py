"""What is signed or approved by the station's pages: all of it was shown, and nothing that came since."""

import re
from dataclasses import dataclass

import httpx
import pytest

from edge.station import Station
from edge.views import OperatorView
from sync.contract.casework import WeightRecord
from sync.contract.ids import ScreeningId
from sync.contract.seizure import ReviewRecord, SignatureRecord
from tests.edge.bench import PIN

EXHIBITS = 5
CHANGED = "It changed while it was shown"


@dataclass
class Seizure:
    """Five exhibits of one screening, the first of them weighed, before whoever signs in."""

    client: httpx.Client
    station: Station
    screening: ScreeningId

    def sign_in(self, person: OperatorView) -> None:
        assert self.client.post("/api/sign-in", json={"operator": person.id, "pin": PIN}).status_code == 200

    def pages(self, way: str) -> list[str]:
        """Return every page that "See the rest" leads to."""
        found = [self.client.get(f"/screenings/{self.screening}/{way}", follow_redirects=True).text]
        while on := re.search(r'class="button primary" href="([^"]*page=\d)"', found[-1]):
            found.append(self.client.get(on[1].replace("&amp;", "&")).text)
        return found

    def post(self, page: str, way: str, **fields: str) -> httpx.Response:
        """Send the form of a page whose address begins with this one."""
        found = re.search(rf'action="(/screenings/{self.screening}/{way}\?seen=[0-9a-f]+)"', page)
        assert found, page
        return self.client.post(found[1], data=fields, follow_redirects=True)


@pytest.fixture
def seizure(browser: httpx.Client, a_station: Station, officer: OperatorView) -> Seizure:
    browser.cookies.set("garita_language", "en")
    screening = a_station.screenings.open(officer, "vehicle")
    exhibits = [a_station.casework.add_exhibit(officer, screening, f"bag {number}") for number in range(EXHIBITS)]
    a_station.casework.weigh(officer, exhibits[0], ("12.5", "g"))
    return Seizure(browser, a_station, screening)


@pytest.fixture
def supervisor(a_station: Station) -> OperatorView:
    return a_station.operators.enrol("Eva Sol", "supervisor", PIN)


def assert_all_is_shown(pages: list[str]) -> None:
    text = "\n".join(pages)
    for number in range(1, EXHIBITS + 1):
        assert f"bag {number - 1}" in text
        assert f"Seal of exhibit {number}" in text
        assert f"Photograph of exhibit {number}" in text
        assert (f"Weight of exhibit {number}" in text) == (number > 1)
    assert "Witnesses and rights" in text
    assert [("garita-hold" in page) for page in pages] == [False] * (len(pages) - 1) + [True]


def test_everything_is_shown_before_it_is_signed_and_before_it_is_approved(
    seizure: Seizure, officer: OperatorView, supervisor: OperatorView
) -> None:
    seizure.sign_in(officer)
    pages = seizure.pages("review?incomplete=yes")
    assert_all_is_shown(pages)
    assert seizure.post(pages[-1], "sign", held="yes").url.path.endswith("/record")
    seizure.sign_in(supervisor)
    pages = seizure.pages("decision")
    assert_all_is_shown(pages)
    assert seizure.post(pages[-1], "decision", held="yes").url.path == "/reviews"
    [review] = seizure.station.casework.dossier(seizure.screening).of(ReviewRecord)
    assert (review.decision, review.operator) == ("approved", supervisor.id)


def test_what_was_amended_since_it_was_shown_is_approved_by_no_hold_and_no_pin(
    seizure: Seizure, officer: OperatorView, supervisor: OperatorView
) -> None:
    station, screening = seizure.station, seizure.screening
    station.seizures.sign(officer, screening, "hold")
    seizure.sign_in(supervisor)
    page = seizure.pages("decision")[-1]
    asked = re.search(r'href="([^"]*/decision/approve\?seen=[0-9a-f]+)"', page)
    assert asked
    weighed = next(seq for seq, it in station.casework.dossier(screening).records if isinstance(it, WeightRecord))
    station.casework.amend(officer, weighed, "misread", [("value", "12.5", "9125")])
    assert CHANGED in seizure.post(page, "decision", held="yes").text
    assert CHANGED in seizure.post(seizure.client.get(asked[1]).text, "decision/pin", pin=PIN).text
    assert station.casework.dossier(screening).of(ReviewRecord) == []
    fresh = seizure.pages("decision")
    assert "9125" in fresh[0]
    seizure.post(fresh[-1], "decision", held="yes")
    assert len(station.casework.dossier(screening).of(ReviewRecord)) == 1


def test_who_signs_what_is_signed_by_now_is_led_to_its_record(seizure: Seizure, officer: OperatorView) -> None:
    seizure.sign_in(officer)
    page = seizure.pages("review?incomplete=yes")[-1]
    for _ in range(2):
        answer = seizure.post(page, "sign", held="yes")
        assert answer.status_code == 200
        assert answer.url.path == f"/screenings/{seizure.screening}/record"
    assert len(seizure.station.casework.dossier(seizure.screening).of(SignatureRecord)) == 1
