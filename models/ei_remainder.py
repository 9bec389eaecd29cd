"""What the first hit leaves of an EI reading: how much, at which masses, and whose ions that may be."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from models.ei import EiEntry, EiHit, EiLibrary
from models.mixture import UNEXPLAINED_SHOWN, Residual
from models.mixture_fit import fit
from models.preprocessing import Bins

SLACK = 1.5
"""An instrument may show so many times what another does."""
LEAST_FREE = 0.3
"""Of a mass of which the first hit explains more, nothing is taken to be left."""


@dataclass(frozen=True)
class EiLeft:
    """Who may be in what is left, and how like it: 0 to 1."""

    entry: EiEntry
    likeness: float


@dataclass(frozen=True)
class EiRemainder:
    """Part of the ion current that the first hit leaves, and the likeness of every entry [entries] with it, 0 to 1."""

    residual: Residual
    likeness: Bins = field(repr=False)

    def likest(self, entries: Sequence[EiEntry], least: float, asked: Callable[[EiEntry], bool]) -> EiLeft | None:
        """Return who of those asked for is likest what is left, None where none is as like as `least`."""
        order = np.argsort(-self.likeness, kind="stable")
        near = (int(at) for at in order[: np.count_nonzero(self.likeness >= least)])
        return next((EiLeft(entries[at], float(self.likeness[at])) for at in near if asked(entries[at])), None)


def remainder(library: EiLibrary, reading: Bins, first: EiHit) -> EiRemainder:
    """Take what all spectra of the first hit explain from a reading [BINS] that has peaks."""
    whole = reading.astype(np.float64) / float(reading.sum())
    explained = fit(whole[None], [library.of_compound(first.entry)])[0, 0]
    left = np.maximum(whole - SLACK * explained, 0)
    left[left < LEAST_FREE * whole] = 0
    strongest = np.argsort(-left, kind="stable")[:UNEXPLAINED_SHOWN]
    residual = Residual(float(left.sum()), tuple(int(at) for at in strongest if left[at] > 0))
    return EiRemainder(residual, library.likeness(left.astype(np.float32)))
