"""What the network is shown: a reading or a library entry as three spectra of unit bins."""

import numpy as np

from models.library import Band
from models.preprocessing import BINS, Bins

CHANNELS = 3


def channels_of_reading(spectra: Bins) -> Bins:
    """Softest spectrum, all together, hardest spectrum of a reading [n, BINS] (softest first): [CHANNELS * BINS]."""
    return _rooted(np.stack([spectra[0], spectra.mean(axis=0), spectra[-1]]))


def channels_of_entries(bands: Bins) -> Bins:
    """Lay consensus spectra [4, BINS, entries] out alike: [entries, CHANNELS * BINS]; a band not measured is all."""
    everything = bands[Band.ALL]
    return _rooted(
        np.stack([_or(bands[Band.LOW], everything), everything, _or(bands[Band.HIGH], everything)]).transpose(2, 0, 1)
    )


def _or(band: Bins, everything: Bins) -> Bins:
    return np.asarray(np.where(band.any(axis=0), band, everything), dtype=np.float32)


def _rooted(spectra: Bins) -> Bins:
    """Square roots, each spectrum of length 1, laid one after the other."""
    total = np.maximum(spectra.sum(axis=-1, keepdims=True), np.float32(1e-9))
    return np.sqrt(spectra / total).reshape(*spectra.shape[:-2], CHANNELS * BINS).astype(np.float32)
