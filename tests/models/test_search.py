"""Search: the compound is on the list, and the evidence says what it should."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from models.catalogue import Catalogue
from models.classifier import spread
from models.evidence import Evidence, gather
from models.identification import Identifier
from models.preprocessing import BINS, Bins
from models.search import CANDIDATES, FLAT, Index, coarse, heaviest, shortlist
from models.training.build_library import build_library
from models.training.corpus import Measured

MakeRecord = Callable[..., Measured]


def on_bins(peaks: dict[int, float]) -> Bins:
    row = np.zeros(BINS, dtype=np.float32)
    row[list(peaks)] = list(peaks.values())
    return row / row.sum()


def index_of(records: list[Measured], catalogue: Catalogue) -> Index:
    return Index.of(build_library(records, catalogue))


def test_the_nearest_measured_spectrum_counts_not_their_mean(measured: MakeRecord, catalogue: Catalogue) -> None:
    """A has two very different spectra; the reading is one of them, and like the mean of B's."""
    index = index_of(
        [
            measured("1", "lab A", "A" * 14, {91: 1.0}, energy=10),
            measured("2", "lab B", "A" * 14, {60: 0.5, 77: 0.5}, energy=50),
            measured("3", "lab A", "B" * 14, {91: 0.6, 60: 0.4}, energy=10),
        ],
        catalogue,
    )
    reading = on_bins({91: 1.0})[None]
    assert coarse(index, reading).argmax() == 1
    assert shortlist(index, reading).tolist() == [0, 1]
    table = gather(index.candidates(np.array([0, 1])), index.rarity, reading, (10.0,))
    assert table[0, Evidence.CLOSE_MEAN] == pytest.approx(1, abs=1e-3)
    assert table[0, Evidence.AHEAD_CLOSE] > 0 > table[1, Evidence.AHEAD_CLOSE]


def test_the_charged_whole_and_its_isotopes_speak(measured: MakeRecord, catalogue: Catalogue) -> None:
    index = index_of(
        [
            measured("1", skeleton="A" * 14, peaks={91: 0.5, 150: 0.5}, formula="C9H10ClN"),
            measured("2", skeleton="B" * 14, peaks={91: 0.5, 150: 0.5}, formula="C10H15N"),
        ],
        catalogue,
    )
    chlorine = gather(
        index.candidates(np.array([0, 1])), index.rarity, on_bins({91: 0.4, 150: 1, 152: 0.32})[None], (None,)
    )
    assert chlorine[:, Evidence.ION_FIRST].tolist() == [1, 1]
    np.testing.assert_allclose(chlorine[:, Evidence.DOUBLET], [0, 0.32], atol=0.01)
    above = gather(index.candidates(np.array([0])), index.rarity, on_bins({91: 0.5, 400: 0.5})[None], (None,))
    assert above[0, Evidence.ABOVE_ION] == pytest.approx(0.5)
    assert above[0, Evidence.ION_MOST] == 0


def test_the_carbon_of_the_charged_whole_tells_formulas_apart(measured: MakeRecord, catalogue: Catalogue) -> None:
    index = index_of(
        [
            measured("1", skeleton="A" * 14, peaks={91: 0.5, 150: 0.5}, formula="C10H15N"),
            measured("2", skeleton="B" * 14, peaks={91: 0.5, 150: 0.5}, formula="C5H11NO4"),
        ],
        catalogue,
    )
    candidates, row = index.candidates(np.array([0, 1])), on_bins({91: 0.5, 150: 1})[None]
    table = gather(candidates, index.rarity, row, (None,), on_bins({91: 0.5, 150: 1, 151: 0.1117})[None])
    assert table[0, Evidence.CARBON] == pytest.approx(0, abs=1e-3)
    assert table[1, Evidence.CARBON] == pytest.approx(np.log(0.1117 / 0.0577), abs=1e-3)
    unread = gather(candidates, index.rarity, row, (None,), row)
    assert not unread[:, [Evidence.CARBON, Evidence.CARBON_EXPECTED, Evidence.ISOTOPES]].any()


def test_spectral_entropy_of_the_same_spectrum_is_one(measured: MakeRecord, catalogue: Catalogue) -> None:
    peaks = {60: 0.2, 91: 0.5, 150: 0.3}
    index = index_of([measured("1", peaks=peaks), measured("2", skeleton="B" * 14, peaks={61: 1.0})], catalogue)
    table = gather(index.candidates(np.array([0, 1])), index.rarity, on_bins(peaks)[None], (20.0,))
    np.testing.assert_allclose(table[:, Evidence.ENTROPY], [1, 0], atol=0.01)


def test_fragments_count_without_the_whole(measured: MakeRecord, catalogue: Catalogue) -> None:
    """B has the mass of A and nothing else in common with the reading."""
    index = index_of(
        [
            measured("1", skeleton="A" * 14, peaks={91: 0.2, 150: 0.8}),
            measured("2", skeleton="B" * 14, peaks={77: 0.2, 150: 0.8}),
        ],
        catalogue,
    )
    reading = on_bins({91: 0.2, 150: 0.8})[None]
    table = gather(index.candidates(np.array([0, 1])), index.rarity, reading, (None,))
    assert table[1, Evidence.CLOSE_MEAN] > 0.4
    np.testing.assert_allclose(table[:, Evidence.FRAGMENTS], [1, 0], atol=0.01)
    np.testing.assert_allclose(table[:, Evidence.CURRENT], [1, 0.8], atol=0.01)
    np.testing.assert_allclose(table[:, Evidence.NEIGHBOUR], table[1, Evidence.MERGED], atol=0.02)
    assert (table[:, Evidence.ISOMERS] > 0).all()


def test_an_entry_of_the_heaviest_ion_is_compared_though_others_are_nearer(
    measured: MakeRecord, catalogue: Catalogue
) -> None:
    peaks = {91: 1.0, 119: 0.5}
    crowd = [replace(measured(f"{n}", skeleton=f"{n:014d}", peaks=peaks), ion_mz=271) for n in range(90)]
    whole = measured("whole", skeleton="Z" * 14, peaks={60: 1.0})
    index = index_of([*crowd, whole], catalogue)
    near = shortlist(index, on_bins({**peaks, 150: 0.06})[None])
    assert len(near) == CANDIDATES
    assert 90 in near[:CANDIDATES]


def test_the_carbon_of_fragments_is_read_without_the_whole(measured: MakeRecord, catalogue: Catalogue) -> None:
    index = index_of(
        [
            measured("1", skeleton="A" * 14, peaks={91: 1.0}, formula="C10H15N"),
            measured("2", skeleton="B" * 14, peaks={91: 1.0}, formula="C5H11NO4"),
        ],
        catalogue,
    )
    row = on_bins({91: 1.0, 92: 0.0108 * 7})[None]
    table = gather(index.candidates(np.array([0, 1])), index.rarity, on_bins({91: 1.0})[None], (None,), row)
    assert abs(table[0, Evidence.CARBON_DENSITY]) < 0.15 < table[1, Evidence.CARBON_DENSITY]


def test_isotopes_are_not_the_heaviest() -> None:
    assert heaviest(on_bins({91: 0.3, 150: 1.0, 152: 0.33, 300: 0.001})) == 150
    assert heaviest(np.zeros(BINS, dtype=np.float32)) == 0


spectra = arrays.arrays(np.float32, (2, BINS), elements=st.floats(0, 1, width=32), fill=st.just(0.0)).filter(
    lambda rows: bool(rows.any(axis=1).all())
)


@given(spectra)
def test_evidence_of_any_reading_is_finite(identifier: Identifier, rows: Bins) -> None:
    near = shortlist(identifier.index, rows)
    assert len(set(near.tolist())) == CANDIDATES
    table = gather(identifier.index.candidates(near), identifier.index.rarity, rows, (None, 20.0))
    assert np.isfinite(table).all()


def test_scores_are_laid_out_on_all_entries() -> None:
    every = spread(np.array([1, 2, 3], np.float32), np.array([4, 0]), 6)
    np.testing.assert_array_equal(every, [2, -np.inf, -np.inf, -np.inf, 1, -np.inf, 3])


def test_weighed_spectra_are_of_length_one() -> None:
    rows = FLAT.of(np.stack([on_bins({91: 1.0, 150: 0.2}), np.zeros(BINS, np.float32)]))
    np.testing.assert_allclose(np.square(rows).sum(axis=1), [1, 0], rtol=1e-5)
