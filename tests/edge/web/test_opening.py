"""A bag is opened on screen: its own number, a reason, a hold; then weighed, and closed with a new seal."""

import pytest
from playwright.sync_api import Browser, expect

from sync.contract.casework import SealRecord, WeightRecord
from sync.contract.ids import ReadingId
from tests.edge.web.case_screens import add_exhibit
from tests.edge.web.officer import at
from tests.edge.web.post import Post

pytestmark = pytest.mark.browser


def test_a_bag_is_opened_weighed_and_closed_with_a_new_seal(chromium: Browser, post: Post) -> None:
    station, operator = post.station, post.station.operators.list()[0]
    screening = station.screenings.view(ReadingId(post.measure())).screening
    exhibit = add_exhibit(post, operator, screening)
    station.casework.apply_seal(operator, exhibit, f"A-{screening}"[:20], "closed")
    station.seizures.sign(operator, screening, "hold")
    seal = station.casework.dossier(screening).exhibits[0].seal_number or ""
    with at(chromium, post, "en") as officer:
        officer.sign_in()
        officer.open(f"/exhibits/{exhibit}")
        officer.tap(officer.page.get_by_role("link", name="Open the bag"))
        officer.tap(officer.page.get_by_role("link", name="By hand"))
        officer.page.locator("#text").fill("ANOTHER")
        officer.tap(".primary")
        expect(officer.page.get_by_role("alert")).to_contain_text("another seal for this bag")
        officer.open(f"/exhibits/{exhibit}/open/number")
        officer.page.locator("#text").fill(seal)
        officer.tap(".primary")
        officer.tap("button[value=sampling]")
        officer.hold("garita-hold .primary")
        expect(officer.page.locator(".subject")).to_have_text("before sampling")
        officer.open(f"/exhibits/{exhibit}/weight/typed?kind=net&occasion=before_sampling")
        officer.page.locator("#value").fill("11.90")
        officer.tap(".primary")
        officer.tap(officer.page.get_by_role("link", name="Weigh after sampling"))
        officer.open(f"/exhibits/{exhibit}/weight/typed?kind=net&occasion=after_sampling")
        officer.page.locator("#value").fill("11.65")
        officer.tap(".primary")
        expect(officer.page.get_by_role("link", name="Weigh after sampling")).to_be_visible()
        officer.open(f"/exhibits/{exhibit}/seal/typed")
        officer.page.locator("#text").fill(f"B-{screening}"[:20])
        officer.tap(".primary")
        expect(officer.page.get_by_role("link", name="Open the bag")).to_be_visible()
    file = station.casework.dossier(screening).exhibits[0]
    assert [(each.action, each.reason) for each in file.of(SealRecord)] == [
        ("applied", "closed"),
        ("broken", "A sample is taken"),
        ("applied", "The bag was closed again: A sample is taken"),
    ]
    assert [(each.value, each.occasion) for each in file.of(WeightRecord)] == [
        ("11.90", "before_sampling"),
        ("11.65", "after_sampling"),
    ]
