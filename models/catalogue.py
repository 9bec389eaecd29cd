"""The catalogue of substances: names, structure, family, legal standing and hazard, as they were verified."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from models.errors import UnusableCatalogue

DATA = Path(__file__).parent / "data"
UNVERIFIED = "unverified"
SHORTEST_NAME = 4
DRUG_FAMILIES = (
    "benzodiazepine", "cannabinoid", "dissociative", "hallucinogen", "opiate", "opioid", "sedative", "stimulant",
)  # fmt: skip
"""Beginnings of the families whose substances are narcotics or psychotropics, whatever list each stands on."""


class Standing(StrEnum):
    """What a checkpoint owes a substance; a state's own schedules come before this."""

    CONTROLLED = "controlled"
    WATCHED = "watched"
    UNLISTED = "unlisted"


@dataclass(frozen=True)
class Substance:
    """One row. `un_control` and `mexico_control` are shown as they stand, `unverified` as such: it is no law.

    `inchikey` is whole; its first block (`skeleton`) names the compound without stereochemistry.
    `isomers` are catalogue names of the same formula.
    """

    name: str
    name_es: str
    aliases: tuple[str, ...]
    cas: str
    smiles: str
    inchikey: str
    formula: str
    monoisotopic_mass: float | None
    family: str
    un_control: str
    mexico_control: str
    hazard: str
    verified: str
    un_candidate: str
    isomers: tuple[str, ...]

    @property
    def skeleton(self) -> str:
        """First block of the InChIKey."""
        return self.inchikey[:14]

    @property
    def spanish(self) -> str:
        """First of the Spanish names, which semicolons part."""
        return self.name_es.split(";")[0].strip()

    @property
    def is_scheduled(self) -> bool:
        """Whether a verified list of the conventions of 1961 or 1971, or of Mexico as a narcotic, names it."""
        return self.un_control.startswith(("SC1961", "PSC1971")) or self.mexico_control.startswith("LGS")

    @property
    def standing(self) -> Standing:
        """Scheduled, or of a drug family that no list was shown to leave out: controlled. Precursors: watched."""
        if self.is_scheduled:
            return Standing.CONTROLLED
        if self.family == "precursor" or self.un_control.startswith("1988") or self.is_watched_in_mexico:
            return Standing.WATCHED
        if not self.family.startswith(DRUG_FAMILIES):
            return Standing.WATCHED if self.family in ("explosive", "toxic-industrial") else Standing.UNLISTED
        return Standing.CONTROLLED if self.un_control == UNVERIFIED else Standing.WATCHED

    @property
    def is_watched_in_mexico(self) -> bool:
        """Whether Mexico lists it as precursor, essential chemical or under watch."""
        return self.mexico_control not in ("none", UNVERIFIED, "") and not self.mexico_control.startswith("LGS")


@dataclass(frozen=True)
class HazardKey:
    """What a hazard key means to the person who stands there."""

    key: str
    meaning: str
    advice: str


@dataclass(frozen=True)
class Catalogue:
    """Substances by the first block of the InChIKey (`by_skeleton`) and hazards by key."""

    substances: tuple[Substance, ...]
    hazards: Mapping[str, HazardKey]
    by_skeleton: Mapping[str, Substance] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_skeleton: dict[str, Substance] = {}
        for substance in self.substances:
            by_skeleton.setdefault(substance.skeleton, substance)
        object.__setattr__(self, "by_skeleton", by_skeleton)

    @classmethod
    def load(cls, directory: Path = DATA) -> "Catalogue":
        """Read substances.csv and hazard_keys.csv. Raises UnusableCatalogue."""
        substances = tuple(_substance(row) for row in _rows(directory / "substances.csv"))
        hazards = {row["key"]: _hazard(row) for row in _rows(directory / "hazard_keys.csv")}
        if unknown := {substance.hazard for substance in substances} - hazards.keys():
            raise UnusableCatalogue(f"substances.csv: hazard keys {sorted(unknown)} are not in hazard_keys.csv")
        return cls(substances, hazards)

    def find(self, inchikey: str) -> Substance | None:
        """Look a substance up by its InChIKey: whole if it stands there, else by the first block."""
        return self.by_skeleton.get(inchikey[:14])

    def named_in(self, text: str) -> frozenset[str]:
        """Return the skeletons of all that `text`, such as `ALARM: Cocaine HCl`, names; longest names come first."""
        return frozenset(self._by_name[match.group().casefold()] for match in self._any_name.finditer(text))

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        known: dict[str, str] = {}
        for each in self.substances:
            for name in (each.name, *each.name_es.split(";"), *each.aliases):
                plain = name.strip().casefold()
                if len(plain) >= SHORTEST_NAME:
                    known.setdefault(plain, each.skeleton)
        return known

    @cached_property
    def _any_name(self) -> re.Pattern[str]:
        longest_first = sorted(self._by_name, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def _rows(path: Path) -> Iterable[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnusableCatalogue(f"{path.name}: {error}; load the catalogue again") from error


def _substance(row: dict[str, str]) -> Substance:
    try:
        return Substance(
            name=row["name"],
            name_es=row["name_es"],
            aliases=_list(row["aliases"]),
            cas=row["cas"],
            smiles=row["smiles"],
            inchikey=row["inchikey"],
            formula=row["formula"],
            monoisotopic_mass=float(row["monoisotopic_mass"]) if row["monoisotopic_mass"] else None,
            family=row["family"],
            un_control=row["un_control"],
            mexico_control=row["mexico_control"],
            hazard=row["hazard"],
            verified=row["verified"],
            un_candidate=row["un_candidate"],
            isomers=_list(row["isomer_names"]),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise UnusableCatalogue(f"substances.csv, {row.get('name')!r}: {error!r}; load the catalogue again") from error


def _hazard(row: dict[str, str]) -> HazardKey:
    try:
        return HazardKey(row["key"], row["meaning"], row["ppe_exposure_note"])
    except KeyError as error:
        raise UnusableCatalogue(f"hazard_keys.csv: no column {error}") from error


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())
