"""Electron ionisation at 70 eV, a track of its own: EI readings are compared with EI spectra and with nothing else.

One spectrum at unit resolution, no energies, no charged whole to rely on: a plain search by sqrt(intensity) x m/z
(after Stein and Scott, J. Am. Soc. Mass Spectrom. 5 (1994) 859) and a probability measured across laboratories.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import cbor2
import numpy as np
from numpy.typing import NDArray

from models.catalogue import DATA
from models.errors import UnusableBundle
from models.preprocessing import BINS, Bins, Values, above_floor, mz_errors, to_bins
from models.profile import centroid
from models.spectrum import Spectrum

FORMAT = "garita.ei-library/1"
DEFAULT = DATA / "ei.cbor"
MOST_PEAKS = 48
LEVELS = 255
NEAR = 0.02
"""Substances whose scores are so near the best share its probability. Of 1,219 spectra, among other laboratories', the
first is right in 0.41 instead of 0.19 of those stated at 0.3 to 0.5, in 0.60 instead of 0.54 of those at 0.5 to 0.7."""
COLLECTIONS = {"NIST FentanylClassifier": "opioid-fentanyl"}
"""Contributors all of whose spectra are of one family."""


@dataclass(frozen=True)
class EiEntry:
    """One EI spectrum: what it is of, and whose record it is."""

    name: str
    inchikey: str
    formula: str
    accession: str
    contributor: str
    licence: str

    @property
    def family(self) -> str:
        """Family of what a collection of one family holds, "" where the record does not tell."""
        return COLLECTIONS.get(self.contributor, "")


@dataclass(frozen=True)
class EiHit:
    """One substance offered: its best spectrum, how alike (0 to 1), and the probability that it is the one."""

    entry: EiEntry
    score: float
    probability: float


@dataclass(frozen=True)
class EiRule:
    """Logistic weights of the best score and of how far the next substance is behind it, and a bias."""

    score: float
    ahead: float
    bias: float

    def probability(self, score: float, ahead: float) -> float:
        """Return the probability that the best substance is the right one."""
        return float(1 / (1 + np.exp(-(self.score * score + self.ahead * ahead + self.bias))))

    def shared(self, scores: Values) -> Values:
        """Return the probabilities of substances by their scores, best first: those near the best share one, others 0.

        It is that of the best, ahead of the first that is not near, shared by the weight of being ahead.
        """
        behind = np.maximum(scores[0] - scores, 0.0)
        near = behind <= NEAR
        ahead = float(scores[0] - (0.0 if near.all() else scores[~near][0]))
        weights = np.where(near, np.exp(-self.ahead * behind), 0.0)
        return np.asarray(self.probability(float(scores[0]), ahead) * weights / weights.sum())


@dataclass(frozen=True, eq=False)
class EiLibrary:
    """EI spectra [entries, BINS], heights as parts of the highest peak. `digest` is the SHA-256 of the byte form."""

    entries: tuple[EiEntry, ...]
    spectra: Bins = field(repr=False)
    rule: EiRule
    digest: str

    @classmethod
    def of(cls, entries: Sequence[EiEntry], spectra: Bins, rule: EiRule) -> "EiLibrary":
        """Make a library, with the precision that its byte form keeps."""
        return cls.from_bytes(_to_bytes(entries, spectra, rule))

    @classmethod
    def open(cls, path: Path = DEFAULT) -> "EiLibrary":
        """Read the library that came with Garita. Raises UnusableBundle."""
        try:
            return cls.from_bytes(path.read_bytes())
        except OSError as error:
            raise UnusableBundle(f"{path.name}: {error.strerror or error}; load the software again") from error

    @classmethod
    def from_bytes(cls, data: bytes) -> "EiLibrary":
        """Read what to_bytes wrote. Raises UnusableBundle."""
        try:
            value = cast("dict[str, Any]", cbor2.loads(data))
            if value["format"] != FORMAT:
                raise UnusableBundle(f"the EI library is {value['format']!r}; this software reads {FORMAT!r}")
            entries = tuple(EiEntry(*map(str, each[:6])) for each in value["entries"])
            spectra = np.zeros((len(entries), BINS), dtype=np.float32)
            for row, each in zip(spectra, value["entries"], strict=True):
                bins, levels = np.frombuffer(each[6], dtype="<u2"), np.frombuffer(each[7], dtype=np.uint8)
                row[bins] = np.square(levels.astype(np.float32) / LEVELS)
            rule = EiRule(*map(float, value["rule"]))
        except (cbor2.CBORDecodeError, KeyError, ValueError, TypeError, IndexError) as error:
            raise UnusableBundle(f"the EI library cannot be read ({error!r}); load the software again") from error
        return cls(entries, spectra, rule, hashlib.sha256(data).hexdigest())

    def to_bytes(self) -> bytes:
        """Write the byte form: deterministic CBOR."""
        return _to_bytes(self.entries, self.spectra, self.rule)

    @cached_property
    def _weighed(self) -> Bins:
        return weigh(self.spectra)

    @cached_property
    def _skeletons(self) -> NDArray[np.str_]:
        return np.array([entry.inchikey[:14] for entry in self.entries])

    def search(self, reading: Bins, most: int = 10) -> list[EiHit]:
        """Return the substances most like a reading [BINS], best first; those near the best share a probability."""
        return self.ranked(self.likeness(reading), most)

    def likeness(self, reading: Bins) -> Bins:
        """Compare a reading [BINS] with every entry: [entries], 0 to 1."""
        return np.asarray(self._weighed @ weigh(reading), dtype=np.float32)

    def of_compound(self, entry: EiEntry) -> Values:
        """Return all spectra of the compound of an entry, each one's sum 1: [spectra, BINS]."""
        rows = self.spectra[self._skeletons == entry.inchikey[:14]].astype(np.float64)
        return rows / rows.sum(axis=1, keepdims=True)

    def ranked(self, scores: Bins, most: int = 10) -> list[EiHit]:
        """Return the substances of the highest scores [entries], each once."""
        order = np.argsort(-scores, kind="stable")
        _, first = np.unique(self._skeletons[order], return_index=True)
        best: list[int] = order[np.sort(first)][:most].tolist()
        if not best:
            return []
        shared = self.rule.shared(scores[best].astype(np.float64))
        return [
            EiHit(self.entries[at], min(1.0, float(scores[at])), float(probability))
            for at, probability in zip(best, shared, strict=True)
        ]


def prepare_ei(spectra: Sequence[Spectrum]) -> Bins:
    """Bring EI spectra to unit bins [BINS], the highest peak 1; of several their mean, of empty ones 0."""
    sticks = [centroid(spectrum.mz, spectrum.intensity) for spectrum in spectra]
    rows = [
        above_floor(to_bins(mz - shift, intensity))
        for (mz, intensity), shift in zip(sticks, mz_errors(sticks), strict=True)
    ]
    together: Values = np.sum([row / (row.sum() or 1.0) for row in rows], axis=0)
    return strongest((together / (together.max() or 1.0)).astype(np.float32))


def strongest(row: Bins) -> Bins:
    """Keep the peaks that the library keeps."""
    least = float(np.partition(row, -MOST_PEAKS)[-MOST_PEAKS])
    return np.where(row >= max(least, 1e-6), row, np.float32(0))


def weigh(spectra: Bins) -> Bins:
    """Weigh spectra [.., BINS] by sqrt(intensity) x m/z, each of length 1."""
    weighed = np.sqrt(spectra) * np.arange(BINS, dtype=np.float32)
    length = np.linalg.norm(weighed, axis=-1, keepdims=True)
    return np.asarray(weighed / np.maximum(length, 1e-9), dtype=np.float32)


def _to_bytes(entries: Sequence[EiEntry], spectra: Bins, rule: EiRule) -> bytes:
    value = {
        "format": FORMAT,
        "licence": "CC BY-SA 4.0",
        "rule": [rule.score, rule.ahead, rule.bias],
        "entries": [_entry(entry, row) for entry, row in zip(entries, spectra, strict=True)],
    }
    return cbor2.dumps(value, canonical=True)


def _entry(entry: EiEntry, row: Bins) -> list[Any]:
    levels = np.rint(np.sqrt(row) * LEVELS).astype(np.uint8)
    at = np.flatnonzero(levels)
    told = [entry.name, entry.inchikey, entry.formula, entry.accession, entry.contributor, entry.licence]
    return [*told, at.astype("<u2").tobytes(), levels[at].tobytes()]
