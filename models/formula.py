"""What a molecular formula says of a spectrum."""

import re

CHLORINE_37 = 0.32
BROMINE_81 = 0.97
SULPHUR_34 = 0.045
SINGLET = {"C": 0.0108, "N": 0.0037, "Si": 0.051, "S": 0.0079}
"""Height of the isotope peak one above an ion, per its own and an atom: natural abundances (IUPAC 2013)."""
VALENCE = {"C": 4, "Si": 4, "N": 3, "P": 3, "H": 1, "F": 1, "Cl": 1, "Br": 1, "I": 1}
"""Bonds of an atom; those of two, as oxygen, change no number of rings."""


def count_of(element: str, formula: str) -> int:
    """Count an element's atoms in a formula such as C17H21NO4."""
    found = re.search(rf"{element}(?![a-z])(\d*)", formula)
    return int(found[1] or 1) if found else 0


def singlet_of(formula: str) -> float:
    """Height of the isotope peak one above an ion of this formula, per its own."""
    return sum(height * count_of(element, formula) for element, height in SINGLET.items())


def doublet_of(formula: str) -> float:
    """Height of the isotope peak two above an ion that kept all atoms of chlorine, bromine and sulphur, per its own."""
    heights = {"Cl": CHLORINE_37, "Br": BROMINE_81, "S": SULPHUR_34}
    return sum(height * count_of(element, formula) for element, height in heights.items())


def rings_of(formula: str) -> float:
    """Count rings and double bonds; a charged molecule has a half more or less."""
    bonds = sum((VALENCE[element] - 2) * count_of(element, formula) for element in VALENCE)
    return 1 + bonds / 2
