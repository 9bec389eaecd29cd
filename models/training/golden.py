"""`python -m models.training.golden [BUNDLE]`: puts the golden set into a bundle, from the samples held out."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from models.bundle import Bundle, write_bundle
from models.catalogue import DATA, Catalogue
from models.golden import PART, Golden, write_golden
from models.identification import Identifier
from models.reading import read_samples


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the bundle again, with its golden set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle", type=Path, nargs="?", default=DATA / "garita.bundle")
    parser.add_argument("--samples", type=Path, default=DATA / "samples.msp")
    options = parser.parse_args(arguments)
    options.bundle.write_bytes(with_golden(Bundle.open(options.bundle), options.samples))


def with_golden(bundle: Bundle, samples: Path) -> bytes:
    """Return the bundle with what each sample comes to in it."""
    identifier = Identifier(bundle, Catalogue.load())
    answers = [(sample, identifier.identify_sample(sample)) for sample in read_samples(samples)]
    golden = [Golden.of(sample, answer) for sample, answer in answers if answer.hits]
    return write_bundle(bundle.manifest, {**bundle.parts, PART: write_golden(golden)})


if __name__ == "__main__":
    main()
