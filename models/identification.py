"""From a reading's spectra to what Garita concludes; presumptive, always."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from time import perf_counter

from models.bundle import Bundle
from models.catalogue import DATA, Catalogue, Standing
from models.library import Library
from models.preprocessing import prepare
from models.search import Index, search
from models.spectrum import Polarity, Spectrum, Technique

DEFAULT_BUNDLE = DATA / "garita.bundle"
MOST_HITS = 10


class Conclusion(StrEnum):
    """What a reading comes to. Never more than a presumption."""

    ALARM = "alarm"
    CAUTION = "caution"
    NO_ALARM = "no_alarm"
    INCONCLUSIVE = "inconclusive"
    FAULT = "fault"


class Reason(StrEnum):
    """Why, in codes that stay."""

    CONTROLLED_SUBSTANCE = "controlled-substance"
    STATUS_UNVERIFIED = "status-unverified"
    DOCUMENT_CHECK = "document-check"
    PRECURSOR_DOCUMENT_CHECK = "precursor-document-check"
    LICIT_MEDICINE = "licit-medicine"
    DANGEROUS_CHEMICAL = "dangerous-chemical"
    RECOGNISED_NOT_LISTED = "recognised-not-listed"
    ISOMERS_NOT_TOLD_APART = "isomers-not-told-apart"
    FAMILY_ONLY = "family-only"
    AMBIGUOUS = "ambiguous"
    UNKNOWN_COMPOUND = "unknown-compound"
    WEAK_SIGNAL = "weak-signal"
    NOTHING_ABOVE_BACKGROUND = "nothing-above-background"
    OUT_OF_RANGE = "out-of-range"
    WRONG_POLARITY = "wrong-polarity"
    TECHNIQUE_NOT_COVERED = "technique-not-covered"
    NO_SPECTRUM = "no-spectrum"
    MALFORMED_INPUT = "malformed-input"


@dataclass(frozen=True)
class Hit:
    """One substance offered. `isomers` are those that this technique cannot tell from it: a hit is the whole group.

    `probability` is calibrated, None where there is no calibration; `score` is the library search's, 0 to 1.
    """

    name: str
    inchikey: str
    probability: float | None
    score: float
    isomers: tuple[str, ...]


@dataclass(frozen=True)
class FamilyHit:
    """A family of substances and the calibrated probability that the sample belongs to it."""

    family: str
    probability: float


@dataclass(frozen=True)
class Identification:
    """What one reading came to, with the digests of the library and the bundle that said so."""

    conclusion: Conclusion
    reasons: tuple[Reason, ...]
    hits: tuple[Hit, ...]
    families: tuple[FamilyHit, ...]
    unknown: bool
    library: str
    bundle: str
    elapsed_ms: float


class Identifier:
    """Bundle and catalogue, opened once; identify() as often as wanted."""

    def __init__(self, bundle: Bundle, catalogue: Catalogue) -> None:
        self.bundle = bundle
        self.catalogue = catalogue
        self.library = Library.from_bytes(bundle.parts["library.cbor"])
        self._index = Index(self.library)

    @classmethod
    def open(cls, bundle: Path = DEFAULT_BUNDLE, catalogue: Catalogue | None = None) -> "Identifier":
        """Open and check the files. Raises UnusableBundle, UnusableCatalogue."""
        return cls(Bundle.open(bundle), catalogue or Catalogue.load())

    def identify(self, spectra: Sequence[Spectrum]) -> Identification:
        """Conclude from the spectra of one reading, one for each energy. Bad content gets a reason, never a name."""
        begun = perf_counter()
        conclusion, reasons, hits = self._conclude(spectra)
        elapsed = (perf_counter() - begun) * 1000
        digests = self.library.digest, self.bundle.digest
        unknown = Reason.UNKNOWN_COMPOUND in reasons
        return Identification(conclusion, reasons, hits, (), unknown, *digests, elapsed)

    def _conclude(self, spectra: Sequence[Spectrum]) -> tuple[Conclusion, tuple[Reason, ...], tuple[Hit, ...]]:
        if not spectra:
            return Conclusion.FAULT, (Reason.NO_SPECTRUM,), ()
        if any(spectrum.polarity is not Polarity.POSITIVE for spectrum in spectra):
            return Conclusion.INCONCLUSIVE, (Reason.WRONG_POLARITY,), ()
        if any(spectrum.technique is Technique.EI for spectrum in spectra):
            return Conclusion.INCONCLUSIVE, (Reason.TECHNIQUE_NOT_COVERED,), ()
        if not any(spectrum.total_ion_current for spectrum in spectra):
            return Conclusion.INCONCLUSIVE, (Reason.NOTHING_ABOVE_BACKGROUND,), ()
        scores = search(self._index, prepare(spectra))
        best = scores.argsort()[::-1][:MOST_HITS]
        hits = tuple(
            Hit(entry.name, entry.inchikey, None, float(scores[at]), entry.isomers)
            for at in best
            for entry in (self.library.entries[at],)
        )
        return (*self._judge(hits), hits)

    def _judge(self, hits: tuple[Hit, ...]) -> tuple[Conclusion, tuple[Reason, ...]]:
        if hits[0].score < 0.6:
            return Conclusion.INCONCLUSIVE, (Reason.UNKNOWN_COMPOUND,)
        substance = self.catalogue.find(hits[0].inchikey)
        if substance is None or substance.standing is Standing.UNLISTED:
            return Conclusion.NO_ALARM, (Reason.RECOGNISED_NOT_LISTED,)
        if substance.standing is Standing.CONTROLLED:
            return Conclusion.ALARM, (Reason.CONTROLLED_SUBSTANCE,)
        return Conclusion.CAUTION, (Reason.PRECURSOR_DOCUMENT_CHECK,)
