"""What ions tell of a family: features, the learned rule and its byte form, and records made of published ions."""

import csv
from pathlib import Path

import cbor2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import Catalogue
from models.errors import UnusableCatalogue
from models.families import wholes_of
from models.family_ions import FEATURES, LOSSES, FamilyIons, features_of, whole_of
from models.preprocessing import BINS
from models.training.family_ions import learn_ions, told_unseen
from models.training.published import OTHERS, published_readings, read_published

FENTANYL = "opioid-fentanyl"
HEADING = "inchikey,name,formula,monoisotopic_mass,protonated_mz,fragment_mz_strongest_first\n"


def reading(*spectra: dict[int, float]) -> np.ndarray:
    bins = np.zeros((len(spectra), BINS), dtype=np.float32)
    for row, spectrum in zip(bins, spectra, strict=True):
        row[list(spectrum)] = list(spectrum.values())
    return bins / bins.sum(axis=1, keepdims=True)


def features(*spectra: dict[int, float]) -> np.ndarray:
    rows = reading(*spectra)
    return features_of(rows, wholes_of(rows))


def test_ions_losses_pairs_and_the_mass_of_the_whole_are_seen() -> None:
    found = features({337: 0.5, 188: 0.4, 105: 0.1})
    assert found.shape == (FEATURES,)
    ions, losses, rest = found[:BINS], found[BINS : BINS + LOSSES], found[BINS + LOSSES :]
    assert set(np.flatnonzero(ions)) == {105, 188}
    assert losses[149] == ions[188] > losses[232] == ions[105]
    assert set(np.flatnonzero(rest)) == {83, 200 + 6 + 12}


def test_a_substituent_on_the_ring_leaves_pairs_and_losses_where_they_are() -> None:
    plain, fluoro = features({337: 0.5, 188: 0.4, 105: 0.1}), features({355: 0.5, 206: 0.4, 123: 0.1})
    assert plain[BINS : BINS + LOSSES + 200][149] == fluoro[BINS : BINS + LOSSES + 200][149]
    np.testing.assert_array_equal(
        plain[BINS + LOSSES : BINS + LOSSES + 200], fluoro[BINS + LOSSES : BINS + LOSSES + 200]
    )


def test_the_whole_is_the_strongest_heavy_ion_and_no_isotope_of_it() -> None:
    chlorine = reading({303: 0.01, 301: 0.6, 303 + 20: 0.05, 255: 0.2})
    assert whole_of(chlorine, wholes_of(chlorine)) == 301
    assert whole_of(np.zeros((1, BINS), dtype=np.float32), ()) == 0


@given(st.lists(st.dictionaries(st.integers(29, BINS - 1), st.floats(1e-3, 1), min_size=1), min_size=1, max_size=4))
def test_features_are_finite_and_bounded(spectra: list[dict[int, float]]) -> None:
    found = features(*spectra)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert (found <= 1).all()


def test_a_family_is_learned_and_told_of_compounds_that_were_not_learned_from() -> None:
    rng = np.random.default_rng(0)
    drugs = [features({330 + at: 0.3, 188: 0.5, 105: 0.2}) for at in range(30)]
    others = [features(dict.fromkeys(map(int, rng.integers(60, 400, 8)), 1.0)) for _ in range(60)]
    table = np.stack(drugs + others)
    skeletons, families = [f"{at}" for at in range(90)], [FENTANYL] * 30 + [""] * 60
    told = [each[FENTANYL] for each in told_unseen(table, skeletons, families)]
    assert min(told[:30]) > max(told[30:])


def test_the_byte_form_keeps_what_was_learned(tmp_path: Path) -> None:
    table = np.stack([features({300: 0.5, 188: 0.5}), features({300: 0.5, 91: 0.5})])
    ions = learn_ions(table, ["a", "b"], [FENTANYL, ""])
    file = tmp_path / "ions.cbor"
    file.write_bytes(ions.to_bytes())
    again = FamilyIons.load(file)
    assert again.weigh(table[0])[FENTANYL] == pytest.approx(ions.weigh(table[0])[FENTANYL], abs=0.01)
    assert again.to_bytes() == ions.to_bytes()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        cbor2.dumps([]),
        cbor2.dumps({"families": ["a"]}),
        cbor2.dumps({"families": ["a"], "weights": b"\0\0"}),
        cbor2.dumps({"families": 1, "weights": b""}),
    ],
)
def test_damaged_weights_are_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "ions.cbor"
    file.write_bytes(data)
    with pytest.raises(UnusableCatalogue, match=r"ions\.cbor"):
        FamilyIons.load(file)


def test_published_ions_become_readings(tmp_path: Path, catalogue: Catalogue) -> None:
    row = "AUXYZYMWQUXVDV-UHFFFAOYSA-N,Difluorofentanyl,C22H26F2N2O,372.20132,373.2086,206.1339 123.0605 234.1289\n"
    (tmp_path / "fentanyl-fragment-ions.csv").write_text(HEADING + row, encoding="utf-8")
    fentanyl, *others = read_published(tmp_path, catalogue)
    assert (fentanyl.ion_mz, fentanyl.ions, fentanyl.family) == (373, (206, 123, 234), FENTANYL)
    assert {each.family for each in others} >= {"opioid-nitazene", "cannabinoid-synthetic", "stimulant-cathinone"}
    [drawn] = published_readings([fentanyl], 1, np.random.default_rng(0))
    assert drawn.rows.shape == (3, BINS)
    assert drawn.rows[:, [373, 206]].max(axis=0).min() > 0


def test_every_published_drug_has_a_rule_and_its_own_mass(catalogue: Catalogue) -> None:
    masses = {substance.name: substance.monoisotopic_mass for substance in catalogue.substances}
    for row in csv.DictReader(OTHERS.read_text(encoding="utf-8").splitlines()):
        assert row["rule"]
        assert all(int(mz) < int(row["whole"]) for mz in row["ions"].split())
        mass = masses.get(row["name"])
        assert mass is None or abs((mass + 1.00728) * (1 - 4.8e-4) - int(row["whole"])) < 0.5
