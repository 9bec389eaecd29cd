"""The catalogue of substances: names, structure, family and hazard, and how the law of a day stands to them."""

import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from models.errors import UnusableCatalogue
from models.schedule_file import default_schedule
from models.schedules import DRUG_FAMILIES, InForce, Listed, Schedules, Standing
from models.stereoisomers import Stereochemistry

__all__ = ["DATA", "DRUG_FAMILIES", "Catalogue", "Standing", "Substance", "read_table"]

DATA = Path(__file__).parent / "data"
SHORTEST_NAME = 4


@dataclass(frozen=True)
class Substance:
    """One row, with what is `listed` of it on the catalogue's day.

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
    listed: Listed
    hazard: str
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
    def standing(self) -> Standing:
        """What a checkpoint owes it."""
        return self.listed.standing


@dataclass(frozen=True)
class HazardKey:
    """What a hazard key means to the person who stands there."""

    key: str
    meaning: str
    advice: str


@dataclass(frozen=True)
class Catalogue:
    """Substances by the first block of the InChIKey (`by_skeleton`) and hazards by key; the law is that of one day.

    Stereoisomers that stand there apart share a block; `by_skeleton` has the first of them.
    """

    substances: tuple[Substance, ...]
    hazards: Mapping[str, HazardKey]
    schedules: Schedules
    in_force: InForce
    stereochemistry: Stereochemistry = field(default_factory=Stereochemistry, repr=False)
    by_skeleton: Mapping[str, Substance] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_skeleton: dict[str, Substance] = {}
        for substance in self.substances:
            by_skeleton.setdefault(substance.skeleton, substance)
        object.__setattr__(self, "by_skeleton", by_skeleton)

    @classmethod
    def load(cls, directory: Path = DATA, schedules: Schedules | None = None) -> "Catalogue":
        """Read the tables of a directory, with the law as it is when the newest schedule begins to count.

        Without `schedules` those that come with Garita. Raises UnusableCatalogue, UnusableSchedules.
        """
        rows, hazard_rows = read_table(directory / "substances.csv"), read_table(directory / "hazard_keys.csv")
        hazards = {row["key"]: _hazard(row) for row in hazard_rows}
        lists = schedules or Schedules((default_schedule(),))
        in_force = lists.on(lists.newest.effective)
        substances = tuple(_substance(row, in_force) for row in rows)
        if unknown := {substance.hazard for substance in substances} - hazards.keys():
            raise UnusableCatalogue(f"substances.csv: hazard keys {sorted(unknown)} are not in hazard_keys.csv")
        return cls(substances, hazards, lists, in_force, _stereochemistry(directory))

    def on(self, day: date) -> "Catalogue":
        """Return the catalogue with the law of a day: itself where nothing changed."""
        in_force = self.schedules.on(day)
        if in_force == self.in_force:
            return self
        substances = (replace(each, listed=in_force.listed(each.inchikey, each.family)) for each in self.substances)
        return replace(self, substances=tuple(substances), in_force=in_force)

    def find(self, inchikey: str) -> Substance | None:
        """Look a substance up by its InChIKey: whole if it stands there, else by the first block."""
        return self._by_inchikey.get(inchikey) or self.by_skeleton.get(inchikey[:14])

    def named(self, name: str) -> Substance | None:
        """Look a substance up by its name or an alias, letter for letter but for their case."""
        return self.by_skeleton.get(self._by_name.get(name.casefold(), ""))

    def stereoisomers(self, inchikey: str) -> tuple[Substance, ...]:
        """Return all that stand there with the first block of an InChIKey: no mass spectrum tells them apart."""
        return self._by_block.get(inchikey[:14], ())

    def named_in(self, text: str) -> frozenset[str]:
        """Return the skeletons of all that `text`, such as `ALARM: Cocaine HCl`, names; longest names come first."""
        return frozenset(self._by_name[match.group().casefold()] for match in self._any_name.finditer(text))

    @cached_property
    def _by_inchikey(self) -> Mapping[str, Substance]:
        return {each.inchikey: each for each in self.substances}

    @cached_property
    def _by_block(self) -> Mapping[str, tuple[Substance, ...]]:
        found: defaultdict[str, tuple[Substance, ...]] = defaultdict(tuple)
        for each in self.substances:
            found[each.skeleton] += (each,)
        return found

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        known: dict[str, str] = {}
        for each in self.substances:
            for name in (each.name, *each.name_es.split(";"), *each.aliases):
                plain = name.strip().casefold()
                if len(plain) >= SHORTEST_NAME:
                    known.setdefault(plain, each.skeleton)
        for skeleton, forms in self.stereochemistry.named.items():
            for form in forms:
                known.setdefault(form.name.casefold(), skeleton)
                known.setdefault(form.name_es.casefold(), skeleton)
        return known

    @cached_property
    def _any_name(self) -> re.Pattern[str]:
        longest_first = sorted(self._by_name, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file by its columns. Raises UnusableCatalogue."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnusableCatalogue(f"{path.name}: {error}; load the catalogue again") from error


def _substance(row: dict[str, str], in_force: InForce) -> Substance:
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
            listed=in_force.listed(row["inchikey"], row["family"]),
            hazard=row["hazard"],
            isomers=_list(row["isomer_names"]),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise UnusableCatalogue(f"substances.csv, {row.get('name')!r}: {error!r}; load the catalogue again") from error


def _stereochemistry(directory: Path) -> Stereochemistry:
    try:
        return Stereochemistry.read(
            read_table(directory / "stereocentres.csv"), read_table(directory / "stereoisomers.csv")
        )
    except (KeyError, ValueError, TypeError) as error:
        raise UnusableCatalogue(f"stereoisomers: {error!r}; load the catalogue again") from error


def _hazard(row: dict[str, str]) -> HazardKey:
    try:
        return HazardKey(row["key"], row["meaning"], row["ppe_exposure_note"])
    except KeyError as error:
        raise UnusableCatalogue(f"hazard_keys.csv: no column {error}") from error


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())
