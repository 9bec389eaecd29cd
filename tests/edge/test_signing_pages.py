"""What is signed or approved by the station's pages: all of it was shown, and nothing that came since."""

import re
from dataclasses import dataclass

import httpx
import pytest

from edge.approvals import Approval
from edge.station import Station
from edge.subject_records import Told
from edge.views import OperatorView
from sync.contract.acts import void_subject
from sync.contract.casework import WeightRecord
from sync.contract.ids import ScreeningId
from sync.contract.seizure import ReviewRecord, SignatureRecord
from tests.edge.bench import PIN, finished

EXHIBITS, READINGS = 5, 5
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
        while on := re.search(r'class="button primary" href="([^"]*page=\d+)"', found[-1]):
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
    a_station.casework.weigh(officer, exhibits[0], ("12.5", "g"), "gross", "A&D SJ-5000HS")
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


def test_every_reading_is_shown_before_it_is_signed_and_before_it_is_approved(
    seizure: Seizure, officer: OperatorView, supervisor: OperatorView
) -> None:
    station, screening = seizure.station, seizure.screening
    for _ in range(READINGS):
        finished(station, station.screenings.start(officer, screening=screening))
    for person, way in ((officer, "review?incomplete=yes"), (supervisor, "decision")):
        seizure.sign_in(person)
        text = "\n".join(seizure.pages(way))
        assert [f"Reading {number}: " in text for number in range(1, READINGS + 1)] == [True] * READINGS
        station.seizures.sign(officer, screening, "hold") if person is officer else None
    rows = "".join(seizure.pages("compare"))
    assert all(reading.id in rows for reading in station.casework.dossier(screening).readings)


def test_what_was_screened_is_shown_to_who_signs_and_to_who_approves(
    seizure: Seizure, officer: OperatorView, supervisor: OperatorView
) -> None:
    station, screening = seizure.station, seizure.screening
    station.subjects.tell(officer, screening, Told("land", "dog", ("ABC-12-34",)))
    reading = finished(station, station.screenings.start(officer, screening=screening))
    station.subjects.saw(officer, reading.id, "powder")
    seizure.sign_in(officer)
    assert "Vehicle · Plate ABC-12-34" in "".join(seizure.pages("review?incomplete=yes"))
    station.seizures.sign(officer, screening, "hold")
    seizure.sign_in(supervisor)
    assert "Vehicle · Plate ABC-12-34" in "".join(seizure.pages("decision"))


def test_an_undo_names_whose_answer_it_takes_back(seizure: Seizure, officer: OperatorView) -> None:
    seizure.station.seizures.witness(officer, seizure.screening, "searched", "agreed")
    seizure.sign_in(officer)
    last = seizure.client.get(f"/screenings/{seizure.screening}/review?page=9").text
    assert "Undo<small>Person searched</small>" in last


def test_what_was_corrected_is_approved_with_both_values_who_and_why(
    seizure: Seizure, officer: OperatorView, supervisor: OperatorView
) -> None:
    station, screening = seizure.station, seizure.screening
    station.seizures.sign(officer, screening, "hold")
    seizure.sign_in(supervisor)
    assert "Corrected" not in "".join(seizure.pages("decision"))
    weighed = next(seq for seq, it in station.casework.dossier(screening).records if isinstance(it, WeightRecord))
    station.casework.amend(officer, weighed, "Misread", [("value", "12.5", "9125")])
    told = "Exhibit 1 · Weight: 12.5 → 9125 (Misread), Ana Ruiz"
    assert told in "".join(seizure.pages("decision"))
    people = [station.operators.enrol(name, "supervisor", PIN) for name in ("Iris Paz", "Luz Mar")]
    station.operators.demo = True
    first, second = (station.operators.prove(each.id, PIN) for each in people)
    void = Approval("void", void_subject(weighed, "another bag"), first, second)
    station.casework.void(void, weighed, "another bag")
    assert "Exhibit 1 · VOID: another bag" in "".join(seizure.pages("decision"))


def test_no_page_and_no_card_is_opened_for_a_sentence_alone(seizure: Seizure, officer: OperatorView) -> None:
    seizure.sign_in(officer)
    for _ in range(6):
        pages = seizure.pages("review?incomplete=yes")
        assert ["Once signed, it is only amended" in page for page in pages] == [False] * (len(pages) - 1) + [True]
        headings = re.findall(r'<section class="card">\s*<h2>(?:<svg.*?</svg>)?([^<]*)', "".join(pages), re.DOTALL)
        assert all(headings), "each card begins with what it is about"
        seizure.station.casework.add_exhibit(officer, seizure.screening, "another bag, of brown paper")


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
    assert "corrected: 9125\u00a0g gross · manual" in "".join(fresh)
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


def test_a_weight_that_cannot_be_is_refused_where_it_is_entered_and_a_strange_one_is_doubted(
    seizure: Seizure, officer: OperatorView
) -> None:
    station, screening = seizure.station, seizure.screening
    station.seizures.sign(officer, screening, "hold")
    seizure.sign_in(officer)
    weighed = next(seq for seq, it in station.casework.dossier(screening).records if isinstance(it, WeightRecord))
    here = f"/entries/{weighed}/amend/value"
    for entered, told in (
        ("12.512.6", "12.512.6 is no weight. Enter digits with one point, as 1250.40."),
        ("0.0", "0.0 is no weight."),
        ("-3", "-3 is no weight."),
        ("12.5", "It says 12.5 already."),
    ):
        refused = seizure.client.post(here, data={"value": entered})
        assert refused.status_code == 422
        assert told in refused.text
        assert 'value=""' in refused.text
    kept = {f"amend_{weighed}_value": "12.512.6", f"amend_{weighed}_why": "misread"}
    station.drafts.keep(officer, screening, **kept)
    assert "It says: 12.5" in seizure.client.get(here).text, "what an older station kept is asked for again"
    assert seizure.client.post(f"{here}/sign", data={"held": "yes"}).headers["location"] == here
    for value, doubt in (("62.5", "much more"), ("2.5", "much less"), ("12.6", "")):
        seizure.client.post(here, data={"value": value})
        page = seizure.client.post(here, data={"why": "misread"}, follow_redirects=True).text
        assert f"{value}\N{NO-BREAK SPACE}g" in page
        assert [each for each in ("much more", "much less") if each in page] == [doubt] * bool(doubt)


def test_a_weight_that_becomes_more_than_a_tonne_is_doubted_though_it_is_not_much_more(
    seizure: Seizure, officer: OperatorView
) -> None:
    station, screening = seizure.station, seizure.screening
    exhibit = station.casework.dossier(screening).exhibits[0].id
    weighed = station.casework.weigh(officer, exhibit, ("900", "kg"), "net")
    seizure.sign_in(officer)
    here = f"/entries/{weighed}/amend/value"
    for value, doubt in (("1900", "That is 1.9 t."), ("1000.001", "That is 1.0 t."), ("1000", "")):
        seizure.client.post(here, data={"value": value})
        page = seizure.client.post(here, data={"why": "misread"}, follow_redirects=True).text
        assert "Is everything right?" in page
        assert ("Look at the scale and the unit again." in page, doubt in page) == (bool(doubt), True), value


def test_a_unit_that_makes_a_weight_strange_is_doubted_beside_the_digits_that_stand(
    seizure: Seizure, officer: OperatorView
) -> None:
    station, screening = seizure.station, seizure.screening
    exhibit = station.casework.dossier(screening).exhibits[0].id
    weighed = station.casework.weigh(officer, exhibit, ("5000", "g"), "net")
    seizure.sign_in(officer)

    def doubts(field: str, value: str) -> list[str]:
        here = f"/entries/{weighed}/amend/{field}"
        seizure.client.post(here, data={"value": value})
        page = seizure.client.post(here, data={"why": "misread"}, follow_redirects=True).text
        assert "Is everything right?" in page
        return [each for each in ("much more", "much less") if each in page]

    assert doubts("unit", "kg") == ["much more"]
    assert doubts("unit", "mg") == ["much less"]
    assert doubts("value", "5") == ["much less"]
    station.casework.amend(officer, weighed, "It was read wrongly", [("value", "5000", "5")])
    assert doubts("unit", "kg") == [], "5 kg is what 5000 g said"


def test_what_is_signed_and_closed_is_weighed_only_once_its_bag_is_open(
    seizure: Seizure, officer: OperatorView
) -> None:
    station, screening = seizure.station, seizure.screening
    exhibit = station.casework.dossier(screening).exhibits[0].id
    station.casework.apply_seal(officer, exhibit, "FGR-1", "closed")
    station.seizures.sign(officer, screening, "hold")
    seizure.sign_in(officer)
    here = f"/exhibits/{exhibit}"
    for path in ("weight", "weight/typed", "photo", "weight?occasion=before_sampling"):
        page = seizure.client.get(f"{here}/{path}", follow_redirects=True)
        assert page.url.path == here
        assert "To weigh it again, open the bag first." in page.text
    sent = seizure.client.post(f"{here}/weight/typed", data={"value": "12.6"}, follow_redirects=True)
    assert sent.url.path == here
    station.casework.break_seal(officer, exhibit, "FGR-1", "a sample")
    page = seizure.client.get(f"{here}/weight?occasion=before_sampling")
    assert page.status_code == 200
    assert "12.5" not in page.text, "that was weighed on another occasion"


def test_what_cannot_be_recorded_leads_back_to_the_step_it_was_sent_from(
    seizure: Seizure, officer: OperatorView
) -> None:
    seizure.sign_in(officer)
    exhibit = seizure.station.casework.dossier(seizure.screening).exhibits[0].id
    origin = str(seizure.client.base_url).rstrip("/")
    report, step = f"/exhibits/{exhibit}/handover/other", f"/exhibits/{exhibit}/handover?ask=number"

    def refused(referer: str) -> str:
        answer = seizure.client.post(report, data={"number": "99999"}, headers={"Referer": referer})
        assert answer.status_code == 422
        return answer.text

    assert f'class="button primary" href="{step}"' in refused(f"{origin}{step}")
    for elsewhere in ("", "http://elsewhere.example/x", "nonsense"):
        assert 'class="button primary" href="/"' in refused(elsewhere)
