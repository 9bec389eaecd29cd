"""Fitting everything that a bundle holds, from records to calibration."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.calibration import OTHER, Calibration, Decision, Thresholds
from models.catalogue import Catalogue
from models.channels import channels_of_entries, channels_of_reading
from models.classifier import Encoder, Ranker, spread
from models.evidence import gather
from models.expected import Expected
from models.library import Library
from models.recalibration import Curve, Scored, error_of, least_surprise, reliability, shared
from models.search import Index, shortlist
from models.training.build_library import build_library, consensus, places
from models.training.contests import Mix, School
from models.training.corpus import Measured
from models.training.export import export_encoder, export_ranker
from models.training.isomers import with_isomers
from models.training.network import Contest, Pairs, train_encoder, train_families, train_ranker
from models.training.readings import Draw, Reading, by_compound, make_readings

THREE = 3
ANY, SEVERAL, ONE, MEASURED = Draw(), Draw(least=3, most=6), Draw(most=1), Draw(distorted=False)


@dataclass(frozen=True)
class Effort:
    """How long to train; `mix` is which kinds of readings the ranker learns from, and how many of each compound."""

    encoder_steps: int = 400
    encoder_readings: int = 2
    ranker_steps: int = 4000
    rankers: int = 3
    mix: Mix = ((ANY, 3), (SEVERAL, 5), (ONE, 5), (MEASURED, 2))
    family_steps: int = 1500


@dataclass(frozen=True, eq=False)
class Fitted:
    """A library with its networks and decision."""

    library: Library
    encoder: bytes
    ranker: bytes
    decision: Decision
    curve: Curve
    metrics: dict[str, float]


class Fitter:
    """Fits on `records`; the contributors in `calibrators` are kept out of training and calibrate instead.

    What is fitted does not depend on `processes`.
    """

    def __init__(
        self,
        records: Sequence[Measured],
        calibrators: Collection[str],
        catalogue: Catalogue,
        expected: Expected,
        effort: Effort,
        seed: int,
        processes: int = 1,
    ) -> None:
        self._records = records
        self._expected = expected
        self._calibrators = calibrators
        self._catalogue = catalogue
        self._effort = effort
        self._seed = seed
        self._processes = processes

    def fit(self) -> Fitted:
        """Train encoder, family head and ranker, calibrate, then join them to the library of all records."""
        training = [record for record in self._records if record.contributor not in self._calibrators]
        library = build_library(training, self._catalogue)
        families = family_names(self._catalogue)
        encoder = self._encoder(training, library, families)
        ranker = self._ranker(training)
        scored = self._scored(Ranker(ranker), library)
        calibration = likeliest(scored)
        decision = Decision(calibration, Thresholds(), families)
        curve, metrics = curve_of(scored, calibration), metrics_of(scored, calibration)
        return with_library(Fitted(library, encoder, ranker, decision, curve, metrics), self._records, self._catalogue)

    def _encoder(self, training: Sequence[Measured], library: Library, families: tuple[str, ...]) -> bytes:
        """Train the encoder, then the family head on what it makes of readings, and export both as one network."""
        place = places(library)
        contributors = {record.contributor for record in training}
        readings = make_readings(by_compound(training), contributors, self._effort.encoder_readings, self._rng(1))
        layers = train_encoder(pairs_of(readings, library, place), self._effort.encoder_steps, self._seed)
        blank = np.zeros((len(families), layers[-1][0].shape[0]), np.float32), np.zeros(len(families), np.float32)
        body = Encoder(export_encoder(layers, blank))
        vectors = body.encode(np.stack([channels_of_reading(reading.rows) for reading in readings]))[0]
        target = np.array([_family(library, place[reading.skeleton], families) for reading in readings])
        return export_encoder(
            layers, train_families(vectors, target, len(families), self._seed, self._effort.family_steps)
        )

    def _ranker(self, training: Sequence[Measured]) -> bytes:
        school = School(training, self._catalogue, self._expected, self._effort.mix, self._seed)
        tables, right = zip(*school.contests(self._processes), strict=True)
        seeds = range(self._seed, self._seed + self._effort.rankers)
        contest = Contest(np.stack(tables), np.array(right, dtype=np.int64))
        return export_ranker(train_ranker(contest, self._effort.ranker_steps, seeds))

    def _scored(self, ranker: Ranker, library: Library) -> Scored:
        """Rank the calibrators' readings; beside the scores stands the right place, -1 for an unknown compound."""
        compounds = by_compound(self._records)
        index, place = Index.of(library, expected=self._expected), places(library)
        scored: Scored = []
        for number, (draw, _) in enumerate(self._effort.mix):
            for reading in make_readings(compounds, self._calibrators, 1, self._rng(3, number), draw):
                near = shortlist(index, reading.rows)
                table = gather(index.candidates(near), index.rarity, reading.rows, reading.energies, reading.whole)
                scored.append((spread(ranker.rank(table), near, len(place)), place.get(reading.skeleton, -1)))
        return scored

    def _rng(self, *purpose: int) -> np.random.Generator:
        return np.random.default_rng((self._seed, *purpose))


def with_library(fitted: Fitted, records: Sequence[Measured], catalogue: Catalogue) -> Fitted:
    """Put the library of `records` in the place of that which the networks were trained with."""
    return replace(fitted, library=with_isomers(build_library(records, catalogue), catalogue))


def family_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Families in the order of the network's output; OTHER comes last."""
    return (*sorted({substance.family for substance in catalogue.substances}), OTHER)


def _family(library: Library, at: int, families: tuple[str, ...]) -> int:
    return families.index(library.entries[at].family or OTHER)


def pairs_of(readings: Sequence[Reading], library: Library, place: dict[str, int]) -> Pairs:
    """Pair each reading with what other laboratories measured of its compound, or with its own entry if none did."""
    entries = [channels_of_entries(library.bands).astype(np.float16)]
    rows: dict[tuple[str, str], int] = {}
    for reading in readings:
        pair = reading.skeleton, reading.contributor
        if reading.others and pair not in rows:
            rows[pair] = len(library.entries) + len(rows)
            entries.append(channels_of_entries(consensus(reading.others)[:, :, None]).astype(np.float16))
    entry = [rows.get((reading.skeleton, reading.contributor), place[reading.skeleton]) for reading in readings]
    return Pairs(
        readings=np.stack([channels_of_reading(reading.rows).astype(np.float16) for reading in readings]),
        entries=np.concatenate(entries),
        entry=np.array(entry, dtype=np.int64),
        compound=np.array([place[reading.skeleton] for reading in readings], dtype=np.int64),
    )


def likeliest(scored: Scored) -> Calibration:
    """Search temperature and bias on a grid; unknown compounds weigh so that they make UNKNOWN_SHARE of all."""
    return least_surprise(scored, shared(np.array([right < 0 for _, right in scored])), lambda _: 0.0)


def curve_of(scored: Scored, calibration: Calibration) -> Curve:
    """Compare the probability of the best hit with how often it was right, in tenths."""
    stated: list[float] = []
    right: list[bool] = []
    for scores, at in scored:
        probabilities = calibration.probabilities(scores)[:-1]
        stated.append(float(probabilities.max()))
        right.append(int(probabilities.argmax()) == at)
    return reliability(np.array(stated), np.array(right))


def metrics_of(scored: Scored, calibration: Calibration) -> dict[str, float]:
    """Measure the calibrators' readings: top-1 and top-3 among all compounds, calibration error, unknowns refused."""
    known = [(scores, at) for scores, at in scored if at >= 0]
    ranks = np.array([int((scores[:-1] > scores[at]).sum()) for scores, at in known])
    refused = [float(calibration.probabilities(scores)[-1]) >= Thresholds.unknown for scores, at in scored if at < 0]
    return {
        "readings": len(scored),
        "known": len(known),
        "top_1": round(float((ranks < 1).mean()), 4),
        "top_3": round(float((ranks < THREE).mean()), 4),
        "calibration_error": round(error_of(curve_of(scored, calibration)), 4),
        "unknown_refused": round(float(np.mean(refused)), 4) if refused else 0.0,
    }
