"""Drugs in the cuts that hide them: of one mass with them, far heavier than them, or measured too softly to tell.

Ions as monographs publish them, heights as a single quadrupole may measure them at 20, 40 and 70 V.
"""

import numpy as np
import pytest

from models.conclusion import Conclusion, Reason
from models.identification import Identifier
from models.spectrum import Spectrum

VOLTS = (20, 40, 70)
IONS: dict[str, dict[float, tuple[float, ...]]] = {
    "7-hydroxymitragynine": {415.2: (100, 60, 3), 190.1: (2, 40, 60), 238.1: (1, 25, 20), 226.1: (1, 25, 15)},
    "bromazolam": {353: (100, 100, 30), 325: (1, 15, 40), 205.1: (0, 20, 100), 274.1: (0, 8, 15)},
    "caffeine": {
        195.1: (100, 80, 5),
        138.1: (5, 60, 50),
        110.1: (1, 20, 60),
        69: (0, 6, 50),
        83.1: (0, 6, 30),
        42: (0, 3, 30),
    },
    "clonitazene": {387.2: (100, 60, 3), 100.1: (8, 100, 100), 72.1: (2, 25, 60), 125: (1, 25, 80), 44: (0, 3, 20)},
    "diphenhydramine": {256.2: (30, 3, 0), 167.1: (100, 100, 80), 152.1: (0, 10, 80), 165.1: (0, 5, 25)},
    "etonitazepyne": {395.2: (100, 60, 3), 98.1: (8, 100, 100), 107: (0, 6, 20), 135.1: (0, 5, 6), 56: (0, 3, 15)},
    "heavy": {405.2: (100, 60, 5), 177.1: (0, 20, 60)},
    "isotonitazene": {411.2: (100, 60, 3), 100.1: (8, 100, 100), 72.1: (2, 25, 60), 107: (0, 6, 40), 44: (0, 3, 20)},
    "lidocaine": {235.2: (100, 15, 1), 86.1: (60, 100, 100), 58.1: (0, 4, 30)},
    "mdma": {
        194.1: (100, 20, 1),
        163.1: (60, 100, 15),
        135: (5, 30, 45),
        133.1: (3, 15, 30),
        105.1: (3, 30, 100),
        58.1: (0, 5, 5),
        77: (0, 3, 40),
        79.1: (0, 2, 20),
    },
    "paracetamol": {
        152.1: (100, 30, 2),
        110.1: (10, 100, 100),
        65: (0, 10, 60),
        93: (0, 5, 12),
        92.1: (0, 3, 8),
        43: (0, 3, 8),
    },
    "procaine": {
        237.2: (100, 10, 0),
        100.1: (30, 100, 50),
        164.1: (15, 35, 3),
        120: (15, 70, 100),
        65: (0, 3, 20),
        92.1: (0, 4, 12),
    },
    "quinine": {325.2: (100, 70, 5), 307.2: (3, 15, 5), 160.1: (1, 20, 60), 172.1: (1, 12, 30), 184.1: (1, 10, 25)},
    "xylazine": {221.1: (100, 70, 5), 164.1: (3, 30, 10), 90: (3, 40, 100), 147.1: (1, 12, 10), 72: (1, 10, 20)},
}
BROMIDES = {"bromazolam": 0.97}
CARBON_13 = 0.011 / 14.4


def cut(shares: dict[str, float], *volts: int) -> tuple[Spectrum, ...]:
    """Mix by shares of the ion current, each ion with its isotopes."""
    return tuple(_mixed(shares, VOLTS.index(each)) for each in volts or VOLTS)


def _mixed(shares: dict[str, float], at: int) -> Spectrum:
    peaks: dict[float, float] = {}
    for name, share in shares.items():
        total = sum(heights[at] for heights in IONS[name].values())
        for mz, heights in IONS[name].items():
            height = share * heights[at] / total
            isotopes = {0: height, 1: height * CARBON_13 * mz, 2: height * BROMIDES.get(name, 0.0)}
            for up, part in isotopes.items():
                peaks[round(mz + up, 1)] = peaks.get(round(mz + up, 1), 0.0) + part
    mz = sorted(each for each in peaks if peaks[each] > 0)
    return Spectrum(np.array(mz), np.array([peaks[each] for each in mz]), collision_energy=VOLTS[at])


@pytest.mark.parametrize(
    "shares",
    [
        {"mdma": 0.1, "caffeine": 0.9},
        {"mdma": 0.1, "caffeine": 0.6, "procaine": 0.3},
        {"mdma": 0.2, "caffeine": 0.6, "lidocaine": 0.2},
        {"mdma": 0.3, "caffeine": 0.7},
    ],
)
def test_mdma_is_named_beside_caffeine(identifier: Identifier, shares: dict[str, float]) -> None:
    """195 is caffeine's whole, and no carbon-13 of MDMA's 194; 196 is caffeine's carbon-13."""
    answer = identifier.identify(cut(shares))
    assert answer.conclusion is Conclusion.ALARM
    assert "MDMA" in {each.name for each in answer.components}


def test_who_had_no_evidence_beside_the_others_takes_nobody_s_place(identifier: Identifier) -> None:
    """Caffeine's 195 with MDMA's 163, 135 and 77 are dimethyl phthalate's; 138 and 110 are caffeine's."""
    answer = identifier.identify(cut({"mdma": 0.07, "caffeine": 0.63, "procaine": 0.3}))
    assert "Caffeine" in {each.name for each in answer.hits[:3]}
    assert answer.conclusion is not Conclusion.NO_ALARM


@pytest.mark.parametrize(
    ("shares", "volts"),
    [
        ({"heavy": 0.1, "caffeine": 0.3, "xylazine": 0.6}, VOLTS),
        ({"heavy": 0.06, "caffeine": 0.4, "lidocaine": 0.54}, (20,)),
        ({"heavy": 0.08, "caffeine": 0.5, "paracetamol": 0.42}, (40,)),
    ],
)
def test_an_ion_far_heavier_than_all_cuts_is_nobody_s(
    identifier: Identifier, shares: dict[str, float], volts: tuple[int, ...]
) -> None:
    answer = identifier.identify(cut(shares, *volts))
    assert answer.conclusion is Conclusion.INCONCLUSIVE
    assert {Reason.PARTLY_UNEXPLAINED, Reason.UNKNOWN_COMPOUND} & {*answer.reasons}


@pytest.mark.parametrize("drug", ["bromazolam", "isotonitazene"])
@pytest.mark.parametrize("cuts", [{"caffeine": 0.4, "paracetamol": 0.5}, {"caffeine": 0.6, "xylazine": 0.3}])
@pytest.mark.parametrize("volts", [VOLTS, (20,)])
def test_heavy_drugs_in_cuts_are_not_cleared(
    identifier: Identifier, drug: str, cuts: dict[str, float], volts: tuple[int, ...]
) -> None:
    assert identifier.identify(cut({drug: 0.1, **cuts}, *volts)).conclusion is not Conclusion.NO_ALARM


@pytest.mark.parametrize(
    ("drug", "cuts"),
    [
        ("clonitazene", {"lidocaine": 0.45, "paracetamol": 0.45}),
        ("7-hydroxymitragynine", {"caffeine": 0.45, "xylazine": 0.45}),
    ],
)
def test_the_mass_of_two_cuts_together_is_a_drug_s(identifier: Identifier, drug: str, cuts: dict[str, float]) -> None:
    """Clonitazene's 387 is lidocaine's 235 and paracetamol's 152, 7-hydroxymitragynine's 415 two other cuts'."""
    assert identifier.identify(cut({drug: 0.1, **cuts}, *VOLTS)).conclusion is not Conclusion.NO_ALARM


@pytest.mark.parametrize("cuts", [{"caffeine": 0.6, "xylazine": 0.3}, {"caffeine": 0.3, "xylazine": 0.6}])
def test_wholes_alone_in_a_mixture_ask_for_more_energy(identifier: Identifier, cuts: dict[str, float]) -> None:
    answer = identifier.identify(cut({"heavy": 0.1, **cuts}, 20))
    assert answer.conclusion is Conclusion.INCONCLUSIVE
    assert answer.reasons[0] is Reason.WRONG_ENERGY_TOO_LOW


def test_a_whole_that_many_share_clears_by_no_name(identifier: Identifier) -> None:
    """Etonitazepyne's 395 is also brucine's, at a third of the probability; others of other formulas have the rest."""
    answer = identifier.identify(cut({"etonitazepyne": 0.2, "diphenhydramine": 0.4, "quinine": 0.4}, 20))
    assert answer.conclusion is Conclusion.INCONCLUSIVE


@pytest.mark.parametrize("height", [13, 15])
def test_one_common_amine_s_ion_clears_nothing(identifier: Identifier, height: int) -> None:
    """Isotonitazene's 411 and 100 are also CP-544439's."""
    peaks = {72.1: 2, 100.1: height, 411.2: 100, 412.2: 30.8}
    soft = Spectrum(np.array([*peaks]), np.array([*peaks.values()], dtype=float), collision_energy=15)
    assert identifier.identify([soft]).conclusion is not Conclusion.NO_ALARM


CUTS_ALONE = [{"caffeine": 0.5, "xylazine": 0.5}, {"caffeine": 0.6, "lidocaine": 0.4}]


@pytest.mark.parametrize("volts", [VOLTS, (40,)])
@pytest.mark.parametrize("cuts", CUTS_ALONE)
def test_cuts_alone_are_nothing_listed(identifier: Identifier, cuts: dict[str, float], volts: tuple[int, ...]) -> None:
    assert identifier.identify(cut(cuts, *volts)).conclusion is Conclusion.NO_ALARM


@pytest.mark.parametrize("cuts", CUTS_ALONE)
def test_cuts_whose_wholes_others_share_accuse_nobody(identifier: Identifier, cuts: dict[str, float]) -> None:
    """At 20 V caffeine's 195 stands almost alone, and 2-phenylbenzimidazole has the same mass."""
    answer = identifier.identify(cut(cuts, 20))
    assert answer.conclusion in {Conclusion.NO_ALARM, Conclusion.INCONCLUSIVE}
    assert answer.suspects == ()
