"""Accounts under two persons through the real pages, with Chromium's own virtual FIDO2 tokens (CTAP2, over CDP)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, expect

from sync.contract.ids import OperatorId
from tests.edge.web.officer import Officer, at
from tests.edge.web.post import PIN, Post, Site

pytestmark = pytest.mark.browser

TOKEN = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Tokens:
    """Chromium's virtual tokens: one is plugged in at a time."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session
        session.send("WebAuthn.enable")

    @contextmanager
    def plugged(self, credentials: list[dict[str, Any]], **how: object) -> Iterator[None]:
        """Plug a token in that has these credentials; it leaves with those that it got."""
        token = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": {**TOKEN, **how}})
        name = {"authenticatorId": token["authenticatorId"]}
        for credential in credentials:
            self._session.send("WebAuthn.addCredential", {**name, "credential": credential})
        yield
        credentials[:] = self._session.send("WebAuthn.getCredentials", name)["credentials"]
        self._session.send("WebAuthn.removeVirtualAuthenticator", name)


@pytest.fixture
def real_post(site: Site, tmp_path: Path) -> Post:
    """Provide a post that is no demonstration, opened by name as tokens need it."""
    post = site.post(tmp_path)
    post.url = post.url.replace("127.0.0.1", "localhost")
    return post


def sign_in(officer: Officer, person: str) -> None:
    officer.open(f"/sign-in/{person}")
    officer.enter(PIN)
    expect(officer.page.locator(".quick")).to_be_visible()


def test_an_officer_leaves_when_two_persons_touch_their_tokens(chromium: Browser, real_post: Post) -> None:
    station = real_post.station
    admin = station.operators.enrol("Marta Gil", "admin", PIN)
    auditor = station.operators.enrol("Juan Mora", "auditor", PIN)
    leaving = next(each for each in station.operators.list() if each.role == "officer")
    with at(chromium, real_post, "es") as officer:
        tokens = Tokens(officer.page.context.new_cdp_session(officer.page))
        owned = {person.id: provision_token(officer, tokens, real_post, person.id) for person in (admin, auditor)}
        sign_in(officer, admin.id)
        officer.open(f"/staff/{leaving.id}")
        officer.tap('form[action$="/leave"] button')
        expect(officer.page.locator(".act .big")).to_contain_text("ya no puede entrar aquí")
        with tokens.plugged(owned[auditor.id]):
            officer.tap(".primary")
            expect(officer.page.locator("garita-token .failed")).to_be_visible()
        with tokens.plugged(owned[admin.id]):
            officer.tap(".primary")
            expect(officer.page.get_by_role("heading", name="¿Quién es la segunda persona?")).to_be_visible()
        officer.tap(officer.page.get_by_text("Juan Mora"))
        with tokens.plugged(owned[auditor.id]):
            officer.tap(".primary")
            expect(officer.page.get_by_role("heading", name="Hecho y registrado")).to_be_visible()
        assert leaving not in station.operators.list()


def provision_token(officer: Officer, tokens: Tokens, post: Post, person: str) -> list[dict[str, Any]]:
    """Let Chromium's token make a credential for a person, as provisioning does."""
    station = post.station
    view = next(each for each in station.operators.list() if each.id == person)
    options = {key: dict(value) for key, value in station.tokens.new_options(view, bytes(32)).items()}
    credentials: list[dict[str, Any]] = []
    officer.open("/sign-in")
    with tokens.plugged(credentials):
        answer = officer.page.evaluate(
            "async (options) => JSON.stringify((await navigator.credentials.create({ publicKey:"
            " PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options).publicKey) })).toJSON())",
            json.dumps(options),
        )
    station.accounts.provision_token(OperatorId(person), station.tokens.read_new(bytes(32), answer))
    return credentials


def test_a_token_that_does_not_verify_its_person_does_nothing(chromium: Browser, real_post: Post) -> None:
    station = real_post.station
    admin = station.operators.enrol("Marta Gil", "admin", PIN)
    with at(chromium, real_post, "en") as officer:
        tokens = Tokens(officer.page.context.new_cdp_session(officer.page))
        owned = provision_token(officer, tokens, real_post, admin.id)
        sign_in(officer, admin.id)
        officer.open(f"/staff/{admin.id}/token")
        with tokens.plugged(owned, isUserVerified=False):
            officer.tap(".primary")
            expect(officer.page.locator("garita-token .failed")).to_be_visible()


def test_an_officer_finds_no_accounts(chromium: Browser, real_post: Post) -> None:
    with at(chromium, real_post, "en") as officer:
        person = next(each for each in real_post.station.operators.list() if each.role == "officer")
        sign_in(officer, person.id)
        officer.open("/staff")
        expect(officer.page.get_by_role("heading", name="You cannot do that alone")).to_be_visible()


def test_practice_is_written_over_every_screen_until_it_ends(chromium: Browser, real_post: Post) -> None:
    with at(chromium, real_post, "es") as officer:
        officer.sign_in()
        officer.open("/me")
        officer.tap('form[action="/me/practice"] button')
        expect(officer.page.locator(".quick")).to_be_visible()
        for path in ("/", "/me", "/device", "/readings"):
            officer.open(path)
            assert officer.page.locator("main").get_attribute("data-practice") == "PRÁCTICA: no es evidencia"
        officer.open("/")
        officer.tap(".quick")
        officer.result("no_alarm")
        assert officer.page.locator("main").get_attribute("data-practice")
        result = officer.page.url.removeprefix(real_post.url)
        officer.open("/me")
        officer.tap('form[action="/me/practice"] button')
        expect(officer.page.locator(".quick")).to_be_visible()
        expect(officer.page.locator("main[data-practice]")).to_have_count(0)
        officer.open(result)
        expect(officer.page.locator("main[data-practice]")).to_have_count(1)
