"""Spectra calculated from structures: read as written, and compared with readings of their mass alone."""

from pathlib import Path

import cbor2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import DRUG_FAMILIES, Catalogue
from models.errors import UnusableCatalogue
from models.predicted import MOST_PEAKS, Calculated, PredictedSpectra
from models.preprocessing import BINS
from tests.models.test_families import reading

PENTYLONE = Calculated("Pentylone", "AAAAAAAAAAAAAA-UHFFFAOYSA-N", "stimulant-cathinone", 236, ((86, 255), (188, 200)))
OTHER = Calculated("Other", "BBBBBBBBBBBBBB-UHFFFAOYSA-N", "opiate", 236, ((58, 255), (121, 90)))
HEAVY = Calculated("Heavy", "CCCCCCCCCCCCCC-UHFFFAOYSA-N", "opiate", 300, ((86, 255), (188, 200)))
THREE = PredictedSpectra([PENTYLONE, OTHER, HEAVY])


def test_what_was_calculated_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "predicted.cbor"
    file.write_bytes(THREE.to_bytes())
    assert PredictedSpectra.load(file).drugs == THREE.drugs


def test_a_reading_is_compared_with_drugs_of_its_mass_alone() -> None:
    bins = reading({236: 1.0, 86: 0.2}, {86: 0.6, 188: 0.4})
    alike = THREE.likeness(bins, (236,))
    assert alike[0] > 0.9
    assert alike[1:].tolist() == [0, 0]
    assert not THREE.likeness(bins, (250,)).any()


def test_the_nearest_of_each_family_come_first() -> None:
    twin = Calculated("Twin", "DDDDDDDDDDDDDD-UHFFFAOYSA-N", "stimulant-cathinone", 236, ((86, 255), (218, 255)))
    found = PredictedSpectra([twin, *THREE.drugs]).nearest(reading({236: 1.0, 86: 0.6, 188: 0.4}), (236,))
    assert {family: [near.name for near in nears] for family, nears in found.items()} == {
        "stimulant-cathinone": ["Pentylone", "Twin"]
    }


def test_a_measured_drug_is_left_out() -> None:
    assert THREE.without({"AAAAAAAAAAAAAA", "CCCCCCCCCCCCCC"}).drugs == (OTHER,)


@pytest.mark.parametrize(
    "value",
    [
        5,
        [1],
        {"a": 1},
        [["a", "A", "opiate", 236, [86, BINS], b"\x01\x02"]],
        [["a", "A", "opiate", 236, [-1], b"\x01"]],
        [["a", "A", "opiate", 236, [86], b"\x01\x02"]],
        [["a", "A", "opiate", BINS, [86], b"\x01"]],
        [["a", "A", "opiate", "236", [86], b"\x01"]],
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
