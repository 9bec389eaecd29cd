"""Spectra that structures would give: read as written, found by compound, and as evidence beside measured ones."""

from collections.abc import Callable
from dataclasses import replace

import cbor2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import Catalogue
from models.errors import UnusableBundle
from models.evidence import Evidence, gather
from models.expected import MOST_PEAKS, SOFTNESSES, Expected
from models.preprocessing import BINS, Bins
from models.search import Index
from models.training.build_library import build_library
from models.training.corpus import Measured
from models.training.expected import without_some

MakeRecord = Callable[..., Measured]
KEYS = ("AAAAAAAAAAAAAA", "BBBBBBBBBBBBBB")


def spectra(*peaks: dict[int, float]) -> Bins:
    rows = np.zeros((len(peaks), BINS), dtype=np.float32)
    for row, heights in zip(rows, peaks, strict=True):
        row[list(heights)] = list(heights.values())
    return rows


SOFT, MIDDLE, HARD = {150: 1.0}, {150: 0.25, 119: 0.75}, {91: 0.8, 119: 0.2}
KNOWN = Expected.of({KEYS[1]: spectra(SOFT, MIDDLE, HARD)})


def two(measured: MakeRecord) -> list[Measured]:
    return [measured(key, f"lab {key}", key) for key in KEYS]


def test_what_was_calculated_is_read_as_it_was_written() -> None:
    again = Expected.from_bytes(KNOWN.to_bytes())
    assert again.skeletons == KNOWN.skeletons
    assert again.to_bytes() == KNOWN.to_bytes()


def test_the_spectra_of_each_entry_are_its_own(measured: MakeRecord, catalogue: Catalogue) -> None:
    library = build_library(two(measured), catalogue)
    unknown, known = KNOWN.of_entries(library.entries).unpacked().T.reshape(2, SOFTNESSES, BINS)
    assert not unknown.any()
    np.testing.assert_allclose(known, spectra(SOFT, MIDDLE, HARD), atol=0.01)


def test_only_the_highest_peaks_are_kept() -> None:
    row = np.arange(BINS, dtype=np.float32)
    kept = Expected.of({KEYS[0]: np.stack([row] * SOFTNESSES)}).packed.unpacked().T
    assert [int(mz) for mz in np.flatnonzero(kept[0])] == list(range(BINS - MOST_PEAKS, BINS))


def test_a_reading_like_what_a_structure_would_give_speaks_for_it(measured: MakeRecord, catalogue: Catalogue) -> None:
    library = build_library(two(measured), catalogue)
    index = Index.of(library, expected=KNOWN)
    candidates = index.candidates(np.arange(2))
    alike, other = (
        gather(candidates, index.rarity, given, (None,) * len(given))
        for given in (spectra(SOFT, HARD), spectra({200: 1.0}, {77: 1.0}))
    )
    assert not alike[0, Evidence.EXPECTED :].any()
    assert alike[1, Evidence.EXPECTED] == pytest.approx(1, abs=0.01)
    assert alike[1, Evidence.EXPECTED_LIKELY] > other[1, Evidence.EXPECTED_LIKELY]
    assert other[1, Evidence.EXPECTED] == 0
    assert alike[1, Evidence.EXPECTED_KNOWN] == other[1, Evidence.EXPECTED_KNOWN] == 1


def test_some_compounds_are_left_out_by_chance() -> None:
    many = Expected.of({f"{at:014}": spectra(SOFT, MIDDLE, HARD) for at in range(400)})
    fewer = without_some(many, np.random.default_rng(0))
    assert 300 < len(fewer.skeletons) < 370
    np.testing.assert_array_equal(fewer.packed.unpacked()[:, :3], many.packed.unpacked()[:, :3])


@pytest.mark.parametrize(
    "value",
    [
        [],
        {"format": "garita.expected/0", "skeletons": [], "spectra": [b"", b"", b""]},
        {"format": "garita.expected/1", "skeletons": [KEYS[0]], "spectra": [b"", b"", b""]},
        {"format": "garita.expected/1", "skeletons": [], "spectra": [b""]},
        {"format": "garita.expected/1", "skeletons": [], "spectra": [b"", b"\0\0", b"\0"]},
    ],
    ids=["no-map", "other-format", "too-few", "no-peaks", "peaks-of-nothing"],
)
def test_what_cannot_be_used_is_refused(value: object) -> None:
    with pytest.raises(UnusableBundle):
        Expected.from_bytes(cbor2.dumps(value))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(UnusableBundle):
        Expected.from_bytes(data)


def test_a_peak_beyond_the_scale_is_refused() -> None:
    packed = replace(KNOWN.packed, bins=KNOWN.packed.bins + np.uint16(BINS))
    with pytest.raises(UnusableBundle, match="a peak at bin"):
        Expected.from_bytes(replace(KNOWN, packed=packed).to_bytes())
