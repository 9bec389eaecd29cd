"""From the sign-in to the record, as an officer's finger goes."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from drivers.analyzer_link.plays import Fault
from edge.attempts import LockPolicy
from tests.edge.web.officer import Officer, at
from tests.edge.web.post import PIN, Post, Site
from tests.edge.web.wire import wire_to
from tests.waiting import wait_until

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
        stop(officer)
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
        stop(officer)
        assert post.simulator.acquisitions == 1


def progress(officer: Officer) -> int:
    """Return how many percent the screen shows."""
    return int(officer.page.locator("output").inner_text().split()[0])


def until_it_goes_on(officer: Officer, beyond: float | None = None) -> None:
    """Wait until the stream shows more than `beyond`, or than what came with the page."""
    shown = progress(officer) if beyond is None else beyond
    wait_until(lambda: progress(officer) > shown)


def stop(officer: Officer) -> None:
    officer.tap(officer.page.get_by_role("button", name="Detener la lectura"))
    officer.result("stopped")


def test_a_stream_that_drops_goes_on_and_measures_once(chromium: Browser, post: Post) -> None:
    with wire_to(post.url) as wire, at(chromium, replace(post, url=wire.url)) as officer, post.lasting(60):
        officer.sign_in()
        officer.tap(".quick")
        until_it_goes_on(officer)
        wire.cut()
        told = post.station.screenings.recent(1)[0].percent
        until_it_goes_on(officer, told)
        stop(officer)
        assert post.simulator.acquisitions == 1
        officer.troubles[:] = [trouble for trouble in officer.troubles if "net::ERR" not in trouble]


def test_silence_is_said_until_the_data_come_again(chromium: Browser, post: Post) -> None:
    with wire_to(post.url) as wire, at(chromium, replace(post, url=wire.url)) as officer, post.lasting(60):
        officer.sign_in()
        officer.tap(".quick")
        until_it_goes_on(officer)
        wire.hold()
        expect(officer.page.locator(".lost")).to_be_visible()
        expect(officer.page.locator(".lost")).to_contain_text("Sin datos")
        wire.release()
        expect(officer.page.locator(".lost")).to_be_hidden()
        stop(officer)


def test_a_stop_is_no_verdict(chromium: Browser, post: Post) -> None:
    with at(chromium, post) as officer, post.lasting(60):
        officer.sign_in()
        officer.tap(".quick")
        stop(officer)
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
        with post.lasting(60):
            officer.tap(".quick")
            expect(officer.page.locator("garita-live")).to_be_visible()
            reload_to_the_end(officer, "Detener la lectura")
            officer.result("stopped")
        reload_to_the_end(officer, "Otra lectura")
        officer.result("no_alarm")


def reload_to_the_end(officer: Officer, button: str) -> None:
    """Tap a button and look again until the reading has ended: without scripts no screen goes on by itself."""
    with officer.page.expect_navigation():
        officer.tap(officer.page.get_by_role("button", name=button))
    while not officer.page.locator("[data-conclusion]").count():
        officer.page.reload()


def test_a_record_that_arrives_shows_its_receipt_by_itself(chromium: Browser, site: Site, tmp_path: Path) -> None:
    post = site.post(tmp_path, centre=True, central="https://centre.example")
    with at(chromium, post) as officer:
        officer.sign_in()
        officer.tap(".quick")
        officer.result("no_alarm")
        officer.open(officer.page.url.removeprefix(post.url) + "/record")
        expect(officer.page.locator(".facts")).to_contain_text("acuse verificado")
        expect(officer.page.locator(".facts")).to_contain_text("Recibido por el centro nacional")
        officer.open("/sync")
        expect(officer.page.locator("main")).to_contain_text("Todo se envió")
