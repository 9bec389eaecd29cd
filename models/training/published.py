"""Drugs that nobody shared a spectrum of, as the ions told of them: records to learn families from.

Of the fentanyls each analogue's ions were reported; of the others `models/data/predicted_ions.csv` has what the cores
and losses that its rule names would leave of the drug: nobody measured those.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.catalogue import DATA, Catalogue
from models.msp import MspRecord
from models.preprocessing import BINS, MASS_DEFECT
from models.training.corpus import Measured
from models.training.readings import Draw, Reading, by_compound, make_readings

FENTANYLS = "fentanyl-fragment-ions.csv"
OTHERS = DATA / "predicted_ions.csv"
CONTRIBUTOR = "published"
NEXT = 0.62
"""Height of each ion beside the one named before it: they are told in order, without heights."""
ENERGIES = {10.0: (1.0, 0.15), 20.0: (0.5, 0.7), 40.0: (0.1, 1.0)}
"""Heights of the whole and of the strongest of its ions, at each energy in eV."""
FEWEST_IONS = 2
KEY = 14
"""Letters of a compound's key."""
ALL_ENERGIES = Draw(least=len(ENERGIES), most=len(ENERGIES))


@dataclass(frozen=True)
class Published:
    """One drug: its skeleton, or its name where the catalogue lacks it, and its ions on unit bins, strongest first."""

    skeleton: str
    name: str
    family: str
    formula: str
    ion_mz: int
    ions: tuple[int, ...]


def read_published(data: Path, catalogue: Catalogue) -> list[Published]:
    """Read the reported ions of fentanyls under `data/spectra`, and those of other families that came with us."""
    everything = [*fentanyls(data), *_others(catalogue)]
    return [each for each in everything if each.ion_mz < BINS and len(each.ions) >= FEWEST_IONS]


def published_readings(published: Sequence[Published], each: int, rng: np.random.Generator) -> list[Reading]:
    """Draw readings as a field instrument would give them."""
    records = [record for drug in published for record in records_of(drug)]
    return make_readings(by_compound(records), {CONTRIBUTOR}, each, rng, ALL_ENERGIES)


def fentanyl_ions(data: Path) -> Path:
    """Return where the reported ions of fentanyls are."""
    folder = data / "spectra" if (data / "spectra").is_dir() else data
    return folder / FENTANYLS


def fentanyls(data: Path) -> Iterator[Published]:
    """Read the reported ions of fentanyls under `data/spectra`, or `data` itself.

    A row whose ions are heavier than its whole has another compound's key.
    """
    with fentanyl_ions(data).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ions = [_bin(float(mz)) for mz in row["fragment_mz_strongest_first"].split()]
            whole = _bin(float(row["protonated_mz"]))
            if max(ions) <= whole:
                yield _published(row["inchikey"][:14], row["name"], "opioid-fentanyl", row["formula"], whole, ions)


def _others(catalogue: Catalogue) -> Iterator[Published]:
    skeletons = {substance.name: substance.skeleton for substance in catalogue.substances}
    with OTHERS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ions, name = [int(mz) for mz in row["ions"].split()], row["name"]
            key = skeletons.get(name, name[:KEY])
            yield _published(key, name, row["family"], row["formula"], int(row["whole"]), ions)


def _published(skeleton: str, name: str, family: str, formula: str, whole: int, ions: Sequence[int]) -> Published:
    broken = tuple(dict.fromkeys(mz for mz in ions if mz < whole - 2))
    return Published(skeleton, name, family, formula, whole, broken)


def _bin(mz: float) -> int:
    return round(mz * (1 - MASS_DEFECT))


def records_of(drug: Published) -> Iterator[Measured]:
    """Make a record of a drug's ions at each energy."""
    for energy, (whole, strongest) in ENERGIES.items():
        heights = np.zeros(BINS)
        heights[list(drug.ions)] = strongest * NEXT ** np.arange(len(drug.ions))
        heights[drug.ion_mz] = whole
        bins = np.flatnonzero(heights)
        yield Measured(
            accession=f"{CONTRIBUTOR}-{drug.skeleton}-{energy:.0f}",
            contributor=CONTRIBUTOR,
            licence="",
            name=drug.name,
            inchikey=drug.skeleton,
            formula=drug.formula,
            ion_mz=drug.ion_mz,
            energy=energy,
            bins=bins,
            intensity=(heights[bins] / heights.sum()).astype(np.float32),
            record=MspRecord({}, (), ()),
        )
