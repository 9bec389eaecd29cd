"""Declared against found: each point in which papers do not fit is named, and nothing more is said of them."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.declared import FIELDS, Found, inconsistencies, tidy_field
from edge.web.declared_words import INCONSISTENT, LABELS
from models.catalogue import Catalogue
from sync.contract.papers import DeclaredPart, Inconsistency

CATALOGUE = Catalogue.load()
EPHEDRINE = next(each for each in CATALOGUE.substances if each.name == "Ephedrine")
PSEUDOEPHEDRINE = next(each for each in CATALOGUE.substances if each.name == "Pseudoephedrine")
FOUND = Found("Ephedrine", EPHEDRINE.inchikey, frozenset({"Pseudoephedrine"}), needs_permit=True)
RIGHT = {
    "substance": "efedrina, clorhidrato", "quantity": "12.5 kg", "hs": "2939.41", "cas": EPHEDRINE.cas,
    "pen": "PEN-1", "permit": "COFEPRIS 7",
}  # fmt: skip


def declared(**fields: str) -> DeclaredPart:
    return DeclaredPart.model_validate(dict.fromkeys(FIELDS, "") | fields)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"cas": ""}, []),
        ({"cas": PSEUDOEPHEDRINE.cas}, []),
        ({"substance": "Pseudoephedrine HCl"}, []),
        ({"cas": "90-82-4"}, []),
        ({"cas": "299-42-4"}, ["cas-form"]),
        ({"cas": "58-08-2"}, ["cas-of-another"]),
        ({"substance": "cafeína"}, ["substance-differs"]),
        ({"substance": "white powder"}, ["substance-differs"]),
        ({"hs": "29394"}, ["hs-form"]),
        ({"hs": "2939410101"}, []),
        ({"quantity": "some"}, ["quantity-form"]),
        ({"quantity": "1,5 L"}, []),
        ({"pen": ""}, ["pen-missing"]),
        ({"permit": "", "pen": ""}, ["pen-missing", "permit-missing"]),
    ],
)
def test_each_point_that_does_not_fit_is_named(fields: dict[str, str], expected: list[str]) -> None:
    assert inconsistencies(declared(**(RIGHT | fields)), FOUND, CATALOGUE) == expected


def test_where_nothing_was_found_the_papers_are_held_against_themselves_alone() -> None:
    assert inconsistencies(declared(substance="cocaine", cas="58-08-3"), None, CATALOGUE) == ["cas-form"]


def test_only_a_precursor_needs_a_permit() -> None:
    assert inconsistencies(declared(), Found("Ketamine", "x", frozenset(), needs_permit=False), CATALOGUE) == []


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=120)))
def test_any_text_of_any_field_is_answered(fields: dict[str, str]) -> None:
    tidied = {name: tidy_field(name, text) for name, text in fields.items()}
    found = inconsistencies(declared(**{name: text[:120] for name, text in tidied.items()}), FOUND, CATALOGUE)
    assert len(found) == len(set(found))


def test_digits_of_a_cas_number_get_their_hyphens() -> None:
    assert tidy_field("cas", " 299423 ") == "299-42-3"
    assert tidy_field("permit", "299423") == "299423"


def test_every_field_and_every_inconsistency_has_words() -> None:
    assert set(LABELS) == set(FIELDS)
    assert set(INCONSISTENT) == set(get_args(Inconsistency))


@pytest.mark.parametrize(("substance", "cas"), [("Esketamina", "33643-46-8"), ("arketamine", "33643-49-1")])
def test_a_form_that_no_reading_tells_apart_fits(substance: str, cas: str) -> None:
    ketamine = next(each for each in CATALOGUE.substances if each.name == "Ketamine")
    found = Found("Ketamine", ketamine.inchikey, frozenset(), needs_permit=False)
    assert inconsistencies(declared(substance=substance, cas=cas), found, CATALOGUE) == []
