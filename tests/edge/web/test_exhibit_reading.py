"""A reading of an exhibit on screen: begun on the exhibit's page, or picked where another reading is."""

import pytest
from playwright.sync_api import Browser, expect

from sync.contract.ids import ReadingId
from tests.edge.web.case_screens import add_exhibit
from tests.edge.web.officer import at
from tests.edge.web.post import Post

pytestmark = pytest.mark.browser


def test_a_reading_is_of_the_exhibit_whose_page_or_which_was_picked(chromium: Browser, post: Post) -> None:
    station, operator = post.station, post.station.operators.list()[0]
    screening = station.screenings.view(ReadingId(post.measure())).screening
    first, second, closed = (add_exhibit(post, operator, screening) for _ in range(3))
    station.casework.apply_seal(operator, closed, f"A-{screening}"[:20], "closed")
    with at(chromium, post, "en") as officer:
        officer.sign_in()
        officer.open(f"/exhibits/{closed}")
        expect(officer.page.get_by_role("button", name="Read the sample")).to_have_count(0)
        officer.open(f"/exhibits/{first}")
        with post.lasting(3):
            officer.tap(officer.page.get_by_role("button", name="Read the sample"))
            expect(officer.page.locator(".calm")).to_contain_text("Exhibit 1.")
        officer.result("no_alarm")
        expect(officer.page.locator(".under")).to_contain_text("Exhibit 1")
        officer.tap(officer.page.get_by_role("button", name="Another reading"))
        officer.tap(officer.page.get_by_role("button", name="Exhibit 2"))
        officer.result("no_alarm")
        expect(officer.page.locator(".under")).to_contain_text("Exhibit 2")
        officer.tap(officer.page.get_by_role("button", name="Another reading"))
        officer.tap(officer.page.get_by_role("link", name="Exhibit 3"))
        expect(officer.page.get_by_role("link", name="Open the bag")).to_be_visible()
        officer.open(f"/screenings/{screening}/sample")
        officer.tap(officer.page.get_by_role("button", name="None of the exhibits"))
        officer.result("no_alarm")
        officer.tap(officer.page.get_by_role("link", name="Compare"))
        expect(officer.page.locator("h1")).to_have_text("Without exhibit: The readings agree")
        officer.tap(".primary")
        officer.tap(officer.page.get_by_role("link", name="Exhibit 1"))
        expect(officer.page.locator("h1")).to_have_text("Exhibit 1: Only one reading")
    found = station.casework.dossier(screening)
    assert [each.exhibit for each in found.readings] == [None, first, second, None]
    assert station.comparisons.accepted(found) is not None
