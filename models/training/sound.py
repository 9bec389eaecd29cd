"""Records that cannot be of the compound that they name: most of their ions are no part of its formula.

Only accurate masses can tell. A laboratory's instruments of one type are held accurate where the median record is
explained by ACCURATE or more; a record of theirs under CONTRADICTED shows another compound, or noise. Tentative names,
and compounds of which all records together show a single nominal mass, are no reference either.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from models.catalogue import Catalogue
from models.preprocessing import MASS_DEFECT
from models.training.accurate import explained, heavy_parts, off_formula
from models.training.corpus import Measured
from models.training.lost_peaks import with_highest_ions

ACCURATE = 0.9
CONTRADICTED = 0.5
FOREIGN = 0.012
"""The strongest ion of a contradicted record is another compound's where it is so far from all parts of the formula."""
STRONG, SAME = 0.2, 0.005
"""That one's records show the ion at least so high, at most so far away."""
ABOUT_WHOLE = 2
"""A whole so near may be its isotope, or lack a hydrogen."""
REAL_DEFECT = 0.09
REAL_SHARE = 0.7

TENTATIVE = re.compile(r"tentative|-candidate\b", re.IGNORECASE)
LEAST_MASSES = 2
"""Nominal masses that a compound's records must show together: one tells it from nothing."""


def sound(records: Iterable[Measured], catalogue: Catalogue) -> list[Measured]:
    """Leave out what is no reference: tentative names, noise, what its own formula contradicts, single masses.

    So are records that lost their highest ion. One compound comes under one InChIKey.
    """
    everything = under_one_key(with_real_ions(with_sure_names(records)), catalogue)
    shares = explained_shares(everything)
    mistaken = mistaken_series(everything, shares)
    own = [
        each
        for each in everything
        if shares.get(each.accession, 1.0) >= CONTRADICTED and (each.contributor, each.skeleton) not in mistaken
    ]
    return with_masses(with_highest_ions(own))


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
        heavy, hydrogen = heavy_parts(formula)
        for record in group if heavy.size else ():
            shares[record.accession] = explained(record, off_formula(record, heavy, hydrogen))
            kinds[record.contributor, record.record.text("instrument_type")].append(record.accession)
    accurate = [kind for kind in kinds.values() if np.median([shares[each] for each in kind]) >= ACCURATE]
    return {accession: shares[accession] for kind in accurate for accession in kind}


def mistaken_series(records: Iterable[Measured], shares: Mapping[str, float]) -> set[tuple[str, str]]:
    """Return laboratories and compounds of which another compound of the same whole was measured.

    The strongest ion of a contradicted record is no part of the formula, but is one of that other's.
    """
    beside: dict[tuple[str, int], list[Measured]] = defaultdict(list)
    for record in records:
        beside[record.contributor, record.ion_mz].append(record)
    return {
        (record.contributor, record.skeleton)
        for mine in beside.values()
        for record in mine
        if shares.get(record.accession, 1.0) < CONTRADICTED
        and (foreign := _foreign_ion(record)) is not None
        and any(_has(other, foreign) for other in mine if other.formula != record.formula)
    }


def _foreign_ion(record: Measured) -> float | None:
    """Return the m/z of a record's strongest ion where that is FOREIGN to its formula and not about its whole."""
    strongest = int(np.argmax(record.record.intensity))
    mz, off = record.record.mz[strongest], off_formula(record, *heavy_parts(record.formula))[strongest]
    return mz if off >= FOREIGN and abs(round(mz * (1 - MASS_DEFECT)) - record.ion_mz) > ABOUT_WHOLE else None


def _has(record: Measured, ion: float) -> bool:
    mz, intensity = np.array(record.record.mz), np.array(record.record.intensity)
    return bool((intensity[np.abs(mz - ion) <= SAME] >= STRONG * intensity.max()).any())


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
