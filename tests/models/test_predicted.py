"""Spectra calculated from structures: read as written, and compared with readings of their mass alone."""

from dataclasses import replace
from pathlib import Path

import cbor2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import DRUG_FAMILIES, Catalogue
from models.errors import UnusableCatalogue
from models.predicted import GRID, MOST_PEAKS, Calculated, Match, PredictedSpectra, Usual
from models.preprocessing import BINS
from tests.models.test_families import reading

PENTYLONE = Calculated(
    "Pentylone", "AAAAAAAAAAAAAA-UHFFFAOYSA-N", "stimulant-cathinone", 236, 0, ((86, 255), (188, 200))
)
OTHER = Calculated("Other", "BBBBBBBBBBBBBB-UHFFFAOYSA-N", "opiate", 236, 0, ((58, 255), (121, 90)))
HEAVY = Calculated("Heavy", "CCCCCCCCCCCCCC-UHFFFAOYSA-N", "opiate", 300, 0, ((86, 255), (188, 200)))
ALL = (PENTYLONE, OTHER, HEAVY)
THREE = PredictedSpectra(ALL, Usual.of(ALL))
BY_LIKENESS = Match((10.0, 0.0, 0.0, 0.0, 0.0, 0.0))
LIKENESS, RARITY, THERE, HEIGHT, ISOTOPES = range(5)
SHOWN = reading({236: 1.0, 86: 0.2}, {86: 0.6, 188: 0.4})


def test_what_was_calculated_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "predicted.cbor"
    file.write_bytes(THREE.to_bytes())
    read = PredictedSpectra.load(file)
    assert read.drugs == THREE.drugs
    assert np.array_equal(read.usual.ions, THREE.usual.ions)
    assert np.array_equal(read.usual.losses, THREE.usual.losses)


def test_a_reading_is_compared_with_drugs_of_its_mass_alone() -> None:
    at, likeness, compared = THREE.compare(SHOWN, (236,))
    assert at.tolist() == [0, 1]
    assert likeness[0] > 0.9
    assert likeness[1] == 0
    assert (compared[0, [LIKENESS, RARITY, THERE]] > compared[1, [LIKENESS, RARITY, THERE]]).all()
    assert compared[:, HEIGHT].tolist() == [1, 1]
    assert THREE.compare(SHOWN, (250,))[2].shape == (0, 5)


def test_ions_that_few_structures_leave_say_more() -> None:
    """Both show half of what would be left, as high; the one shows what any compound would leave."""
    crowd = [Calculated("c", f"{at:014}", "", 236, 0, ((86, 255),)) for at in range(20)]
    spectra = PredictedSpectra([PENTYLONE], Usual.of([PENTYLONE, *crowd]))
    usual, rare = (spectra.compare(reading({236: 1.0, mz: 0.5}), (236,))[2][0, RARITY] for mz in (86, 188))
    assert rare > usual + 1


@pytest.mark.parametrize(("halogens", "height", "right"), [(0, 0.01, True), (1, 0.33, True), (1, 0.01, False)])
def test_the_isotopes_of_the_whole_speak_for_a_formula_or_against_it(
    halogens: int, height: float, *, right: bool
) -> None:
    drug = replace(PENTYLONE, halogens=halogens)
    shown = reading({236: 1.0, 238: height, 86: 0.5})
    _, _, compared = PredictedSpectra([drug], THREE.usual).compare(shown, (236,))
    assert bool(compared[0, ISOTOPES] > 0) is right


def test_a_formula_without_chlorine_or_bromine_is_refused_where_their_isotope_is() -> None:
    shown = reading({236: 1.0, 238: 0.33, 86: 0.6, 188: 0.4})
    assert THREE.compare(shown, (236,))[0].tolist() == []
    chlorinated = PredictedSpectra([replace(PENTYLONE, halogens=1)], THREE.usual)
    assert chlorinated.compare(shown, (236,))[0].tolist() == [0]


def test_the_nearest_of_each_family_come_first() -> None:
    twin = Calculated("Twin", "DDDDDDDDDDDDDD-UHFFFAOYSA-N", "stimulant-cathinone", 236, 0, ((86, 255), (218, 255)))
    found = PredictedSpectra([twin, *ALL], THREE.usual).fitting(SHOWN, (236,), BY_LIKENESS)
    assert {family: [each.near.name for each in fitting] for family, fitting in found.items()} == {
        "stimulant-cathinone": ["Pentylone", "Twin"]
    }


def test_what_is_no_likelier_than_another_of_its_mass_says_nothing() -> None:
    assert not THREE.fitting(SHOWN, (236,), Match((0.0, 0.0, 0.0, 0.0, 0.0, 0.9)))


def test_a_match_has_a_weight_for_each_number() -> None:
    with pytest.raises(ValueError, match="expected 6 numbers, got 2"):
        Match((1.0, 0.0))


def test_a_measured_drug_is_left_out() -> None:
    assert THREE.without({"AAAAAAAAAAAAAA", "CCCCCCCCCCCCCC"}).drugs == (OTHER,)


USUAL = bytes(2 * len(GRID) * BINS)
WHOLE = {"ions": USUAL, "losses": USUAL}


@pytest.mark.parametrize(
    "value",
    [
        5,
        [1],
        {"a": 1},
        {**WHOLE, "drugs": [1]},
        {"drugs": [], "ions": USUAL},
        {"drugs": [], "ions": b"abc", "losses": USUAL},
        *(
            {**WHOLE, "drugs": [drug]}
            for drug in (
                ["a", "A", "opiate", 236, 0, [86, BINS], b"\x01\x02"],
                ["a", "A", "opiate", 236, 0, [-1], b"\x01"],
                ["a", "A", "opiate", 236, 0, [86], b"\x01\x02"],
                ["a", "A", "opiate", BINS, 0, [86], b"\x01"],
                ["a", "A", "opiate", 236, 3, [86], b"\x01"],
                ["a", "A", "opiate", "236", 0, [86], b"\x01"],
            )
        ),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, value: object) -> None:
    file = tmp_path / "predicted.cbor"
    file.write_bytes(cbor2.dumps(value))
    with pytest.raises(UnusableCatalogue, match=r"predicted\.cbor"):
        PredictedSpectra.load(file)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.mktemp("any") / "predicted.cbor"
    file.write_bytes(data)
    try:
        PredictedSpectra.load(file)
    except UnusableCatalogue:
        return


def test_what_is_carried_are_drugs_of_the_catalogue_once_each(catalogue: Catalogue) -> None:
    carried = PredictedSpectra.load().drugs
    families = {each.inchikey: each.family for each in catalogue.substances if each.family.startswith(DRUG_FAMILIES)}
    assert len({drug.inchikey[:14] for drug in carried}) == len(carried) > 450
    assert all(families[drug.inchikey] == drug.family for drug in carried)
    assert all(0 < len(drug.peaks) <= MOST_PEAKS for drug in carried)
    assert all(mz < drug.ion_mz for drug in carried for mz, _ in drug.peaks)


def test_the_whole_of_what_is_carried_is_that_of_its_formula(catalogue: Catalogue) -> None:
    masses = {each.inchikey: each.monoisotopic_mass for each in catalogue.substances}
    known = [(drug.ion_mz, masses[drug.inchikey]) for drug in PredictedSpectra.load().drugs]
    off = np.array([ion - 1 - mass for ion, mass in known if mass is not None])
    assert np.abs(off).max() < 1
