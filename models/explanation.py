"""Why a reading came to what it came to, as data: for the person in front of it, and for a court years later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.families import WHOLE_HEIGHT
from models.family_rule import FamilyEvidence
from models.library import Band, Library
from models.preprocessing import BINS, VERSION, Bins, Prepared

MOST_PEAKS = 32
MOST_UNEXPLAINED = 6
LEAST_HEIGHT = 0.02
MUCH = 0.3
NEAR_WHOLE = 1
CLOSE = 0.5
FEW_ENERGIES = 2


class Doubt(StrEnum):
    """What would change the answer, or how sure it is."""

    SATURATED_SPECTRUM = "saturated-spectrum"
    EMPTY_SPECTRUM = "empty-spectrum"
    ONE_ENERGY = "one-energy"
    ENERGIES_NOT_TOLD = "energies-not-told"
    NO_WHOLE_ION = "no-whole-ion"
    MUCH_UNEXPLAINED = "much-unexplained"
    MUCH_MISSING = "much-missing"
    CLOSE_SECOND = "close-second"
    STEREOISOMERS = "stereoisomers"


@dataclass(frozen=True)
class MirrorPeak:
    """One m/z of the reading (all its spectra together) and of the library entry, each as a part of its highest peak.

    `share` is its part of the likeness of the two, by sqrt(intensity) x sqrt(m/z).
    """

    mz: int
    measured: float
    reference: float
    share: float


@dataclass(frozen=True)
class Unexplained:
    """A peak that no library entry has of those named, and its part of the reading's ion current."""

    mz: int
    part: float


@dataclass(frozen=True)
class Explanation:
    """The reading against its first hit, what preprocessing took away, what speaks for a family, and what is in doubt.

    `removed` is the part of the ion current that each step left out; `shift` the m/z error taken out of each spectrum.
    """

    preprocessing: str
    removed: Mapping[str, float]
    shift: tuple[float, ...]
    against: str
    peaks: tuple[MirrorPeak, ...]
    unexplained_part: float
    unexplained: tuple[Unexplained, ...]
    families: tuple[FamilyEvidence, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class Explainer:
    """Explains readings by the entries of a library."""

    library: Library = field(repr=False)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {entry.inchikey: place for place, entry in enumerate(self.library.entries)}

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        return np.cumsum(self.library.packed[Band.ALL].counts, dtype=np.int64)

    def explain(
        self, reading: Prepared, named: Sequence[str], probabilities: Sequence[float], kin: Sequence[FamilyEvidence]
    ) -> Explanation:
        """Explain a reading by the entry whose InChIKey is the first named; the others are beside it in a mixture.

        `probabilities` are those of the first and of its rivals, the hits that are not named.
        """
        at = self._places[named[0]]
        reference = self._reference(at)
        together = reading.bins.mean(axis=0)
        apart = together.copy()
        for place in (self._places[each] for each in named):
            apart[self._reference(place) > 0] = 0
            apart[self.library.entries[place].ion_mz : self.library.entries[place].ion_mz + 3] = 0
        return Explanation(
            preprocessing=VERSION,
            removed={why.value: round(part, 4) for why, part in reading.removed.items()},
            shift=tuple(round(shift, 3) for shift in reading.shift),
            against=named[0],
            peaks=_mirror(together, reference),
            unexplained_part=round(float(apart.sum() / (together.sum() or 1.0)), 4),
            unexplained=_strongest(apart, float(together.sum() or 1.0)),
            families=tuple(kin),
            doubts=self._doubts(reading, at, reference, probabilities, float(apart.sum() / (together.sum() or 1.0))),
        )

    def whole_of(self, inchikey: str) -> int:
        """Return the nominal m/z of the charged whole of an entry."""
        return self.library.entries[self._places[inchikey]].ion_mz

    def _reference(self, at: int) -> Bins:
        """Consensus of one entry over all energies [BINS], the highest peak 1."""
        packed = self.library.packed[Band.ALL]
        peaks = slice(int(self._ends[at]) - int(packed.counts[at]), int(self._ends[at]))
        row = np.zeros(BINS, dtype=np.float32)
        row[packed.bins[peaks]] = np.square(packed.levels[peaks].astype(np.float32) / 255)
        return row

    def _doubts(
        self, reading: Prepared, at: int, reference: Bins, probabilities: Sequence[float], unexplained: float
    ) -> tuple[Doubt, ...]:
        whole = self.library.entries[at].ion_mz
        missing = float(reference[~reading.bins.any(axis=0)].sum() / max(float(reference.sum()), 1e-9))
        second = probabilities[1] if len(probabilities) > 1 else 0.0
        said = {
            Doubt.ONE_ENERGY: len(reading.bins) < FEW_ENERGIES,
            Doubt.ENERGIES_NOT_TOLD: any(energy is None for energy in reading.energies),
            Doubt.NO_WHOLE_ION: not _is_seen(whole, reading.bins),
            Doubt.MUCH_UNEXPLAINED: unexplained > MUCH,
            Doubt.MUCH_MISSING: missing > MUCH,
            Doubt.CLOSE_SECOND: bool(probabilities) and second >= CLOSE * probabilities[0],
        }
        return tuple(doubt for doubt, holds in said.items() if holds)


def _is_seen(whole: int, spectra: Bins) -> bool:
    """Whether an ion is high enough in any of the spectra [n, BINS] to be taken for an unbroken one."""
    near = spectra[:, max(whole - NEAR_WHOLE, 0) : whole + NEAR_WHOLE + 1].max(axis=1, initial=0)
    return bool((near > WHOLE_HEIGHT**2 * spectra.max(axis=1)).any())


def _mirror(together: Bins, reference: Bins) -> tuple[MirrorPeak, ...]:
    """Lay reading and reference over one another, by rising m/z: the highest peaks of both."""
    measured = together / max(float(together.max()), 1e-9)
    common = np.sqrt(measured * reference) * np.arange(BINS)
    share = common / max(float(common.sum()), 1e-9)
    height = np.maximum(measured, reference)
    chosen = np.sort(np.argsort(-height, kind="stable")[:MOST_PEAKS])
    return tuple(
        MirrorPeak(int(mz), round(float(measured[mz]), 3), round(float(reference[mz]), 3), round(float(share[mz]), 3))
        for mz in chosen
        if height[mz] >= LEAST_HEIGHT
    )


def _strongest(apart: Bins, total: float) -> tuple[Unexplained, ...]:
    order = np.argsort(-apart, kind="stable")[:MOST_UNEXPLAINED]
    return tuple(Unexplained(int(mz), round(float(apart[mz]) / total, 4)) for mz in order if apart[mz] > 0)
