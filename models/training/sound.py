"""Records that cannot be of the compound that they name: most of their ions are no part of its formula.

Only accurate masses can tell. A laboratory's instruments of one type are held accurate where the median record is
explained by ACCURATE or more; a record of theirs under CONTRADICTED shows another compound, or noise. Tentative names,
and compounds of which all records together show a single nominal mass, are no reference either.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import prod

import numpy as np
from numpy.typing import NDArray

from models.catalogue import Catalogue
from models.preprocessing import MASS_DEFECT
from models.training.corpus import Measured

ACCURATE = 0.9
CONTRADICTED = 0.5
TOLERANCE, LEAST_TOLERANCE = 15e-6, 0.003
"""How far a peak may be from its formula: the part of its m/z, and at least so many m/z."""
ELECTRON = 0.000549
MASS = {
    "H": 1.007825, "B": 11.009305, "C": 12.0, "N": 14.003074, "O": 15.994915, "F": 18.998403, "Na": 22.989769,
    "Si": 27.976927, "P": 30.973762, "S": 31.972071, "Cl": 34.968853, "K": 38.963706, "Se": 79.916522,
    "Br": 78.918338, "I": 126.904473,
}  # fmt: skip
"""Exact mass of the commonest isotope (AME 2020)."""
MOST_PARTS = 40_000
"""Of a formula with more parts any mass would be one."""
REAL_DEFECT = 0.09
REAL_SHARE = 0.7

Values = NDArray[np.float64]
TENTATIVE = re.compile(r"tentative|-candidate\b", re.IGNORECASE)
LEAST_MASSES = 2
"""Nominal masses that a compound's records must show together: one tells it from nothing."""
_ATOMS = re.compile(r"([A-Z][a-z]?)(\d*)")


def sound(records: Iterable[Measured], catalogue: Catalogue) -> list[Measured]:
    """Leave out what is no reference: tentative names, noise, what its own formula contradicts, single masses.

    One compound comes under one InChIKey.
    """
    everything = under_one_key(with_real_ions(with_sure_names(records)), catalogue)
    explained = explained_shares(everything)
    return with_masses([each for each in everything if explained.get(each.accession, 1.0) >= CONTRADICTED])


def with_sure_names(records: Iterable[Measured]) -> list[Measured]:
    """Leave out records whose own laboratory calls their name tentative."""
    return [record for record in records if not TENTATIVE.search(record.name)]


def with_masses(records: Sequence[Measured]) -> list[Measured]:
    """Leave out compounds whose records together show fewer than LEAST_MASSES nominal masses."""
    shown: dict[str, set[int]] = defaultdict(set)
    for record in records:
        shown[record.skeleton].update(map(int, record.bins))
    return [record for record in records if len(shown[record.skeleton]) >= LEAST_MASSES]


def under_one_key(records: Sequence[Measured], catalogue: Catalogue) -> list[Measured]:
    """Bring records of one name and formula under one InChIKey: the catalogue's, else that of most of them."""
    keys: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for record in records:
        keys[_called(record)][record.inchikey] += 1
    chosen = {
        called: max(counts, key=lambda key: (catalogue.find(key) is not None, counts[key], key))
        for called, counts in keys.items()
        if len({key[:14] for key in counts}) > 1
    }
    return [
        replace(record, inchikey=chosen[_called(record)]) if _called(record) in chosen else record for record in records
    ]


def _called(record: Measured) -> tuple[str, str]:
    return record.formula, re.sub(r"[^a-z0-9]", "", record.name.casefold())


def explained_shares(records: Sequence[Measured]) -> Mapping[str, float]:
    """Return the explained part of the ion current of each record of accurate masses, by accession."""
    shares: dict[str, float] = {}
    kinds: dict[tuple[str, str], list[str]] = defaultdict(list)
    for formula, group in _by_formula(records).items():
        heavy, hydrogen = _heavy_parts(formula)
        for record in group if heavy.size else ():
            shares[record.accession] = _explained(record, heavy, hydrogen)
            kinds[record.contributor, record.record.text("instrument_type")].append(record.accession)
    accurate = [kind for kind in kinds.values() if np.median([shares[each] for each in kind]) >= ACCURATE]
    return {accession: shares[accession] for kind in accurate for accession in kind}


def with_real_ions(records: Iterable[Measured]) -> list[Measured]:
    """Leave out records most of whose peaks lie where no ion of an organic substance can: electronic noise."""
    return [record for record in records if _real_share(record) >= REAL_SHARE]


def _real_share(record: Measured) -> float:
    if not record.contributor.startswith("Fentanyl-Hunter"):
        return 1.0
    mz, intensity = np.array(record.record.mz), np.array(record.record.intensity)
    from_nominal = mz * (1 - MASS_DEFECT) - np.rint(mz * (1 - MASS_DEFECT))
    return float(intensity[np.abs(from_nominal) <= REAL_DEFECT].sum() / intensity.sum())


def _by_formula(records: Sequence[Measured]) -> dict[str, list[Measured]]:
    groups: dict[str, list[Measured]] = defaultdict(list)
    for record in records:
        groups[record.formula].append(record)
    return groups


def _heavy_parts(formula: str) -> tuple[Values, int]:
    """Masses of every choice of a formula's heavy atoms, rising, and its hydrogen; none where that is not feasible."""
    counts = _atoms_of(formula)
    parts = prod(number + 1 for element, number in counts.items() if element != "H")
    if not counts.keys() <= MASS.keys() or parts > MOST_PARTS:
        return np.zeros(0), 0
    masses = np.zeros(1)
    for element in counts.keys() - {"H"}:
        masses = np.add.outer(masses, MASS[element] * np.arange(counts[element] + 1)).ravel()
    return np.sort(masses), counts.get("H", 0)


def _atoms_of(formula: str) -> Counter[str]:
    """Count the atoms of a formula such as C17H21NO4 or [C19H39N2O3]+."""
    counts: Counter[str] = Counter()
    for element, number in _ATOMS.findall(formula):
        counts[element] += int(number or 1)
    return counts


def _explained(record: Measured, heavy: Values, hydrogen: int) -> float:
    """Part of a record's ion current at masses of parts of the formula, with up to one hydrogen more."""
    mz, intensity = np.array(record.record.mz), np.array(record.record.intensity)
    without = mz[:, None] + ELECTRON - MASS["H"] * np.arange(hydrogen + 2)
    at = np.searchsorted(heavy, without)
    below, above = heavy[np.maximum(at - 1, 0)], heavy[np.minimum(at, len(heavy) - 1)]
    off = np.minimum(np.abs(without - below), np.abs(above - without)).min(axis=1)
    return float(intensity[off <= np.maximum(TOLERANCE * mz, LEAST_TOLERANCE)].sum() / intensity.sum())
