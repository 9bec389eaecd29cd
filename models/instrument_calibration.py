"""Calibrating a bundle anew for an instrument, from readings of known substances that it measured.

Only temperature and bias are fitted (models/recalibration.py). Half of the compounds judges what the other half taught,
and the other way round; what is kept is taught by all of them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np

from models.admission import refusal_after, refusal_of
from models.bundle import Bundle, write_bundle
from models.calibration import Calibration, Decision
from models.catalogue import Catalogue
from models.classifier import Scores
from models.conclusion import Reason
from models.ei_identification import is_ei
from models.errors import RefusedChange, UnreadableFile
from models.formats.text import decode_text
from models.golden import read_golden, with_golden
from models.identification import Identifier, saturation_of
from models.library import Library
from models.manifest import DECISION, Recalibrated
from models.msp import MspRecord, parse_msp
from models.preprocessing import Prepared, prepare
from models.recalibration import Scored, error_of, recalibrated, reliability, stated, surprises
from models.references import inchikey_of
from models.sample import Sample, group_records, join
from models.softest import of_measured, softest_first
from models.spectrum import Spectrum

FEWEST_READINGS, FEWEST_COMPOUNDS = 50, 10


@dataclass(frozen=True)
class Known:
    """A reading, and the skeleton (first block of the InChIKey) of the one substance in it."""

    sample: Sample
    skeleton: str


@dataclass(frozen=True)
class Judged:
    """How well probabilities were stated: mean surprise (nats) at what was right, and expected calibration error."""

    surprise: float
    error: float

    @classmethod
    def of(cls, library: Library, parts: Sequence[tuple[Scored, Calibration]]) -> "Judged":
        """Judge readings, each part by a calibration of its own."""
        said, right = zip(*(stated(library, scored, calibration) for scored, calibration in parts), strict=True)
        surprise = np.concatenate([surprises(scored, calibration) for scored, calibration in parts])
        error = error_of(reliability(np.concatenate(said), np.concatenate(right)))
        return cls(float(surprise.mean()), error)


@dataclass(frozen=True)
class Outcome:
    """The calibration that all readings taught, and how those of the half held back were judged, before and after.

    `left_out` names the readings that are refused before any name is looked for.
    """

    calibration: Calibration
    readings: int
    compounds: int
    before: Judged
    after: Judged
    left_out: tuple[str, ...]


def read_known(data: bytes, source: str) -> list[Known]:
    """Read readings of known substances from MSP: `InChIKey` in each record, those of one reading under one `Sample:`.

    Raises UnreadableFile, naming the line.
    """
    groups = group_records(list(parse_msp(decode_text(data), source)))
    return [Known(join(name, records), _skeleton(name, records, source)) for name, records in groups]


def _skeleton(name: str, records: Sequence[MspRecord], source: str) -> str:
    skeletons = {inchikey_of(record, source)[:14] for record in records}
    if len(skeletons) > 1:
        line, told = records[0].line, ", ".join(sorted(skeletons))
        raise UnreadableFile(f"{source}, line {line}: reading {name!r}; expected one substance, found {told}")
    return skeletons.pop()


def calibrate(identifier: Identifier, known: Sequence[Known]) -> Outcome:
    """Fit and judge. Raises RefusedChange where there are too few readings, or the calibration is as good as it was."""
    places = {entry.skeleton: at for at, entry in enumerate(identifier.library.entries)}
    scores = [_scores(identifier, each.sample) for each in known]
    left_out = tuple(each.sample.name for each, found in zip(known, scores, strict=True) if found is None)
    by_compound: dict[str, list[tuple[Scores, int]]] = {}
    for each, found in zip(known, scores, strict=True):
        if found is not None:
            by_compound.setdefault(each.skeleton, []).append((found, places.get(each.skeleton, -1)))
    readings, compounds = len(known) - len(left_out), len(by_compound)
    if readings < FEWEST_READINGS or compounds < FEWEST_COMPOUNDS:
        raise RefusedChange(
            f"{readings} readings of {compounds} substances can be used; a calibration takes {FEWEST_READINGS} of "
            f"{FEWEST_COMPOUNDS} or more: measure more known substances. Never named: {', '.join(left_out) or 'none'}"
        )
    now = identifier.calibration
    drawn = sorted(by_compound, key=lambda skeleton: sha256(skeleton.encode()).digest())
    one, other = ([each for skeleton in half for each in by_compound[skeleton]] for half in (drawn[::2], drawn[1::2]))
    before = Judged.of(identifier.library, [([*one, *other], now)])
    after = Judged.of(identifier.library, [(one, recalibrated(other, now)), (other, recalibrated(one, now))])
    if after.surprise >= before.surprise:
        raise RefusedChange(
            f"calibrated with half of these {readings} readings the other half is judged no better (surprise "
            f"{before.surprise:.3f} before, {after.surprise:.3f} after); the calibration stays as it is"
        )
    return Outcome(recalibrated([*one, *other], now), readings, compounds, before, after, left_out)


def why_not(spectra: Sequence[Spectrum]) -> Reason | None:
    """Say why a reading never gets a name and so can calibrate nothing, None where it can."""
    if is_ei(spectra):
        return Reason.TECHNIQUE_NOT_COVERED
    return refusal_of(spectra) or refusal_after(_prepared(spectra)) or saturation_of(spectra)


def _prepared(spectra: Sequence[Spectrum]) -> Prepared:
    return of_measured(prepare(softest_first(spectra)))


def _scores(identifier: Identifier, sample: Sample) -> Scores | None:
    if sample.problem or why_not(sample.spectra):
        return None
    return identifier.examine(_prepared(sample.spectra))[1]


def calibrated(
    bundle: Bundle, calibration: Calibration, made: Recalibrated, version: int, catalogue: Catalogue
) -> bytes:
    """Write a bundle with another calibration and, with it, what its golden set comes to. Raises UnusableBundle."""
    decision = Decision.from_bytes(bundle.part(DECISION))
    part = replace(decision, calibration=calibration).to_bytes()
    manifest = {
        **bundle.manifest,
        "version": version,
        "calibration": json.loads(part),
        "recalibrated": made.model_dump(),
    }
    changed = Bundle.from_bytes(write_bundle(manifest, {**bundle.parts, DECISION: part}))
    return with_golden(changed, [each.sample for each in read_golden(bundle)], catalogue)
