"""The file of schedules: there and back, and nothing half right."""

import json
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import UnusableSchedules
from models.schedule_file import LONGEST, default_schedule, fields_of, read_schedule, write_schedule
from models.schedules import Entry, Schedule, Standing

ENTRY = {
    "inchikey": "RYYVLZVUVIJVGH-UHFFFAOYSA-N", "authority": "MX", "list": "LGS", "standing": "controlled",
    "from": "2027-03-01", "source": "DOF", "verified": True,
}  # fmt: skip
HEAD = {"format": "garita.schedules/1", "name": "n", "version": 1, "effective": "2027-01-01", "verified": True}

words = st.text(st.characters(codec="utf-8").filter(str.isprintable), min_size=1, max_size=LONGEST)
days = st.none() | st.dates()
entries = st.builds(
    Entry,
    inchikey=st.from_regex(r"[A-Z]{14}-[A-Z]{10}-[A-Z]", fullmatch=True),
    family=st.just(""),
    authority=words,
    list=words,
    standing=st.sampled_from(Standing),
    since=days,
    until=st.none(),
    source=words,
    verified=st.booleans(),
) | st.builds(
    Entry,
    inchikey=st.just(""),
    family=words,
    authority=words,
    list=words,
    standing=st.sampled_from(Standing),
    since=st.none(),
    until=days,
    source=words,
    verified=st.booleans(),
)
schedules = st.builds(
    Schedule,
    name=words,
    version=st.integers(1, 10**9),
    effective=st.dates(),
    verified=st.booleans(),
    entries=st.lists(entries, min_size=1, max_size=5).map(tuple),
    digest=st.just(""),
)


def file(entry: Any = None, **head: Any) -> bytes:
    return json.dumps({**HEAD, "entries": [ENTRY if entry is None else entry], **head}).encode()


@settings(max_examples=100)
@given(schedules)
def test_there_and_back(schedule: Schedule) -> None:
    again = read_schedule(write_schedule(schedule), "x")
    assert again.entries == schedule.entries
    assert (again.name, again.version, again.effective, again.verified) == (
        schedule.name, schedule.version, schedule.effective, schedule.verified,
    )  # fmt: skip


@settings(max_examples=200)
@given(st.binary(max_size=200) | st.recursive(st.none() | st.text(), st.lists).map(json.dumps).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(UnusableSchedules):
        read_schedule(data, "x")


def test_one_that_is_right() -> None:
    schedule = read_schedule(file(), "x")
    assert fields_of(schedule.entries[0]) == ENTRY
    assert schedule.effective == date(2027, 1, 1)


BAD = {
    "no-json": (b"{", "no JSON"),
    "deep": (b"[" * 100_000, "no JSON"),
    "no-object": (b"[]", "expected an object"),
    "another-format": (file(format="garita.schedules/2"), "this software reads"),
    "key-missing": (json.dumps(HEAD).encode(), "expected"),
    "key-too-many": (file(valid=True), "expected"),
    "version-true": (file(version=True), "expected 1 or more"),
    "version-0": (file(version=0), "expected 1 or more"),
    "no-entries": (file(entries=[]), "nothing to be listed"),
    "no-day": (file(effective="2027-02-30"), "is no day"),
    "another-day-form": (file(effective="20270101"), "another way to write"),
    "name-empty": (file(name=""), "printable"),
    "verified-1": (file(verified=1), "true or false"),
    "entry-no-object": (file("x"), "entry 1"),
    "typo": (file({**ENTRY, "untill": "2028-01-01"}), "may have"),
    "half-an-inchikey": (file({**ENTRY, "inchikey": "RYYVLZVUVIJVGH"}), "expected one of both"),
    "both-names": (file({**ENTRY, "family": "opioid-fentanyl"}), "expected one of both"),
    "neither": (file({key: value for key, value in ENTRY.items() if key != "inchikey"}), "expected one of both"),
    "standing": (file({**ENTRY, "standing": "forbidden"}), "expected controlled, watched, unlisted"),
    "days-turned": (file({**ENTRY, "until": "2027-02-01"}), "days in order"),
    "control-character": (file({**ENTRY, "list": "a\x07"}), "printable"),
    "too-long": (file({**ENTRY, "source": "a" * (LONGEST + 1)}), "printable"),
    "too-big": (b" " * (8 * 2**20 + 1), "at most"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_refused_and_named(name: str) -> None:
    data, words = BAD[name]
    with pytest.raises(UnusableSchedules, match=words):
        read_schedule(data, "mx.json")


def test_the_one_that_comes_with_garita_is_in_its_one_form() -> None:
    schedule = default_schedule()
    assert read_schedule(write_schedule(schedule), "x").digest == schedule.digest
