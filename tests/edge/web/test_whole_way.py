"""From the sign-in to the record, as an officer's finger goes."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from drivers.analyzer_link.plays import Fault
from edge.attempts import LockPolicy
from tests.edge.web.officer import at
from tests.edge.web.post import PIN, Post, Site
from tests.edge.web.wire import wire_to

pytestmark = pytest.mark.browser


def test_one_tap_from_home_to_the_result(chromium: Browser, post: Post) -> None:
    post.programme.sample("Fentanyl")
    with at(chromium, post) as officer:
        officer.sign_in()
        before = officer.taps
        officer.tap(".quick")
        officer.result("alarm")
        assert officer.taps - before == 1
        expect(officer.page.locator(".conclusion")).to_contain_text("Fentanilo")
        expect(officer.page.locator("main")).to_contain_text("Remita a la autoridad competente")
        officer.tap(".primary")
        expect(officer.page.locator(".primary")).to_have_text("Abrir decomiso")
        officer.tap('.actions a[href$="/detail"]')
        officer.tap('.actions a[href$="/record"]')
        expect(officer.page.locator(".facts")).to_contain_text("En espera de envío")


def test_a_wrong_pin_says_how_many_attempts_are_left(chromium: Browser, post: Post) -> None:
    with at(chromium, post) as officer:
        officer.try_pin("111111")
        expect(officer.page.get_by_role("alert")).to_have_text("PIN incorrecto. Quedan 4 intentos.")
        officer.enter(PIN)
        expect(officer.page.locator(".quick")).to_be_visible()


def test_too_many_wrong_pins_lock_and_say_until_when(chromium: Browser, post: Post) -> None:
    with at(chromium, post) as officer:
        officer.try_pin("111111")
        for _ in range(LockPolicy().attempts - 1):
            officer.enter("111111")
        expect(officer.page.get_by_role("alert")).to_contain_text("Bloqueado")
        expect(officer.page.locator("garita-keys button:enabled")).to_have_count(0)


def test_nobody_signed_in_sees_no_reading(chromium: Browser, post: Post) -> None:
    reading = post.measure()
    with at(chromium, post) as officer:
        for path in ("/", "/readings", f"/readings/{reading}", f"/readings/{reading}/record", "/sync", "/device"):
            officer.open(path)
            expect(officer.page).to_have_url(post.url + "/sign-in")


def test_a_reload_in_mid_reading_shows_the_same_reading(chromium: Browser, post: Post) -> None:
    with at(chromium, post) as officer, post.lasting(60):
        officer.sign_in()
        officer.tap(".quick")
        expect(officer.page.locator("garita-live")).to_be_visible()
        address = officer.page.url
        officer.page.reload()
        expect(officer.page).to_have_url(address)
        officer.open("/")
        expect(officer.page.locator("a.quick")).to_have_attribute("href", address.removeprefix(post.url))
        officer.tap("a.quick")
        officer.tap(officer.page.get_by_role("button", name="Detener la lectura"))
        officer.result("stopped")
        assert (officer.page.url, post.simulator.acquisitions) == (address, 1)


def test_a_second_start_leads_to_the_first_reading(chromium: Browser, post: Post) -> None:
    with at(chromium, post) as officer, post.lasting(60):
        officer.sign_in()
        second = officer.page.context.new_page()
        second.goto(post.url)
        officer.tap(".quick")
        expect(officer.page.locator("garita-live")).to_be_visible()
        second.locator(".quick").tap()
        expect(second.locator("garita-live")).to_be_visible()
        assert second.url == officer.page.url
        second.close()
        officer.tap(officer.page.get_by_role("button", name="Detener la lectura"))
        officer.result("stopped")
        assert post.simulator.acquisitions == 1


def test_a_stream_that_drops_goes_on_and_measures_once(chromium: Browser, site: Site, tmp_path: Path) -> None:
    post = site.post(tmp_path, duration=6.0)
    with wire_to(post.url) as wire, at(chromium, replace(post, url=wire.url)) as officer:
        officer.sign_in()
        officer.tap(".quick")
        expect(officer.page.locator("output")).not_to_have_text("0\N{NO-BREAK SPACE}%")
        before = wire.connections
        wire.cut()
        officer.troubles.clear()
        officer.result("no_alarm")
        assert wire.connections > before
        assert post.simulator.acquisitions == 1
        officer.troubles[:] = [trouble for trouble in officer.troubles if "net::ERR" not in trouble]


def test_silence_is_said_until_the_data_come_again(chromium: Browser, site: Site, tmp_path: Path) -> None:
    post = site.post(tmp_path, duration=8.0)
    with wire_to(post.url) as wire, at(chromium, replace(post, url=wire.url)) as officer:
        officer.sign_in()
        officer.tap(".quick")
        expect(officer.page.locator("output")).not_to_have_text("0\N{NO-BREAK SPACE}%")
        wire.hold()
        expect(officer.page.locator(".lost")).to_be_visible(timeout=20_000)
        expect(officer.page.locator(".lost")).to_contain_text("Sin datos")
        wire.release()
        officer.result("no_alarm")


def test_a_stop_is_no_verdict(chromium: Browser, site: Site, tmp_path: Path) -> None:
    post = site.post(tmp_path, duration=20.0)
    with at(chromium, post) as officer:
        officer.sign_in()
        officer.tap(".quick")
        officer.tap(officer.page.get_by_role("button", name="Detener la lectura"))
        officer.result("stopped")
        expect(officer.page.locator("h1")).to_have_text("DETENIDA")
        expect(officer.page.locator(".conclusion")).to_contain_text("Nada se concluye de la muestra")


@pytest.mark.parametrize("fault", [Fault.DETECTOR, Fault.UNPLUG, Fault.BABBLE])
def test_a_fault_has_a_reason_and_a_next_step(chromium: Browser, post: Post, fault: Fault) -> None:
    post.programme.fault(fault)
    with at(chromium, post) as officer:
        officer.sign_in()
        officer.tap(".quick")
        officer.result("fault")
        assert officer.page.locator(".points li").count() >= 2
        officer.tap(officer.page.get_by_role("link", name="Ver qué hacer"))
        expect(officer.page.locator(".scenes li")).not_to_have_count(0)
        expect(officer.page.locator(".primary")).to_have_text("Otra lectura")


def test_language_in_two_taps_and_light_in_one_from_a_result(chromium: Browser, post: Post) -> None:
    post.programme.sample("Cocaine")
    address = f"/readings/{post.measure()}"
    with at(chromium, post) as officer:
        officer.sign_in()
        officer.open(address)
        before = officer.taps
        officer.tap(".rail button")
        expect(officer.page.locator("html")).to_have_attribute("data-theme", "night")
        assert officer.taps - before == 1
        officer.tap(".rail .third")
        officer.tap(officer.page.get_by_role("button", name="English"))
        expect(officer.page.locator("h1")).to_have_text("ALARM")
        assert (officer.taps - before, officer.page.url) == (3, post.url + address)


def test_without_scripts_everything_still_works(chromium: Browser, post: Post) -> None:
    post.programme.sample("Caffeine")
    with at(chromium, post, scripts=False) as officer:
        officer.open("/sign-in")
        officer.tap(".primary")
        officer.page.locator("input[name=pin]").fill(PIN)
        officer.tap(".primary")
        officer.tap(".quick")
        expect(officer.page.locator("garita-live")).to_be_visible()
        while not officer.page.locator("[data-conclusion]").count():
            officer.page.reload()
        officer.result("no_alarm")


def test_a_record_that_arrives_shows_its_receipt_by_itself(chromium: Browser, site: Site, tmp_path: Path) -> None:
    post = site.post(tmp_path, centre=True, central="https://centre.example")
    with at(chromium, post) as officer:
        officer.sign_in()
        officer.tap(".quick")
        officer.result("no_alarm")
        officer.open(officer.page.url.removeprefix(post.url) + "/record")
        expect(officer.page.locator(".facts")).to_contain_text("acuse verificado", timeout=15_000)
        expect(officer.page.locator(".facts")).to_contain_text("Recibido por el centro nacional")
        officer.open("/sync")
        expect(officer.page.locator("main")).to_contain_text("Todo se envió")
