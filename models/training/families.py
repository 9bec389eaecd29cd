"""`python -m models.training.families --data DIR`: fits the rule of families; `--report` measures it, too."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from models.bundle import Bundle
from models.catalogue import Catalogue
from models.family_ions import FAMILY_IONS
from models.family_rule import RULE
from models.identification import DEFAULT_BUNDLE
from models.predicted import PREDICTED
from models.training.build_library import build_library
from models.training.family_report import write_families
from models.training.family_trials import judge_half, learned_from, learned_half
from models.training.predicted import structures_of
from models.training.published import read_published
from models.training.references import references

REPORT = Path("docs/evaluation/families.md")


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit the rule on all records and write it; measure it on compounds left out and write that."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory with the measured records")
    parser.add_argument("--out", type=Path, default=RULE.parent, help="directory to write what was learned to")
    parser.add_argument("--report", type=Path, nargs="?", const=REPORT, help="measure on compounds left out (minutes)")
    options = parser.parse_args(arguments)
    catalogue = Catalogue.load()
    records = references(options.data, catalogue)
    published = read_published(options.data, catalogue)
    structures = structures_of(records, catalogue)
    learned = learned_from(records, published, build_library(records, catalogue), catalogue, structures)
    (options.out / RULE.name).write_text(learned.rule.to_json(), encoding="utf-8")
    (options.out / FAMILY_IONS.name).write_bytes(learned.ions.to_bytes())
    (options.out / PREDICTED.name).write_bytes(learned.predicted.to_bytes())
    if options.report:
        bundle = Bundle.open(DEFAULT_BUNDLE)
        halves = [
            judge_half(records, catalogue, bundle, learned_half(records, published, structures, catalogue, half))
            for half in (0, 1)
        ]
        options.report.write_text(write_families(halves), encoding="utf-8")


if __name__ == "__main__":
    main()
