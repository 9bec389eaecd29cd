"""Breaking molecules: which parts come of it, and that nothing comes of what holds together."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.preprocessing import BINS
from models.training.corpus import Measured
from models.training.fragmentation import BANDS, SHIFTS, WHOLE, Fragmentation, Targets, taught_apart
from models.training.fragments import ATOM_TRAITS, TRAITS, Fragments, Molecule, break_up

RING = tuple((at, (at + 1) % 6) for at in range(6))


def molecule(
    masses: list[int], hydrogens: list[int], bonds: tuple[tuple[int, int], ...], *rings: tuple[int, ...]
) -> Molecule:
    count = len(masses)
    return Molecule(
        masses=np.array(masses),
        hydrogens=np.array(hydrogens),
        atoms=np.zeros((count, ATOM_TRAITS), dtype=np.float32),
        basic=np.zeros(count, dtype=np.bool_),
        bonds=bonds,
        orders=np.ones(len(bonds), dtype=np.float32),
        aromatic=np.zeros(len(bonds), dtype=np.bool_),
        rings=rings,
    )


PROPYLAMINE = molecule([12, 12, 12, 14], [3, 2, 2, 2], ((0, 1), (1, 2), (2, 3)))
CYCLOHEXANE = molecule([12] * 6, [2] * 6, RING, tuple(range(6)))


def test_a_chain_breaks_at_one_bond_and_at_two() -> None:
    fragments = break_up(PROPYLAMINE)
    assert fragments is not None
    assert fragments.whole == 60
    assert sorted(fragments.masses.tolist()) == [28, 29, 30, 43, 44]
    assert fragments.traits.shape == (5, TRAITS)


def test_a_ring_breaks_at_two_bonds() -> None:
    fragments = break_up(CYCLOHEXANE)
    assert fragments is not None
    assert set(fragments.masses.tolist()) == {28, 42, 56, 70}


def test_an_aromatic_ring_holds() -> None:
    benzene = molecule([12] * 6, [1] * 6, RING, tuple(range(6)))
    benzene.aromatic[:] = True
    assert break_up(benzene) is None


@st.composite
def trees(draw: st.DrawFn) -> Molecule:
    count = draw(st.integers(4, 14))
    bonds = tuple((draw(st.integers(0, at - 1)), at) for at in range(1, count))
    return molecule([14] * count, [1] * count, bonds)


@given(trees())
def test_every_part_is_lighter_than_the_whole_and_comes_once_for_its_atoms(tree: Molecule) -> None:
    fragments = break_up(tree)
    assert fragments is not None
    assert (fragments.masses < fragments.whole - 1).all()
    assert np.isfinite(fragments.traits).all()


def network(seed: int) -> Fragmentation:
    outputs = len(SHIFTS) * BANDS
    weight = np.random.default_rng(seed).normal(size=(outputs, TRAITS)).astype(np.float32)
    return Fragmentation(
        mean=np.zeros(TRAITS, dtype=np.float32),
        scale=np.ones(TRAITS, dtype=np.float32),
        layers=[(weight, np.zeros(outputs, dtype=np.float32))],
        whole=(np.zeros((BANDS, WHOLE), dtype=np.float32), np.zeros(BANDS, dtype=np.float32)),
    )


def test_no_spectrum_is_calculated_by_a_network_that_saw_it_measured(measured: Callable[..., Measured]) -> None:
    fragments = break_up(PROPYLAMINE)
    assert fragments is not None
    names = [f"{at:014d}" for at in range(24)]
    records = [replace(measured("1", skeleton=name, peaks={43: 1.0}), ion_mz=60, energy=20.0) for name in names[:-1]]
    lessons: list[set[str]] = []

    def lesson(targets: Targets, _fragments: Mapping[str, Fragments], seed: int) -> Fragmentation:
        lessons.append(set(targets))
        return network(seed)

    spectra = taught_apart(records, dict.fromkeys(names, fragments), lesson)
    said = [network(seed).spectra(fragments) for seed in range(len(lessons))]
    for name in names[:-1]:
        [unseen] = [at for at, seen in enumerate(lessons) if name not in seen]
        assert np.array_equal(spectra[name], said[unseen])
    assert np.allclose(spectra[names[-1]], np.mean(said, axis=0))


def test_predicted_spectra_are_parts_of_the_ion_current_at_and_under_the_whole() -> None:
    fragments = break_up(PROPYLAMINE)
    assert fragments is not None
    spectra = network(1).spectra(fragments)
    assert spectra.shape == (BANDS, BINS)
    assert np.allclose(spectra.sum(axis=1), 1, atol=1e-5)
    assert not spectra[:, fragments.whole + 1 :].any()
    assert (spectra[:, fragments.whole] > 0).all()
