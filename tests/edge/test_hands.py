"""Who may hand an exhibit over by the station's pages: each signs what was shown, in one session, and nothing else."""

import re
from dataclasses import dataclass

import httpx
import pytest

from drivers.code_reader.codes import parse
from drivers.transcript import Transcript
from edge.errors import BadCasework, NotAllowed
from edge.hands import Given
from edge.scanning import Scanned
from edge.station import Station
from edge.tables import Operator
from edge.views import OperatorView
from sync.contract.casework import SealCheckRecord, SealRecord, TransferRecord
from sync.contract.ids import ScreeningId
from tests.edge.bench import PIN, Bench
from tests.edge.test_png import png

SEAL = "FGR-0098812"
ASKED = "Scan the seal of the bag"


@dataclass
class Desk:
    """A screen at which somebody is signed in, and an exhibit that Ana Ruiz has."""

    client: httpx.Client
    station: Station
    screening: ScreeningId
    exhibit: str

    def sign_in(self, person: OperatorView) -> None:
        assert self.client.post("/api/sign-in", json={"operator": person.id, "pin": PIN}).status_code == 200

    def tell(self, receiver: OperatorView) -> str:
        """Tell of a hand-over to a colleague; return the screen that is signed."""
        told = {"number": SEAL, "receiver": receiver.id, "reason": "custody"}
        answer = self.client.post(self.here, data=told, follow_redirects=True)
        assert answer.url.path == f"{self.here}/give"
        return answer.text

    def post(self, way: str, **fields: str) -> httpx.Response:
        return self.client.post(way, data=fields, follow_redirects=True)

    @property
    def here(self) -> str:
        return f"/exhibits/{self.exhibit}/handover"

    @property
    def transfers(self) -> list[TransferRecord]:
        return self.station.casework.dossier(self.screening).of(TransferRecord)


@pytest.fixture
def desk(browser: httpx.Client, a_station: Station, officer: OperatorView) -> Desk:
    browser.cookies.set("garita_language", "en")
    casework, screening = a_station.casework, a_station.screenings.open(officer, "vehicle")
    exhibit = casework.add_exhibit(officer, screening, "three bags")
    casework.apply_seal(officer, exhibit, SEAL, "closed")
    return Desk(browser, a_station, screening, exhibit)


@pytest.fixture
def mora(a_station: Station) -> OperatorView:
    return a_station.operators.enrol("Luis Mora", "officer", PIN)


@pytest.fixture
def sol(a_station: Station) -> OperatorView:
    return a_station.operators.enrol("Eva Sol", "supervisor", PIN)


def way(page: str, address: str) -> str:
    """Return the address on a page, in a link or a form, that begins with this one."""
    found = re.search(rf'(?:action|href)="({re.escape(address)}\?[^"]*)"', page)
    assert found, page
    return found[1].replace("&amp;", "&")


def test_what_is_told_is_signed_by_both_and_then_on_record(
    desk: Desk, officer: OperatorView, mora: OperatorView
) -> None:
    desk.sign_in(officer)
    accept = desk.post(way(desk.tell(mora), f"{desk.here}/give"), held="yes")
    assert f"seal {SEAL} · manual. From Ana Ruiz to Luis Mora: Custody goes on." in accept.text
    assert desk.post(way(accept.text, f"{desk.here}/accept/pin"), pin=PIN).url.path == f"/exhibits/{desk.exhibit}"
    [record] = desk.transfers
    assert (record.giver, record.given_by, record.given, record.accepted_by) == (
        "Ana Ruiz",
        officer.id,
        "hold",
        mora.id,
    )


def test_who_has_not_got_it_lets_who_has_it_sign_by_their_pin(
    desk: Desk, officer: OperatorView, mora: OperatorView, sol: OperatorView
) -> None:
    desk.sign_in(mora)
    page = desk.tell(sol)
    assert "garita-hold" not in page
    assert desk.post(f"{desk.here}/give", held="yes").url.path == f"{desk.here}/give"
    by_holder = way(page, f"{desk.here}/give/pin")
    by_self = by_holder.replace(officer.id, mora.id)
    assert desk.post(by_self, pin=PIN).url.path == f"{desk.here}/give"
    form = way(desk.client.get(by_holder).text, f"{desk.here}/give/pin")
    accept = desk.post(form, pin=PIN)
    desk.post(way(accept.text, f"{desk.here}/accept/pin"), pin=PIN)
    [record] = desk.transfers
    assert (record.operator, record.giver, record.given_by, record.given) == (mora.id, "Ana Ruiz", officer.id, "pin")


def test_a_laboratory_hands_over_what_it_received_and_opens_nothing(
    desk: Desk, officer: OperatorView, mora: OperatorView
) -> None:
    lab, casework = desk.station.operators.enrol("Lia Lab", "laboratory", PIN), desk.station.casework
    casework.transfer(officer, desk.exhibit, lab.name, "analysis", SEAL, lab.id)
    with pytest.raises(NotAllowed):
        casework.break_seal(lab, desk.exhibit, SEAL, "a sample")
    desk.sign_in(lab)
    spelt = {"name": f"{desk.exhibit}_to_spelt", "value": "I"}
    assert desk.client.post(f"/screenings/{desk.screening}/drafts", data=spelt).status_code == 204
    accept = desk.post(way(desk.tell(mora), f"{desk.here}/give"), held="yes")
    desk.post(way(accept.text, f"{desk.here}/accept/pin"), pin=PIN)
    assert [(each.giver, each.receiver, each.given_by) for each in desk.transfers][1:] == [
        (lab.name, mora.name, lab.id)
    ]
    for name in (f"{desk.exhibit}_seal", f"{desk.exhibit}_weight"):
        assert desk.client.post(f"/screenings/{desk.screening}/drafts", data={"name": name}).status_code == 403


def test_a_bag_is_opened_by_who_has_it_alone(desk: Desk, officer: OperatorView, mora: OperatorView) -> None:
    casework, page, laboratory = desk.station.casework, f"/exhibits/{desk.exhibit}", "Q.F.B. Inés Duarte, Laboratory"
    drawn = Given(None, drawn=png())

    def sees(person: OperatorView) -> str:
        desk.sign_in(person)
        return desk.client.get(page).text

    def is_refused(person: OperatorView, holder: str) -> None:
        shown = sees(person)
        assert f"{page}/open" not in shown
        assert f"Held by {holder}<br><small>Nobody else opens the bag" in shown
        assert desk.post(f"{page}/open", number=SEAL, why="sampling").url.path == page
        assert desk.post(f"{page}/open/break", held="yes").url.path == page
        with pytest.raises(BadCasework, match=f"exhibit 1 is in the hands of {holder}: put the hand-over to"):
            casework.break_seal(person, desk.exhibit, SEAL, "a sample")

    assert f"{page}/open" in sees(officer)
    is_refused(mora, officer.name)
    casework.transfer(officer, desk.exhibit, laboratory, "analysis", SEAL)
    is_refused(officer, laboratory)
    is_refused(mora, laboratory)
    casework.transfer(officer, desk.exhibit, mora.name, "return", SEAL, mora.id, drawn)
    is_refused(officer, mora.name)
    assert f"{page}/open" in sees(mora)
    assert desk.post(f"{page}/open", number=SEAL, why="check").url.path == f"{page}/open"
    desk.post(f"{page}/open/break", held="yes")
    [file] = casework.dossier(desk.screening).exhibits
    assert [(each.action, each.operator) for each in file.of(SealRecord)] == [
        ("applied", officer.id),
        ("broken", mora.id),
    ]


def test_a_laboratory_scans_the_seal_that_it_hands_over_or_finds_another(desk: Desk) -> None:
    lab, casework = desk.station.operators.enrol("Lia Lab", "laboratory", PIN), desk.station.casework
    read, other = (
        Scanned(1, parse(f"]C0{number}".encode()), 0.0, Transcript("code-reader:x")) for number in (SEAL, "99999")
    )
    casework.scan_seal(lab, desk.exhibit, read)
    casework.report_seal(lab, desk.exhibit, "99999", other)
    [report] = casework.dossier(desk.screening).of(SealCheckRecord)
    assert (report.operator, report.source) == (lab.id, "scanned")


def test_what_one_person_held_counts_in_no_other_session(
    desk: Desk, officer: OperatorView, mora: OperatorView, sol: OperatorView
) -> None:
    desk.sign_in(officer)
    accept = desk.post(way(desk.tell(mora), f"{desk.here}/give"), held="yes")
    form = way(accept.text, f"{desk.here}/accept/pin")
    for person in (sol, officer):
        desk.sign_in(person)
        assert "It changed while it was shown" not in desk.post(form, pin=PIN).text
        page = desk.tell(mora)
        assert "The signature was not kept: sign again." in page
    assert desk.transfers == []


def test_a_number_that_was_read_counts_for_who_read_it_in_that_session_for_minutes(
    bench: Bench, desk: Desk, officer: OperatorView, mora: OperatorView, sol: OperatorView
) -> None:
    ways = {"receiver": "handover", "why": "open"}
    for person in (officer, sol, officer):
        desk.sign_in(person)
        for way in ways.values() if person is officer else ["handover"]:
            here = f"/exhibits/{desk.exhibit}/{way}"
            assert ASKED in desk.client.get(here, follow_redirects=True).text
            assert SEAL not in desk.client.get(f"{here}/number").text, "nor is it offered by keys"
            assert ASKED not in desk.post(here, number=SEAL).text
    desk.post(desk.here, receiver=mora.id, reason="custody")
    for minutes, asked in ((6, False), (5, True)):
        bench.clock.sleep(minutes * 60)
        pages = [desk.client.get(f"/exhibits/{desk.exhibit}/{way}", follow_redirects=True) for way in ways.values()]
        assert [ASKED in page.text for page in pages] == [asked, asked]


def test_a_report_of_another_seal_takes_back_what_was_read_and_both_see_it(
    desk: Desk, officer: OperatorView, mora: OperatorView
) -> None:
    desk.sign_in(officer)
    opening = f"/exhibits/{desk.exhibit}/open"
    desk.post(opening, number=SEAL, why="check")
    give = way(desk.tell(mora), f"{desk.here}/give")
    desk.post(give, held="yes")
    desk.post(f"{desk.here}/other", number="OTRO-777")
    assert desk.station.drafts.of(desk.screening) == {}
    assert ASKED in desk.post(give, held="yes").text
    desk.post(f"{opening}/break", held="yes")
    [file] = desk.station.casework.dossier(desk.screening).exhibits
    assert file.seal_number == SEAL, "a bag whose seal was not read again was opened"
    for here in (desk.here, opening):
        assert ASKED in desk.client.get(here, follow_redirects=True).text
    told = "found with another seal: OTRO-777 · manual"
    page = desk.tell(mora)
    assert told in page
    accept = desk.post(way(page, f"{desk.here}/give"), held="yes")
    assert f"Custody goes on. Mind: {told}." in accept.text
    desk.post(opening, number=SEAL)
    assert told in desk.post(opening, why="check").text


def test_what_changed_since_it_was_shown_is_signed_by_nobody(
    desk: Desk, officer: OperatorView, mora: OperatorView, sol: OperatorView
) -> None:
    desk.sign_in(officer)
    stale = way(desk.tell(mora), f"{desk.here}/give")
    give = way(desk.tell(sol), f"{desk.here}/give")
    assert "It changed while it was shown" in desk.post(stale, held="yes").text
    pin = stale.replace("/give?", f"/give/pin?person={officer.id}&")
    assert "It changed while it was shown" in desk.post(pin, pin=PIN).text
    accept = way(desk.post(give, held="yes").text, f"{desk.here}/accept/pin")
    desk.station.casework.weigh(officer, desk.exhibit, ("12.5", "g"))
    assert "It changed while it was shown" in desk.post(accept, pin=PIN).text
    assert desk.client.get(desk.here, follow_redirects=True).url.path == f"{desk.here}/give"
    assert desk.transfers == []


def test_nobody_gives_to_themself_and_who_left_gives_by_a_supervisor_alone(
    desk: Desk, officer: OperatorView, mora: OperatorView, sol: OperatorView
) -> None:
    desk.sign_in(sol)
    assert "PIN of Ana Ruiz" in desk.tell(sol)
    assert "garita-hold" not in desk.tell(sol)
    assert "I give it for them" in desk.tell(mora)
    with desk.station._database.write() as session:
        row = session.get_one(Operator, officer.id)
        row.left = True
        session.add(row)
    assert "Somebody else hands it over" in desk.tell(sol)
    desk.sign_in(mora)
    assert desk.client.get(desk.here).status_code == 403


def test_a_bag_with_another_seal_goes_on_record_and_hands_over_once_that_is_put_right(
    desk: Desk, officer: OperatorView, mora: OperatorView
) -> None:
    desk.sign_in(officer)
    casework = desk.station.casework
    refused = desk.post(desk.here, number="99999")
    assert refused.status_code == 409
    assert SEAL not in refused.text
    assert SEAL not in desk.client.get(f"{desk.here}?ask=number").text
    report = f"{desk.here}/other"
    for _ in range(2):
        assert "found with another seal: 99999 · manual" in desk.post(report, number="99999").text
    [(seq, record)] = [
        each for each in casework.dossier(desk.screening).records if isinstance(each[1], SealCheckRecord)
    ]
    assert (record.on_record, record.found, record.source, record.operator) == (SEAL, "99999", "typed", officer.id)
    assert "found with another seal: 99999 · manual" in desk.client.get(f"/screenings/{desk.screening}/review").text
    assert f"99999 · manual; on record: {SEAL}" in desk.client.get(f"/entries/{seq}").text
    assert desk.post(report, number=SEAL).status_code == 422
    sealed = next(seq for seq, it in casework.dossier(desk.screening).records if isinstance(it, SealRecord))
    casework.amend(officer, sealed, "misread", [("seal_number", SEAL, "99999")])
    told = f"found with another seal: 99999 · manual; on record: {SEAL}"
    assert told in desk.client.get(f"/exhibits/{desk.exhibit}").text
    told = {"number": "99999", "receiver": mora.id, "reason": "custody"}
    assert desk.client.post(desk.here, data=told, follow_redirects=True).url.path == f"{desk.here}/give"
