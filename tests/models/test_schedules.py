"""Schedules: the law of a day, of which version, and what is said where no list was verified."""

from dataclasses import replace
from datetime import date

import pytest

from models.catalogue import DATA, Catalogue
from models.conclusion import Conclusion, Reason
from models.identification import Identifier
from models.sample import Sample
from models.schedule_file import DEFAULT, default_schedule
from models.schedules import NONE, Entry, Schedule, Schedules, Standing, by_family
from models.training.schedules import built

CAFFEINE = "RYYVLZVUVIJVGH-UHFFFAOYSA-N"
BEFORE, AFTER = date(2027, 2, 28), date(2027, 3, 1)
OWN = Schedule("Estado", 7, date(2027, 1, 1), verified=True, entries=(), digest="7" * 64)
BANNED = Entry(CAFFEINE, "", "MX", "Lista I", Standing.CONTROLLED, AFTER, None, "DOF 2027-02-20", verified=True)


def law(*entries: Entry, **values: object) -> Schedules:
    return Schedules((replace(OWN, entries=entries, **values),))  # type: ignore[arg-type]


def standing(schedules: Schedules, day: date, inchikey: str = CAFFEINE, family: str = "benign") -> Standing:
    return schedules.on(day).listed(inchikey, family).standing


def test_what_comes_with_garita_is_what_the_catalogue_says() -> None:
    assert DEFAULT.read_bytes() == built()


def test_what_comes_with_garita_is_no_law() -> None:
    assert not default_schedule().verified
    assert default_schedule().authorities == ["UN", "MX"]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, [True, True, True]),
        (AFTER, None, [False, True, True]),
        (None, AFTER, [True, True, False]),
        (AFTER, AFTER, [False, True, False]),
    ],
)
def test_an_entry_counts_from_its_first_day_to_its_last(
    since: date | None, until: date | None, expected: list[bool]
) -> None:
    schedules = law(replace(BANNED, since=since, until=until))
    days = (BEFORE, AFTER, date(2027, 3, 2))
    assert [standing(schedules, day) is Standing.CONTROLLED for day in days] == expected


def test_an_old_day_is_judged_by_the_version_of_that_day() -> None:
    old, new = replace(OWN, entries=(BANNED,)), replace(OWN, version=8, effective=date(2028, 1, 1))
    schedules = Schedules((new, old))
    assert [schedules.on(day).schedule.version for day in (date(2000, 1, 1), AFTER, date(2028, 1, 1))] == [7, 7, 8]
    assert standing(schedules, date(2028, 1, 1)) is Standing.UNLISTED


def test_the_gravest_list_counts() -> None:
    watched = replace(BANNED, since=None, standing=Standing.WATCHED, authority="UN")
    assert standing(law(watched, BANNED), BEFORE) is Standing.WATCHED
    assert standing(law(watched, BANNED), AFTER) is Standing.CONTROLLED


def test_a_family_is_listed_as_a_whole() -> None:
    group = replace(BANNED, inchikey="", family="opioid-nitazene", since=None)
    assert standing(law(group), BEFORE, "A" * 14 + "-UHFFFAOYSA-N", "opioid-nitazene") is Standing.CONTROLLED
    assert standing(law(group), BEFORE) is Standing.UNLISTED


def test_stereoisomers_are_told_apart_where_each_has_its_own_entry() -> None:
    mirror = CAFFEINE.replace("UHFFFAOYSA", "LJISPDSOSA")
    free = replace(BANNED, inchikey=mirror, list=NONE, standing=Standing.UNLISTED)
    assert standing(law(BANNED, free), AFTER, mirror) is Standing.UNLISTED
    assert standing(law(BANNED), AFTER, mirror) is Standing.CONTROLLED


@pytest.mark.parametrize(
    ("family", "unverified", "whole"),
    [
        ("opioid-fentanyl", Standing.CONTROLLED, Standing.WATCHED),
        ("precursor", Standing.WATCHED, Standing.WATCHED),
        ("benign", Standing.UNLISTED, Standing.UNLISTED),
    ],
)
def test_what_no_list_names_is_held_by_its_family(family: str, unverified: Standing, whole: Standing) -> None:
    assert (by_family(family, whole=False), by_family(family, whole=True)) == (unverified, whole)


def test_silence_of_a_whole_list_is_verified_and_of_another_is_not() -> None:
    assert not law().on(AFTER).listed(CAFFEINE, "benign").is_unverified
    assert law(verified=False).on(AFTER).listed(CAFFEINE, "benign").is_unverified
    assert law(replace(BANNED, verified=False)).on(AFTER).listed(CAFFEINE, "benign").is_unverified


def test_the_same_spectra_come_to_what_the_law_was_on_their_day(samples: dict[str, Sample]) -> None:
    catalogue = Catalogue.load(DATA, law(BANNED))
    identifier = Identifier.open(catalogue=catalogue)
    spectra = samples["Caffeine"].spectra
    before, after = (identifier.on(day).identify(spectra) for day in (BEFORE, AFTER))
    assert (before.conclusion, after.conclusion) == (Conclusion.NO_ALARM, Conclusion.ALARM)
    assert before.hits == after.hits
    assert Reason.STATUS_UNVERIFIED not in after.reasons
    assert identifier.on(BEFORE).identify(spectra).conclusion is Conclusion.NO_ALARM
    assert identifier.on(BEFORE) is identifier.on(BEFORE).on(date(2027, 2, 1))
