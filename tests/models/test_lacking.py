"""Readings of listed substances that a library lacks: what they are drawn of."""

from collections.abc import Callable

import numpy as np
import pytest

from models.training.corpus import Measured
from models.training.lacking import HARMLESS, Companions, by_ions, harmless, lacking
from models.training.mixture_draw import Recipe
from models.training.published import Published

DRUG, CUT, FOOD = "DDDDDDDDDDDDDD", "CCCCCCCCCCCCCC", "FFFFFFFFFFFFFF"
THREE = Recipe(energies=(3,))


@pytest.fixture
def records(measured: Callable[..., Measured]) -> dict[str, list[Measured]]:
    def of(skeleton: str, mz: int) -> list[Measured]:
        energies = (10.0, 20.0, 40.0)
        return [measured(f"{mz}-{each}", "lab A", skeleton, {mz: 0.6, 150: 0.4}, energy=each) for each in energies]

    return {DRUG: of(DRUG, 91), CUT: of(CUT, 110), FOOD: of(FOOD, 130)}


@pytest.fixture
def companions(records: dict[str, list[Measured]]) -> Companions:
    return Companions([records[CUT]], [records[FOOD]], [records[FOOD]])


@pytest.mark.parametrize(
    ("share", "harmless", "held"),
    [(1.0, False, (DRUG,)), (1.0, True, (DRUG,)), (0.2, False, (DRUG, CUT)), (0.2, True, (DRUG, FOOD))],
)
def test_a_drug_is_alone_or_beside_what_was_asked_for(
    companions: Companions,
    records: dict[str, list[Measured]],
    share: float,
    harmless: bool,
    held: tuple[str, ...],
) -> None:
    mixture = companions.beside(records[DRUG], share, THREE, harmless, np.random.default_rng(1))
    assert mixture.compounds == held
    assert mixture.shares[0] == pytest.approx(share)


def test_a_cutting_agent_is_not_mixed_with_itself(companions: Companions, records: dict[str, list[Measured]]) -> None:
    mixture = companions.beside(records[CUT], 0.2, THREE, False, np.random.default_rng(1))
    assert (mixture.compounds, mixture.shares) == ((CUT,), (1.0,))


def test_every_drug_left_out_is_drawn_in_each_way(companions: Companions, records: dict[str, list[Measured]]) -> None:
    compounds = {skeleton: {"lab A": each} for skeleton, each in records.items()}
    drawn = list(lacking(companions, compounds, "lab B", [DRUG], np.random.default_rng(1)))
    assert len(drawn) == len({kind for kind, _ in drawn}) * 2 == 20
    assert {mixture.compounds[0] for _, mixture in drawn} == {DRUG}
    assert {len(mixture.rows) for kind, mixture in drawn if kind.endswith("one spectrum")} == {1}


def test_a_drug_of_which_ions_are_told_shows_them(companions: Companions) -> None:
    drug = Published("EEEEEEEEEEEEEE", "a nitazene", "opioid-nitazene", "C22H28N4O3", 397, (100, 72, 107))
    kinds, mixtures = zip(*by_ions(companions, [drug], np.random.default_rng(1)), strict=True)
    assert [mixture.compounds[0] for mixture in mixtures] == [drug.skeleton] * 4
    assert mixtures[0].rows.sum(axis=0)[[397, 100]].min() > 0
    assert kinds[0] == "of whom ions alone are told 100%"


def test_what_is_commonest_at_a_post_holds_no_drug(companions: Companions) -> None:
    drawn = list(harmless(companions, np.random.default_rng(1)))
    assert len(drawn) == 4 * HARMLESS
    held = {kind: {mixture.compounds for each, mixture in drawn if each == kind} for kind, _ in drawn}
    assert held["cutting agents alone, one spectrum"] == {(CUT,)}
    assert held["catalogued alone, several energies"] == {(FOOD,)}
