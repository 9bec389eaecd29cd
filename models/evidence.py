"""How alike a reading and each candidate are, as evidence of several kinds, which the ranker weighs together."""

from enum import IntEnum

import numpy as np

from models.expected_evidence import expected_evidence
from models.fit_evidence import carbon_density, current, most_alike, without_whole
from models.preprocessing import BINS, CARBON_13, Bins, Values
from models.search import (
    FLAT,
    PLAIN,
    SMALL,
    USUAL,
    Candidates,
    Places,
    Table,
    Weighing,
    heaviest,
    ion_heights,
    unit,
)

ABOVE_ION = 5
"""What lies further than this above a candidate's charged whole speaks against it (isotopes reach to +4)."""
LEAST_SEEN = np.float32(0.05)
"""Least part of a spectrum that is taken to be in the range of a scan."""
SODIUM = 22
"""[M+Na]+ lies this far above [M+H]+."""
ADDUCTS = (17, 38, 41)
"""And [M+NH4]+, [M+K]+ and [M+CH3CN+H]+."""
IMPOSSIBLE = (3, 14)
"""No neutral of these nominal masses leaves an organic ion: a peak there is no fragment of it."""
WHOLE_SEEN = 0.3
"""Least square root of height at which the isotopes of the charged whole are read."""
CARBON_SEEN = 0.05
"""Least height of the charged whole, beside the strongest peak, at which its carbon is counted."""
LEAST_ISOTOPE = 0.005
EVEN_ENTROPY = 3.0
"""Spectra of less entropy (nats) are weighed."""
MOST_DOUBLET = 1.5
OTHER_ENERGY = np.float32(0.15)
"""What a spectrum taken at e times the energy loses against one at the same energy, as at one not told."""


class Evidence(IntEnum):
    """Columns of the table of evidence; each is near 0 to 1."""

    CLOSE_MEAN = 0
    CLOSE_BEST = 1
    CLOSE_WORST = 2
    CLOSE_SEEN = 3
    CLOSE_AT_ENERGY = 4
    USUAL_MEAN = 5
    PLAIN_MEAN = 6
    RISING = 7
    MERGED = 8
    MERGED_USUAL = 9
    MERGED_BEST = 10
    RARE = 11
    EXPLAINED = 12
    EXPLAINED_HEAVY = 13
    UNEXPLAINED_MOST = 14
    PRESENT = 15
    ION_FIRST = 16
    ION_MOST = 17
    ION_EXPECTED = 18
    ABOVE_ION = 19
    HEAVIEST = 20
    HEAVIEST_GAP = 21
    DOUBLET = 22
    DOUBLET_READ = 23
    SODIUM = 24
    IMPOSSIBLE = 25
    ION_MZ = 26
    ENTRY_PEAKS = 27
    ENTRY_SPECTRA = 28
    BEST_PEAKS = 29
    READING_PEAKS = 30
    READING_SPECTRA = 31
    SCAN_START = 32
    ENERGIES_TOLD = 33
    AHEAD_CLOSE = 34
    AHEAD_SEEN = 35
    AHEAD_AT_ENERGY = 36
    AHEAD_USUAL = 37
    AHEAD_PLAIN = 38
    AHEAD_MERGED = 39
    AHEAD_RARE = 40
    AHEAD_EXPLAINED = 41
    AHEAD_WORST = 42
    CARBON = 43
    CARBON_EXPECTED = 44
    ISOTOPES = 45
    DIMER = 46
    SOFT = 47
    HARD = 48
    CLOSE_SECOND = 49
    CLOSE_THIRD = 50
    ION_BASE = 51
    ABOVE_FREE = 52
    CARBON_OFF = 53
    ENTROPY = 54
    ENTROPY_BEST = 55
    AHEAD_SECOND = 56
    AHEAD_SOFT = 57
    AHEAD_ENTROPY = 58
    FRAGMENTS = 59
    AHEAD_FRAGMENTS = 60
    CURRENT = 61
    CURRENT_WORST = 62
    CURRENT_SOFT = 63
    AHEAD_CURRENT = 64
    NEIGHBOUR = 65
    CARBON_DENSITY = 66
    ISOMERS = 67
    RINGS = 68
    ION_LAST = 69
    READING_ENTROPY = 70
    LABORATORIES = 71
    EXPECTED = 72
    EXPECTED_SOFT = 73
    EXPECTED_HARD = 74
    EXPECTED_MERGED = 75
    EXPECTED_LIKELY = 76
    EXPECTED_KNOWN = 77
    AHEAD_EXPECTED = 78
    AHEAD_LIKELY = 79


_AHEAD = {
    Evidence.AHEAD_CLOSE: Evidence.CLOSE_MEAN,
    Evidence.AHEAD_SEEN: Evidence.CLOSE_SEEN,
    Evidence.AHEAD_AT_ENERGY: Evidence.CLOSE_AT_ENERGY,
    Evidence.AHEAD_USUAL: Evidence.USUAL_MEAN,
    Evidence.AHEAD_PLAIN: Evidence.PLAIN_MEAN,
    Evidence.AHEAD_MERGED: Evidence.MERGED,
    Evidence.AHEAD_RARE: Evidence.RARE,
    Evidence.AHEAD_EXPLAINED: Evidence.EXPLAINED,
    Evidence.AHEAD_WORST: Evidence.CLOSE_WORST,
    Evidence.AHEAD_SECOND: Evidence.CLOSE_SECOND,
    Evidence.AHEAD_SOFT: Evidence.SOFT,
    Evidence.AHEAD_ENTROPY: Evidence.ENTROPY,
    Evidence.AHEAD_FRAGMENTS: Evidence.FRAGMENTS,
    Evidence.AHEAD_CURRENT: Evidence.CURRENT,
    Evidence.AHEAD_EXPECTED: Evidence.EXPECTED,
    Evidence.AHEAD_LIKELY: Evidence.EXPECTED_LIKELY,
}


def gather(
    candidates: Candidates,
    rarity: Bins,
    spectra: Bins,
    energies: tuple[float | None, ...],
    whole: Bins | None = None,
) -> Table:
    """Gather a reading's evidence, [n, BINS] with the softest spectrum first, for each candidate: [k, Evidence].

    `rarity` [BINS] is the library's; `energies` in eV or None where not told, one a spectrum; `whole` are the spectra
    with their isotope peaks.
    """
    table = np.zeros((len(candidates.ion_mz), len(Evidence)), dtype=np.float32)
    merged = spectra.mean(axis=0)
    _measured(candidates, spectra, energies, table)
    _entropy(candidates, spectra, table)
    _consensus(candidates, rarity, merged, table)
    _shares(candidates, merged, table)
    explained = current(candidates.whole, candidates.doublet, spectra)
    table[:, Evidence.CURRENT] = explained.mean(axis=0)
    table[:, Evidence.CURRENT_WORST] = explained.min(axis=0)
    table[:, Evidence.CURRENT_SOFT] = explained[0]
    _ions(candidates, spectra, merged, table)
    _carbon(candidates, spectra if whole is None else whole, table)
    expected = expected_evidence(candidates.expected, spectra)
    table[:, Evidence.EXPECTED : Evidence.EXPECTED_KNOWN + 1] = expected
    table[:, Evidence.ION_MZ] = candidates.ion_mz / 500
    table[:, Evidence.ENTRY_SPECTRA] = np.log1p(np.bincount(candidates.owner, minlength=len(table))) / 4
    table[:, Evidence.ISOMERS] = np.log1p(candidates.isomers) / 3
    table[:, Evidence.RINGS] = candidates.rings / 10
    table[:, Evidence.LABORATORIES] = np.log(candidates.laboratories) / 2
    table[:, Evidence.READING_ENTROPY] = -float((merged * np.log(np.maximum(merged, SMALL))).sum()) / 4
    table[:, Evidence.READING_PEAKS] = np.log1p((merged > 0).sum()) / 4
    table[:, Evidence.READING_SPECTRA] = np.log1p(len(spectra)) / 2
    table[:, Evidence.ENERGIES_TOLD] = float(None not in energies)
    for ahead, of in _AHEAD.items():
        table[:, ahead] = _ahead(table[:, of])
    table[~expected.any(axis=1), Evidence.AHEAD_EXPECTED :] = 0
    return table


def _ahead(values: Bins) -> Bins:
    """How far each is ahead of the best of the others, negative where it is behind."""
    if len(values) == 1:
        return np.zeros(1, dtype=np.float32)
    second, best = np.partition(values, -2)[-2:]
    return np.asarray(values - np.where(values == best, second, best), dtype=np.float32)


def _measured(candidates: Candidates, spectra: Bins, energies: tuple[float | None, ...], table: Table) -> None:
    """Compare each spectrum with each measured one of a candidate; the best counts."""
    firsts = np.searchsorted(candidates.owner, np.arange(len(table)))
    weighed = candidates.spectra.weighed(FLAT)
    queries = FLAT.of(np.concatenate([spectra, spectra.mean(axis=0, keepdims=True)]))
    close = _cosines(candidates, queries, weighed)
    single = close[:-1]
    table[:, Evidence.FRAGMENTS] = without_whole(candidates, queries[:-1], single, weighed, firsts)
    best = np.maximum.reduceat(single, firsts, axis=1)
    table[:, Evidence.CLOSE_MEAN] = best.mean(axis=0)
    table[:, Evidence.CLOSE_BEST] = best.max(axis=0)
    table[:, Evidence.CLOSE_WORST] = best.min(axis=0)
    table[:, Evidence.SOFT] = best[0]
    table[:, Evidence.HARD] = best[-1]
    second, third = _seconds(single, candidates.owner, firsts)
    table[:, Evidence.CLOSE_SECOND] = second
    table[:, Evidence.CLOSE_THIRD] = third
    table[:, Evidence.MERGED_BEST] = np.maximum.reduceat(close[-1], firsts)
    table[:, Evidence.CLOSE_SEEN] = _seen(candidates, single, spectra, weighed, firsts, table)
    for column, weighing in ((Evidence.USUAL_MEAN, USUAL), (Evidence.PLAIN_MEAN, PLAIN)):
        cosines = _cosines(candidates, weighing.of(spectra), candidates.spectra.weighed(weighing))
        table[:, column] = np.maximum.reduceat(cosines, firsts, axis=1).mean(axis=0)
    _energies(candidates, single, energies, firsts, table)


def _entropy(candidates: Candidates, spectra: Bins, table: Table) -> None:
    """Compare by spectral entropy: Y. Li et al., Nat. Methods 2021, 18, 1524."""
    firsts = np.searchsorted(candidates.owner, np.arange(len(table)))
    likeness = np.maximum.reduceat(_entropies(candidates, spectra), firsts, axis=1)
    table[:, Evidence.ENTROPY] = likeness.mean(axis=0)
    table[:, Evidence.ENTROPY_BEST] = likeness.max(axis=0)


def _entropies(candidates: Candidates, spectra: Bins) -> Bins:
    """Likeness of each spectrum [n, BINS] and each measured one: [n, spectra]."""
    peaks, owner = candidates.spectra, candidates.spectra.owner()
    height = np.square(peaks.root)
    height /= np.bincount(owner, height, len(peaks.counts))[owner]
    logs = np.log(np.maximum(height, SMALL))
    surprise = np.bincount(owner, -height * logs, len(peaks.counts)).astype(np.float32)
    height = np.power(height, _power(surprise)[owner])
    height /= np.bincount(owner, height, len(peaks.counts))[owner]
    height = height.astype(np.float32)
    own = -np.sum(spectra * np.log(np.maximum(spectra, SMALL)), axis=1, keepdims=True)
    weighed = np.power(spectra, _power(own), where=spectra > 0, out=np.zeros_like(spectra))
    weighed /= np.maximum(weighed.sum(axis=1, keepdims=True), SMALL)
    found: list[Values] = []
    for query in weighed:
        here = query[peaks.bins]
        at = np.flatnonzero(here)
        one, other = here[at], height[at]
        both = one + other
        common = both * np.log2(both) - one * np.log2(one) - other * np.log2(other)
        found.append(np.bincount(owner[at], common, len(peaks.counts)) / 2)
    return np.asarray(found, dtype=np.float32)


def _power(entropy: Bins) -> Bins:
    """Return the power that intensities are taken to: spectra of few peaks are evened out."""
    return np.asarray(np.where(entropy < EVEN_ENTROPY, 0.25 + 0.25 * entropy, 1.0), dtype=np.float32)


def _seconds(single: Bins, owner: Places, firsts: Places) -> tuple[Bins, Bins]:
    """Mean of the cosine with each candidate's second and third best spectrum, the best where there are no more."""
    order = np.lexsort((-single, np.broadcast_to(owner, single.shape)), axis=1)
    ordered = np.take_along_axis(single, order, axis=1)
    counts = np.bincount(owner, minlength=len(firsts))
    second, third = (ordered[:, firsts + np.minimum(by, counts - 1)].mean(axis=0) for by in (1, 2))
    return second, third


def _cosines(candidates: Candidates, queries: Bins, weighed: Bins) -> Bins:
    """Cosine of each query [n, BINS] with each measured spectrum: [n, spectra]."""
    bins = np.flatnonzero(queries.any(axis=0))
    return np.asarray(queries[:, bins] @ candidates.spectra.on_bins(weighed)[:, bins].T, dtype=np.float32)


def _seen(candidates: Candidates, single: Bins, spectra: Bins, weighed: Bins, firsts: Places, table: Table) -> Bins:
    """Mean of the best cosines over the part of the m/z scale that the reading shows: its scan may begin late."""
    start = int(spectra.any(axis=0).argmax())
    table[:, Evidence.SCAN_START] = start / 200
    light = np.where(candidates.spectra.bins < start, np.square(weighed), np.float32(0))
    seen = 1 - np.bincount(candidates.spectra.owner(), light, len(candidates.owner))
    shares = np.minimum(single / np.sqrt(np.maximum(seen, LEAST_SEEN)), 1)
    return np.asarray(np.maximum.reduceat(shares, firsts, axis=1).mean(axis=0), dtype=np.float32)


def _energies(
    candidates: Candidates, single: Bins, energies: tuple[float | None, ...], firsts: Places, table: Table
) -> None:
    """Best cosine with spectra at like energies, and whether harder spectra are like harder ones."""
    here = np.log(np.maximum(candidates.energy, 1) + 5)
    told = np.log(np.maximum(np.array([np.nan if energy is None else energy for energy in energies]), 1) + 5)
    apart = np.nan_to_num(np.abs(told[:, None] - here), nan=1.0)
    table[:, Evidence.CLOSE_AT_ENERGY] = np.maximum.reduceat(single - OTHER_ENERGY * apart, firsts, axis=1).mean(axis=0)
    level = np.where(
        single == np.repeat(np.maximum.reduceat(single, firsts, axis=1), _counts(candidates), axis=1), 1, 0
    )
    among = np.maximum(np.add.reduceat(level, firsts, axis=1), 1)
    known = np.nan_to_num(here, nan=float(np.nanmean(here)) if np.isfinite(here).any() else 0.0)
    chosen = np.add.reduceat(level * known, firsts, axis=1) / among
    table[:, Evidence.RISING] = np.clip(np.diff(chosen, axis=0), -1, 1).mean(axis=0) if len(single) > 1 else 0.0
    peaks = np.log1p(candidates.spectra.counts) / 4
    table[:, Evidence.BEST_PEAKS] = (np.add.reduceat(level * peaks, firsts, axis=1) / among).mean(axis=0)


def _counts(candidates: Candidates) -> Places:
    return np.bincount(candidates.owner, minlength=len(candidates.ion_mz))


def _consensus(candidates: Candidates, rarity: Bins, merged: Bins, table: Table) -> None:
    """Compare all spectra added with each candidate's consensus."""
    flat = _weighed_roots(candidates.whole, FLAT)
    table[:, Evidence.MERGED] = flat @ FLAT.of(merged)
    table[:, Evidence.MERGED_USUAL] = _weighed_roots(candidates.whole, USUAL) @ USUAL.of(merged)
    table[:, Evidence.NEIGHBOUR] = most_alike(flat)
    table[:, Evidence.RARE] = unit(candidates.whole * rarity) @ unit(np.sqrt(merged) * rarity)


def _weighed_roots(roots: Bins, weighing: Weighing) -> Bins:
    rows, at = np.zeros_like(roots), np.nonzero(roots)
    rows[at] = np.power(roots[at], 2 * weighing.intensity) * np.power(at[1].astype(np.float32), weighing.mz)
    return unit(rows)


def _shares(candidates: Candidates, merged: Bins, table: Table) -> None:
    """How much of the reading a candidate explains, and how much of the candidate is in the reading."""
    root = np.sqrt(merged)
    mz = np.arange(BINS, dtype=np.float32)
    has = candidates.whole > 0
    start = int((merged > 0).argmax())
    seen = candidates.whole[:, start:]
    table[:, Evidence.EXPLAINED] = has @ (root / max(float(root.sum()), float(SMALL)))
    table[:, Evidence.EXPLAINED_HEAVY] = has @ (root * mz / max(float((root * mz).sum()), float(SMALL)))
    table[:, Evidence.UNEXPLAINED_MOST] = np.where(has, 0, root).max(axis=1) / max(float(root.max()), float(SMALL))
    table[:, Evidence.PRESENT] = (seen @ (merged[start:] > 0)) / np.maximum(seen.sum(axis=1), SMALL)
    table[:, Evidence.ENTRY_PEAKS] = np.log1p(np.count_nonzero(has, axis=1)) / 4


def _ions(candidates: Candidates, spectra: Bins, merged: Bins, table: Table) -> None:
    """Whether a candidate's charged whole is there as expected, with its isotopes, and what is near and above it."""
    ion_mz = candidates.ion_mz
    heights = ion_heights(ion_mz, spectra)
    ion = np.where(ion_mz < BINS - 2, ion_mz, 0)
    root = np.sqrt(merged)
    cumulated = np.concatenate([np.zeros(1, np.float32), np.cumsum(root, dtype=np.float32)])
    total = max(float(cumulated[-1]), float(SMALL))
    edge = np.minimum(ion_mz + ABOVE_ION, BINS)
    sodium = np.where(edge < BINS, root[np.minimum(ion_mz + SODIUM, BINS - 1)], np.float32(0))
    table[:, Evidence.ION_FIRST] = heights[0]
    table[:, Evidence.ION_LAST] = heights[-1]
    table[:, Evidence.ION_MOST] = heights.max(axis=0)
    soft = candidates.soft[np.arange(len(ion)), ion] / np.maximum(candidates.soft.max(axis=1), SMALL)
    table[:, Evidence.ION_EXPECTED] = heights[0] - soft
    table[:, Evidence.ABOVE_ION] = (cumulated[-1] - cumulated[edge] - sodium) / total
    others = sum((_at(root, ion_mz + up) for up in ADDUCTS), np.zeros(len(ion), np.float32))
    dimer = _at(root, 2 * ion_mz - 1)
    table[:, Evidence.DIMER] = dimer / max(float(root.max()), float(SMALL))
    table[:, Evidence.ABOVE_FREE] = (cumulated[-1] - cumulated[edge] - sodium - others - dimer) / total
    table[:, Evidence.ION_BASE] = heights[0] >= 1
    table[:, Evidence.SODIUM] = sodium / max(float(root.max()), float(SMALL))
    low, high = (np.clip(ion_mz - by, 0, BINS) for by in (IMPOSSIBLE[1], IMPOSSIBLE[0] - 1))
    table[:, Evidence.IMPOSSIBLE] = (cumulated[high] - cumulated[low]) / total
    gap = np.where(ion > 0, heaviest(spectra[0]) - ion, 0)
    table[:, Evidence.HEAVIEST] = gap == 0
    table[:, Evidence.HEAVIEST_GAP] = np.clip(gap / 50, -1, 1)
    read = heights.max(axis=0) >= WHOLE_SEEN
    strongest = spectra[:, ion].argmax(axis=0)
    doublet = spectra[strongest, ion + 2] / np.maximum(spectra[strongest, ion], SMALL)
    off = np.minimum(doublet, MOST_DOUBLET) - np.minimum(candidates.doublet, MOST_DOUBLET)
    table[:, Evidence.DOUBLET] = np.where(read, off, 0)
    table[:, Evidence.DOUBLET_READ] = np.where(read, np.minimum(candidates.doublet, MOST_DOUBLET), 0)


def _at(spectrum: Bins, mz: Places) -> Bins:
    """Heights at some m/z of a spectrum [BINS], 0 beyond its range."""
    return np.where(mz < BINS, spectrum[np.minimum(mz, BINS - 1)], np.float32(0))


def carbon_of(ion: Places, singlet: Bins, spectra: Bins) -> tuple[Bins, Bins]:
    """Compare the isotope peak above each whole with what is expected: logarithm of the ratio, and what was expected.

    `ion` are bins of `spectra` [n, BINS], 0 beyond the range; both 0 where nothing is to be read.
    """
    strongest = spectra[:, ion].argmax(axis=0)
    height, above = spectra[strongest, ion], spectra[strongest, np.minimum(ion + 1, BINS - 1)]
    read = (height >= CARBON_SEEN * spectra[strongest].max(axis=1)) & (above > 0) & (singlet > 0)
    ratio = np.where(read, above / np.maximum(height * singlet, SMALL), 1)
    return np.clip(np.log(ratio), -1, 1), np.where(read, singlet, np.float32(0))


def _carbon(candidates: Candidates, spectra: Bins, table: Table) -> None:
    """Whether carbon-13 peaks are as high as expected, of the charged whole and all ions, and whether there are any."""
    table[:, Evidence.CARBON_DENSITY] = carbon_density(candidates.ion_mz, candidates.singlet, spectra)
    ion = np.where(candidates.ion_mz < BINS - 2, candidates.ion_mz, 0)
    table[:, Evidence.CARBON], table[:, Evidence.CARBON_EXPECTED] = carbon_of(ion, candidates.singlet, spectra)
    table[:, Evidence.CARBON_OFF] = np.abs(table[:, Evidence.CARBON])
    expected = spectra[:, :-1] * CARBON_13 * np.arange(BINS - 1, dtype=np.float32)
    expected[expected < LEAST_ISOTOPE * spectra.max(axis=1, keepdims=True)] = 0
    found = np.minimum(spectra[:, 1:], expected).sum()
    table[:, Evidence.ISOTOPES] = found / max(float(expected.sum()), float(SMALL))
