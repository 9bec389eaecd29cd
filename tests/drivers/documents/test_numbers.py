"""Numbers on documents against shared vectors and two strangers (python-stdnum, biip), and any text at all."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import biip
import pytest
from biip.gtin import Gtin
from biip.sscc import Sscc
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import casrn, ean, iso6346

from drivers.documents.cas import parse_cas
from drivers.documents.container import Container, container_check_digit, parse_container
from drivers.documents.faults import BadDocument
from drivers.documents.locode import parse_locode
from drivers.documents.pedimento import parse_pedimento
from drivers.documents.postal import parse_postal_item, postal_check_digit
from drivers.documents.trade_items import parse_gtin, parse_sscc

PARSERS: dict[str, Callable[[str], Any]] = {
    "container": parse_container,
    "postal": parse_postal_item,
    "pedimento": parse_pedimento,
    "locode": parse_locode,
    "cas": parse_cas,
    "gtin": parse_gtin,
    "sscc": parse_sscc,
}
VECTORS = json.loads(Path("tests/vectors/documents/numbers.json").read_text(encoding="utf-8"))


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [case for case in VECTORS if case["kind"] == kind]


def name_of(case: dict[str, Any]) -> str:
    return f"{case['kind']}: {case['name']}"


@pytest.mark.parametrize("case", VECTORS, ids=name_of)
def test_vectors(case: dict[str, Any]) -> None:
    parser = PARSERS[case["kind"]]
    if isinstance(case["outcome"], str):
        assert str(parser(case["text"])) == case["outcome"]
        return
    with pytest.raises(BadDocument) as raised:
        parser(case["text"])
    fault = raised.value.faults[0]
    assert [fault.field, fault.position, fault.expected, fault.found] == case["outcome"]


def strangers_take(check: Callable[[str], object], text: str) -> bool:
    try:
        return check(text) is not False
    except (biip.ParseError, ValueError):
        return False


@pytest.mark.parametrize("case", of_kind("container"), ids=name_of)
def test_stdnum_on_containers(case: dict[str, Any]) -> None:
    # It knows no size and type code.
    expected = isinstance(case["outcome"], str) and case["name"] != "spaces, size and type"
    assert strangers_take(iso6346.is_valid, case["text"]) == expected


def test_stdnum_takes_r_as_equipment_category_and_we_do_not() -> None:
    number = "CSQR305438" + container_check_digit("CSQR305438")
    assert iso6346.is_valid(number)
    with pytest.raises(BadDocument, match="expected U, J or Z, found R"):
        parse_container(number)


@pytest.mark.parametrize("case", of_kind("cas"), ids=name_of)
def test_stdnum_on_cas_numbers(case: dict[str, Any]) -> None:
    # It also puts the hyphens in by itself.
    expected = isinstance(case["outcome"], str) or case["name"] == "no hyphens"
    assert strangers_take(casrn.is_valid, case["text"]) == expected


@pytest.mark.parametrize("case", of_kind("gtin"), ids=name_of)
def test_strangers_on_gtins(case: dict[str, Any]) -> None:
    ours = isinstance(case["outcome"], str)
    assert strangers_take(ean.is_valid, case["text"]) == ours
    assert strangers_take(Gtin.parse, case["text"]) == ours


@pytest.mark.parametrize("case", of_kind("sscc"), ids=name_of)
def test_biip_on_ssccs(case: dict[str, Any]) -> None:
    assert strangers_take(Sscc.parse, case["text"]) == isinstance(case["outcome"], str)


@given(st.from_regex(r"[A-Z]{3}[UJZ][0-9]{6}", fullmatch=True))
def test_stdnum_counts_the_same_container_digit(number: str) -> None:
    assert iso6346.calc_check_digit(number) == container_check_digit(number)


@given(st.from_regex(r"[A-Z]{3}[UJZ][0-9]{6}", fullmatch=True), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_found_but_for_the_remainder_of_ten(number: str, at: int, by: int) -> None:
    digit = container_check_digit(number)
    if at < 4:
        return
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    if container_check_digit(wrong) == digit:
        assert digit == "0"  # remainders 10 and 0 share it: ISO 6346 advises against such serial numbers
        return
    with pytest.raises(BadDocument, match="check digit at character 11"):
        parse_container(wrong + digit)


@given(st.from_regex(r"[0-9]{8}", fullmatch=True))
def test_a_postal_item_round_trips(serial: str) -> None:
    item = parse_postal_item(f"RR{serial}{postal_check_digit(serial)}MX")
    assert parse_postal_item(str(item)) == item


@pytest.mark.parametrize(
    ("serial", "digit"), [("47312482", "9"), ("12345678", "5"), ("00000000", "5"), ("10100000", "0")]
)
def test_postal_digits_ten_and_eleven(serial: str, digit: str) -> None:
    assert postal_check_digit(serial) == digit


@given(st.text(max_size=40), st.sampled_from(sorted(PARSERS)))
@settings(max_examples=200)
def test_any_text_is_a_value_or_a_fault_that_names_its_field(text: str, kind: str) -> None:
    try:
        value = PARSERS[kind](text)
    except BadDocument as error:
        assert all(fault.field and fault.position >= 1 for fault in error.faults)  # noqa: PT017 - both are fine
        return
    assert PARSERS[kind](str(value)) == value


@pytest.mark.parametrize("kind", sorted(PARSERS))
def test_a_text_without_end_is_refused_by_its_length(kind: str) -> None:
    with pytest.raises(BadDocument, match="at most 256 characters"):
        PARSERS[kind]("1" * 10**6)


def test_a_size_and_type_code() -> None:
    assert parse_container("CSQU 305438 3 22G1") == Container("CSQ", "U", "305438", "3", "22G1")
    with pytest.raises(BadDocument, match="type code at character 14: expected a letter, found 1"):
        parse_container("CSQU30543832211")


def test_an_unusual_pedimento_is_told_and_not_refused() -> None:
    assert parse_pedimento("26 24 3621 6000123").warnings == ()
    warned = parse_pedimento("26 24 3621 5000123")
    assert warned.digits == "262436215000123"
    assert "begins with 6" in warned.warnings[0]
