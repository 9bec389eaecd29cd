"""`python -m models.training.build --data DIR --out FILE`: from measured records to the bundle."""

import argparse
import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from typing import Any

from models.bundle import MAX_BYTES, write_bundle
from models.catalogue import DATA, Catalogue
from models.expected import Expected
from models.library import LICENCE
from models.preprocessing import VERSION
from models.training.corpus import Measured, digest_of, read_corpus
from models.training.expected import expected_of
from models.training.fit import Effort, Fitted, Fitter, with_library
from models.training.predicted import structures_of
from models.training.references import references
from models.training.samples import format_samples

SEED = 20261122
CALIBRATORS = ("CASMI_2016", "ENTACT_AGILENT", "Univ_Connecticut", "Agilent", "Env_Anal_Chem_U_Tuebingen")
"""Laboratories whose records train no network: they calibrate. The library holds their records."""
TESTED = ("Athens_Univ", "UFZ", "Washington_State_Univ", "IPB_Halle", "BGC_Munich")
"""Laboratories whose records neither train nor calibrate: the evaluation judges the bundle's networks by them."""

INTENDED_USE = (
    "Presumptive identification of single substances from positive CID or in-source CID mass spectra at unit "
    "resolution, by trained operators at a checkpoint. Every result requires confirmation by a laboratory."
)
LIMITS = (
    "Mixtures of up to five are taken apart, best at several energies; a minor component may stay unnamed.",
    "Isomers with like spectra are one group; enantiomers and most stereoisomers cannot be told apart.",
    "Nothing was trained or tested on a handheld's own spectra; calibration may be off until it is repeated on one.",
    "Most controlled substances of the catalogue have no reference spectrum; of them at best the family is flagged.",
    "Electron ionisation has a small library of its own, outside the bundle; negative ions are refused.",
    "Library and evaluation are of environmental and metabolomics laboratories; street samples were not measured.",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Build bundle and samples."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory with the measured records")
    parser.add_argument("--out", type=Path, default=DATA / "garita.bundle")
    parser.add_argument("--samples", type=Path, default=DATA / "samples.msp")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    begun = monotonic()
    records = read_corpus(options.data)
    catalogue = Catalogue.load()
    used = references(options.data, catalogue)
    expected = expected_spectra(used, catalogue)
    fitted = Fitter(untested(used), CALIBRATORS, catalogue, expected, Effort(), SEED, options.processes).fit()
    fitted = with_library(fitted, used, catalogue)
    data = bundle_of(fitted, expected, used)
    if len(data) > MAX_BYTES:
        raise SystemExit(f"the bundle has {len(data)} bytes; at most {MAX_BYTES} are carried")
    options.out.write_bytes(data)
    options.samples.write_text(format_samples(records), encoding="utf-8")
    said = f"{options.out}: {len(data)} bytes, {len(fitted.library.entries)} compounds, {monotonic() - begun:.0f} s"
    print(said)  # noqa: T201 - a command tells what it made


def untested(records: Sequence[Measured]) -> list[Measured]:
    """Leave out what the evaluation judges by."""
    return [record for record in records if record.contributor not in TESTED]


def expected_spectra(records: Sequence[Measured], catalogue: Catalogue) -> Expected:
    """Calculate the spectra of all compounds; who trains no network teaches none of these either."""
    taught = [record for record in untested(records) if record.contributor not in CALIBRATORS]
    skeletons = {record.skeleton for record in records}
    return expected_of(taught, structures_of(records, catalogue), skeletons)


def bundle_of(fitted: Fitted, expected: Expected, records: Sequence[Measured]) -> bytes:
    """Write what was fitted on `records` as a bundle."""
    return write_bundle(
        manifest_of(fitted, records),
        {
            "library.cbor": fitted.library.to_bytes(),
            "expected.cbor": expected.to_bytes(),
            "encoder.onnx": fitted.encoder,
            "ranker.onnx": fitted.ranker,
            "decision.json": fitted.decision.to_bytes(),
        },
    )


def manifest_of(fitted: Fitted, records: Sequence[Measured]) -> dict[str, Any]:
    """Say what the bundle is, what it was made from, what it is for, and where it fails."""
    return {
        "version": 1,
        "software": version("garita"),
        "preprocessing": VERSION,
        "seed": SEED,
        "data": {
            "records": len(records),
            "accessions_digest": digest_of(records),
            "compounds": len(fitted.library.entries),
            "calibrators": list(CALIBRATORS),
            "tested": list(TESTED),
        },
        "library": {"digest": fitted.library.digest, "licence": LICENCE},
        "calibration": json.loads(fitted.decision.to_bytes()),
        "metrics": fitted.metrics,
        "calibration_curve": [list(point) for point in fitted.curve],
        "card": {"intended_use": INTENDED_USE, "known_limits": list(LIMITS), "evaluation": "docs/evaluation/report.md"},
    }


if __name__ == "__main__":
    main()
