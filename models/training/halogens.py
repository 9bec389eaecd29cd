"""What the whole's isotopes say for each family: how its drugs' formulas differ from those of all other substances."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from models.catalogue import DRUG_FAMILIES, Catalogue
from models.formula import doublet_of
from models.halogens import CLASSES, OBSERVED, class_of
from models.library import Library

PRIOR_DRUGS = 2.0
"""So many drugs of a family are taken to be as other substances are."""

Shares = NDArray[np.float64]


def halogen_ratios(catalogue: Catalogue, library: Library) -> dict[str, tuple[float, ...]]:
    """Return the logarithm of how much likelier each class is among a family's drugs than among other substances."""
    formulas: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for substance in catalogue.substances:
        if substance.family.startswith(DRUG_FAMILIES) and substance.formula:
            formulas[substance.family].add((substance.skeleton, substance.formula))
    others = _counts(entry.formula for entry in library.entries if not entry.family.startswith(DRUG_FAMILIES))
    usual = others / others.sum()
    ratios: dict[str, tuple[float, ...]] = {}
    for family, drugs in sorted(formulas.items()):
        counts = _counts(formula for _, formula in sorted(drugs)) + PRIOR_DRUGS * usual
        stated = np.log((counts / counts.sum()) @ OBSERVED) - np.log(usual @ OBSERVED)
        ratios[family] = tuple(round(float(each), 3) for each in stated)
    return ratios


def _counts(formulas: Iterable[str]) -> Shares:
    classes = [class_of(doublet_of(formula)) for formula in formulas]
    return np.bincount(classes, minlength=CLASSES).astype(np.float64)
