"""`python -m models.training.stereo`: which substances of the catalogue have stereoisomers, from their structures.

Writes stereocentres.csv, and says where a key of stereoisomers.csv is not that of its structure. RDKit does the
chemistry; it is imported by name, as the networks' PyTorch is: the device needs the file alone.
"""

import argparse
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from models.catalogue import DATA, read_table

MOST = 16
"""So many stereoisomers of one structure are drawn, at random where there are more."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=DATA / "stereocentres.csv")
    options = parser.parse_args(arguments)
    chem = import_module("rdkit.Chem")
    substances, forms = (read_table(DATA / name) for name in ("substances.csv", "stereoisomers.csv"))
    for wrong in filter(None, (_wrong_key(chem, row) for row in forms)):
        print(wrong)  # noqa: T201 - a command's answer
    options.out.write_text(_written(_counted(chem, substances)), "utf-8")


def _counted(chem: Any, rows: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, int, int]]:  # noqa: ANN401
    seen = set[str]()
    for row in rows:
        skeleton, molecule = row["inchikey"][:14], chem.MolFromSmiles(row["smiles"])
        if molecule is None or skeleton in seen:
            continue
        seen.add(skeleton)
        chem.RemoveStereochemistry(molecule)
        kinds = [str(each.type) for each in chem.FindPotentialStereo(molecule)]
        centres, bonds = kinds.count("Atom_Tetrahedral"), kinds.count("Bond_Double")
        if (centres or bonds) and _differ(chem, molecule):
            yield skeleton, centres, bonds


def _differ(chem: Any, molecule: Any) -> bool:  # noqa: ANN401
    """Tell whether two of its stereoisomers have different keys: those of tautomers and of even cages only seem to."""
    uneven = chem.FindMolChiralCenters(molecule, includeUnassigned=True, useLegacyImplementation=True)
    bonds = [each for each in chem.FindPotentialStereo(molecule) if str(each.type) == "Bond_Double"]
    drawing = import_module("rdkit.Chem.EnumerateStereoisomers")
    options = drawing.StereoEnumerationOptions(unique=True, maxIsomers=MOST)
    drawn = drawing.EnumerateStereoisomers(molecule, options=options) if uneven or bonds else ()
    return len({str(chem.MolToInchiKey(each)) for each in drawn}) > 1


def _wrong_key(chem: Any, row: Mapping[str, str]) -> str:  # noqa: ANN401
    key = str(chem.MolToInchiKey(chem.MolFromSmiles(row["smiles"])))
    return "" if key == row["inchikey"] else f"{row['name']}: {row['inchikey']}, and the structure has {key}"


def _written(rows: Iterator[tuple[str, int, int]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("skeleton", "centres", "double_bonds"))
    writer.writerows(sorted(rows))
    return text.getvalue()


if __name__ == "__main__":
    main()
