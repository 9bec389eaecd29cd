"""Substances that the library never had: identifiable as soon as a file of reference spectra says so."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.additions import EXPECTED, Changes, read_additions, sort_additions
from models.catalogue import DATA, Catalogue, Standing
from models.conclusion import Conclusion, Reason
from models.errors import RefusedChange, UnreadableFile
from models.identification import Identifier
from models.library import Band, Library
from models.msp import format_msp, parse_msp
from models.sample import Sample
from models.standing import standings_of

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


def key_of(identifier: Identifier, name: str) -> str:
    [key] = [each.inchikey for each in identifier.catalogue.substances if each.name == name]
    return key


def unlike(inchikey: str, mz: float) -> str:
    """Write a reference spectrum such as nobody else has."""
    head = f"Name: Other\nInChIKey: {inchikey}\nPrecursorMZ: {mz}\nCollision_energy: 20 eV\n"
    return f"{head}Num Peaks: 4\n38.1 90\n47.1 100\n62.1 70\n{mz} 80\n"


def with_added(identifier: Identifier, file: str) -> Identifier:
    changes = Changes().then(read_additions(file.encode(), "added.msp", identifier.catalogue), ())
    return Identifier(identifier.bundle, identifier.catalogue, changes=changes)


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


def test_what_a_state_adds_counts_as_what_it_expects(identifier: Identifier) -> None:
    """A new substance counts as measured by EXPECTED laboratories; one that was there as by those who measured it."""
    new = with_added(identifier, RECORD)
    at = [entry.name for entry in new.library.entries].index("Newdrug")
    assert new.index.laboratories[at] == EXPECTED
    again = with_added(identifier, reference("Caffeine").decode())
    places = [
        next(at for at, entry in enumerate(each.library.entries) if entry.name == "Caffeine")
        for each in (identifier, again)
    ]
    before, after = (each.index.laboratories[at] for each, at in zip((identifier, again), places, strict=True))
    assert before == after > EXPECTED


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


def place_of(library: Library, skeleton: str) -> int:
    [place] = [at for at, entry in enumerate(library.entries) if entry.skeleton == skeleton]
    return place


def spectra_of(library: Library, skeleton: str) -> int:
    """Count the measured spectra of a substance."""
    return int((library.spectra.owner == place_of(library, skeleton)).sum())


def test_an_added_substance_joins_the_one_that_was_there(identifier: Identifier) -> None:
    added = read_additions(reference("Cocaine"), "cocaine.msp", identifier.catalogue)
    library = Changes().then(added, ()).then(added, ()).apply(identifier.base)
    assert len(library.entries) == len(identifier.base.entries)
    assert Library.from_bytes(library.to_bytes()).digest == library.digest
    before, now = (each.entries[place_of(each, COCAINE)] for each in (identifier.base, library))
    assert (now.name, now.inchikey, now.sources) == (
        before.name,
        before.inchikey,
        before.sources + added[0].entry.sources,
    )
    bands = int(added[0].bands.any(axis=1).sum())
    assert spectra_of(library, COCAINE) == spectra_of(identifier.base, COCAINE) + 2 * bands
    consensus = identifier.base.band(Band.ALL)[:, place_of(identifier.base, COCAINE)] + 2 * added[0].bands[Band.ALL]
    np.testing.assert_allclose(library.band(Band.ALL)[:, place_of(library, COCAINE)], consensus / 3, atol=0.01)


def test_an_added_substance_takes_the_place_of_the_one_that_is_taken_out(identifier: Identifier) -> None:
    added = read_additions(reference("Cocaine"), "cocaine.msp", identifier.catalogue)
    library = Changes().then((), {COCAINE}).then(added, ()).apply(identifier.base)
    assert library.digest == Changes().then(added, {COCAINE}).apply(identifier.base).digest
    assert library.entries[place_of(library, COCAINE)].sources == added[0].entry.sources
    np.testing.assert_allclose(
        library.band(Band.ALL)[:, place_of(library, COCAINE)], added[0].bands[Band.ALL], atol=0.01
    )


@pytest.mark.parametrize("drug", ["Oxycodone", "MDMA", "Morphine", "Ephedrine"])
def test_one_hard_spectrum_takes_no_recognition_away(
    identifier: Identifier, samples: dict[str, Sample], drug: str
) -> None:
    hardest = max(parse_msp(reference(drug).decode()), key=lambda each: each.spectrum.collision_energy or 0)
    added = read_additions(format_msp([hardest]).encode(), "one.msp", identifier.catalogue)
    own = Identifier(identifier.bundle, identifier.catalogue, changes=Changes(added))
    before, now = (each.identify_sample(samples[drug]) for each in (identifier, own))
    assert (now.conclusion, now.hits[0].name) == (before.conclusion, before.hits[0].name)


def test_a_fourth_energy_joins_the_three(without: Identifier, samples: dict[str, Sample]) -> None:
    """What an earlier release brought stays when a later one brings more of the same substance."""
    records = list(parse_msp(reference("Cocaine").decode()))
    changes = without.changes
    for each in (records[:-1], records[-1:]):
        changes = changes.then(read_additions(format_msp(each).encode(), "cocaine.msp", without.catalogue), ())
    own = Identifier(without.bundle, without.catalogue, changes=changes)
    assert own.identify_sample(samples["Cocaine"]).conclusion is Conclusion.ALARM


def test_an_added_substance_is_told_apart_from_no_more_than_before(
    identifier: Identifier, samples: dict[str, Sample]
) -> None:
    changes = Changes(read_additions(reference("Ephedrine"), "ephedrine.msp", identifier.catalogue))
    own = Identifier(identifier.bundle, identifier.catalogue, changes=changes)
    answer = own.identify_sample(samples["Ephedrine"])
    assert (answer.hits[0].name, answer.hits[0].isomers) == ("Ephedrine", ("Pseudoephedrine",))
    assert Reason.ISOMERS_NOT_TOLD_APART in answer.reasons


def test_what_is_alike_is_one_group_both_ways(identifier: Identifier, samples: dict[str, Sample]) -> None:
    """Hydromorphone with spectra such as morphine's, without a formula."""
    file = (
        reference("Morphine")
        .decode()
        .replace("Name: Morphine", "Name: Dilaudid")
        .replace("BQJCRHHNABKAKU-KBQPJGBKSA-N", key_of(identifier, "Hydromorphone"))
        .replace("Formula: C17H19NO3\n", "")
    )
    own = with_added(identifier, file)
    answer = own.identify_sample(samples["Morphine"])
    group = {answer.hits[0].name, *answer.hits[0].isomers}
    assert group == {"Morphine", "Hydromorphone", "Norcodeine"}
    assert Reason.ISOMERS_NOT_TOLD_APART in answer.reasons
    assert group.isdisjoint(hit.name for hit in answer.hits[1:])
    assert all({each.name, *each.isomers} == group for each in answer.components)


def test_what_has_a_spectrum_of_its_own_is_told_apart(identifier: Identifier) -> None:
    """A spectrum shows that hydromorphone differs from morphine, which it was not told from without."""
    key = key_of(identifier, "Hydromorphone")
    told = {entry.name: entry for entry in with_added(identifier, unlike(key, 286.1438)).library.entries}
    assert "Hydromorphone" in {entry.name: entry for entry in identifier.base.entries}["Morphine"].isomers
    assert "Hydromorphone" not in told["Morphine"].isomers
    assert "Morphine" not in told["Hydromorphone"].isomers


def test_what_was_taken_out_is_not_told_from_its_kin(identifier: Identifier) -> None:
    one, other = next(
        (one, other)
        for one, other in pairwise(sorted(identifier.base.entries, key=lambda each: (each.formula, each.family)))
        if (one.formula, one.family) == (other.formula, other.family) and one.family and other.name not in one.isomers
    )
    library = Changes(removed=frozenset({other.skeleton})).apply(identifier.base)
    [left] = [entry for entry in library.entries if entry.name == one.name]
    assert set(left.isomers) == {*one.isomers, other.name}


@pytest.mark.parametrize(
    ("replaced", "name", "isomer"), [(False, "Cathine", "Norephedrine"), (True, "Norephedrine", "Cathine")]
)
def test_a_stereoisomer_stands_beside_its_like_and_has_the_gravest_standing(
    identifier: Identifier, replaced: bool, name: str, isomer: str
) -> None:
    key = key_of(identifier, "Norephedrine")
    added = read_additions(unlike(key, 152.1070).encode(), "added.msp", identifier.catalogue)
    own = Identifier(
        identifier.bundle, identifier.catalogue, changes=Changes().then(added, {key[:14]} if replaced else ())
    )
    [record, *_] = parse_msp(unlike(key, 152.1070))
    answer = own.identify([record.spectrum])
    assert (answer.hits[0].name, answer.hits[0].isomers) == (name, (isomer,))
    assert Reason.ISOMERS_NOT_TOLD_APART in answer.reasons
    assert answer.conclusion is Conclusion.ALARM


def test_a_family_is_known_in_capitals_too(catalogue: Catalogue) -> None:
    file = RECORD.replace("Family: hallucinogen-lysergamide", "Family: OPIOID-Fentanyl")
    assert [each.entry.family for each in read_additions(file.encode(), "new.msp", catalogue)] == ["opioid-fentanyl"]


def test_the_catalogue_tells_family_and_formula_of_what_it_has(catalogue: Catalogue) -> None:
    file = reference("Cocaine").decode().replace("Formula: C17H21NO4", "Formula: C4N1OH\nFamily: sugar")
    [added] = read_additions(file.encode(), "cocaine.msp", catalogue)
    assert (added.entry.formula, added.entry.family) == ("C17H21NO4", "stimulant-cocaine")


def test_a_library_without_any_substance_is_refused(identifier: Identifier) -> None:
    everything = frozenset(entry.skeleton for entry in identifier.base.entries)
    with pytest.raises(RefusedChange, match="no substance is left"):
        Changes(removed=everything).apply(identifier.base)


def test_what_comes_later_counts(identifier: Identifier) -> None:
    added = read_additions(RECORD.encode(), "new.msp", identifier.catalogue)
    skeleton = added[0].entry.skeleton
    first = Changes().then(added, ())
    assert first.then((), {skeleton}) == Changes((), frozenset({skeleton}))
    assert first.then((), {skeleton}).then(added, ()).additions == added


def noise(decimals: int) -> str:
    """Peaks anywhere, as unlike in height as those of a counter are, and none of them an ion."""
    random = np.random.default_rng(4)
    masses = np.unique(random.uniform(50, 324, 300).round(decimals))
    rows = (f"{mz} {height}" for mz, height in zip(masses, random.exponential(1, masses.size), strict=True))
    return "\n".join([str(masses.size), *rows])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("InChIKey: AAAAAAAAAAAAAA-UHFFFAOYSA-N", "InChIKey: nothing", "InChIKey 'nothing'"),
        ("Name: Newdrug", "Name:", "expected both"),
        ("Name: Newdrug", "Name: bromazolam", "the catalogue's Bromazolam is KCEIOBKDDQAYCM"),
        ("Name: Newdrug", "Name: New\u202edrug", "can be printed"),
        ("PrecursorMZ: 324.2", "PrecursorMZ: 346.2\nPrecursor_type: [M+Na]+", r"ion \[M\+Na\]\+; only"),
        ("PrecursorMZ: 324.2", "ADDUCT: [M+Na]+", r"ion \[M\+Na\]\+; only"),
        ("3\n208.1 40\n223.1 100\n324.2 60", "4\n59 40\n74 100\n101 60\n149 20", "no ion from m/z 162 .*softer"),
        ("3\n208.1 40\n223.1 100\n324.2 60", "60\n" + "\n".join(f"{mz} 10" for mz in range(240, 300)), "noise"),
        ("3\n208.1 40\n223.1 100\n324.2 60", noise(decimals=4), "anywhere between whole masses"),
        ("3\n208.1 40\n223.1 100\n324.2 60", noise(decimals=0), "peaks of like height: noise"),
        ("LC-ESI-QTOF", "GC-EI-TOF", "electron ionisation"),
        ("LC-ESI-QTOF", "LC-ESI-QTOF\nIon_mode: N", "negative ions"),
        ("208.1 40", "208.1 -40", "negative"),
        ("Formula: C20H25N3O\n", "", "Formula ''; expected one such as C17H21NO4"),
        ("C20H25N3O", "C20H25N3O.HCl", "Formula 'C20H25N3O.HCl'"),
        ("C20H25N3O", "C20H25N3Xx", "Formula 'C20H25N3Xx'"),
        ("PrecursorMZ: 324.2", "PrecursorMZ: 50", r"PrecursorMZ 50; that of C20H25N3O is 324.2070"),
        ("PrecursorMZ: 324.2", "PrecursorMZ: 1500", r"PrecursorMZ 1500; that of C20H25N3O is 324.2070"),
        ("PrecursorMZ: 324.2", "PrecursorMZ: 346.19", "only .M.H.. or .M.. is a reference"),
        ("PrecursorMZ: 324.2", "PrecursorMZ: 324.2\nExactMass: 324.2", "ExactMass 324.2; that of C20H25N3O is 323"),
        ("208.1 40\n223.1 100\n324.2 60", "324.2 60\n408.1 40\n423.1 100", "heavier than its charged whole, m/z 324"),
        ("3\n208.1 40\n223.1 100\n324.2 60", "1\n324.2 100", "1 peak .*; a reference needs 3 or more"),
        ("Family: hallucinogen-lysergamide\n", "", "no Family, .* expected one of adulterant, .*, opioid-fentanyl, "),
        ("hallucinogen-lysergamide", "lysergamide", "Family 'lysergamide'; expected one of adulterant, "),
        ("208.1 40\n223.1 100\n324.2 60", "908.1 40\n923.1 100\n924.2 60", "no peak"),
    ],
)
def test_what_is_no_reference_is_refused(catalogue: Catalogue, old: str, new: str, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        read_additions(RECORD.replace(old, new).encode(), "bad.msp", catalogue)


def test_what_was_taken_before_a_name_had_to_be_its_own_stays(catalogue: Catalogue) -> None:
    kept = RECORD.replace("Name: Newdrug", "Name: bromazolam").encode()
    additions, unfit = sort_additions(kept, "in use.msp", catalogue)
    assert ([each.entry.name for each in additions], unfit) == (["bromazolam"], ())


def test_a_spectrum_made_in_the_source_has_its_mass_from_the_formula(catalogue: Catalogue) -> None:
    [added] = read_additions(RECORD.replace("PrecursorMZ: 324.2\n", "").encode(), "new.msp", catalogue)
    assert added.entry.ion_mz == 324


def test_a_substance_far_heavier_than_what_is_scanned_is_taken(catalogue: Catalogue) -> None:
    """Microcystins, nystatin: the charged whole lies above m/z 700, and fragments tell them."""
    heavy = RECORD.replace("C20H25N3O", "C100H170N20O20").replace("PrecursorMZ: 324.2\n", "")
    [added] = read_additions(heavy.replace("324.2 60", "524.2 60").encode(), "heavy.msp", catalogue)
    assert added.entry.ion_mz > 1400
    with pytest.raises(UnreadableFile, match="no ion from m/z 350 on"):
        read_additions(heavy.encode(), "heavy.msp", catalogue)


def test_each_record_that_is_no_reference_is_told(catalogue: Catalogue) -> None:
    other = RECORD.replace("AAAAAAAAAAAAAA", "BBBBBBBBBBBBBB").replace("208.1 40", "208.1 -40")
    with pytest.raises(UnreadableFile, match=r"line 1: Newdrug: no Family(.|\n)*line 13: Newdrug: .*negative"):
        read_additions(
            f"{RECORD.replace('Family: hallucinogen-lysergamide', 'Note: x')}\n{other}".encode(), "x", catalogue
        )


@pytest.mark.parametrize(
    ("old", "new"), [("hallucinogen-lysergamide", "benign"), ("C20H25N3O", "C21H29N3")], ids=["family", "formula"]
)
def test_two_records_of_one_substance_tell_one_thing(catalogue: Catalogue, old: str, new: str) -> None:
    with pytest.raises(UnreadableFile, match=f"line 13: Newdrug: .* '{new}', but line 1 says '{old}'"):
        read_additions(f"{RECORD}\n{RECORD.replace(old, new)}".encode(), "two.msp", catalogue)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(catalogue: Catalogue, data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_additions(data, "any.msp", catalogue)


def test_what_is_taken_out_still_counts_among_what_cannot_be_told_from_it(identifier: Identifier) -> None:
    controlled = key_of(identifier, "mCPP")
    without = Identifier(identifier.bundle, identifier.catalogue, changes=Changes(removed=frozenset({controlled[:14]})))
    [at] = [at for at, entry in enumerate(without.library.entries) if "mCPP" in entry.isomers]
    assert standings_of(without.library, identifier.catalogue)[at] is Standing.CONTROLLED
