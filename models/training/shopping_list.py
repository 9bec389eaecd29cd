"""`python -m models.training.shopping_list`: which substances of the catalogue the library has no spectrum of."""

import argparse
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from models.bundle import Bundle
from models.catalogue import Catalogue, Standing, Substance
from models.ei import EiLibrary
from models.identification import DEFAULT_BUNDLE
from models.library import Library
from models.training.markdown import table

REPORT = Path("docs/evaluation/library.md")
FEW = 3
_HEAD = """# What the library lacks: a state's shopping list

Written by `python -m models.training.shopping_list`; do not edit by hand. Library {digest}.

Of {count} controlled substances of the catalogue {covered} have a positive CID spectrum in the library; {missing} have
none; {ei} of those have one by electron ionisation. A state that has a reference material measures it at three
energies or more, writes the spectra as MSP and brings them with `garita library add` (docs/formats/release.md).
*Thin*: fewer than {few} records behind the entry. Controlled is what the catalogue's standing says: on a verified list,
or of a drug family that no list was shown to leave out.
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=REPORT)
    options = parser.parse_args(arguments)
    library = Library.from_bytes(Bundle.open(DEFAULT_BUNDLE).part("library.cbor"))
    options.out.write_text(write(Catalogue.load(), library, EiLibrary.open()), encoding="utf-8")


def write(catalogue: Catalogue, library: Library, ei: EiLibrary) -> str:
    """Write which controlled substances have no spectrum, by family."""
    records = {entry.skeleton: len(entry.sources) for entry in library.entries}
    by_ei = {entry.inchikey[:14] for entry in ei.entries}
    controlled = [each for each in catalogue.substances if each.standing is Standing.CONTROLLED]
    missing = [each for each in controlled if each.skeleton not in records]
    head = _HEAD.format(
        digest=library.digest,
        count=len(controlled),
        covered=len(controlled) - len(missing),
        missing=len(missing),
        ei=sum(each.skeleton in by_ei for each in missing),
        few=FEW,
    )
    families = _by_family(controlled)
    rows = [
        (family, str(len(group)), str(sum(each.skeleton in records for each in group)), _thin(group, records))
        for family, group in families
    ]
    titles = ("family", "controlled", "with a spectrum", "thin")
    lists = "\n".join(f"- **{family}**: {_named(group, by_ei)}" for family, group in _by_family(missing))
    return f"{head}\n{table(titles, rows)}\n## No CID spectrum (EI: one by electron ionisation)\n\n{lists}\n"


def _thin(group: Sequence[Substance], records: dict[str, int]) -> str:
    return ", ".join(each.name for each in group if 0 < records.get(each.skeleton, 0) < FEW) or "-"


def _named(group: Sequence[Substance], by_ei: set[str]) -> str:
    return "; ".join(f"{each.name} (EI)" if each.skeleton in by_ei else each.name for each in group)


def _by_family(substances: Iterable[Substance]) -> list[tuple[str, list[Substance]]]:
    families: dict[str, list[Substance]] = defaultdict(list)
    for each in substances:
        families[each.family].append(each)
    return sorted(families.items())


if __name__ == "__main__":
    main()
