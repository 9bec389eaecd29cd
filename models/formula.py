"""What a molecular formula says of a spectrum."""

import re

CHLORINE_37 = 0.32
BROMINE_81 = 0.97
SULPHUR_34 = 0.045


def count_of(element: str, formula: str) -> int:
    """Count an element's atoms in a formula such as C17H21NO4."""
    found = re.search(rf"{element}(?![a-z])(\d*)", formula)
    return int(found[1] or 1) if found else 0


def doublet_of(formula: str) -> float:
    """Height of the isotope peak two above an ion that kept all atoms of chlorine, bromine and sulphur, per its own."""
    heights = {"Cl": CHLORINE_37, "Br": BROMINE_81, "S": SULPHUR_34}
    return sum(height * count_of(element, formula) for element, height in heights.items())
