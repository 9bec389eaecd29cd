"""What a molecular formula says of a spectrum."""

import re
from collections import Counter

CHLORINE_37 = 0.32
BROMINE_81 = 0.97
SULPHUR_34 = 0.045
DOUBLET = {"Cl": CHLORINE_37, "Br": BROMINE_81, "S": SULPHUR_34}
SINGLET = {"C": 0.0108, "N": 0.0037, "Si": 0.051, "S": 0.0079}
"""Height of the isotope peak one above an ion, per its own and an atom: natural abundances (IUPAC 2013)."""
VALENCE = {"C": 4, "Si": 4, "N": 3, "P": 3, "H": 1, "F": 1, "Cl": 1, "Br": 1, "I": 1}
"""Bonds of an atom; those of two, as oxygen, change no number of rings."""

MASS = {
    "H": 1.00782503, "D": 2.01410178, "Li": 7.01600344, "B": 11.00930536, "C": 12.0, "N": 14.00307400,
    "O": 15.99491462, "F": 18.99840316, "Na": 22.98976928, "Mg": 23.98504170, "Al": 26.98153853, "Si": 27.97692653,
    "P": 30.97376200, "S": 31.97207117, "Cl": 34.96885268, "K": 38.96370649, "Ca": 39.96259086, "Mn": 54.93804391,
    "Fe": 55.93493633, "Cu": 62.92959772, "Zn": 63.92914201, "As": 74.92159457, "Se": 79.9165218, "Br": 78.9183376,
    "Ag": 106.9050916, "Sn": 119.90220163, "I": 126.9044719, "Hg": 201.97064340, "Pb": 207.9766525,
}  # fmt: skip
"""Mass of the commonest isotope of an element (AME 2016), deuterium apart."""
PROTON = 1.00727647
ELECTRON = 0.00054858
_ATOMS = re.compile(r"([A-Z][a-z]?)([1-9]\d{0,3})?")
_FORMULA = re.compile(rf"(?:{_ATOMS.pattern})+")
_CHARGED = re.compile(r"\[?([A-Za-z0-9]+)\]?(?:([2-9]?)\+|\+([2-9]))")


def in_hill_order(formula: str) -> str:
    """Return a formula as all of the library's are written: carbon, hydrogen, then by the alphabet; its charge stays.

    Raises ValueError for what is no formula.
    """
    atoms, _ = _taken_apart(formula)
    first = ("C", "H") if "C" in atoms else ()
    order = sorted(atoms, key=lambda element: (first.index(element) if element in first else len(first), element))
    written = "".join(f"{element}{atoms[element] if atoms[element] > 1 else ''}" for element in order)
    plain = re.search(r"[A-Za-z0-9]+", formula)
    return formula.replace(plain[0], written, 1) if plain else written


def mass_of(formula: str) -> float:
    """Monoisotopic mass in Da, of an ion m/z. Raises ValueError for what is no formula."""
    atoms, charge = _taken_apart(formula)
    mass = sum(MASS[element] * count for element, count in atoms.items())
    return mass / charge - ELECTRON if charge else mass


def whole_of(formula: str) -> float:
    """m/z of the charged whole: [M+H]+, or the ion itself. Raises ValueError for what is no formula."""
    _, charge = _taken_apart(formula)
    return mass_of(formula) + (0.0 if charge else PROTON)


def _taken_apart(formula: str) -> tuple[Counter[str], int]:
    """Return atoms and charges of C17H21NO4, [C16H36P]+ or C12H14N2+2."""
    charged = _CHARGED.fullmatch(formula)
    plain = charged[1] if charged else formula
    charge = int(charged[2] or charged[3] or 1) if charged else 0
    atoms: Counter[str] = Counter()
    for element, count in _ATOMS.findall(plain):
        atoms[element] += int(count or 1)
    if not _FORMULA.fullmatch(plain) or atoms.keys() - MASS.keys():
        raise ValueError(f"{formula!r} is no formula such as C17H21NO4")
    return atoms, charge


def count_of(element: str, formula: str) -> int:
    """Count an element's atoms in a formula such as C17H21NO4."""
    found = re.search(rf"{element}(?![a-z])(\d*)", formula)
    return int(found[1] or 1) if found else 0


def singlet_of(formula: str) -> float:
    """Height of the isotope peak one above an ion of this formula, per its own."""
    return sum(height * count_of(element, formula) for element, height in SINGLET.items())


def doublet_of(formula: str) -> float:
    """Height of the isotope peak two above an ion that kept all atoms of chlorine, bromine and sulphur, per its own."""
    return sum(height * count_of(element, formula) for element, height in DOUBLET.items())


def quadruplet_of(formula: str) -> float:
    """Height of the isotope peak four above such an ion, where two of its atoms are heavier by two, per its own."""
    same = sum(height * height * count_of(element, formula) for element, height in DOUBLET.items())
    return (doublet_of(formula) ** 2 - same) / 2


def rings_of(formula: str) -> float:
    """Count rings and double bonds; a charged molecule has a half more or less."""
    bonds = sum((VALENCE[element] - 2) * count_of(element, formula) for element in VALENCE)
    return 1 + bonds / 2
