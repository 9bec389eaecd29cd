"""What cannot be identified at all, and why: said before any name is looked for."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.conclusion import Conclusion, Judgement, Reason
from models.preprocessing import Bins, Prepared, Removed
from models.repeats import MOST_DIFFERENT
from models.spectrum import Polarity, Spectrum, Technique

MOST_SPECTRA = 1024
"""A quarter of an hour of scans, one each second."""
LEAST_PEAKS = 2
MOST_BASELINE = 0.995
"""Of a profile's ion current; what stands out of more is chance, or rounding."""
CHANCE = 0.5
"""Noise that hides what is so high, of the highest peak, has such a peak itself by chance: measured on noise alone."""
MOST_OUT_OF_RANGE = 0.5
MOST_HIDDEN = 0.05
"""Up to this height, of the highest peak, noise may hide ions: measured, no substance of the library is lost by it."""
MOST_BESIDE = 0.1
"""Higher noise hides a drug beside what was recognised, such as fentanyl in caffeine."""
STRONG, FEW, LIGHT = 0.05, 3, 120
"""So few ions so high, of the highest, and none heavier: solvents and the air show as much, and many compounds do."""
PAIR, LIKELY = 2, 0.7
"""Two ions and a name that is less likely prove nothing: the library lacks most of what has that mass."""
SMALL_LOSSES, SURE = (17, 18, 28), 0.9
"""Two ions apart by ammonia, water or carbon monoxide tell a mass and an amine, an alcohol or a carbonyl, and a name
only where nothing else that is known comes near."""
NOISE_BINS = 40
NOISE_RATIO = 4.0


def refusal_of(spectra: Sequence[Spectrum]) -> Reason | None:
    """Say why these spectra are not to be searched, None where they are."""
    if not spectra:
        return Reason.NO_SPECTRUM
    if len(spectra) > MOST_SPECTRA:
        return Reason.MALFORMED_INPUT
    if any(spectrum.polarity is not Polarity.POSITIVE for spectrum in spectra):
        return Reason.WRONG_POLARITY
    if len({spectrum.technique is Technique.EI for spectrum in spectra}) > 1:
        return Reason.TECHNIQUE_NOT_COVERED
    if not any(spectrum.total_ion_current for spectrum in spectra):
        return Reason.NOTHING_ABOVE_BACKGROUND
    return None


def refusal_after(reading: Prepared) -> Reason | None:
    """Say why a prepared reading is not to be searched, None where it is."""
    if len(reading.bins) > MOST_DIFFERENT:
        return Reason.MALFORMED_INPUT
    if reading.removed[Removed.BASELINE] > MOST_BASELINE or reading.hidden > CHANCE:
        return Reason.NOTHING_ABOVE_BACKGROUND
    if reading.removed[Removed.OUT_OF_RANGE] > MOST_OUT_OF_RANGE or not reading.bins.any():
        return Reason.OUT_OF_RANGE
    merged = reading.bins.sum(axis=0)
    present = merged[merged > 0]
    if len(present) < LEAST_PEAKS:
        return Reason.WEAK_SIGNAL
    return Reason.NOTHING_ABOVE_BACKGROUND if is_noise(present) else None


def is_noise(heights: NDArray[np.float32], ratio: float = NOISE_RATIO) -> bool:
    """Tell whether these peaks are too many of too like a height to be those of a substance."""
    return len(heights) > NOISE_BINS and float(heights.max()) < ratio * float(np.median(heights))


def judged_in_noise(judgement: Judgement, reading: Prepared) -> Judgement:
    """Call the signal weak where noise hides more: no compound is unknown, alike or unexplained in it."""
    conclusion, reasons = judgement
    if conclusion is Conclusion.NO_ALARM and reading.hidden > MOST_BESIDE:
        return Conclusion.INCONCLUSIVE, (Reason.WEAK_SIGNAL,)
    if reading.hidden <= MOST_HIDDEN:
        return judgement
    hidden = {Reason.UNKNOWN_COMPOUND: Reason.WEAK_SIGNAL}
    if conclusion is Conclusion.INCONCLUSIVE:
        hidden |= dict.fromkeys((Reason.AMBIGUOUS, Reason.PARTLY_UNEXPLAINED), Reason.WEAK_SIGNAL)
    return conclusion, tuple(dict.fromkeys(hidden.get(reason, reason) for reason in reasons))


def judged_by_few(judgement: Judgement, merged: Bins, probability: float) -> Judgement:
    """Say that several substances fit where nothing listed was concluded from few ions that tell no name.

    `merged` [BINS] are the spectra of a reading added, `probability` is that of its first name.
    """
    strong = np.flatnonzero(merged >= STRONG * merged.max())
    light = len(strong) <= FEW and int(strong.max(initial=0)) <= LIGHT
    apart = int(strong[-1] - strong[0]) if len(strong) == PAIR else 0
    pair = len(strong) <= PAIR and probability < (SURE if apart in SMALL_LOSSES else LIKELY)
    if judgement[0] is not Conclusion.NO_ALARM or not (light or pair):
        return judgement
    return Conclusion.INCONCLUSIVE, (Reason.AMBIGUOUS,)
