"""The lists in words: what nobody verified says so, whoever's list it is."""

import re

import pytest

from edge.web.law_words import lists, standings
from edge.web.translations import load_languages
from models.schedule_file import default_schedule
from sync.contract.listing import ListedPart, ListingPart

LANGUAGES = load_languages()
KEY = "PJMPHNIQZUBGLI-UHFFFAOYSA-N"


def part(name: str, authority: str = "MX", *, verified: bool = True) -> ListedPart:
    return ListedPart(
        substance=KEY, authority=authority, list=name, standing="controlled", since=None, until=None, source="x",
        verified=verified,
    )  # fmt: skip


def listing(*parts: ListedPart, verified: bool = False) -> ListingPart:
    return ListingPart(
        name="n", version=3, effective="2026-11-26", digest="0" * 64, verified=verified, day="2026-11-27",
        authorities=["UN", "MX"], entries=list(parts),
    )  # fmt: skip


def said(*parts: ListedPart, verified: bool = False, language: str = "es") -> tuple[str, ...]:
    return standings(LANGUAGES[language], listing(*parts, verified=verified), KEY)


def test_each_authority_has_its_line() -> None:
    assert said(part("SC1961 I,IV", "UN")) == ("ONU: Convención 1961, Listas I y IV", "México: lista por verificar")
    assert said(part("LGS art. 245"), language="en") == ("UN: list to be verified", "Mexico: General Health Law (LGS)")


def test_what_was_not_verified_is_shown_as_such() -> None:
    [_, mexico] = said(part("LGS narcotic, reform passed; DOF text not verified", verified=False))
    assert mexico == "México: Ley General de Salud (LGS), sin verificar"


def test_fentanyl_is_on_the_mexican_list_and_nobody_read_its_article() -> None:
    found = [each for each in default_schedule().entries if each.inchikey == KEY]
    parts = [part(each.list, each.authority, verified=each.verified) for each in found]
    assert said(*parts) == ("ONU: Convención 1961, Lista I", "México: Ley General de Salud (LGS), sin verificar")


def test_silence_is_told_apart() -> None:
    assert said() == ("ONU: lista por verificar", "México: lista por verificar")
    assert said(verified=True)[1] == "México: en ninguna lista conocida"
    assert said(part("none", verified=False))[1] == "México: en ninguna lista conocida"


def test_a_list_that_only_a_state_knows_stands_as_it_wrote_it() -> None:
    assert said(part("Anexo 4 bis"))[1] == "México: Anexo 4 bis"


@pytest.mark.parametrize(("verified", "end"), [(False, "26 nov 2026; sin verificar"), (True, "26 nov 2026")])
def test_which_lists_these_are(verified: bool, end: str) -> None:
    line = lists(LANGUAGES["es"], listing(verified=verified))
    assert line == f"Listas: versión 3, vigentes desde el {end}"


def test_a_law_of_another_day_than_the_clock_shows_is_said() -> None:
    turned = listing(verified=True).model_copy(update={"day": "2027-03-02", "day_by": "record"})
    assert lists(LANGUAGES["es"], turned).endswith("; según la ley del 2 mar 2027: el reloj marca un día anterior")


def test_every_list_that_comes_with_garita_has_words() -> None:
    for entry in default_schedule().entries:
        words = said(part(entry.list, entry.authority, verified=entry.verified))
        assert not re.search(r"SC1961|PSC1971|1988 Table|none|LGS art|press|DOF", " ".join(words))
