"""The library: its byte form, its consensus, its groups of isomers."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import Catalogue
from models.errors import UnusableBundle
from models.grouping import grouped, neighbours_of
from models.identification import Identifier
from models.library import Band, Library, LibraryEntry, Source, band_of
from models.preprocessing import BINS
from models.training.build_library import MOST_PEAKS, build_library
from models.training.corpus import Measured
from models.training.isomers import with_isomers

MakeRecord = Callable[..., Measured]


def entry(name: str, *isomers: str) -> LibraryEntry:
    return LibraryEntry(name, f"{name:A<14}-UHFFFAOYSA-N", "C10H15N", "", 150, (Source(name, "A", "CC0"),), isomers)


def library(*entries: LibraryEntry) -> Library:
    bands = np.zeros((len(Band), BINS, len(entries)), dtype=np.float32)
    for column in range(len(entries)):
        bands[:, [91, 119 + column], column] = (0.75, 0.25)
    return Library.of(entries, bands)


def test_there_and_back() -> None:
    first = library(entry("A", "B"), entry("B", "A"))
    again = Library.from_bytes(first.to_bytes())
    assert again.entries == first.entries
    assert again.digest == first.digest
    assert np.array_equal(again.bands, first.bands)
    np.testing.assert_allclose(first.bands[0, [91, 119], 0], (0.75, 0.25), atol=0.01)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(UnusableBundle):
        Library.from_bytes(data)


def test_cut_short_is_refused() -> None:
    data = library(entry("A")).to_bytes()
    for end in range(0, len(data), 7):
        with pytest.raises(UnusableBundle):
            Library.from_bytes(data[:end])


@pytest.mark.parametrize(
    ("energy", "mz", "band"), [(10, 304, Band.LOW), (25, 304, Band.MID), (60, 304, Band.HIGH), (None, 304, Band.ALL)]
)
def test_bands(energy: float | None, mz: float, band: Band) -> None:
    assert band_of(energy, mz) is band


def test_a_laboratory_of_many_records_weighs_no_more_than_another(catalogue: Catalogue, measured: MakeRecord) -> None:
    many = [measured(f"A{n}", "lab A", peaks={91: 1.0}) for n in range(9)]
    built = build_library([*many, measured("B", "lab B", peaks={119: 1.0})], catalogue)
    np.testing.assert_allclose(built.band(Band.ALL)[[91, 119], 0], 0.5, atol=0.01)
    assert built.accessions == {*(f"A{n}" for n in range(9)), "B"}


def test_alike_isomers_are_one_group(catalogue: Catalogue, measured: MakeRecord) -> None:
    records = [
        measured("A", skeleton="AAAAAAAAAAAAAA", peaks={91: 0.9, 119: 0.1}),
        measured("B", skeleton="BBBBBBBBBBBBBB", peaks={91: 0.88, 119: 0.12}),
        measured("C", skeleton="CCCCCCCCCCCCCC", peaks={60: 0.9, 77: 0.1}),
        measured("D", skeleton="DDDDDDDDDDDDDD", peaks={91: 0.9, 119: 0.1}, formula="C9H11NO"),
    ]
    joined = with_isomers(build_library(records, catalogue), catalogue)
    assert [found.isomers for found in joined.entries] == [("name B",), ("name A",), (), ()]
    groups = grouped(joined, np.array([0.4, 0.3, 0.2, 0.1]), most=10)
    assert [(group.first, round(group.probability, 6)) for group in groups] == [(0, 0.7), (2, 0.2), (3, 0.1)]


def test_the_bundle_has_stereoisomers_as_one(identifier: Identifier) -> None:
    [ephedrine] = [found for found in identifier.library.entries if found.name == "Ephedrine"]
    assert "Pseudoephedrine" in ephedrine.isomers


def test_the_bundle_keeps_every_source(identifier: Identifier) -> None:
    entries = identifier.library.entries
    assert len(entries) > 4000
    assert all(found.sources and all(source.licence for source in found.sources) for found in entries)
    assert len(neighbours_of(identifier.library)) == len(entries)


def test_entries_keep_their_strongest_peaks_and_those_level_with_the_last(identifier: Identifier) -> None:
    counts = np.concatenate([packed.counts for packed in identifier.library.packed])
    assert (counts <= MOST_PEAKS).mean() > 0.99
    assert counts.max() < 2 * MOST_PEAKS
