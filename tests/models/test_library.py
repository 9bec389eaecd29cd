"""The library: its byte form, its consensus, its groups of isomers."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import Catalogue
from models.errors import UnusableBundle
from models.grouping import grouped, named_by, neighbours_of, renown_of
from models.identification import Identifier
from models.library import Band, Library, LibraryEntry, Packed, Source, Spectra, band_of
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
    assert again.spectra.owner.tolist() == [0] * len(Band) + [1] * len(Band)
    np.testing.assert_array_equal(again.spectra.packed.bins, first.spectra.packed.bins)


def test_the_bands_stand_for_spectra_where_there_are_none() -> None:
    bands = np.zeros((len(Band), BINS, 2), dtype=np.float32)
    bands[Band.LOW, 91, 0] = bands[Band.ALL, [91, 119], 0] = 1
    bands[Band.ALL, 60, 1] = 1
    spectra = Library.of((entry("A"), entry("B")), bands).spectra
    assert spectra.owner.tolist() == [0, 0, 1]
    assert spectra.packed.bins.tolist() == [91, 91, 119, 60]
    assert np.isnan(spectra.energy).all()


def test_spectra_stay_as_they_were_measured(catalogue: Catalogue, measured: MakeRecord) -> None:
    records = [
        measured("1", "lab A", peaks={91: 1.0}, energy=10),
        measured("2", "lab A", peaks={119: 1.0}, energy=40),
        measured("3", "lab A", peaks={60: 1.0}, energy=41),
        measured("4", "lab B", peaks={91: 1.0}, energy=None),
    ]
    spectra = build_library(records, catalogue).spectra
    assert spectra.packed.bins.tolist() == [91, 60, 119, 91]
    assert spectra.packed.counts.tolist() == [1, 2, 1]
    np.testing.assert_array_equal(spectra.energy, [10, 40, np.nan])


def test_spectra_go_with_their_entries(catalogue: Catalogue, measured: MakeRecord) -> None:
    peaks = {"A": {91: 1.0, 60: 0.5}, "B": {119: 1.0}, "C": {77: 1.0, 51: 0.2}}
    whole = build_library([measured(name, skeleton=name * 14, peaks=peaks[name]) for name in "ABC"], catalogue).spectra
    some = whole.of_entries([0, 2])
    assert some.owner.tolist() == [0, 1]
    assert some.packed.bins.tolist() == [60, 91, 51, 77]
    more = some.followed_by(whole.of_entries([1]), 2)
    assert more.owner.tolist() == [0, 1, 2]
    assert more.packed.bins.tolist() == [60, 91, 51, 77, 119]


@pytest.mark.parametrize(
    "spectra",
    {
        "of an entry that is not there": ([1, 1], [0, 2]),
        "of one entry only": ([1, 1], [0, 0]),
        "not in order": ([1, 1], [1, 0]),
        "without peaks": ([0, 2], [0, 1]),
    }.values(),
)
def test_spectra_that_fit_no_entry_are_refused(spectra: tuple[list[int], list[int]]) -> None:
    counts, owner = spectra
    packed = Packed(np.array(counts, "<u2"), np.array([91, 119], "<u2"), np.array([255, 255], np.uint8))
    bands = library(entry("A"), entry("B")).bands
    with pytest.raises(UnusableBundle, match="spectra"):
        Library.of((entry("A"), entry("B")), bands, Spectra(packed, np.array(owner, "<i4"), np.zeros(2, "<f4")))


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
    assert (groups[0].members, groups[0].shares) == ((0, 1), (0.4, 0.3))


def test_a_group_has_the_name_that_is_known_unless_another_is_far_likelier() -> None:
    isocaffeine, caffeine, other = range(3)
    known = (0, 1, 1)
    assert named_by([(isocaffeine, 0.6), (other, 0.1), (caffeine, 0.3)], known) == caffeine
    assert named_by([(isocaffeine, 0.9), (caffeine, 0.08)], known) == isocaffeine
    assert named_by([(caffeine, 0.3), (isocaffeine, 0.6)], (0, 0, 0)) == isocaffeine


def test_what_a_state_added_is_as_well_known_as_what_the_catalogue_has(catalogue: Catalogue) -> None:
    listed = replace(entry("L"), inchikey=catalogue.substances[0].inchikey)
    held = library(entry("A"), entry("B"), entry("C"), listed)
    added = {held.entries[1].skeleton}
    assert renown_of(held, (7, 3, 2, 1), catalogue, added) == (7, 8, 2, 8)


def test_one_compound_under_two_inchikeys_is_one_group() -> None:
    twice = replace(entry("A"), inchikey="TAUTOMERXXXXXX-UHFFFAOYSA-N")
    assert neighbours_of(library(entry("A"), entry("B"), twice)) == [(2,), (), (0,)]


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
