"""A scanned code belongs to the screen that was shown when it came: one case, one exhibit, one bag that was read."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sync.contract.casework import SealRecord
from sync.contract.ids import ScreeningId
from sync.contract.observations import ObservationRecord
from sync.contract.subject import SubjectRecord
from tests.drivers.hand_reader import HandReader, hand_reader
from tests.edge.web.case_screens import add_exhibit
from tests.edge.web.officer import Officer, at
from tests.edge.web.post import Post, Site
from tests.waiting import wait_until

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Desk:
    """A post and the code reader in the officer's hand."""

    post: Post
    hand: HandReader

    def heard(self, place: str) -> int:
        """Return how many codes wait for a screen."""
        reader = self.post.station.companions.reader
        return len(reader.scanned(place)) if reader else 0

    def codes(self, screening: ScreeningId) -> list[bytes]:
        """Return what was scanned for a screening, as it is on record."""
        records = self.post.station.casework.dossier(screening).of(ObservationRecord)
        return [record.code.data for record in records if record.code]


@pytest.fixture(scope="module")
def desk(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with hand_reader() as hand:
        yield Desk(reading_by(hand, site, tmp_path_factory.mktemp("desk")), hand)


def reading_by(hand: HandReader, site: Site, data: Path) -> Post:
    """Build a post that hears the reader in a hand."""
    post = site.post(data, code_reader=f"code-reader:{hand.path}")
    reader = post.station.companions.reader
    assert reader
    hand.until_heard(lambda: next((each.code.raw for each in reversed(reader.scanned("/"))), None))
    return post


def begin(officer: Officer, kind: str) -> ScreeningId:
    officer.open("/")
    officer.tap(f".kinds form:has([value={kind}]) button")
    expect(officer.page.locator(".identify")).to_be_visible()
    return ScreeningId(officer.page.url.rsplit("/", 1)[1])


def polled(page: Page, screening: ScreeningId) -> None:
    """Wait until a page asked again for what it shows, and got it."""
    with page.expect_response(lambda answer: answer.url.endswith(f"/{screening}")):
        pass


def test_a_scan_goes_to_the_newest_screen_and_to_no_case_that_is_open_beside_it(chromium: Browser, desk: Desk) -> None:
    with at(chromium, desk.post, "en") as officer:
        officer.sign_in()
        first = begin(officer, "vehicle")
        desk.hand.scan(b"]C0PLATE-AAA")
        expect(officer.page.locator(".number strong")).to_have_text("PLATE-AAA")
        beside = officer.page
        officer.page = beside.context.new_page()
        second = begin(officer, "container")
        desk.hand.scan(b"]C0CSQU3054383")
        expect(officer.page.locator(".number strong")).to_have_text("CSQU3054383")
        polled(beside, first)
        officer.open(f"/screenings/{first}")
        polled(officer.page, first)
        expect(officer.page.locator(".number strong")).to_have_text("PLATE-AAA")
        officer.tap('.primary:has-text("Continue")')
        expect(officer.page.locator(".scenes")).to_be_visible()
    assert (desk.codes(first), desk.codes(second)) == ([b"PLATE-AAA"], [b"CSQU3054383"])
    [subject] = desk.post.station.casework.dossier(first).of(SubjectRecord)
    assert [each.text for each in subject.numbers] == ["PLATE-AAA"]


def test_what_is_scanned_while_another_question_is_asked_joins_the_subject(chromium: Browser, desk: Desk) -> None:
    with at(chromium, desk.post, "en") as officer:
        officer.sign_in()
        screening = begin(officer, "parcel")
        officer.tap('.sides a:has-text("Routine")')
        desk.hand.scan(b"]C0RA473124829GB")
        wait_until(lambda: desk.heard(f"/screenings/{screening}"))
        officer.tap('.tiles button:has-text("Dog alert")')
        expect(officer.page.locator(".number strong")).to_have_text("RA473124829GB")
    assert desk.codes(screening) == [b"RA473124829GB"]


ZONE = (b"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", b"L898902C36UTO7408122F1204159ZE184226B<<<<<10")
DOCUMENTS = {
    "one line after the other": ZONE,
    "STX and ETX": (b"\x02" + ZONE[0] + b"\r" + ZONE[1] + b"\x03",),
    "lower case": (b"\r".join(ZONE).lower(),),
    "driving licence": (b"D1NLD11234567890ABCDEFGHIJKLM5",),
    "CURP": (b"CURPGOMA800101HDFRRN09",),
}


def test_nothing_of_a_persons_document_is_kept_however_it_comes(chromium: Browser, desk: Desk) -> None:
    reading = desk.post.measure()
    with at(chromium, desk.post, "en") as officer:
        officer.sign_in()
        screening = begin(officer, "person")
        told = officer.page.get_by_role("status")
        for name, pieces in DOCUMENTS.items():
            plate = b"PLATE-" + name[:3].encode()
            desk.hand.scan(b"]C0" + plate)
            wait_until(lambda plate=plate: plate in desk.codes(screening))
            expect(told).to_have_count(0)
            for count, piece in enumerate(pieces, 1):
                desk.hand.scan(b"]L0" + piece)
                expect(told).to_contain_text("nothing of it is kept")
                wait_until(lambda count=count: desk.heard(f"/screenings/{screening}") == count)
            if name in list(DOCUMENTS)[:3]:
                expect(told).to_contain_text("Its check digits hold.")
        officer.tap('.primary:has-text("Continue")')
        expect(officer.page.locator(".scenes")).to_be_visible()
        officer.open(f"/readings/{reading}/beside/code")
        for piece in ZONE:
            desk.hand.scan(b"]L0" + piece)
            expect(officer.page.get_by_text("no personal data are kept")).to_be_visible()
            expect(officer.page.locator(".primary")).to_be_disabled()
            officer.page.reload()
    station = desk.post.station
    assert sorted(desk.codes(screening)) == sorted({b"PLATE-" + name[:3].encode() for name in DOCUMENTS})
    assert all(part.startswith("PLATE-") for part in station.drafts.of(screening)["subject_numbers"].split())
    records = station.casework.dossier(screening).of(ObservationRecord)
    assert not any(secret in str(record) for record in records for secret in ("ERIKSSON", "L898902", "GOMA80"))


def test_a_signed_case_takes_no_scan(chromium: Browser, desk: Desk) -> None:
    station, operator = desk.post.station, desk.post.station.operators.list()[0]
    screening = station.screenings.open(operator, "vehicle")
    add_exhibit(desk.post, operator, screening)
    station.seizures.sign(operator, screening, "hold")
    with at(chromium, desk.post) as officer:
        officer.sign_in()
        officer.open(f"/screenings/{screening}")
        desk.hand.scan(b"]C0LATE-1")
        wait_until(lambda: desk.heard(f"/screenings/{screening}"))
        polled(officer.page, screening)
        officer.page.request.post(f"{desk.post.url}/screenings/{screening}/codes")
    assert desk.codes(screening) == []


def test_a_seal_is_read_from_the_bag_each_time(chromium: Browser, desk: Desk) -> None:
    station, operator = desk.post.station, desk.post.station.operators.list()[0]
    screening = station.screenings.open(operator, "vehicle")
    exhibit = add_exhibit(desk.post, operator, screening)
    with at(chromium, desk.post, "en") as officer:
        officer.sign_in()
        officer.open(f"/screenings/{screening}")
        desk.hand.scan(b"]C0PLATE-77")
        expect(officer.page.locator(".number strong")).to_have_text("PLATE-77")
        officer.open(f"/exhibits/{exhibit}/seal")
        expect(officer.page.locator(".value")).to_have_text("\N{EN DASH}")
        expect(officer.page.locator(".primary")).to_be_disabled()
        desk.hand.scan(b"]d2010950600013435210ABC123\x1d21XYZ")
        expect(officer.page.get_by_text("That is no seal number")).to_be_visible()
        expect(officer.page.locator(".primary")).to_be_disabled()
        desk.hand.scan(b"]C0SEAL-77")
        expect(officer.page.locator(".value")).to_have_text("SEAL-77")
        officer.tap(".primary:not([disabled])")
        wait_until(lambda: station.casework.dossier(screening).exhibits[0].seal_number)
        station.seizures.sign(operator, screening, "hold")
        for way in ("handover", "open"):
            officer.open(f"/exhibits/{exhibit}/{way}")
            expect(officer.page.locator(".value")).to_have_text("\N{EN DASH}")
            expect(officer.page.locator(".primary")).to_be_disabled()
            desk.hand.scan(b"]C0SEAL-78")
            expect(officer.page.get_by_role("alert")).to_contain_text("That is not its seal")
            expect(officer.page.locator(".primary")).to_have_text("It has another seal")
            desk.hand.scan(b"]C0SEAL-77")
            expect(officer.page.locator(".value")).to_have_text("SEAL-77")
            officer.tap(".primary:not([disabled])")
            expect(officer.page.locator(".picks")).to_be_visible()
        officer.tap("button[value=sampling]")
        officer.hold("garita-hold .primary")
        wait_until(lambda: not station.casework.dossier(screening).exhibits[0].seal_number)
    seals = station.casework.dossier(screening).exhibits[0].of(SealRecord)
    assert [(each.action, each.seal_number, each.source) for each in seals] == [
        ("applied", "SEAL-77", "scanned"),
        ("broken", "SEAL-77", "scanned"),
    ]
    assert desk.codes(screening) == [b"PLATE-77", b"SEAL-77", b"SEAL-77", b"SEAL-77"]


def test_a_code_on_record_beside_a_reading_is_one_that_was_scanned_there_and_goes_on_record_once(
    chromium: Browser, desk: Desk
) -> None:
    reading = desk.post.measure()
    with at(chromium, desk.post, "en") as officer:
        officer.sign_in()
        begin(officer, "vehicle")
        desk.hand.scan(b"]C0OTHER-1")
        expect(officer.page.locator(".number strong")).to_have_text("OTHER-1")
        officer.open(f"/readings/{reading}/beside")
        desk.hand.scan(b"]C0HERE-1")
        expect(officer.page.get_by_text("HERE-1")).to_be_visible()
        officer.tap('a[href$="/code"]')
        expect(officer.page.locator(".value")).to_have_text("HERE-1")
        officer.tap(".primary:not([disabled])")
        expect(officer.page.get_by_role("heading", name="On record")).to_be_visible()
        expect(officer.page.locator(".primary")).to_be_disabled()
    screening = desk.post.station.screenings.recent(1)[0].screening
    assert desk.codes(screening) == [b"HERE-1"]
