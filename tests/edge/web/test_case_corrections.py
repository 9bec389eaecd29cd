"""After the signature: looked up, reviewed, amended, made void; each an entry of its own."""

import pytest
from playwright.sync_api import Browser, expect

from sync.contract.approval import ApprovalRecord
from sync.contract.casework import AmendmentRecord, VoidRecord
from sync.contract.ids import ScreeningId, Seq
from sync.contract.seizure import ReviewRecord
from tests.edge.web.case_screens import add_exhibit
from tests.edge.web.officer import Officer, at
from tests.edge.web.post import PIN, Post, Site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Post:
    """Provide a demonstration, where a PIN counts for a token."""
    return site.post(tmp_path_factory.mktemp("demo"), demo=True)


def signed(post: Post, seal: str) -> tuple[ScreeningId, Seq]:
    """Return a seizure that an officer signed, and the entry of its weight."""
    station = post.station
    officer = next(each for each in station.operators.list() if each.role == "officer")
    screening = station.screenings.open(officer, "vehicle")
    exhibit = add_exhibit(post, officer, screening)
    weighed = station.casework.weigh(officer, exhibit, ("12.5", "g"))
    station.casework.apply_seal(officer, exhibit, seal, "closed")
    station.seizures.sign(officer, screening, "hold")
    return screening, weighed


def approve(officer: Officer, said: str = "") -> None:
    """Let the supervisor ask by PIN, and the officer allow it by theirs: both read what it says, and of which case."""
    expect(officer.page.locator("main")).to_contain_text(said)
    officer.enter(PIN)
    expect(officer.page.get_by_role("heading", name="Who is the second person?")).to_be_visible()
    expect(officer.page.locator("main")).to_contain_text(said)
    officer.tap(officer.page.get_by_role("link", name="M. Ríos Ibarra"))
    expect(officer.page.locator("main")).to_contain_text(said)
    officer.enter(PIN)
    expect(officer.page.get_by_role("heading", name="Done and on record")).to_be_visible()


def test_a_case_is_found_by_its_seal_and_amended_with_a_reason(chromium: Browser, demo: Post) -> None:
    screening, weighed = signed(demo, "0042")
    with at(chromium, demo, "en") as officer:
        officer.sign_in()
        officer.tap(officer.page.get_by_role("link", name="Seizures"))
        officer.tap(officer.page.get_by_role("link", name="Search"))
        officer.enter("0042")
        for told in ("No reading", "Signed · M. Ríos Ibarra", "Vehicle", "0042 · Powder · 3 pieces · Bag"):
            expect(officer.page.locator("main .row")).to_contain_text(told)
        officer.tap("main .row")
        officer.tap(officer.page.get_by_role("link", name="Entries"))
        officer.tap(officer.page.get_by_role("link", name="Weight 12.5"))
        officer.tap(officer.page.get_by_role("link", name="Amend"))
        officer.tap(officer.page.get_by_role("link", name="Weight 12.5"))
        expect(officer.page.locator("#text")).to_have_value("")
        expect(officer.page.locator(".asked")).to_contain_text("It says: 12.5")
        officer.page.locator("#text").fill("12.5.6")
        officer.tap(".primary")
        expect(officer.page.get_by_role("alert")).to_contain_text("12.5.6 is no weight. Enter digits with one point")
        for key in "12.6":
            officer.tap(f'garita-keys:defined button[value="{key}"]')
        officer.tap(".primary")
        officer.tap(officer.page.get_by_role("button", name="It was read wrongly"))
        expect(officer.page.locator(".facts")).to_contain_text("12.6\N{NO-BREAK SPACE}g")
        officer.hold("garita-hold .primary")
        expect(officer.page.locator("main")).to_contain_text("12.5 → 12.6: It was read wrongly (A. Castañeda, ")
        officer.tap(".primary")
        expect(officer.page.get_by_role("link", name="Weight · amended 12.5")).to_be_visible()
        officer.open(f"/screenings/{screening}/exhibits")
        expect(officer.page.locator(".facts")).to_contain_text("corrected: 12.6")
        expect(officer.page.locator(".facts s")).to_contain_text("12.5")
    [record] = demo.station.casework.dossier(screening).of(AmendmentRecord)
    [change] = record.changes
    assert (record.concerns.seq, change.field, change.was, change.should_be) == (weighed, "value", "12.5", "12.6")
    assert demo.station.drafts.of(screening) == {}


def test_a_supervisor_returns_a_seizure_and_approves_it_by_pin(chromium: Browser, demo: Post) -> None:
    screening, _ = signed(demo, "0043")
    with at(chromium, demo, "en") as officer:
        officer.sign_in()
        officer.open(f"/screenings/{screening}/decision")
        officer.tap(officer.page.get_by_role("link", name="Return it"))
        officer.tap(officer.page.get_by_role("button", name="The photograph does not show it"))
        expect(officer.page.get_by_role("heading", name="To review")).to_be_visible()
        officer.open(f"/screenings/{screening}/decision")
        officer.tap(officer.page.get_by_role("link", name="Sign by PIN"))
        officer.enter(PIN)
        expect(officer.page.get_by_role("heading", name="To review")).to_be_visible()
    told = [(each.decision, each.reason) for each in demo.station.casework.dossier(screening).of(ReviewRecord)]
    assert told == [("returned", "The photograph does not show it"), ("approved", "")]


def test_an_entry_is_void_when_two_persons_say_so(chromium: Browser, demo: Post) -> None:
    screening, weighed = signed(demo, "0044")
    with at(chromium, demo, "en") as officer:
        officer.sign_in()
        officer.open(f"/entries/{weighed}")
        officer.tap(officer.page.get_by_role("link", name="Void it"))
        officer.tap(officer.page.get_by_role("button", name="It was entered twice"))
        approve(officer, f"Entry {weighed}, Weight: 12.5\N{NO-BREAK SPACE}g gross · manual, no longer counts")
        officer.tap(".primary")
        said = "It counts no more: It was entered twice (A. Castañeda and M. Ríos Ibarra, "
        expect(officer.page.locator("main")).to_contain_text(said)
        for name in ("Void it", "Amend"):
            expect(officer.page.get_by_role("link", name=name)).to_have_count(0)
    [record] = demo.station.casework.dossier(screening).of(VoidRecord)
    assert record.concerns.seq == weighed
    [approval] = demo.station.casework.dossier(screening).of(ApprovalRecord)
    assert [each.role for each in approval.persons] == ["supervisor", "officer"]


def test_an_officer_finds_no_reviews_and_no_export(chromium: Browser, demo: Post) -> None:
    screening, _ = signed(demo, "0046")
    person = next(each for each in demo.station.operators.list() if each.role == "officer")
    with at(chromium, demo, "en") as officer:
        officer.open(f"/sign-in/{person.id}")
        officer.enter(PIN)
        expect(officer.page.locator(".quick")).to_be_visible()
        for path in ("/reviews", f"/screenings/{screening}/decision", f"/screenings/{screening}/export"):
            officer.open(path)
            expect(officer.page.get_by_role("heading", name="You cannot do that alone")).to_be_visible()
