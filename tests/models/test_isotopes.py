"""A peak two above a charged whole that is too high for a formula is of another one."""

import numpy as np
import pytest

from models.conclusion import Conclusion
from models.formula import doublet_of, quadruplet_of, singlet_of
from models.identification import Identifier
from models.isotopes import Isotopes, but_isotopes, contradicted, incomplete
from models.mixture import Answer, Decomposition, Found
from models.mixture_fit import Currents
from models.preprocessing import BINS, Bins
from models.sample import Sample
from models.spectrum import Spectrum
from tests.models.test_mixture import mixed

TRICHLORIDE, DICHLORIDE = "C13H15Cl3N2O3", "C16H22Cl2N2O"
CHLORIDE, SULPHIDE, PLAIN, BROMIDE = "C16H13ClN2O", "C16H14N2OS", "C17H20N2O2", "C14H10BrN3O"


ESTER = "Ecgonine methyl ester"


def on_bins(*spectra: dict[int, float]) -> Bins:
    rows = np.zeros((len(spectra), BINS), dtype=np.float32)
    for row, peaks in zip(rows, spectra, strict=True):
        row[list(peaks)] = list(peaks.values())
    return rows / rows.sum(axis=1, keepdims=True)


def is_contradicted(formula: str, *spectra: dict[int, float], at: int = 285, others: Currents | None = None) -> bool:
    ion, one, two = (np.array([value]) for value in (at, singlet_of(formula), doublet_of(formula)))
    return bool(contradicted(ion, one, two, on_bins(*spectra), others)[0])


@pytest.mark.parametrize(("formula", "most"), [(PLAIN, 0.1), (SULPHIDE, 0.15), (CHLORIDE, 0.5), (BROMIDE, 1.4)])
def test_what_is_too_high_for_a_formula_is_of_another(formula: str, most: float) -> None:
    for height in (0.0, most / 2, most):
        assert not is_contradicted(formula, {285: 1.0, 286: 0.18, 287: height})
    for height in (most + 0.2, 2.0):
        assert is_contradicted(formula, {285: 1.0, 286: 0.18, 287: height})


def test_only_where_the_whole_is_tall() -> None:
    assert not is_contradicted(PLAIN, {285: 0.1, 287: 0.1, 193: 1.0})
    assert is_contradicted(PLAIN, {285: 0.1, 287: 0.1, 193: 1.0}, {285: 0.9, 287: 0.5, 193: 1.0})


def test_beyond_the_range_nothing_is_read() -> None:
    assert not is_contradicted(PLAIN, {285: 1.0, 287: 1.0}, at=BINS)
    assert not is_contradicted(PLAIN, {BINS - 2: 1.0}, at=BINS - 2)


@pytest.mark.parametrize(
    ("formula", "peaks", "lacks"),
    [
        (TRICHLORIDE, {285: 1.0, 287: 0.96, 289: 0.31}, False),
        (TRICHLORIDE, {285: 1.0, 287: 0.97}, True),
        (TRICHLORIDE, {285: 1.0}, False),
        (TRICHLORIDE, {285: 1.0, 287: 0.5}, False),
        (DICHLORIDE, {285: 1.0, 287: 0.64, 289: 0.1}, False),
        (DICHLORIDE, {285: 1.0, 287: 0.64}, False),
        (TRICHLORIDE, {285: 0.1, 287: 0.096, 193: 1.0}, False),
        (BROMIDE, {285: 1.0, 287: 0.97}, False),
        (CHLORIDE, {285: 1.0, 287: 0.32}, False),
    ],
)
def test_several_chlorines_stand_four_above(formula: str, peaks: dict[int, float], lacks: bool) -> None:
    two, four = (np.array([height(formula)]) for height in (doublet_of, quadruplet_of))
    for at in (285, BINS - 4, BINS):
        told = incomplete(np.array([at]), two, four, on_bins(peaks))
        assert bool(told[0]) is (lacks and at == 285)


@pytest.mark.parametrize(
    ("peaks", "isotopes"),
    [
        ({198: 1.0, 200: 0.96, 180: 0.13, 182: 0.128, 97: 1.6}, True),
        ({198: 1.0, 200: 1.2, 180: 0.13, 182: 0.128, 97: 1.6}, False),
        ({198: 1.0, 200: 0.96, 182: 0.128, 97: 1.6}, False),
        ({198: 1.0, 200: 0.96, 97: 1.6}, False),
        ({200: 0.96, 182: 0.3}, False),
    ],
)
def test_isotopes_of_another_are_no_whole_with_its_fragments(
    identifier: Identifier, peaks: dict[int, float], isotopes: bool
) -> None:
    """Ecgonine methyl ester's 200 and 182 are also those of chlorpyrifos' 198 and 180."""
    at = np.array([each for each, entry in enumerate(identifier.library.entries) if entry.name == ESTER])
    assert but_isotopes(identifier.index, at, on_bins(peaks)).tolist() == [isotopes]


def found(entry: int, peaks: dict[int, float]) -> Found:
    current = np.zeros(BINS)
    current[list(peaks)] = list(peaks.values())
    return Found(Answer(entry, 0.9, 0.9, (), 1.0), float(current.sum()), current)


def test_another_component_may_stand_two_above(identifier: Identifier) -> None:
    place = {entry.name: at for at, entry in enumerate(identifier.library.entries)}
    morphine, other = found(place["Morphine"], {286: 0.5}), found(place["Nicotine"], {288: 0.45})
    measured = on_bins({286: 0.5, 288: 0.5})
    both = Decomposition((morphine, other), np.zeros(BINS))
    isotopes = Isotopes.of(identifier.library, identifier.index)
    assert isotopes.without_refused(both, measured) is both
    alone = isotopes.without_refused(Decomposition((morphine,), np.zeros(BINS)), measured)
    assert not alone.components
    assert alone.left[286] == 0.5


def test_two_chlorines_are_no_name_of_one(identifier: Identifier) -> None:
    """U-47700 with its own fragment was once surely sulcotrione, and beside it metolachlor, of one chlorine each."""
    soft = {329.1: 100.0, 330.1: 17.0, 331.1: 65.0, 333.1: 11.0}
    spectra = [soft, {**soft, 284.0: 30.0, 286.0: 20.0}]
    given = [
        Spectrum(np.array(sorted(each)), np.array([each[mz] for mz in sorted(each)]), collision_energy=energy)
        for each, energy in zip(spectra, (15.0, 30.0), strict=True)
    ]
    for reading in (given, given[1:]):
        answer = identifier.identify(reading)
        assert answer.conclusion is not Conclusion.NO_ALARM
        assert not [hit for hit in answer.hits if (hit.probability or 0.0) >= 0.5]


@pytest.mark.parametrize(
    ("drug", "cut", "share"),
    [
        ("Methamphetamine", "Paracetamol", 0.5),
        ("Methamphetamine", "Paracetamol", 0.2),
        ("Amphetamine", "Phenacetin", 0.2),
    ],
)
def test_a_cut_two_above_takes_no_name_from_a_drug(
    identifier: Identifier, samples: dict[str, Sample], drug: str, cut: str, share: float
) -> None:
    """Paracetamol's whole, 152, stands higher beside methamphetamine's, 150, in one spectrum than on the mean."""
    answer = identifier.identify(mixed({name: samples[name] for name in (drug, cut)}, {drug: share, cut: 1 - share}))
    assert answer.conclusion is Conclusion.ALARM
    assert answer.hits[0].name == drug


def test_carbon_13_of_another_may_stand_two_above() -> None:
    """MDMA's 194 beside caffeine's 195: 196 is caffeine's."""
    others = np.zeros(BINS)
    others[286] = 0.6
    peaks = {285: 0.3, 286: 0.6, 287: 0.1}
    assert is_contradicted(PLAIN, peaks)
    assert not is_contradicted(PLAIN, peaks, others=others)
    assert is_contradicted(PLAIN, peaks, others=others / 5)
