"""Machine-readable zones against shared vectors and a stranger (mrz), what is kept, and any text at all."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mrz.checker.td1 import TD1CodeChecker
from mrz.checker.td2 import TD2CodeChecker
from mrz.checker.td3 import TD3CodeChecker

from drivers.documents.faults import BadDocument
from drivers.documents.mrz import mrz_check_digit, possible_dates, read_mrz, split_names
from drivers.documents.mrz_layouts import MrzField

VECTORS = json.loads(Path("tests/vectors/documents/mrz.json").read_text(encoding="utf-8"))
GOOD = [case for case in VECTORS if "format" in case["outcome"]]
SPECIMEN = VECTORS[0]["text"]
CHECKERS = {30: TD1CodeChecker, 36: TD2CodeChecker, 44: TD3CodeChecker}


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_vectors(case: dict[str, Any]) -> None:
    outcome = case["outcome"]
    if "faults" in outcome:
        with pytest.raises(BadDocument) as raised:
            read_mrz(case["text"], list(MrzField))
        assert [fault.field for fault in raised.value.faults] == outcome["faults"]
        return
    mrz = read_mrz(case["text"], list(MrzField))
    assert (mrz.format, mrz.fields[MrzField.NUMBER]) == (outcome["format"], outcome["number"])
    assert list(split_names(mrz.fields[MrzField.NAMES])) == outcome["names"]


def peer_takes(text: str) -> bool:
    try:
        return bool(CHECKERS[len(text.partition("\n")[0])](text))
    except (KeyError, ValueError, TypeError, IndexError):
        return False


# Why the stranger (mrz 0.6.2) refuses what Doc 9303 allows.
PEER_REFUSES = {
    "td1, long document number": "knows no document number of more than 9 characters",
    "td2, long document number": "knows no document number of more than 9 characters",
    "td3, in one piece": "wants line ends",
    "td3, birth day unknown": "wants a whole date",
}


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_the_stranger_agrees_but_for_what_is_listed(case: dict[str, Any]) -> None:
    ours = case in GOOD
    assert peer_takes(case["text"]) == (ours and case["name"] not in PEER_REFUSES)


def test_only_what_is_asked_for_is_kept() -> None:
    mrz = read_mrz(SPECIMEN, [MrzField.NUMBER, MrzField.ISSUER])
    assert dict(mrz.fields) == {MrzField.NUMBER: "L898902C3", MrzField.ISSUER: "UTO"}
    assert "ERIKSSON" not in repr(mrz)
    assert read_mrz(SPECIMEN, []).fields == {}


@given(st.sampled_from(range(len(SPECIMEN))), st.sampled_from("AZ09<5QK"))
@settings(max_examples=200)
def test_an_error_shows_no_more_than_characters_and_digits(at: int, mark: str) -> None:
    changed = SPECIMEN[:at] + mark + SPECIMEN[at + 1 :]
    try:
        read_mrz(changed, [])
    except BadDocument as error:
        assert "ERIKSSON" not in str(error)  # noqa: PT017 - both are fine
        assert "740812" not in str(error)  # noqa: PT017 - both are fine


@given(st.integers(45, 88), st.sampled_from("0123456789"))
def test_one_wrong_digit_in_the_checked_line_is_found(at: int, digit: str) -> None:
    wrong = SPECIMEN[:at] + digit + SPECIMEN[at + 1 :]
    in_nationality = 55 <= at < 58
    if SPECIMEN[at] == digit or not SPECIMEN[at].isdecimal() or in_nationality:
        return
    with pytest.raises(BadDocument, match="check digit"):
        read_mrz(wrong, [])


@given(st.text("ABCXYZ0123456789<\n", max_size=100))
def test_any_text_is_a_zone_or_a_fault_that_names_its_field(text: str) -> None:
    with pytest.raises(BadDocument) as raised:
        read_mrz(text, list(MrzField))
    assert all(fault.field and fault.position >= 1 for fault in raised.value.faults)


@given(st.text(max_size=300))
def test_any_characters_too(text: str) -> None:
    with pytest.raises(BadDocument):
        read_mrz(text, [])


def test_years_stay_ambiguous() -> None:
    assert possible_dates("740812") == (date(1974, 8, 12), date(2074, 8, 12))
    assert possible_dates("000229") == (date(2000, 2, 29),)
    assert possible_dates("7408<<") == ()
    assert possible_dates("741312") == ()


def test_check_digit() -> None:
    assert mrz_check_digit("520727") == "3"
    assert mrz_check_digit("AB2134<<<") == "5"


def test_the_optional_data_do_not_repeat_a_long_number() -> None:
    long_number = next(case for case in VECTORS if case["name"] == "td1, long document number")["text"]
    assert read_mrz(long_number, [MrzField.OPTIONAL]).fields[MrzField.OPTIONAL] == ""
