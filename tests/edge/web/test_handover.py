"""An exhibit changes hands on screen: the number from its bag, and both who give and who receive sign."""

import pytest
from playwright.sync_api import Browser, expect

from edge.hands import Given
from edge.station import Station
from sync.contract.casework import SealCheckRecord, TransferRecord
from sync.contract.ids import ScreeningId
from tests.edge.test_png import png
from tests.edge.web.case_screens import add_exhibit
from tests.edge.web.officer import Officer, at
from tests.edge.web.post import PIN, Post, Site
from tests.edge.web.screens import broken_rules

pytestmark = pytest.mark.browser

SEAL = "FGR-0098812"


@pytest.fixture
def sealed(post: Post) -> tuple[ScreeningId, str]:
    """Provide a signed seizure of one sealed exhibit, in the hands of who signs in first."""
    station, operator = post.station, post.station.operators.list()[0]
    screening = station.screenings.open(operator, "vehicle")
    exhibit = add_exhibit(post, operator, screening)
    station.casework.apply_seal(operator, exhibit, SEAL, "closed")
    station.seizures.sign(operator, screening, "hold")
    return screening, exhibit


def spell(officer: Officer, text: str) -> None:
    """Tap out a text, turning to the keys that have each of its marks."""
    for mark in text:
        key = officer.page.locator(f'garita-keys:defined [data-set]:not([hidden]) button[value="{mark}"]')
        while not key.count():
            officer.page.locator('garita-keys:defined [data-set]:not([hidden]) button[value="more"]').tap()
        key.tap()


def draw(officer: Officer) -> None:
    with officer.finger("canvas") as move:
        move(40, 10)
        move(80, -10)
    officer.tap(".primary")


def transfers(station: Station, screening: ScreeningId) -> list[TransferRecord]:
    return station.casework.dossier(screening).of(TransferRecord)


def test_a_colleague_receives_by_their_own_pin(chromium: Browser, post: Post, sealed: tuple[ScreeningId, str]) -> None:
    screening, exhibit = sealed
    giver = post.station.operators.list()[0]
    with at(chromium, post, "en") as officer:
        officer.sign_in()
        officer.open(f"/exhibits/{exhibit}/handover/number")
        spell(officer, "FGR-1")
        officer.tap(".primary")
        expect(officer.page.locator(".value")).to_have_text("FGR-1")
        expect(officer.page.get_by_role("alert")).to_contain_text("another seal for this bag")
        officer.tap(officer.page.get_by_role("link", name="Read it again"))
        expect(officer.page.locator("body")).not_to_contain_text(SEAL)
        officer.tap(officer.page.get_by_role("link", name="By hand"))
        expect(officer.page.locator("#text")).to_have_value("")
        officer.page.locator("#text").fill(SEAL)
        officer.tap(".primary")
        officer.tap(officer.page.get_by_role("button", name="M. Ríos Ibarra"))
        officer.tap(officer.page.get_by_role("button", name="Custody goes on"))
        officer.hold("garita-hold .primary")
        expect(officer.page.get_by_role("heading", name="PIN of M. Ríos Ibarra")).to_be_visible()
        assert transfers(post.station, screening) == []
        officer.enter("111111")
        expect(officer.page.get_by_role("alert")).to_contain_text("Wrong PIN")
        officer.enter(PIN)
        expect(officer.page.get_by_text("Held by M. Ríos Ibarra")).to_be_visible()
        expect(officer.page.locator("main")).to_contain_text(
            "A. Castañeda → M. Ríos Ibarra · Custody goes on · seal FGR-0098812 · manual"
        )
    [record] = transfers(post.station, screening)
    assert (record.giver, record.receiver, record.seal_number) == ("A. Castañeda", "M. Ríos Ibarra", SEAL)
    assert record.source == "typed"
    assert (record.given, record.given_by) == ("hold", giver.id)
    assert record.accepted_by in [each.id for each in post.station.operators.list() if each.name == record.receiver]
    assert post.station.drafts.of(screening) == {}


def test_somebody_from_outside_draws_a_signature_that_is_kept(
    chromium: Browser, post: Post, sealed: tuple[ScreeningId, str]
) -> None:
    screening, exhibit = sealed
    with at(chromium, post, "en") as officer:
        officer.sign_in()
        officer.open(f"/exhibits/{exhibit}/handover/number")
        officer.page.locator("#text").fill(SEAL)
        officer.tap(".primary")
        officer.tap(officer.page.get_by_role("button", name="Laboratory"))
        expect(officer.page.get_by_text("Name or badge of who receives it")).to_be_visible()
        spell(officer, "INES")
        officer.tap(".primary")
        officer.tap(officer.page.get_by_role("button", name="Laboratory analysis"))
        officer.tap(officer.page.get_by_role("link", name="Sign by PIN"))
        officer.enter(PIN)
        expect(officer.page.locator("main")).to_contain_text(f"Exhibit 1, seal {SEAL}")
        expect(officer.page.locator("main")).to_contain_text("Laboratory analysis")
        officer.tap(".primary")
        expect(officer.page.get_by_role("alert")).to_contain_text("Draw the signature")
        draw(officer)
        expect(officer.page.get_by_text("Held by Ines, Laboratory")).to_be_visible()
    [record] = transfers(post.station, screening)
    assert (record.receiver, record.given, record.accepted_by) == ("Ines, Laboratory", "pin", None)
    assert record.drawn
    assert record.drawn.media == "image/png"


def test_a_supervisor_signs_for_who_is_absent_and_who_has_it_outside_draws_a_signature(
    chromium: Browser, post: Post, sealed: tuple[ScreeningId, str]
) -> None:
    screening, exhibit = sealed
    station, supervisor = post.station, post.station.operators.list()[0]
    holder = next(each for each in station.operators.list() if each.role == "officer")
    station.casework.transfer(supervisor, exhibit, holder.name, "Custody goes on", SEAL, holder.id)

    def tell(officer: Officer, **told: str) -> None:
        drafts = {f"{exhibit}_to_{name}": value for name, value in {"reason": "court", **told}.items()}
        station.drafts.keep(supervisor, screening, **drafts)
        officer.open(f"/exhibits/{exhibit}/handover/number")
        officer.page.locator("#text").fill(SEAL)
        officer.tap(".primary")
        expect(officer.page.get_by_role("heading", name="Is everything right?")).to_be_visible()

    with at(chromium, post, "en") as officer:
        officer.sign_in()
        tell(officer, receiver="outside-laboratory", name="Ines")
        expect(officer.page.locator("main")).to_contain_text("If they are absent, you sign for them")
        expect(officer.page.locator(".primary")).to_have_text(f"PIN of {holder.name}")
        officer.tap(officer.page.get_by_role("link", name="I give it for them"))
        officer.enter(PIN)
        draw(officer)
        told = f"{holder.name}; for them: {supervisor.name} → Ines, Laboratory"
        expect(officer.page.locator("main")).to_contain_text(told)
        tell(officer, receiver=holder.id)
        expect(officer.page.locator("garita-hold")).to_have_count(0)
        officer.tap(officer.page.get_by_role("link", name="Who gives signs"))
        expect(officer.page.get_by_role("heading", name="Ines, Laboratory gives and signs")).to_be_visible()
        officer.tap(".primary")
        expect(officer.page.get_by_role("alert")).to_contain_text("Draw the signature")
        draw(officer)
        officer.enter(PIN)
        expect(officer.page.get_by_text(f"Held by {holder.name}")).to_be_visible()
    *_, absent, outside = transfers(station, screening)
    assert (absent.giver, absent.given_by, absent.given) == (holder.name, supervisor.id, "pin")
    assert (outside.giver, outside.given_by, outside.given) == ("Ines, Laboratory", None, None)
    assert outside.given_drawn
    assert station.casework.picture(outside.given_drawn)


def test_a_code_that_is_not_the_seal_is_told_at_once(
    chromium: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    post = site.post(tmp_path_factory.mktemp("read"), **site.companions("no identifier"))
    station, operator = post.station, post.station.operators.list()[0]
    screening = station.screenings.open(operator, "vehicle")
    exhibit = add_exhibit(post, operator, screening)
    station.casework.apply_seal(operator, exhibit, SEAL, "closed")
    with at(chromium, post, "en") as officer:
        officer.sign_in()
        for way in ("handover", "open"):
            officer.open(f"/exhibits/{exhibit}/{way}")
            expect(officer.page.get_by_role("alert")).to_contain_text("That is not its seal")
            expect(officer.page.get_by_role("button", name="The bag has this seal")).to_have_count(0)
        officer.tap(officer.page.get_by_role("link", name="It has another seal"))
        officer.tap(".primary")
        expect(officer.page.get_by_role("alert")).to_contain_text("found with another seal")
    [record] = station.casework.dossier(screening).of(SealCheckRecord)
    assert (record.on_record, record.source) == (SEAL, "scanned")


@pytest.mark.parametrize("look", ["es day", "en night"])
def test_the_newest_hands_fit_their_card_also_below_a_notice(
    chromium: Browser, post: Post, sealed: tuple[ScreeningId, str], look: str
) -> None:
    casework, operator, (_, exhibit) = post.station.casework, post.station.operators.list()[0], sealed
    language, theme = look.split()
    given = Given(operator, "hold")
    with at(chromium, post, language, theme) as officer:
        officer.sign_in()
        for receiver in ("Q.F.B. Inés Duarte Montaño, Laboratorio", "Lic. Abc de la Fuente, Juzgado", operator.name):
            casework.transfer(operator, exhibit, receiver, "Análisis de laboratorio", SEAL, given=given)
            given = Given(None, drawn=png())
        for name in ("without a notice", "below a notice"):
            officer.open(f"/exhibits/{exhibit}")
            expect(officer.page.locator("main")).to_contain_text(f"Lic. Abc de la Fuente, Juzgado → {operator.name}")
            assert broken_rules(officer, name, language, theme) == []
            casework.report_seal(operator, exhibit, "FGR-0099999")


def test_a_hand_over_that_was_cut_off_goes_on_where_it_was_and_is_begun_anew_at_will(
    chromium: Browser, post: Post, sealed: tuple[ScreeningId, str]
) -> None:
    screening, exhibit = sealed
    with at(chromium, post, "en") as officer:
        officer.sign_in()
        officer.open(f"/exhibits/{exhibit}/handover/number")
        officer.page.locator("#text").fill(SEAL)
        officer.tap(".primary")
        officer.tap(officer.page.get_by_role("button", name="Evidence store"))
        expect(officer.page.get_by_text("Name or badge of who receives it")).to_be_visible()
    with at(chromium, post, "en") as officer:
        officer.sign_in()
        officer.open(f"/exhibits/{exhibit}/handover")
        expect(officer.page.get_by_role("heading", name="Scan the seal of the bag")).to_be_visible()
        officer.tap(officer.page.get_by_role("link", name="By hand"))
        officer.page.locator("#text").fill(SEAL)
        officer.tap(".primary")
        expect(officer.page.get_by_text("Name or badge of who receives it")).to_be_visible()
        spell(officer, "B7")
        officer.tap(".primary")
        officer.tap(officer.page.get_by_role("button", name="Storage"))
        officer.tap(officer.page.get_by_role("button", name="Begin again"))
        expect(officer.page.get_by_role("heading", name="Scan the seal of the bag")).to_be_visible()
    assert transfers(post.station, screening) == []
