"""How like a reading is to what the structures of the candidates would give."""

import numpy as np

from models.preprocessing import Bins
from models.search import FLAT, SMALL, Table

NOWHERE = np.float32(1e-4)
"""Part of the ion current that any ion may have which no structure gives."""


def expected_evidence(expected: Bins, spectra: Bins) -> Table:
    """Compare a reading [n, BINS], softest first, with calculated spectra [k, SOFTNESSES, BINS]: six numbers of each.

    Cosine with the calculated spectrum that each is most like: mean, of the softest and of the hardest; of all spectra
    added, with all calculated ones; how likely the reading is from them; and whether there are any, 0 all where not.
    """
    bins = np.flatnonzero(spectra.any(axis=0))
    weighed = FLAT.of(expected)[:, :, bins]
    cosines = np.einsum("nb,ksb->nks", FLAT.of(spectra)[:, bins], weighed).max(axis=2)
    merged = spectra.mean(axis=0)
    root = np.sqrt(merged[bins])
    surprise = np.log(expected[:, :, bins].mean(axis=1) + NOWHERE) / np.log(NOWHERE)
    columns = (
        cosines.mean(axis=0),
        cosines[0],
        cosines[-1],
        weighed.mean(axis=1) @ FLAT.of(merged)[bins],
        1 - surprise @ (root / np.maximum(root.sum(), SMALL)),
        np.ones(len(expected)),
    )
    known = expected.sum(axis=(1, 2)) > 0
    return np.where(known[:, None], np.stack(columns, axis=1), 0).astype(np.float32)
