"""A seizure leaves the station in a file that two persons let go: onto a USB stick, or without one."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from sync.contract.ids import ScreeningId
from sync.court import CourtBundle
from tests.edge.paper.pdfs import enclosed
from tests.edge.usb import plugged, possible, pull
from tests.edge.web.officer import Officer, at
from tests.edge.web.post import PIN, Post, Site
from tests.edge.web.test_case_corrections import approve, signed

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Post:
    """Provide a demonstration, where a PIN counts for a token."""
    return site.post(tmp_path_factory.mktemp("demo"), demo=True)


@pytest.fixture
def officer(chromium: Browser, demo: Post) -> Iterator[Officer]:
    with at(chromium, demo, "en") as officer:
        officer.sign_in()
        yield officer


@pytest.fixture
def media(demo: Post, tmp_path: Path) -> Path:
    if not possible(tmp_path):
        pytest.skip("only root can mount a filesystem")
    return demo.station.settings.sticks


def release(officer: Officer, seal: str) -> str:
    """Let a signed seizure leave for a court, and return its screening."""
    screening, _ = signed(officer.post, seal)
    release_to(officer, screening, "Court", "45")
    return screening


def release_to(officer: Officer, screening: str, receiver: str, order: str) -> None:
    """Let it leave for whom, by which order."""
    officer.open(f"/screenings/{screening}/record")
    officer.tap(officer.page.get_by_role("link", name="Export"))
    officer.tap(officer.page.get_by_role("button", name=receiver))
    officer.enter(order)
    expect(officer.page.locator("main")).to_contain_text(f"leave for {receiver}: {order}")
    approve(officer)
    officer.tap(".primary")
    expect(officer.page.get_by_role("heading", name="The file is ready")).to_be_visible()


def carry(officer: Officer, stick: str) -> None:
    """Write what was let go onto a stick, and go back to it."""
    officer.tap(officer.page.get_by_role("button", name=stick))
    expect(officer.page.get_by_role("heading", name="You may take the stick out")).to_be_visible()
    officer.tap(officer.page.get_by_role("link", name="Back"))


def digits(file: Path) -> str:
    """Return what a file's name ends with: the first digits of its digest."""
    return sha256(file.read_bytes()).hexdigest()[:8]


def test_it_is_written_onto_a_stick_that_is_plugged_in_meanwhile(officer: Officer, media: Path) -> None:
    screening = release(officer, "0045")
    officer.tap(".primary")
    expect(officer.page.get_by_role("heading", name="Plug a USB stick in")).to_be_visible()
    with plugged(media / "FGR") as stick:
        carry(officer, "FGR")
        officer.tap(officer.page.get_by_role("link", name="Record with it inside"))
        officer.tap(officer.page.get_by_role("button", name="FGR"))
        expect(officer.page.locator("main")).to_contain_text("acta-")
        last = max(officer.post.station.casework.dossier(ScreeningId(screening)).proofs)
        [bundle], [acta] = stick.glob("*.court"), stick.glob("*.pdf")
        assert bundle.name == f"MX-TIJ-01-{screening}-court-{last}-{digits(bundle)}.court"
        assert acta.name == f"acta-{screening}-court-{last}-{digits(acta)}.pdf"
        expect(officer.page.locator("main")).to_contain_text(acta.name)
        assert CourtBundle.from_bytes(bundle.read_bytes()).export.reason == "45"
        assert list(enclosed(acta.read_bytes()).values()) == [bundle.read_bytes()]


def test_what_others_were_given_stays_on_the_same_stick(officer: Officer, media: Path) -> None:
    screening, _ = signed(officer.post, "0050")
    with plugged(media / "FGR") as stick:
        for receiver, order in (("Defence", "12"), ("Court", "77"), ("Court", "78")):
            release_to(officer, screening, receiver, order)
            officer.tap(".primary")
            carry(officer, "FGR")
            officer.tap(officer.page.get_by_role("link", name="Record with it inside"))
            carry(officer, "FGR")
        files = [CourtBundle.from_bytes(each.read_bytes()).export.reason for each in stick.glob("*.court")]
        assert sorted(files) == ["12", "77", "78"]
        assert len(list(stick.glob("*.pdf"))) == len(files)


def test_a_strange_file_of_its_name_is_told_and_stays(officer: Officer, media: Path) -> None:
    release(officer, "0051")
    officer.tap(".primary")
    with plugged(media / "FGR") as stick:
        carry(officer, "FGR")
        [bundle] = stick.iterdir()
        bundle.write_bytes(b"another")
        officer.tap(".primary")
        officer.tap(officer.page.get_by_role("button", name="FGR"))
        expect(officer.page.get_by_role("alert")).to_contain_text("Another file of that name is on the stick")
        assert bundle.read_bytes() == b"another"


def test_what_was_let_go_is_found_again_at_its_case(officer: Officer) -> None:
    screening = release(officer, "0049")
    address = officer.page.url
    officer.open(f"/screenings/{screening}/export")
    officer.tap(officer.page.get_by_role("link", name="Open the ready file"))
    expect(officer.page).to_have_url(address)


def test_a_stick_that_is_full_loses_nothing(officer: Officer, media: Path) -> None:
    release(officer, "0047")
    officer.tap(".primary")
    with plugged(media / "FGR", kib=4) as stick:
        officer.tap(officer.page.get_by_role("button", name="FGR"))
        expect(officer.page.get_by_role("alert")).to_contain_text("The stick is full")
        expect(officer.page.get_by_role("alert")).to_contain_text("Nothing is lost: it is still here.")
        assert list(stick.iterdir()) == []
    with plugged(media / "KINGSTON") as stick:
        officer.tap(officer.page.get_by_role("button", name="KINGSTON"))
        expect(officer.page.get_by_role("heading", name="You may take the stick out")).to_be_visible()
        assert len(list(stick.iterdir())) == 1


def test_a_stick_that_is_pulled_as_it_is_touched_loses_nothing(officer: Officer, media: Path) -> None:
    release(officer, "0048")
    officer.tap(".primary")
    with plugged(media / "FGR") as stick:

        def pull_it(route: Route) -> None:
            if route.request.method == "POST":
                pull(stick)
            route.continue_()

        officer.page.route("**/stick", pull_it)
        officer.tap(officer.page.get_by_role("button", name="FGR"))
        expect(officer.page.get_by_role("alert")).to_contain_text("The stick is not there any more")
        expect(officer.page.get_by_role("heading", name="Plug a USB stick in")).to_be_visible()
    officer.page.unroute("**/stick")
    with officer.page.expect_download() as saved:
        officer.tap(officer.page.get_by_role("button", name="Download here"))
    assert CourtBundle.from_bytes(saved.value.path().read_bytes()).export.reason == "45"


def test_who_may_not_let_it_leave_writes_no_stick(chromium: Browser, demo: Post) -> None:
    person = next(each for each in demo.station.operators.list() if each.role == "officer")
    with at(chromium, demo, "en") as officer:
        officer.open(f"/sign-in/{person.id}")
        officer.enter(PIN)
        expect(officer.page.locator(".quick")).to_be_visible()
        for path in ("/exports/any/stick", "/exports/any/acta/stick"):
            officer.open(path)
            expect(officer.page.get_by_role("heading", name="You cannot do that alone")).to_be_visible()
