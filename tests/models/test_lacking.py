"""Entries that may be a drug which the library lacks, under another name."""

from dataclasses import replace

from models.catalogue import Catalogue
from models.identification import Identifier
from models.lacking import lookalikes


def test_what_has_no_family_and_a_missing_drug_s_formula_may_be_it(
    identifier: Identifier, catalogue: Catalogue
) -> None:
    entries = identifier.library.entries
    found = lookalikes(identifier.library, catalogue)
    names = {entries[at].name for at in found}
    assert {"3-Cyclohexyl-1,1-dibenzylurea", "PharmaGSID_48505"} <= names
    assert not any(entries[at].family for at in found)
    assert len(found) < 0.03 * len(entries)


def test_a_drug_that_was_measured_is_not_missing(identifier: Identifier, catalogue: Catalogue) -> None:
    library = identifier.library
    drugs = [each for each in catalogue.substances if each.formula == "C17H12ClN5O2" and each.name == "Clonazolam"]
    added = tuple(
        replace(entry, inchikey=drugs[0].inchikey) if entry.name == "Indigo" else entry for entry in library.entries
    )
    names = {added[at].name for at in lookalikes(replace(library, entries=added), catalogue)}
    assert "PharmaGSID_48505" not in names
