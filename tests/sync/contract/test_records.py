import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.contract.records import PRESUMPTIVE, ScreeningRecord, parse_record
from sync.errors import Malformed

VECTORS = Path(__file__).parents[2] / "vectors" / "record"
INDEX = json.loads((VECTORS / "index.json").read_text(encoding="utf-8"))
GOOD = [case for case in INDEX if case["expect"] != "Malformed"]
BAD = [case for case in INDEX if case["expect"] == "Malformed"]


def read(case: dict[str, str]) -> bytes:
    return (VECTORS / case["file"]).read_bytes()


@pytest.mark.parametrize("case", GOOD, ids=[case["file"] for case in GOOD])
def test_a_good_record_reads_and_writes_back_the_same_bytes(case: dict[str, str]) -> None:
    record = parse_record(read(case))
    assert type(record).__name__ == case["expect"]
    assert record.to_bytes() == read(case)


@pytest.mark.parametrize("case", BAD, ids=[case["file"] for case in BAD])
def test_a_bad_record_is_malformed(case: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        parse_record(read(case))


def test_every_vector_is_in_the_index() -> None:
    assert {case["file"] for case in INDEX} == {path.name for path in VECTORS.glob("*.record")}


def test_a_screening_says_that_it_is_presumptive() -> None:
    record = parse_record((VECTORS / "screening-2.record").read_bytes())
    assert isinstance(record, ScreeningRecord)
    assert record.presumptive == PRESUMPTIVE


@settings(max_examples=100)
@given(st.sampled_from(GOOD), st.integers(min_value=0), st.binary(max_size=8))
def test_a_damaged_record_is_malformed_or_another_record(case: dict[str, str], at: int, put: bytes) -> None:
    good = read(case)
    at %= len(good)
    changed = good[:at] + put + good[at + len(put) :]
    with contextlib.suppress(Malformed):
        assert parse_record(changed).to_bytes() == changed
