"""What the structures of the catalogue's drugs would leave, calculated by networks that never saw them measured."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from models.catalogue import DRUG_FAMILIES, Catalogue, Substance
from models.formula import doublet_of
from models.halogens import class_of
from models.predicted import MOST_PEAKS, STEPS, Calculated
from models.preprocessing import BINS
from models.training.corpus import Measured
from models.training.fragmentation import Heights, taught_apart
from models.training.fragments import Fragments, fragments_of

Structures = Mapping[str, Fragments]
"""What breaking leaves of each compound, by its skeleton."""

CHUNK = 32
PROCESSES = 2


def structures_of(records: Sequence[Measured], catalogue: Catalogue) -> dict[str, Fragments]:
    """Break the structure of every measured compound and of every drug of the catalogue, by its skeleton."""
    smiles = {record.skeleton: record.record.text("smiles") for record in records}
    smiles |= {substance.skeleton: substance.smiles for substance in _drugs(catalogue)}
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        broken = pool.map(fragments_of, smiles.values(), chunksize=CHUNK)
        return {skeleton: each for skeleton, each in zip(smiles, broken, strict=True) if each is not None}


def calculated(records: Sequence[Measured], structures: Structures, catalogue: Catalogue) -> list[Calculated]:
    """Calculate the spectra of these compounds and of the catalogue's drugs; networks learn from these records.

    Only drugs have a family; what the catalogue does not hold as a drug has its skeleton for a key.
    """
    spectra = taught_apart(records, structures)
    drugs = {drug.skeleton: drug for drug in _drugs(catalogue)}
    formulas = {record.skeleton: record.formula for record in records}
    formulas |= {skeleton: drug.formula or formulas.get(skeleton, "") for skeleton, drug in drugs.items()}
    return [
        Calculated(
            name=drugs[key].name if key in drugs else key,
            inchikey=drugs[key].inchikey if key in drugs else key,
            family=drugs[key].family if key in drugs else "",
            ion_mz=structures[key].whole,
            halogens=class_of(doublet_of(formula)) if formula else 0,
            peaks=_peaks(structures[key].whole, spectra[key]),
        )
        for key, formula in sorted(formulas.items())
        if key in spectra and structures[key].whole < BINS
    ]


def _drugs(catalogue: Catalogue) -> list[Substance]:
    return [each for each in catalogue.substances if each.family.startswith(DRUG_FAMILIES)]


def _peaks(whole: int, spectra: Heights) -> tuple[tuple[int, int], ...]:
    """Keep the highest broken ions, soft, middle and hard alike, as square roots of their heights in STEPS."""
    rest = np.where(np.arange(BINS) < whole - 1, spectra, np.float32(0))
    root = np.sqrt((rest / np.maximum(rest.sum(axis=1, keepdims=True), np.float32(1e-9))).mean(axis=0))
    levels = np.rint(STEPS * root / max(float(root.max()), 1e-9)).astype(np.int64)
    chosen = np.sort(np.argsort(-levels, kind="stable")[:MOST_PEAKS])
    return tuple((int(mz), int(levels[mz])) for mz in chosen if levels[mz] > 0)
