"""Every word of the screens exists in every language, and none of them says more than a reading can."""

import re
from typing import get_type_hints

import pytest
from babel.messages.catalog import Catalog

from edge.checking import MISSING, NOT_EMPTY, NOT_NAMED
from edge.errors import EdgeError, NotPressed
from edge.views import AnalyzerState, HealthView, Interruption, Role, SyncState
from edge.web import problems, words
from edge.web.translations import TRANSLATED, extracted, faults, main, read
from models.catalogue import Catalogue
from models.conclusion import Conclusion, Reason
from sync.contract.submission import RefusalCode

# The event is a seizure, a "decomiso"; nobody is told to seize.
FORBIDDEN = re.compile(
    r"\b(identified|confirmed|clear|clean|positive|negative|seiz(?!ures?\b)\w+|arrest\w*|"
    r"limpi[oa]s?|positiv[oa]s?|negativ[oa]s?|identificad[oa]s?|confirmad[oa]s?|decomis(?!os?\b)\w+|incaut\w+|arrest\w+)\b",
    re.IGNORECASE,
)
SAFE = re.compile(r"\b(safe|segur[oa]s?)\b", re.IGNORECASE)
MAY_SAY_SAFE = {"It does not mean that it is safe.", "No significa que sea seguro."}


def literals(alias: object) -> set[str]:
    return set(alias.__args__)  # type: ignore[attr-defined] - a Literal has its values there


def test_the_catalogues_have_every_message_and_no_other() -> None:
    assert main("check") == 0


@pytest.mark.parametrize(
    ("kept", "fault"),
    [
        ({}, "missing: Home"),
        ({"Home": "Inicio", "Gone": "Ido"}, "unused: Gone"),
        ({"Home": ""}, "empty: Home"),
    ],
)
def test_a_faulty_catalogue_is_told(kept: dict[str, str], fault: str) -> None:
    needed, catalogue = Catalog(), Catalog("es")
    needed.add("Home")
    for message, translation in kept.items():
        catalogue.add(message, translation)
    assert list(faults(needed, catalogue)) == [fault]


def test_a_fuzzy_message_is_told() -> None:
    needed, catalogue = Catalog(), Catalog("es")
    needed.add("Home")
    catalogue.add("Home", "Inicio", flags=["fuzzy"])
    assert list(faults(needed, catalogue)) == ["fuzzy: Home"]


def test_every_code_has_words() -> None:
    assert set(words.REASONS) == {*Reason, *Interruption, MISSING, NOT_EMPTY, NOT_NAMED}
    assert {*Conclusion, "stopped"} == set(words.CONCLUSIONS)
    assert set(words.ROLES) == literals(Role)
    assert set(words.ANALYZER) == literals(AnalyzerState)
    assert set(words.CLOCK) == literals(get_type_hints(HealthView)["clock"])
    assert set(words.SENDING) == literals(SyncState)
    assert set(words.REFUSALS) >= literals(RefusalCode)


def of_kind(error: type[EdgeError]) -> list[type[EdgeError]]:
    return [error, *(each for kind in error.__subclasses__() for each in of_kind(kind))]


def test_every_error_has_words() -> None:
    named = [*of_kind(EdgeError), NotPressed]
    assert set(problems.PROBLEMS) >= {error.code for error in named}


def test_every_hazard_and_family_of_the_catalogue_has_words() -> None:
    catalogue = Catalogue.load()
    assert set(words.HAZARDS) == set(catalogue.hazards)
    assert set(words.FAMILIES) == {substance.family for substance in catalogue.substances}


def test_no_message_says_more_than_a_reading_can() -> None:
    said = [message.id for message in extracted() if message.id]
    said += [message.string for code in TRANSLATED for message in read(code) if message.id]
    texts = [text for each in said for text in ((each,) if isinstance(each, str) else each)]
    assert not [text for text in texts if FORBIDDEN.search(text)]
    assert {text for text in texts if SAFE.search(text)} <= MAY_SAY_SAFE
