"""A seizure as an officer's finger makes it: picked, weighed, photographed, sealed; saved at each touch."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, expect

from edge.views import OperatorView
from edge.web.checklist import Checklist
from edge.web.signing import beside
from edge.web.translations import load_languages
from sync.contract.casework import ExhibitRecord, PhotoRecord, WeightRecord
from sync.contract.ids import ReadingId, ScreeningId
from sync.contract.seizure import SignatureRecord, WitnessRecord
from tests.edge.web.case_screens import PICTURE, add_exhibit
from tests.edge.web.officer import Officer, at
from tests.edge.web.post import PIN, Post, Site
from tests.waiting import wait_until

pytestmark = pytest.mark.browser

TAPS = 15
"""Of the 18 that a seizure of one exhibit may take: with the hazard card, two pieces, and a witness."""


@pytest.fixture(scope="module")
def furnished(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Post:
    """Provide a post with every companion."""
    return site.post(tmp_path_factory.mktemp("furnished"), **site.companions("no identifier"))


@contextmanager
def signed_in(chromium: Browser, post: Post, language: str = "en") -> Iterator[Officer]:
    with at(chromium, post, language) as officer:
        officer.sign_in()
        yield officer


def begin(post: Post) -> ScreeningId:
    """Take a reading and return its screening."""
    post.programme.sample("Fentanyl")
    return post.station.screenings.view(ReadingId(post.measure())).screening


def size(button: Locator) -> tuple[float, float]:
    box = button.bounding_box()
    assert box
    return box["width"], box["height"]


def weigh_photograph_and_seal(post: Post, operator: OperatorView, exhibit: str, seal: str) -> None:
    post.station.casework.weigh(operator, exhibit, ("12.5", "g"))
    post.station.casework.photograph(operator, exhibit, PICTURE, "image/jpeg")
    post.station.casework.apply_seal(operator, exhibit, seal, "closed")


def photograph(officer: Officer) -> None:
    """Take the photograph that the screen asks for, and keep it."""
    expect(officer.page.locator("garita-photo[data-state=live]")).to_be_visible()
    officer.tap(".primary")
    expect(officer.page.locator("garita-photo[data-state=taken]")).to_be_visible()
    officer.tap(".primary")


def test_one_exhibit_from_the_alarm_to_the_signed_record_takes_few_taps_and_no_typed_letter(
    chromium: Browser, furnished: Post
) -> None:
    station = furnished.station
    furnished.programme.sample("Fentanyl")
    reading = furnished.measure()
    screening = station.screenings.view(ReadingId(reading)).screening
    with signed_in(chromium, furnished) as officer:
        officer.open(f"/readings/{reading}")
        before = officer.taps
        officer.tap(".primary")
        officer.tap(officer.page.get_by_role("link", name="Open the seizure"))
        expect(officer.page.get_by_role("heading", name="Seizure: 0 of 6 done")).to_be_visible()
        officer.tap(".primary")
        officer.tap("button[value=powder]")
        officer.tap("button[value=bag]")
        officer.tap(".count button >> nth=2")
        officer.tap(".primary")
        officer.tap(".primary:not([disabled])")
        photograph(officer)
        expect(officer.page.get_by_role("heading", name="Seal of exhibit 1")).to_be_visible()
        officer.tap(".primary:not([disabled])")
        expect(officer.page.get_by_role("heading", name="Persons and numbers")).to_be_visible()
        officer.tap(officer.page.get_by_role("link", name="Person searched"))
        officer.tap("button[value=agreed]")
        expect(officer.page.get_by_role("link", name="Person searched agreed")).to_be_visible()
        officer.tap(".primary")
        expect(officer.page.get_by_text("Nothing is missing")).to_be_visible()
        officer.hold("garita-hold .primary")
        expect(officer.page.get_by_role("heading", name="Signed record")).to_be_visible()
        expect(officer.page.locator(".facts")).to_contain_text("when signed")
        assert officer.taps - before == TAPS
    dossier = station.casework.dossier(screening)
    [exhibit] = dossier.exhibits
    [record] = exhibit.of(ExhibitRecord)
    assert (record.category, record.count, record.packing) == ("powder", 2, "bag")
    assert record.description == "Powder · 2 pieces · Bag"
    [weight] = exhibit.of(WeightRecord)
    assert (weight.value, weight.unit, weight.source) == ("1012.37", "g", "scale")
    assert weight.scale
    [raw] = [record.weight for _, record in station.observations.of(screening) if record.weight]
    assert raw.grams == "1012.37"
    [photo] = exhibit.of(PhotoRecord)
    assert photo.photo.media == "image/jpeg"
    assert exhibit.seal_number == "ABC-123"
    [signature] = dossier.of(SignatureRecord)
    assert (signature.method, signature.missing) == ("hold", [])
    assert dossier.readings[0].seq in [each.seq for each in signature.concerns]


def test_a_pin_signs_as_well_and_what_is_missing_is_told_and_signed(chromium: Browser, post: Post) -> None:
    station, screening = post.station, begin(post)
    add_exhibit(post, station.operators.list()[0], screening)
    with signed_in(chromium, post, "es") as officer:
        officer.open(f"/screenings/{screening}/review")
        for lacking in ("Peso del indicio 1", "Fotografía del indicio 1", "Sello del indicio 1", "Testigos"):
            expect(officer.page.locator("main")).to_contain_text(lacking)
        expect(officer.page.locator(".primary")).to_have_attribute("href", re.compile("/weight$"))
        officer.tap(officer.page.get_by_role("link", name="Firmar así, incompleto"))
        expect(officer.page.locator("garita-hold .primary")).to_contain_text("Firmar incompleto")
        officer.tap(officer.page.get_by_role("link", name="Firmar con PIN"))
        expect(officer.page.locator("main")).to_contain_text(
            "sin: Peso del indicio 1, Fotografía del indicio 1 y 2 más."
        )
        officer.enter("111111")
        expect(officer.page.get_by_role("alert")).to_have_text("PIN incorrecto. Quedan 4 intentos.")
        officer.enter(PIN)
        expect(officer.page.get_by_role("heading", name="Registro firmado")).to_be_visible()
        expect(officer.page.locator(".presumptive")).to_have_text("Presuntivo: requiere confirmación de laboratorio")
    [signature] = station.casework.dossier(screening).of(SignatureRecord)
    assert signature.method == "pin"
    assert [each.step for each in signature.missing] == ["weight", "photo", "seal", "witnesses"]


def test_what_changed_while_it_was_shown_is_looked_through_again(chromium: Browser, post: Post) -> None:
    station, screening = post.station, begin(post)
    exhibit = add_exhibit(post, station.operators.list()[0], screening)
    with signed_in(chromium, post) as officer:
        officer.open(f"/screenings/{screening}/review?incomplete=yes")
        station.casework.weigh(station.operators.list()[0], exhibit, ("55.55", "g"), "net")
        officer.tap(officer.page.get_by_role("link", name="Sign by PIN"))
        officer.enter(PIN)
        expect(officer.page.get_by_role("alert")).to_have_text("It changed while it was shown: look through it again.")
        expect(officer.page.locator("main")).to_contain_text("55.55")
        assert not station.casework.dossier(screening).of(SignatureRecord)
        officer.open(f"/screenings/{screening}/review?incomplete=yes")
        officer.tap(officer.page.get_by_role("link", name="Sign by PIN"))
        officer.enter(PIN)
        expect(officer.page.get_by_role("heading", name="Signed record")).to_be_visible()


def test_a_signed_seizure_has_no_way_to_edit_it(chromium: Browser, post: Post) -> None:
    station, screening = post.station, begin(post)
    operator = station.operators.list()[0]
    add_exhibit(post, operator, screening)
    station.seizures.sign(operator, screening, "hold")
    with signed_in(chromium, post) as officer:
        for path in ("seizure", "exhibits/new", "review", "witnesses/searched", "references/report"):
            officer.open(f"/screenings/{screening}/{path}")
            expect(officer.page).to_have_url(f"{post.url}/screenings/{screening}/record")
        expect(officer.page.locator(".qr svg")).to_be_visible()
        for path in ("record", "entries"):
            officer.open(f"/screenings/{screening}/{path}")
            expect(officer.page.locator("form[action$='/undo'], main input")).to_have_count(0)


def test_a_hold_without_scripts_asks_for_the_pin(chromium: Browser, post: Post) -> None:
    station, screening = post.station, begin(post)
    operator = station.operators.list()[0]
    exhibit = add_exhibit(post, operator, screening)
    weigh_photograph_and_seal(post, operator, exhibit, "H-1")
    station.seizures.witness(operator, screening, "searched", "agreed")
    with at(chromium, post, "en", scripts=False) as officer:
        officer.open("/sign-in")
        officer.tap(".primary")
        officer.page.locator("input[name=pin]").fill(PIN)
        officer.tap(".primary")
        expect(officer.page.locator(".quick")).to_be_visible()
        officer.open(f"/screenings/{screening}/review")
        officer.tap("garita-hold .primary")
        officer.page.locator("input[name=pin]").fill(PIN)
        officer.tap(".primary")
        expect(officer.page.get_by_role("heading", name="Signed record")).to_be_visible()


def test_a_sealed_exhibit_is_handed_over_first_once_it_is_signed(chromium: Browser, post: Post) -> None:
    station, screening = post.station, begin(post)
    operator = station.operators.list()[0]
    exhibit = add_exhibit(post, operator, screening)
    station.casework.apply_seal(operator, exhibit, "P-1", "closed")
    with signed_in(chromium, post) as officer:
        officer.open(f"/exhibits/{exhibit}")
        expect(officer.page.locator(".primary")).to_have_text("Checklist")
        station.seizures.sign(operator, screening, "hold")
        officer.open(f"/exhibits/{exhibit}")
        expect(officer.page.locator(".primary")).to_have_text("Hand over")


def test_a_number_is_nobody_and_a_colleague_is_asked_for_no_consent(chromium: Browser, post: Post) -> None:
    station, screening = post.station, begin(post)
    operator = station.operators.list()[0]
    weigh_photograph_and_seal(post, operator, add_exhibit(post, operator, screening), "C-1")
    with signed_in(chromium, post) as officer:
        officer.open(f"/screenings/{screening}/references/report")
        officer.enter("45")
        expect(officer.page.locator("h1")).to_have_text("Persons and numbers")
        expect(officer.page.locator(".primary")).to_have_text("Nobody else is present")
        officer.tap(officer.page.get_by_role("link", name="Colleague"))
        expect(officer.page.locator(".primary")).to_be_disabled()
        officer.tap(officer.page.get_by_role("button", name="Was present"))
        expect(officer.page.locator("h1")).to_have_text("Colleague: was present")
        officer.tap(officer.page.get_by_role("button", name="Save", exact=True))
        expect(officer.page.get_by_role("link", name="Colleague was present")).to_be_visible()
        officer.tap(officer.page.get_by_role("link", name="Person searched"))
        expect(officer.page.locator(".told")).to_contain_text("Ask: do you agree")
        expect(officer.page.locator(".primary")).to_be_disabled()
        said = [officer.page.locator(f"button[value={each}]") for each in ("agreed", "refused", "absent")]
        yes, no, absent = ([round(pixels) for pixels in size(each)] for each in said)
        assert yes == no == absent, "no answer is readier to hand than the other"
        officer.tap(said[1])
        expect(officer.page.get_by_role("link", name="Person searched refused")).to_be_visible()
    [asked] = [each for each in station.casework.dossier(screening).of(WitnessRecord) if each.role == "searched"]
    assert asked.stance == "refused"
    said = beside(Checklist(load_languages()["es"], station.casework.dossier(screening)))
    assert "Persona revisada: no dio su acuerdo al pesaje, las fotos y el sello" in said


def test_who_was_searched_agrees_to_nothing_before_it_is_done_and_is_asked_again_after_more(
    chromium: Browser, post: Post
) -> None:
    station, screening = post.station, begin(post)
    operator = station.operators.list()[0]
    exhibit = add_exhibit(post, operator, screening)
    with signed_in(chromium, post, "es") as officer:
        officer.open(f"/screenings/{screening}/witnesses/searched")
        expect(officer.page.locator("button[name=stance]")).to_have_count(0)
        expect(officer.page.get_by_role("alert")).to_contain_text("Todavía no hay con qué estar de acuerdo")
        expect(officer.page.locator(".actions .primary")).to_have_attribute("href", f"/exhibits/{exhibit}/weight")
        weigh_photograph_and_seal(post, operator, exhibit, "C-2")
        officer.page.reload()
        expect(officer.page.locator(".told")).to_contain_text("¿está de acuerdo con cómo se pesó, fotografió y selló?")
        officer.tap("button[value=agreed]")
        expect(officer.page.get_by_role("link", name="Persona revisada de acuerdo")).to_be_visible()
        station.casework.weigh(operator, add_exhibit(post, operator, screening), ("3.5", "g"))
        officer.open(f"/screenings/{screening}/review")
        expect(officer.page.locator("main")).to_contain_text("Pregunte otra vez a la persona revisada")
        officer.open(f"/screenings/{screening}/witnesses")
        officer.tap(officer.page.get_by_role("link", name="Preguntar otra vez"))
        expect(officer.page.locator(".told")).to_contain_text(
            "lo hecho hasta ahora? Peso, Fotografía y Sello del indicio 1; Peso del indicio 2"
        )
        officer.tap("button[value=agreed]")
        expect(officer.page.get_by_role("link", name="Revisar y firmar")).to_be_visible()
    said = beside(Checklist(load_languages()["es"], station.casework.dossier(screening)))
    assert said == [
        "Persona revisada: de acuerdo con: Peso, Fotografía y Sello del indicio 1",
        "Persona revisada: de acuerdo con: Peso, Fotografía y Sello del indicio 1; Peso del indicio 2",
    ]


def test_where_no_reader_is_set_up_a_seal_goes_in_by_hand(chromium: Browser, post: Post) -> None:
    screening = begin(post)
    exhibit = add_exhibit(post, post.station.operators.list()[0], screening)
    with signed_in(chromium, post) as officer:
        officer.open(f"/exhibits/{exhibit}/seal")
        expect(officer.page.locator(".actions .primary")).to_have_text("By hand")


def test_a_cut_at_any_step_comes_back_to_the_same_step(chromium: Browser, post: Post) -> None:
    screening = begin(post)
    with signed_in(chromium, post) as officer:
        officer.open(f"/screenings/{screening}/exhibits/new")
        officer.tap("button[value=tablets]")
        expect(officer.page.get_by_role("heading", name="What is it packed in?")).to_be_visible()
    with signed_in(chromium, post) as officer:
        begun = officer.page.get_by_role("link", name="Continue, not signed yet")
        expect(begun).to_contain_text("Fentanyl · ")
        officer.tap(begun)
        officer.tap(".primary")
        officer.tap("button[value=envelope]")
        officer.tap(".count button >> nth=3")
        expect(officer.page.locator("output")).to_have_text("11")
    with signed_in(chromium, post) as officer:
        officer.open(f"/screenings/{screening}/seizure")
        officer.tap(".primary")
        expect(officer.page.locator("output")).to_have_text("11")
        officer.tap(".primary")
        officer.tap(".primary")
        for key in "12.5":
            officer.tap(f'garita-keys:defined button[value="{key}"]')
        officer.tap(officer.page.get_by_text("kg", exact=True))
        draft = f"{post.station.casework.dossier(screening).exhibits[0].id}_weight"
        kept = {draft: "12.5", f"{draft}_unit": "kg"}
        wait_until(lambda: post.station.drafts.of(screening) == kept)
    with signed_in(chromium, post) as officer:
        officer.open(f"/screenings/{screening}/seizure")
        officer.tap(".primary")
        officer.tap(".primary")
        expect(officer.page.locator("#value")).to_have_value("12.5")
        officer.tap('garita-keys:defined button[value="9"]')
        expect(officer.page.locator("#value")).to_have_value("9")
        officer.page.reload()
        for key in ("2", ".", "5"):
            officer.tap(f'garita-keys:defined button[value="{key}"]')
        expect(officer.page.locator("#value")).to_have_value("2.5")
        officer.tap(".primary")
        expect(officer.page.get_by_role("heading", name="Photograph of exhibit 1")).to_be_visible()
    [weight] = post.station.casework.dossier(screening).exhibits[0].of(WeightRecord)
    assert (weight.value, weight.unit, weight.source) == ("2.5", "kg", "typed")
    assert post.station.drafts.of(screening) == {}


def test_what_was_done_last_is_undone_with_one_touch(chromium: Browser, furnished: Post) -> None:
    station, screening = furnished.station, begin(furnished)
    add_exhibit(furnished, station.operators.list()[0], screening)
    with signed_in(chromium, furnished) as officer:
        officer.open(f"/screenings/{screening}/seizure")
        officer.tap(".primary")
        officer.tap(".primary:not([disabled])")
        officer.tap(officer.page.get_by_role("button", name="Undo Weight"))
        expect(officer.page.get_by_role("heading", name="Weight of exhibit 1")).to_be_visible()
        officer.tap(officer.page.get_by_role("button", name="Undo Exhibit 1"))
        expect(officer.page.get_by_role("heading", name="What does it look like?")).to_be_visible()
    assert station.casework.dossier(screening).exhibits == []


def test_a_seal_that_was_used_and_digits_that_are_none_are_told_and_change_nothing(
    chromium: Browser, post: Post
) -> None:
    station, screening = post.station, begin(post)
    operator = station.operators.list()[0]
    first, second = (add_exhibit(post, operator, screening) for _ in range(2))
    station.casework.apply_seal(operator, first, "77", "closed")
    with signed_in(chromium, post) as officer:
        officer.open(f"/exhibits/{second}/seal/typed")
        officer.enter("77")
        expect(officer.page.get_by_role("alert")).to_contain_text("Seal 77 cannot close this bag")
        officer.open(f"/exhibits/{second}/weight/typed")
        officer.enter("1..5")
        expect(officer.page.get_by_role("alert")).to_contain_text("1..5 is no weight. One point at most.")
        expect(officer.page.locator("#value")).to_have_value("")
    assert [each.of(WeightRecord) for each in station.casework.dossier(screening).exhibits] == [[], []]
