"""Calibrating a bundle anew for an instrument, from readings of known substances that it measured.

Only temperature and bias are fitted (models/recalibration.py). Half of the compounds judges what the other half taught,
and the other way round; what is kept is taught by all of them. Readings as they come at a post tell how often a
substance is unknown to the library; standards measured at the bench do not, so each of them counts once more as an
unknown one.
"""

import json
from collections.abc import Iterator, Sequence
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
from models.golden import read_golden, seen, with_golden
from models.grouping import neighbours_of
from models.identification import Identifier
from models.library import Library
from models.manifest import DECISION, Recalibrated
from models.msp import MspRecord, parse_msp
from models.preprocessing import Prepared, Values, prepare
from models.recalibration import Scored, recalibrated, shared, stated, surprises, weighed_error
from models.references import check_names, inchikey_of
from models.repeats import together
from models.sample import Sample, group_records, join
from models.saturation import is_saturated
from models.softest import of_measured, softest_first
from models.spectrum import Spectrum
from models.wrong_energy import whole_alone

FEWEST_READINGS, FEWEST_COMPOUNDS = 50, 10
FEWEST_UNKNOWN = 3
"""So many readings of substances that the library lacks show that readings were taken as they came."""


@dataclass(frozen=True)
class Known:
    """A reading, and the skeleton (first block of the InChIKey) of the one substance in it."""

    sample: Sample
    skeleton: str


@dataclass(frozen=True)
class Contest:
    """A reading's scores (every entry and, last, none of them), the right entry's place, -1 for none, and weight."""

    skeleton: str
    scores: Scores
    right: int
    weight: float = 1.0


@dataclass(frozen=True)
class Judged:
    """How well probabilities were stated: mean surprise (nats) at what was right, and expected calibration error."""

    surprise: float
    error: float

    @classmethod
    def of(cls, library: Library, parts: Sequence[tuple[Sequence[Contest], Calibration]]) -> "Judged":
        """Judge contests, each part by a calibration of its own."""
        scored = [(_scored(contests), calibration) for contests, calibration in parts]
        weights = np.concatenate([_weights(contests) for contests, _ in parts])
        said, right = zip(*(stated(library, *part) for part in scored), strict=True)
        surprise = np.concatenate([surprises(*part) for part in scored])
        error = weighed_error(np.concatenate(said), np.concatenate(right), weights)
        return cls(float(np.average(surprise, weights=weights)), error)


@dataclass(frozen=True)
class Outcome:
    """The calibration that all readings taught, and how those of the half held back were judged, before and after.

    `unknown` counts the readings of substances that the library lacks. `left_out` names those that are refused before
    any name is looked for.
    """

    calibration: Calibration
    readings: int
    compounds: int
    unknown: int
    before: Judged
    after: Judged
    left_out: tuple[str, ...]


def read_known(data: bytes, source: str, catalogue: Catalogue) -> list[Known]:
    """Read readings of known substances from MSP: `InChIKey` in each record, those of one reading under one `Sample:`.

    Raises UnreadableFile, naming the line, also where the catalogue has a name for another InChIKey.
    """
    records = list(parse_msp(decode_text(data), source))
    check_names(records, source, catalogue)
    groups = group_records(records)
    return [Known(join(name, records), _skeleton(name, records, source)) for name, records in groups]


def _skeleton(name: str, records: Sequence[MspRecord], source: str) -> str:
    skeletons = {inchikey_of(record, source)[:14] for record in records}
    if len(skeletons) > 1:
        line, told = records[0].line, ", ".join(sorted(skeletons))
        raise UnreadableFile(f"{source}, line {line}: reading {name!r}; expected one substance, found {told}")
    return skeletons.pop()


def calibrate(identifier: Identifier, known: Sequence[Known]) -> Outcome:
    """Fit and judge. Raises RefusedChange where there are too few readings, or the calibration is as good as it was."""
    used = [each for each in known if not (each.sample.problem or why_not(each.sample.spectra))]
    left_out = tuple(each.sample.name for each in known if each not in used)
    skeletons = sorted({each.skeleton for each in used}, key=lambda skeleton: sha256(skeleton.encode()).digest())
    if len(used) < FEWEST_READINGS or len(skeletons) < FEWEST_COMPOUNDS:
        raise RefusedChange(
            f"{len(used)} readings of {len(skeletons)} substances can be used; a calibration takes "
            f"{FEWEST_READINGS} of {FEWEST_COMPOUNDS} or more: measure more known substances. "
            f"Never named: {', '.join(left_out) or 'none'}"
        )
    contests = _contests(identifier, used)
    one = [each for each in contests if each.skeleton in skeletons[::2]]
    other = [each for each in contests if each.skeleton in skeletons[1::2]]
    library, now = identifier.library, identifier.calibration
    before = Judged.of(library, [(one, now), (other, now)])
    after = Judged.of(library, [(one, _taught(other, now)), (other, _taught(one, now))])
    if after.surprise >= before.surprise:
        raise RefusedChange(
            f"calibrated with half of these {len(used)} readings the other half is judged no better (surprise "
            f"{before.surprise:.3f} before, {after.surprise:.3f} after); the calibration stays as it is"
        )
    unknown = sum(each.skeleton not in _places(library) for each in used)
    return Outcome(_taught(contests, now), len(used), len(skeletons), unknown, before, after, left_out)


def _places(library: Library) -> dict[str, int]:
    return {entry.skeleton: at for at, entry in enumerate(library.entries)}


def _contests(identifier: Identifier, known: Sequence[Known]) -> list[Contest]:
    places = _places(identifier.library)
    contests = [
        Contest(each.skeleton, identifier.scores(_prepared(each.sample.spectra)), places.get(each.skeleton, -1))
        for each in known
    ]
    if sum(each.right < 0 for each in contests) >= FEWEST_UNKNOWN:
        return contests
    both = [*contests, *_taken_out(identifier, known, contests)]
    weights = shared(np.array([each.right < 0 for each in both])) * len(contests) / len(both)
    return [replace(each, weight=float(weight)) for each, weight in zip(both, weights, strict=True)]


def _taken_out(identifier: Identifier, known: Sequence[Known], contests: Sequence[Contest]) -> Iterator[Contest]:
    """Score readings without their substance and what cannot be told from it: then it is unknown."""
    neighbours = neighbours_of(identifier.library)
    for each, contest in zip(known, contests, strict=True):
        if contest.right >= 0:
            without = (contest.right, *neighbours[contest.right])
            scores = identifier.scores(_prepared(each.sample.spectra), without)
            yield replace(contest, scores=scores, right=-1)


def _taught(contests: Sequence[Contest], before: Calibration) -> Calibration:
    return recalibrated(_scored(contests), before, _weights(contests))


def _scored(contests: Sequence[Contest]) -> Scored:
    return [(each.scores, each.right) for each in contests]


def _weights(contests: Sequence[Contest]) -> Values:
    return np.array([each.weight for each in contests])


def why_not(spectra: Sequence[Spectrum]) -> Reason | None:
    """Say why a reading never gets a name and so can calibrate nothing, None where it can."""
    if is_ei(spectra):
        return Reason.TECHNIQUE_NOT_COVERED
    reason = refusal_of(spectra)
    if reason is not None:
        return reason
    if any(map(is_saturated, spectra)):
        return Reason.SATURATED
    reading = _prepared(spectra)
    return refusal_after(reading) or whole_alone(reading.bins)


def _prepared(spectra: Sequence[Spectrum]) -> Prepared:
    """Prepare a reading as identification does, repeated scans joined."""
    return of_measured(together(prepare(softest_first(spectra))))


def calibrated(
    bundle: Bundle, calibration: Calibration, made: Recalibrated, version: int, catalogue: Catalogue
) -> bytes:
    """Write a bundle with another calibration and, with it, what its golden set comes to.

    Raises UnusableBundle, and RefusedChange where a golden reading loses its alarm or its name: a calibration says how
    sure a name is, and readings that want another one are not what their labels say.
    """
    decision = Decision.from_bytes(bundle.part(DECISION))
    part = replace(decision, calibration=calibration).to_bytes()
    manifest = {
        **bundle.manifest,
        "version": version,
        "calibration": json.loads(part),
        "recalibrated": made.model_dump(),
    }
    changed = Bundle.from_bytes(write_bundle(manifest, {**bundle.parts, DECISION: part}))
    before = read_golden(bundle)
    after = seen(changed, [each.sample for each in before], catalogue)
    lost = [f"{was.sample.name}: {was} -> {now}" for was, now in zip(before, after, strict=True) if was.is_lost_in(now)]
    if lost:
        raise RefusedChange(
            f"with this calibration {len(lost)} of the bundle's {len(before)} golden readings lose alarm or name: "
            f"{'; '.join(lost)}. Nothing was written; does each reading in the file carry the InChIKey of what was "
            "measured? Measure doubtful ones again"
        )
    return with_golden(changed, after)
