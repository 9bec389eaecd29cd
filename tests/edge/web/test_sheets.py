"""Pages of what is signed: nothing is left out, and no column is fuller than it is high, measured in Chromium."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from edge.web import screen
from edge.web.screen import Chip, Frame, Screens
from edge.web.sheets import ROOM, Line, Section, listed, run, sheet
from tests.edge.web.screens import RULES

PANELS = {"7-1024x600": (1024, 600), "7-1280x800": (1280, 800)}
"""The lowest and the narrowest."""
LAST = "Firmado por María Guadalupe Hernández de la Torre"
NAMES = ("Metanfetamina", "Acetil-alfa-metilfentanilo", "SELLO-FGR-0042-WXYZ-MMMM", "9125.37", "se", "corregido:")
TEXTS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=40).map(" ".join)
TITLES = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2).map(" ".join)


def section(title: str, said: list[str], *, in_one: bool) -> Section:
    return (run if in_one else listed)(title, said)


SECTIONS = st.lists(
    st.builds(section, TITLES, st.lists(TEXTS, max_size=8), in_one=st.booleans()), min_size=1, max_size=6
)


def pages(sections: Sequence[Section]) -> list[Sequence[Sequence[Section]]]:
    count = sheet(sections, 1).pages
    return [sheet(sections, page).columns for page in range(1, count + 1)]


@settings(max_examples=40)
@given(SECTIONS)
def test_every_line_stands_on_a_page_below_its_heading_and_no_column_is_fuller_than_it_is_high(
    sections: list[Section],
) -> None:
    columns = [column for page in pages(sections) for column in page]
    told = [(part.title, line) for column in columns for part in column for line in part.lines]
    assert told == [(part.title, line) for part in sections for line in part.lines]
    assert all(sum(part.height for part in column) <= ROOM for column in columns)


@pytest.mark.parametrize("wanted", [(1, 1), (9, 0)])
def test_a_page_that_is_not_there_is_the_nearest_one(wanted: tuple[int, int]) -> None:
    shown = sheet([run("Indicio 1", ["Polvo"]), listed("Falta:", ["Peso"] * 40)], wanted[0] * 100)
    assert shown.page == shown.pages > 1
    assert shown.is_last
    assert sheet([run("Indicio 1", ["Polvo"])], -wanted[1]).page == 1


@pytest.mark.browser
@pytest.mark.parametrize("panel", PANELS)
def test_a_full_page_of_wide_letters_fits(chromium: Browser, tmp_path: Path, panel: str) -> None:
    mixed = "Acetil-alfa-metilfentanilo WMÑ-0042-MMMM corregido: 9125.37 g bruto · manual "
    sections = [
        listed("ALARMA", ["Mezcla: Heroína + Acetil-alfa-metilfentanilo + Metanfetamina"]),
        listed("Lecturas", [Line("ANULADA: motivo", f"Lectura {n}: NO CONCLUYENTE, MEZCLA") for n in range(8)], "list"),
        listed("Una sola", [Line(mixed * 3, mixed * 3)]),
        *(run(f"Indicio {n}", [mixed * n]) for n in range(1, 5)),
        listed("Falta:", [f"Fotografía del indicio {n}" for n in range(13)], "warning"),
    ]
    screens, drawn = Screens.load((screen.WEB / "static").as_uri()), tmp_path / "review.html"
    words, text = screens.languages["es"], screens.environments["es"].get_template("decision.html")
    chips = (Chip("queue", "queue", "12 345", ""),)
    frame = Frame(words, "day", "night", panel, "/", "Garita", "A. Castañeda", True, True, False, False, chips, ())
    width, height = PANELS[panel]
    page, found = chromium.new_page(viewport={"width": width, "height": height}), list[str]()
    for number in range(1, sheet(sections, 1).pages + 1):
        shown = text.render(
            frame=frame,
            sheet=sheet(sections, number),
            here="/screenings/s-1",
            seen="",
            may_approve=True,
            may_return=True,
            changed=False,
            last=LAST,
        )
        drawn.write_text(shown, "utf-8")
        page.goto(drawn.as_uri())
        found += [f"page {number}: {fault}" for fault in page.evaluate(RULES, 3)]
    page.close()
    assert not found, "\n".join(found)
