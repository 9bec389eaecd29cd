"""Schedules: what a state's lists say of substances, from when until when, and what is in force on a day.

`models/schedule_file.py` reads and writes them. What no entry names is held by its family.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

NONE = "none"
"""The list of an entry that says: on no list of this authority."""
DRUG_FAMILIES = (
    "benzodiazepine", "cannabinoid", "dissociative", "hallucinogen", "opiate", "opioid", "sedative", "stimulant",
)  # fmt: skip
"""Beginnings of the families whose substances are narcotics or psychotropics, whatever list each stands on."""
_WATCHED_FAMILIES = ("precursor", "explosive", "toxic-industrial")


class Standing(StrEnum):
    """What a checkpoint owes a substance, the gravest first."""

    CONTROLLED = "controlled"
    WATCHED = "watched"
    UNLISTED = "unlisted"


@dataclass(frozen=True)
class Entry:
    """What one list says of one substance (`inchikey`, whole) or of a whole `family`; the other of the two is empty.

    It counts on each day from `since` to `until`, both inclusive; None where the list tells no such day. `authority`
    is UN or a country's ISO 3166 code.
    """

    inchikey: str
    family: str
    authority: str
    list: str
    standing: Standing
    since: date | None
    until: date | None
    source: str
    verified: bool

    def is_in_force(self, day: date) -> bool:
        """Whether it counts on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Listed:
    """What is in force for one substance. `whole`: the schedule is verified, so what it leaves out is on no list."""

    entries: tuple[Entry, ...]
    family: str
    whole: bool

    @property
    def standing(self) -> Standing:
        """The gravest of its entries; without any, what its family calls for."""
        found = [entry.standing for entry in self.entries]
        return min(found, key=list(Standing).index) if found else by_family(self.family, whole=self.whole)

    @property
    def is_unverified(self) -> bool:
        """Whether nobody verified how the law stands to it."""
        if not self.entries:
            return not self.whole
        return not any(entry.verified or entry.list == NONE for entry in self.entries)


@dataclass(frozen=True)
class Schedule:
    """One version of a state's lists, which counts from the day `effective`; `digest` is the SHA-256 of its file, hex.

    `verified`: the state answers for it being whole.
    """

    name: str
    version: int
    effective: date
    verified: bool
    entries: tuple[Entry, ...]
    digest: str

    @property
    def authorities(self) -> list[str]:
        """Whose lists these are, in the order of the file."""
        return list(dict.fromkeys(entry.authority for entry in self.entries))


@dataclass(frozen=True)
class InForce:
    """The entries of a schedule that count on one day."""

    schedule: Schedule
    entries: tuple[Entry, ...]

    def listed(self, inchikey: str, family: str) -> Listed:
        """Return what counts for a substance: its own entries, or those of its skeleton; and those of its family."""
        near = self._by_skeleton.get(inchikey[:14], ())
        own = tuple(entry for entry in near if entry.inchikey == inchikey) or near
        return Listed((*own, *self._by_family.get(family, ())), family, self.schedule.verified)

    @cached_property
    def _by_skeleton(self) -> Mapping[str, tuple[Entry, ...]]:
        return _together((entry.inchikey[:14], entry) for entry in self.entries if entry.inchikey)

    @cached_property
    def _by_family(self) -> Mapping[str, tuple[Entry, ...]]:
        return _together((entry.family, entry) for entry in self.entries if entry.family)


@dataclass(frozen=True)
class Schedules:
    """Every version at hand, so that an old day is judged by the law of that day."""

    versions: Sequence[Schedule]

    @property
    def oldest(self) -> Schedule:
        """The lowest version."""
        return min(self.versions, key=lambda each: each.version)

    @property
    def newest(self) -> Schedule:
        """The highest version, whether it counts yet or not."""
        return max(self.versions, key=lambda each: each.version)

    def on(self, day: date) -> InForce:
        """Return what is in force on a day: of the newest version that counts then, else of the oldest."""
        begun = [each for each in self.versions if each.effective <= day] or [self.oldest]
        schedule = max(begun, key=lambda each: each.version)
        return InForce(schedule, tuple(entry for entry in schedule.entries if entry.is_in_force(day)))


def by_family(family: str, *, whole: bool) -> Standing:
    """Return the standing of what no entry names: a drug is controlled, unless a whole schedule leaves it out."""
    if family.startswith(DRUG_FAMILIES):
        return Standing.WATCHED if whole else Standing.CONTROLLED
    return Standing.WATCHED if family in _WATCHED_FAMILIES else Standing.UNLISTED


def _together(entries: Iterable[tuple[str, Entry]]) -> Mapping[str, tuple[Entry, ...]]:
    found: defaultdict[str, tuple[Entry, ...]] = defaultdict(tuple)
    for key, entry in entries:
        found[key] += (entry,)
    return found
