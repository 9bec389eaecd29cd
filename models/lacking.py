"""Drugs that the catalogue has and a library lacks, and which entries may be one of them under another name."""

from models.catalogue import DRUG_FAMILIES, Catalogue
from models.library import Library


def lookalikes(library: Library, catalogue: Catalogue) -> frozenset[int]:
    """Return the entries of no family that have the formula of a drug of which the library has no spectrum.

    A reading of that drug has their mass and isotopes, and nothing nearer to compare it with.
    """
    measured = {entry.skeleton for entry in library.entries}
    drugs = (row for row in catalogue.substances if row.family.startswith(DRUG_FAMILIES))
    formulas = {row.formula for row in drugs if row.skeleton not in measured}
    return frozenset(at for at, entry in enumerate(library.entries) if not entry.family and entry.formula in formulas)
