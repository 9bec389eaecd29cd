"""An officer adds a weight, a position, a code and a file to a screening; the ports show their health."""

from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from drivers.pty import serve_pty
from drivers.scales.faces import FACES
from drivers.scales.pan import Pan, PanFault
from drivers.scales.simulator import VirtualScale
from edge.incoming import read_incoming
from sync.contract.ids import ReadingId
from tests.edge.bench import noise
from tests.edge.test_imports import TRUNARC, raman
from tests.edge.web.officer import at
from tests.edge.web.post import Post, Site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def furnished(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Post:
    """Provide a post with every companion."""
    return site.post(tmp_path_factory.mktemp("furnished"), **site.companions())


def test_everything_is_added_with_two_taps_each(chromium: Browser, furnished: Post, tmp_path: Path) -> None:
    station, reading = furnished.station, furnished.measure()
    file = tmp_path / "bag.jdx"
    file.write_bytes(raman(600, 1000))
    station.imports.receive(read_incoming(file), TRUNARC, None)
    with at(chromium, furnished, "en") as officer:
        officer.sign_in()
        for name, shown in (("weight", "1012.37"), ("position", "27.49970"), ("code", "010950600013435210ABC123")):
            officer.open(f"/readings/{reading}/beside")
            officer.tap(f'a[href$="/{name}"]')
            expect(officer.page.locator(".value")).to_contain_text(shown)
            officer.tap(officer.page.locator(".primary:not([disabled])"))
            expect(officer.page.get_by_role("heading", name="On record")).to_be_visible()
        officer.open(f"/readings/{reading}/beside")
        officer.tap('a[href$="/file"]')
        officer.tap(".files .row")
        expect(officer.page.get_by_text("TruNarc 12 says: ALARM: Cocaine HCl")).to_be_visible()
        officer.tap(officer.page.get_by_role("link", name="Entries"))
        officer.tap(officer.page.locator(".rows a", has_text="Another technique"))
        expect(officer.page.locator("main")).to_contain_text("As it was put on record")
    screening = station.screenings.view(ReadingId(reading)).screening
    records = [record for _, record in station.observations.of(screening)]
    assert [record.weight.grams for record in records if record.weight] == ["1012.37"]
    assert [record.position.source for record in records if record.position] == ["GN"]
    assert [record.code.aim for record in records if record.code] == ["]d2"]
    [(_, linked)] = station.observations.second_techniques(screening)
    assert linked.verdict == TRUNARC.verdict


def test_a_pulled_cable_is_seen_on_the_page_of_ports_without_a_touch(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    post = site.post(tmp_path, scale="mt-sics:/dev/garita-none")
    with at(chromium, post, "en") as officer:
        officer.sign_in()
        officer.open("/device/ports")
        scale = officer.page.get_by_role("row", name="Scale")
        expect(scale).to_contain_text("Unplugged")
        analyzer = officer.page.get_by_role("row", name="Analyzer")
        expect(analyzer).to_contain_text("0 cuts")
        post.port.close()
        expect(analyzer).to_contain_text("Unplugged")
        expect(analyzer).to_contain_text("1 cut")


def test_the_scale_that_is_not_there_is_told_in_words(chromium: Browser, site: Site, tmp_path: Path) -> None:
    post = site.post(tmp_path, scale="mt-sics:/dev/garita-none")
    reading = post.measure()
    with at(chromium, post, "es") as officer:
        officer.sign_in()
        officer.open(f"/readings/{reading}/beside/weight")
        expect(officer.page.get_by_text("No se puede abrir. Revise su cable")).to_be_visible()
        expect(officer.page.locator(".primary")).to_be_disabled()
        officer.open(f"/readings/{reading}/beside/code")
        expect(officer.page.get_by_text("Esta estación no tiene lector de códigos.")).to_be_visible()
        officer.tap(officer.page.get_by_role("link", name="Volver"))
        expect(officer.page.get_by_role("heading", name="Agregar a esta revisión")).to_be_visible()


def test_a_load_that_moves_cannot_be_put_on_record_until_it_rests(
    chromium: Browser, site: Site, tmp_path: Path
) -> None:
    scale = VirtualScale(FACES["mt-sics"], noise(), Decimal("12.34"), PanFault.DRIFT)
    with serve_pty(scale, tmp_path / "scale"):
        post = site.post(tmp_path / "post", scale=f"mt-sics:{tmp_path / 'scale'}")
        reading = post.measure()
        with at(chromium, post, "en") as officer:
            officer.sign_in()
            officer.open(f"/readings/{reading}/beside/weight")
            expect(officer.page.get_by_text("Not at rest yet")).to_be_visible()
            expect(officer.page.locator(".primary")).to_be_disabled()
            scale.pan = Pan(noise())
            scale.pan.put(Decimal("12.34"), 0)
            expect(officer.page.get_by_text("At rest", exact=True)).to_be_visible()
            officer.tap(officer.page.locator(".primary:not([disabled])"))
            expect(officer.page.get_by_role("heading", name="On record")).to_be_visible()
