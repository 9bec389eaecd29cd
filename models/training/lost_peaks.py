"""Records that lost their highest ion: a saturated peak is off its mass, and what cleans spectra by formula removes it.

Two or more other laboratories tell what a compound's highest fragment is at about that energy.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from models.preprocessing import BINS, Bins
from models.training.corpus import Measured

NEAR = 1.6
"""Energies of which one is at most so many times the other are about the same."""
HIGH, LOST = 0.4, 0.01
"""All others show the ion with so much of the ion current, and this record with less."""
LEAST_OTHERS = 2
ABOUT_WHOLE = 2


def with_highest_ions(records: Sequence[Measured]) -> list[Measured]:
    """Leave out records without the fragment that is the highest of all other laboratories' at about their energy."""
    compounds: dict[str, list[Measured]] = defaultdict(list)
    for record in records:
        compounds[record.skeleton].append(record)
    lost = {record.accession for compound in compounds.values() for record in _without_highest(compound)}
    return [record for record in records if record.accession not in lost]


def _without_highest(compound: Sequence[Measured]) -> Iterable[Measured]:
    laboratories: dict[str, list[Measured]] = defaultdict(list)
    for record in compound:
        laboratories[record.contributor].append(record)
    if len(laboratories) <= LEAST_OTHERS:
        return []
    return [record for record in compound if record.energy and _has_lost(record, laboratories)]


def _has_lost(record: Measured, laboratories: Mapping[str, Sequence[Measured]]) -> bool:
    others = [
        np.mean([_row(each) for each in same], axis=0)
        for name, group in laboratories.items()
        if name != record.contributor and (same := [each for each in group if _about(each.energy, record.energy)])
    ]
    if len(others) < LEAST_OTHERS:
        return False
    least = np.min(others, axis=0)
    scanned = min(int(each.bins.min()) for each in laboratories[record.contributor])
    least[:scanned], least[max(record.ion_mz - ABOUT_WHOLE, 0) :] = 0, 0
    highest = int(least.argmax())
    return bool(least[highest] >= HIGH and _row(record)[highest] < LOST)


def _about(one: float | None, other: float | None) -> bool:
    return bool(one and other and one <= NEAR * other and other <= NEAR * one)


def _row(record: Measured) -> Bins:
    row = np.zeros(BINS, dtype=np.float32)
    row[record.bins] = record.intensity
    return row
