"""What breaking one or two bonds leaves of a molecule, and what is known of each place that breaks.

After S. Wolf et al., BMC Bioinformatics 2010, 11, 148 (MetFrag): two bonds of one ring are one break. RDKit reads the
structure; it is imported by name, as the networks' PyTorch is: the device needs neither.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

NOMINAL = {
    "B": 11, "C": 12, "N": 14, "O": 16, "F": 19, "Na": 23, "Si": 28, "P": 31, "S": 32, "Cl": 35, "K": 39, "Se": 80,
    "Br": 79, "I": 127,
}  # fmt: skip
HALOGENS = ("F", "Cl", "Br", "I")
ELEMENTS = ("C", "N", "O", "S", "P")
ATOM_TRAITS = 15
TRAITS = 25 + 8 * ATOM_TRAITS
"""Numbers of each fragment; then, of the atoms on both sides of what broke and of their neighbours, sum and most."""
MOST_ATOMS, LEAST_ATOMS = 60, 3
MOST_RINGED = 35
"""Of a larger part no ring is broken."""
MOST = 700
"""Fragments that are looked at, those of the fewest breaks first."""
LIGHTEST = 26
TWO = 2.0

Values = NDArray[np.float32]
Flags = NDArray[np.bool_]
Part = frozenset[int]
"""Atoms that hold together."""
Break = frozenset[int]
"""Bonds that break."""


@dataclass(frozen=True, eq=False)
class Molecule:
    """Heavy atoms and bonds: nominal masses [n], hydrogens [n], ATOM_TRAITS of each atom, which are basic nitrogen.

    `bonds` are pairs of atoms; of each `orders`, and whether it is `aromatic`. `rings` are bonds by their number.
    """

    masses: NDArray[np.int64]
    hydrogens: NDArray[np.int64]
    atoms: Values = field(repr=False)
    basic: Flags
    bonds: tuple[tuple[int, int], ...]
    orders: Values
    aromatic: Flags
    rings: tuple[tuple[int, ...], ...]

    @property
    def whole(self) -> int:
        """Nominal m/z of [M+H]+."""
        return int(self.masses.sum() + self.hydrogens.sum()) + 1

    @cached_property
    def ringed(self) -> frozenset[int]:
        """Bonds in rings."""
        return frozenset(bond for ring in self.rings for bond in ring)

    @cached_property
    def neighbours(self) -> list[list[tuple[int, int]]]:
        """Of each atom the others that it is bound to, and by which bond."""
        found: list[list[tuple[int, int]]] = [[] for _ in self.masses]
        for bond, (one, other) in enumerate(self.bonds):
            found[one].append((other, bond))
            found[other].append((one, bond))
        return found

    @cached_property
    def surroundings(self) -> Values:
        """Traits of each atom, and of its neighbours together [n, 2 * ATOM_TRAITS]."""
        beside = np.stack([self.atoms[[other for other, _ in found]].sum(axis=0) for found in self.neighbours])
        return np.concatenate([self.atoms, beside], axis=1)

    @cached_property
    def single_breaks(self) -> list[Break]:
        """Bonds of no ring."""
        return [frozenset({bond}) for bond in range(len(self.bonds)) if bond not in self.ringed]

    @cached_property
    def ring_breaks(self) -> list[Break]:
        """Pairs of bonds of one ring, not both aromatic."""
        pairs = {frozenset(pair) for ring in self.rings for pair in combinations(ring, 2)}
        return sorted((pair for pair in pairs if not self.aromatic[list(pair)].all()), key=sorted)


@dataclass(frozen=True, eq=False)
class Fragments:
    """Of a molecule with [M+H]+ at `whole`: nominal masses [n] of parts with their own hydrogens, and TRAITS [n, T]."""

    whole: int
    masses: NDArray[np.int64]
    traits: Values = field(repr=False)


def fragments_of(smiles: str) -> Fragments | None:
    """Break the largest part of a structure; None where it cannot be read, is too large or has nothing to break."""
    molecule = read_molecule(smiles)
    return break_up(molecule) if molecule is not None else None


def break_up(molecule: Molecule) -> Fragments | None:
    """Break a molecule at one place or two."""
    weight = molecule.masses + molecule.hydrogens
    heavy = [
        (part, *how) for part, how in _parts(molecule).items() if len(part) > 1 and weight[list(part)].sum() >= LIGHTEST
    ]
    kept = sorted(heavy, key=lambda each: (each[2], len(each[1]), -len(each[0]), sorted(each[0])))[:MOST]
    if not kept:
        return None
    masses = np.array([weight[list(part)].sum() for part, *_ in kept], dtype=np.int64)
    return Fragments(molecule.whole, masses, np.stack([_traits(molecule, *each) for each in kept]))


def _parts(molecule: Molecule) -> dict[Part, tuple[Break, int]]:
    """Return each part once, by the fewest bonds that break for it, and in how many steps."""
    everything = frozenset(range(len(molecule.masses)))
    first: dict[Part, Break] = {}
    for broken in (*molecule.single_breaks, *molecule.ring_breaks):
        for part in _split(molecule, everything, frozenset(), broken):
            if part not in first or len(first[part]) > len(broken):
                first[part] = broken
    found = {part: (broken, 1) for part, broken in first.items()}
    for part, broken in first.items():
        for again in _breaks_within(molecule, part, broken):
            for smaller in _split(molecule, part, broken, again):
                found.setdefault(smaller, (broken | again, 2))
    return found


def _breaks_within(molecule: Molecule, part: Part, broken: Break) -> Iterator[Break]:
    rings = molecule.ring_breaks if len(part) <= MOST_RINGED else []
    for again in (*molecule.single_breaks, *rings):
        if broken.isdisjoint(again) and all(part.issuperset(molecule.bonds[bond]) for bond in again):
            yield again


def _split(molecule: Molecule, part: Part, broken: Break, again: Break) -> tuple[Part, ...]:
    """Return the two parts that breaking `again` makes of one, none where it still holds together."""
    gone = broken | again
    start = molecule.bonds[min(again)][0]
    held, ahead = {start}, [start]
    while ahead:
        for other, bond in molecule.neighbours[ahead.pop()]:
            if bond not in gone and other in part and other not in held:
                held.add(other)
                ahead.append(other)
    return () if len(held) == len(part) else (frozenset(held), part - held)


def _traits(molecule: Molecule, part: Part, broken: Break, steps: int) -> Values:
    """Describe what stays, what is lost, and both sides of each bond between them."""
    count = len(molecule.masses)
    kept = np.zeros(count, dtype=np.bool_)
    kept[list(part)] = True
    bonds = [bond for bond in sorted(broken) if kept[list(molecule.bonds[bond])].sum() == 1]
    ends = [sorted(molecule.bonds[bond], key=lambda atom: not kept[atom]) for bond in bonds]
    near, far = (molecule.surroundings[[each[side] for each in ends]] for side in (0, 1))
    lost_mass = int(molecule.masses[~kept].sum() + molecule.hydrogens[~kept].sum())
    lost = count - len(part)
    numbers = [
        len(bonds), steps, molecule.orders[bonds].sum(), sum(bond in molecule.ringed for bond in bonds),
        molecule.aromatic[bonds].sum(), *_both(molecule.basic, kept), *_both(molecule.atoms[:, 1], kept),
        *_both(molecule.atoms[:, 2], kept), *_both(molecule.atoms[:, 7] / 6, kept), len(part) / 10, lost / 10,
        *_both(molecule.atoms[:, 6], kept), len(part) / count, lost == 1, lost == 2, lost == 3,  # noqa: PLR2004
        lost_mass == 17, lost_mass == 16, len(broken) > len(bonds),  # noqa: PLR2004 - ammonia, and what becomes it
        (molecule.whole - 1 - lost_mass) / 200,
    ]  # fmt: skip
    sides = [each for side in (near, far) for each in (side.sum(axis=0), side.max(axis=0))]
    return np.concatenate([np.array(numbers, dtype=np.float32), *sides])


def _both(values: NDArray[Any], kept: Flags) -> tuple[float, float]:
    return float(values[kept].sum()), float(values[~kept].sum())


def read_molecule(smiles: str) -> Molecule | None:
    """Read the largest part of a structure; None where it is none, is too large or too small, or has odd elements."""
    chem: Any = import_module("rdkit.Chem")
    read = chem.MolFromSmiles(smiles)
    if read is None:
        return None
    largest = max(chem.GetMolFrags(read, asMols=True), key=lambda each: each.GetNumHeavyAtoms())
    atoms: Sequence[Any] = list(largest.GetAtoms())
    if not LEAST_ATOMS <= len(atoms) <= MOST_ATOMS or any(atom.GetSymbol() not in NOMINAL for atom in atoms):
        return None
    bonds: Sequence[Any] = list(largest.GetBonds())
    return Molecule(
        masses=np.array([NOMINAL[atom.GetSymbol()] for atom in atoms]),
        hydrogens=np.array([atom.GetTotalNumHs() for atom in atoms]),
        atoms=np.array([_atom(atom) for atom in atoms], dtype=np.float32),
        basic=np.array([_is_basic(atom) for atom in atoms]),
        bonds=tuple((bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()) for bond in bonds),
        orders=np.array([bond.GetBondTypeAsDouble() for bond in bonds], dtype=np.float32),
        aromatic=np.array([bond.GetIsAromatic() for bond in bonds], dtype=np.bool_),
        rings=tuple(tuple(ring) for ring in largest.GetRingInfo().BondRings()),
    )


def _atom(atom: Any) -> list[float]:  # noqa: ANN401 - RDKit is not there for the type checker
    symbol = atom.GetSymbol()
    return [
        *(symbol == element for element in ELEMENTS),
        symbol not in ELEMENTS,
        symbol in HALOGENS,
        atom.GetIsAromatic(),
        str(atom.GetHybridization()) == "SP3",
        atom.IsInRing(),
        atom.GetDegree() / 3,
        atom.GetTotalNumHs() / 2,
        symbol == "C" and _doubly_bound(atom, "O"),
        any(each.GetIsAromatic() for each in atom.GetNeighbors()),
        any(each.GetSymbol() == "N" for each in atom.GetNeighbors()),
    ]


def _is_basic(atom: Any) -> bool:  # noqa: ANN401 - as above
    """Say whether an atom is an amine's nitrogen, not an amide's."""
    if atom.GetSymbol() != "N" or str(atom.GetHybridization()) != "SP3":
        return False
    return not any(each.GetSymbol() == "C" and _doubly_bound(each, "OS") for each in atom.GetNeighbors())


def _doubly_bound(atom: Any, to: str) -> bool:  # noqa: ANN401 - as above
    bonds = (bond for bond in atom.GetBonds() if bond.GetBondTypeAsDouble() == TWO)
    return any(bond.GetOtherAtom(atom).GetSymbol() in to for bond in bonds)
