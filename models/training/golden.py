"""`python -m models.training.golden [BUNDLE]`: puts the golden set into a bundle, from the samples held out."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from models.bundle import Bundle
from models.catalogue import DATA, Catalogue
from models.golden import seen, with_golden
from models.reading import read_samples


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the bundle again, with its golden set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle", type=Path, nargs="?", default=DATA / "garita.bundle")
    parser.add_argument("--samples", type=Path, default=DATA / "samples.msp")
    options = parser.parse_args(arguments)
    bundle = Bundle.open(options.bundle)
    options.bundle.write_bytes(with_golden(bundle, seen(bundle, read_samples(options.samples), Catalogue.load())))


if __name__ == "__main__":
    main()
