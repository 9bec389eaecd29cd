"""What the structures of a library's compounds would give, calculated by networks that never saw them measured."""

from collections.abc import Collection, Sequence

import numpy as np

from models.expected import Expected
from models.training.corpus import Measured
from models.training.fragmentation import taught_apart
from models.training.predicted import Structures

KNOWN = 0.85
"""Part of the compounds whose calculated spectra the ranker sees while it learns: what a state adds has none."""


def expected_of(records: Sequence[Measured], structures: Structures, skeletons: Collection[str]) -> Expected:
    """Calculate the spectra of compounds that have a structure; the networks learn from these records."""
    spectra = taught_apart(records, structures)
    return Expected.of({skeleton: spectra[skeleton] for skeleton in skeletons if skeleton in spectra})


def without_some(expected: Expected, rng: np.random.Generator) -> Expected:
    """Leave compounds out by chance."""
    kept = np.flatnonzero(rng.random(len(expected.skeletons)) < KNOWN)
    return expected.of_compounds(kept)
