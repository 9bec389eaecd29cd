"""What the structures of the catalogue's drugs would leave, calculated by networks that never saw them measured."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np

from models.catalogue import DRUG_FAMILIES, Catalogue, Substance
from models.predicted import MOST_PEAKS, STEPS, Calculated, PredictedSpectra
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


def predicted_drugs(records: Sequence[Measured], structures: Structures, catalogue: Catalogue) -> PredictedSpectra:
    """Calculate the spectra of the catalogue's drugs; networks learn from these records."""
    spectra = taught_apart(records, structures)
    drugs = {drug.skeleton: drug for drug in _drugs(catalogue) if drug.skeleton in spectra}
    calculated = (_calculated(drug, structures[key], spectra[key]) for key, drug in sorted(drugs.items()))
    return PredictedSpectra([drug for drug in calculated if drug.ion_mz < BINS])


def _drugs(catalogue: Catalogue) -> list[Substance]:
    return [each for each in catalogue.substances if each.family.startswith(DRUG_FAMILIES)]


def _calculated(drug: Substance, fragments: Fragments, spectra: Heights) -> Calculated:
    """Keep the highest broken ions of all bands together, as square roots of their heights in STEPS."""
    root = np.sqrt(spectra.mean(axis=0))
    root[max(fragments.whole - 1, 0) :] = 0
    levels = np.rint(STEPS * root / max(float(root.max()), 1e-9)).astype(np.int64)
    chosen = np.sort(np.argsort(-levels, kind="stable")[:MOST_PEAKS])
    peaks = tuple((int(mz), int(levels[mz])) for mz in chosen if levels[mz] > 0)
    return Calculated(drug.name, drug.inchikey, drug.family, fragments.whole, peaks)
