"""Substances that the library never had: identifiable as soon as a file of reference spectra says so."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.additions import Changes, read_additions
from models.catalogue import DATA, Catalogue
from models.conclusion import Conclusion, Reason
from models.errors import UnreadableFile
from models.identification import Identifier
from models.library import Band, Library
from models.msp import format_msp, parse_msp
from models.sample import Sample

COCAINE = "ZPUCINDJVBIVPJ"
RECORD = """Name: Newdrug
InChIKey: AAAAAAAAAAAAAA-UHFFFAOYSA-N
Formula: C20H25N3O
PrecursorMZ: 324.2
Instrument_type: LC-ESI-QTOF
Collision_energy: 20 eV
Family: hallucinogen-lysergamide
Num Peaks: 3
208.1 40
223.1 100
324.2 60
"""


def reference(substance: str) -> bytes:
    """Take a sample's records for reference spectra of its substance."""
    records = [each for each in parse_msp((DATA / "samples.msp").read_text("utf-8")) if each.name == substance]
    return format_msp(records).encode()


@pytest.fixture(scope="module")
def without(identifier: Identifier) -> Identifier:
    """Garita without cocaine in its library."""
    return Identifier(identifier.bundle, identifier.catalogue, changes=Changes(removed=frozenset({COCAINE})))


def test_what_was_taken_out_is_not_named(without: Identifier, samples: dict[str, Sample]) -> None:
    answer = without.identify_sample(samples["Cocaine"])
    assert all(hit.name != "Cocaine" for hit in answer.hits)


def test_what_was_added_is_named_at_once(without: Identifier, samples: dict[str, Sample]) -> None:
    changes = without.changes.then(read_additions(reference("Cocaine"), "cocaine.msp", without.catalogue), ())
    again = Identifier(without.bundle, without.catalogue, changes=changes)
    answer = again.identify_sample(samples["Cocaine"])
    assert answer.hits[0].name == "Cocaine"
    assert answer.conclusion is Conclusion.ALARM
    assert len({again.library.digest, without.library.digest, without.base.digest}) == 3
    assert answer.library == again.library.digest


def test_others_are_named_as_before(without: Identifier, identifier: Identifier, samples: dict[str, Sample]) -> None:
    before, after = (each.identify_sample(samples["Heroin"]) for each in (identifier, without))
    assert (before.conclusion, before.hits[0].name) == (after.conclusion, after.hits[0].name)


def test_a_new_drug_that_no_catalogue_has_alarms(identifier: Identifier) -> None:
    changes = Changes().then(read_additions(RECORD.encode(), "new.msp", identifier.catalogue), ())
    [added] = changes.additions
    assert (added.entry.family, added.entry.ion_mz) == ("hallucinogen-lysergamide", 324)
    known = Identifier(identifier.bundle, identifier.catalogue, changes=changes)
    [record] = parse_msp(RECORD)
    answer = known.identify([record.spectrum])
    assert "Newdrug" in [hit.name for hit in answer.hits[:3]]
    assert answer.conclusion in (Conclusion.ALARM, Conclusion.CAUTION)


def test_no_change_leaves_the_library_as_it_is(identifier: Identifier) -> None:
    assert Changes().apply(identifier.base) is identifier.base


def test_an_added_substance_takes_the_place_of_the_one_that_was_there(identifier: Identifier) -> None:
    changes = Changes().then(read_additions(reference("Cocaine"), "cocaine.msp", identifier.catalogue), ())
    library = changes.apply(identifier.base)
    assert len(library.entries) == len(identifier.base.entries)
    assert Library.from_bytes(library.to_bytes()).digest == library.digest
    place = next(at for at, entry in enumerate(library.entries) if entry.skeleton == COCAINE)
    np.testing.assert_allclose(library.band(Band.ALL)[:, place], changes.additions[0].bands[Band.ALL], atol=0.01)


def test_an_added_substance_is_told_apart_from_no_more_than_before(
    identifier: Identifier, samples: dict[str, Sample]
) -> None:
    changes = Changes(read_additions(reference("Ephedrine"), "ephedrine.msp", identifier.catalogue))
    own = Identifier(identifier.bundle, identifier.catalogue, changes=changes)
    answer = own.identify_sample(samples["Ephedrine"])
    assert (answer.hits[0].name, answer.hits[0].isomers) == ("Ephedrine", ("Pseudoephedrine",))
    assert Reason.ISOMERS_NOT_TOLD_APART in answer.reasons


def test_what_comes_later_counts(identifier: Identifier) -> None:
    added = read_additions(RECORD.encode(), "new.msp", identifier.catalogue)
    skeleton = added[0].entry.skeleton
    first = Changes().then(added, ())
    assert first.then((), {skeleton}) == Changes((), frozenset({skeleton}))
    assert first.then((), {skeleton}).then(added, ()).additions == added


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("InChIKey: AAAAAAAAAAAAAA-UHFFFAOYSA-N", "InChIKey: nothing", "InChIKey 'nothing'"),
        ("Name: Newdrug", "Name:", "expected both"),
        ("PrecursorMZ: 324.2\n", "", "electron ionisation|PrecursorMZ or ExactMass"),
        ("LC-ESI-QTOF", "GC-EI-TOF", "electron ionisation"),
        ("Formula: C20H25N3O", "Ion_mode: N", "negative ions"),
        ("208.1 40", "208.1 -40", "negative"),
        ("208.1 40\n223.1 100\n324.2 60", "908.1 40\n923.1 100\n924.2 60", "no peak"),
    ],
)
def test_what_is_no_reference_is_refused(catalogue: Catalogue, old: str, new: str, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        read_additions(RECORD.replace(old, new).encode(), "bad.msp", catalogue)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(catalogue: Catalogue, data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_additions(data, "any.msp", catalogue)
