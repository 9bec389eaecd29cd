"""The result with the longest names of the catalogue, and with every card: nothing of it is cut off."""

from collections.abc import Iterable
from itertools import product, repeat
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser

from edge.accounts import MAX_NAME
from edge.views import ReadingView
from edge.web import screen, words
from edge.web.comparing import SEIZURES, Crosscheck
from edge.web.first_aid import first_aid
from edge.web.notes import Notes
from edge.web.results import Result
from edge.web.screen import Chip, Frame, Screens
from edge.web.translations import Language
from models.catalogue import Standing, Substance
from tests.edge.web.screens import RULES
from tests.edge.web.test_results import CATALOGUE, component, evidence, hit, reading, say
from tests.edge.web.test_results import unsure as inconclusive

pytestmark = pytest.mark.browser

LISTED = sorted(
    (each for each in CATALOGUE.substances if each.standing is not Standing.UNLISTED),
    key=lambda substance: -max(len(substance.name), len(substance.spanish)),
)
FORMS = sorted(
    (each for each in CATALOGUE.substances if CATALOGUE.stereochemistry.forms(each.inchikey, each.name)),
    key=lambda substance: -sum(len(each.name) for each in CATALOGUE.stereochemistry.forms(substance.inchikey)),
)
POTENT = [each for each in LISTED if each.hazard == "H1-ULTRA"]
ISOMERS = [each.name for each in LISTED[:3]]
LEAST_TOLD = 100
"""Pixels of a name in the status strip in which it can be told from others."""
PLACE = "Puesto de Control Aduanero Ciudad Hidalgo, Puente Internacional Suchiate II"


def one(substance: Substance) -> ReadingView:
    named = hit(substance.inchikey, name=substance.name, isomers=ISOMERS)
    return reading("alarm", "controlled-substance", "isomers-not-told-apart", hits=[named])


def plain(substance: Substance, isomers: list[str]) -> ReadingView:
    named = [hit(substance.inchikey, name=substance.name, isomers=isomers)]
    if substance.standing is Standing.CONTROLLED:
        return reading("alarm", "controlled-substance", hits=named)
    return reading("caution", "document-check", hits=named)


def mixed(substances: list[Substance], share: float = 0.15) -> ReadingView:
    hits = [hit(each.inchikey, name=each.name) for each in substances]
    parts = [component(each.inchikey, each.name, share) for each in substances]
    alike = ("isomers-not-told-apart", "stereoisomers-not-told-apart")
    return reading("alarm", "controlled-substance", "mixture", *alike, hits=hits, components=parts)


def unsure(first: Substance, second: Substance) -> ReadingView:
    hits = [hit(each.inchikey, name=each.name) for each in (first, second)]
    return reading("caution", "ambiguous", "document-check", "status-unverified", hits=hits)


def faults(
    chromium: Browser, drawn: Path, language: str, given: Iterable[ReadingView], *, hazard: bool = False
) -> list[str]:
    """Return what is broken of these results on the smallest panel; cards and names that fit alike are drawn once.

    Each is drawn with every name that the button to the seizure has.
    `hazard`: not the results themselves, but what is shown before those of a danger to life.
    """
    screens = Screens.load((screen.WEB / "static").as_uri())
    spoken = screens.languages[language]
    cross = Crosscheck("only_one", 1, spoken.say("Only one reading"), "", "", "alarm", accepted=False)
    frame = frame_of(spoken, "A. Castañeda")
    text = screens.environments[language].get_template("hazard.html" if hazard else "result.html")
    page, found = chromium.new_page(viewport={"width": 1024, "height": 600}), list[str]()
    told = {_layout(result): (result, each) for each in given if (result := say(each, language))}.values()
    for (result, each), seizure in product(told, map(spoken.say, SEIZURES)):
        aid = first_aid(spoken, result.hazard, whole=not hazard)
        values = {"reading": each, "result": result, "cross": cross, "aid": aid, "first": hazard, "seizure": seizure}
        drawn.write_text(text.render(frame=frame, **values), "utf-8")
        page.goto(drawn.as_uri())
        found += [f"{result.substance}, {seizure}: {fault}" for fault in page.evaluate(RULES, 3)]
    page.close()
    return found


def frame_of(language: Language, operator: str) -> Frame:
    chips = (Chip("queue", "queue", "12 345", ""),)
    return Frame(language, "day", "night", "7-1024x600", "/", PLACE, operator, True, True, False, False, chips, ())


PEOPLE = (
    "María Guadalupe Concepción Fernández Castellanos y Villarrea",
    "Juan Carlos Hernández-Echeverría de los Monteros y Castañeda",
)
assert {len(name) for name in PEOPLE} == {MAX_NAME}
REQUEST = "El asiento 11, Peso: 1012.37 g bruto, ya no vale: Se leyó mal. Es de: Fentanilo · Vehículo · 27 nov 10:07"


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_longest_names_of_people_fit(chromium: Browser, tmp_path: Path, language: str) -> None:
    screens, drawn = Screens.load((screen.WEB / "static").as_uri()), tmp_path / "page.html"
    say = screens.languages[language].say
    people = [
        {"id": "op-1", "name": name, "initials": "MG", "role": say(words.ROLES["technician"])} for name in PEOPLE * 3
    ]
    act = {"waiting": SimpleNamespace(id="1", shown=REQUEST), "beside": people, "page": 1, "pages": 1, "problem": ""}
    given = (
        ("people.html", {"people": people, "usual": people[0], "page": 1, "pages": 2}),
        ("act.html", {**act, "who": None}),
        ("act.html", {**act, "who": people[0], "takes_pin": True, "first": True}),
        (
            "handover_pick.html",
            {
                "exhibit": {"id": "1", "number": 1},
                "way": "handover",
                "title": "?",
                "field": "receiver",
                "choices": [("1", each) for each in PEOPLE * 4],
            },
        ),
    )
    page = chromium.new_page(viewport={"width": 1024, "height": 600})
    for operator, (template, values) in product(("A. Castañeda", PEOPLE[0]), given):
        text = screens.environments[language].get_template(template)
        drawn.write_text(text.render(frame=frame_of(screens.languages[language], operator), **values), "utf-8")
        page.goto(drawn.as_uri())
        found = [each for each in page.evaluate(RULES, 3) if operator not in PEOPLE or operator[:20] not in each]
        assert not found, (template, found)
        told = page.locator(".who > :not(.icon)").evaluate_all("(all) => all.map((each) => each.clientWidth)")
        assert min(told) > LEAST_TOLD, (operator, told)
    page.close()


def _layout(result: Result) -> tuple[object, ...]:
    return result.first, result.second, len(result.substance), len(result.also)


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_longest_names_fit_on_the_smallest_panel(chromium: Browser, tmp_path: Path, language: str) -> None:
    given = [
        *map(one, (*LISTED[:8], *POTENT[:8], *FORMS[:6])),
        mixed(LISTED[:5]),
        mixed(POTENT[:5]),
        unsure(*LISTED[1:3]),
    ]
    found = faults(chromium, tmp_path / "result.html", language, given)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["es", "en"])
def test_what_to_do_against_a_danger_to_life_is_never_cut_off(chromium: Browser, tmp_path: Path, language: str) -> None:
    by_name = {each.name: each for each in CATALOGUE.substances}
    fentanyl, *others = (by_name[name] for name in ("Fentanyl", "Xylazine", "Cocaine", "Heroin", "Paracetamol"))
    given = [
        *map(one, POTENT[:8]),
        plain(fentanyl, []),
        mixed([fentanyl], 0.88),
        *(mixed([fentanyl, other], 0.44) for other in others),
        mixed([fentanyl, *others]),
        inconclusive(evidence("opioid-fentanyl", [84, 105, 188])),
        mixed(POTENT[:5]),
    ]
    found = faults(chromium, tmp_path / "hazard.html", language, given, hazard=True)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("isomers", [[], ["4-Methylamphetamine"]], ids=["alone", "with an isomer"])
@pytest.mark.parametrize("language", ["es", "en"])
def test_no_card_is_written_larger_than_it_fits(
    chromium: Browser, tmp_path: Path, language: str, isomers: list[str]
) -> None:
    of_each_card = {_card(each, language): each for each in map(plain, reversed(LISTED), repeat(isomers))}
    given = [each for (first, second, room), each in of_each_card.items() if max(first.height, second.height) <= room]
    assert given or isomers  # beside an isomer none may have the room
    found = faults(chromium, tmp_path / "result.html", language, given)
    assert not found, "\n".join(found)


def _card(given: ReadingView, language: str) -> tuple[Notes, Notes, int]:
    result = say(given, language)
    return result.first, result.second, result.room
