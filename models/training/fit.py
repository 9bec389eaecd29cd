"""Fitting everything that a bundle holds, from records to calibration."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.calibration import OTHER, Calibration, Decision, Thresholds
from models.catalogue import Catalogue
from models.channels import channels_of_entries, channels_of_reading
from models.classifier import Encoder, Ranker
from models.library import Library
from models.preprocessing import Bins, Values
from models.search import CANDIDATES, Index, Table, compared, gather, shortlist
from models.training.build_library import build_library
from models.training.corpus import Measured
from models.training.export import export_encoder, export_ranker
from models.training.isomers import with_isomers
from models.training.network import Contest, Layer, Pairs, train_encoder, train_families, train_ranker
from models.training.readings import Compounds, Reading, by_compound, make_readings

Scored = list[tuple[NDArray[np.float32], int]]
Curve = tuple[tuple[float, float, int], ...]
"""For each tenth of probability: mean probability stated, share that was right, number of readings."""

THREE = 3
UNKNOWN_SHARE = 0.2
"""Share of readings whose compound is not in the library, taken for calibration."""


@dataclass(frozen=True)
class Effort:
    """How long to train."""

    encoder_steps: int = 900
    encoder_readings: int = 5
    ranker_steps: int = 4000
    ranker_readings: int = 2
    contests: int = 12_000
    family_steps: int = 1500


REDUCED = Effort(encoder_steps=300, encoder_readings=2, ranker_steps=2000, ranker_readings=1, contests=4000)
"""For evaluation, where a network is trained anew for each laboratory left out."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """A library with its networks and decision; `index` is the library weighed, `place` finds a compound in it."""

    library: Library
    encoder: bytes
    ranker: bytes
    decision: Decision
    index: Index
    place: dict[str, int]
    curve: Curve
    metrics: dict[str, float]


class Fitter:
    """Fits on `records`; the contributors in `calibrators` are kept out of training and calibrate instead."""

    def __init__(
        self, records: Sequence[Measured], calibrators: Collection[str], catalogue: Catalogue, effort: Effort, seed: int
    ) -> None:
        self._records = records
        self._calibrators = calibrators
        self._catalogue = catalogue
        self._effort = effort
        self._seed = seed

    def fit(self) -> Fitted:
        """Train encoder, family head and ranker, calibrate, then join them to the library of all records."""
        training = [record for record in self._records if record.contributor not in self._calibrators]
        compounds = by_compound(training)
        library = build_library(training, self._catalogue)
        place = places(library)
        readings = make_readings(
            compounds, {record.contributor for record in training}, self._effort.encoder_readings, self._rng(1)
        )
        layers = train_encoder(pairs_of(readings, library, place), self._effort.encoder_steps, self._seed)
        families = family_names(self._catalogue)
        encoder = self._with_families(layers, readings, library, place, families)
        index = Index.of(library, Encoder(encoder).encode(channels_of_entries(library.bands))[0])
        ranker = self._ranker(compounds, Encoder(encoder), index, place)
        scored = self._scored(Encoder(encoder), Ranker(ranker), index, place)
        calibration = likeliest(scored)
        decision = Decision(calibration, Thresholds(), families)
        curve, metrics = curve_of(scored, calibration), metrics_of(scored, calibration)
        library = with_isomers(build_library(self._records, self._catalogue), self._catalogue)
        index = Index.of(library, Encoder(encoder).encode(channels_of_entries(library.bands))[0])
        return Fitted(library, encoder, ranker, decision, index, places(library), curve, metrics)

    def _with_families(
        self,
        layers: list[Layer],
        readings: Sequence[Reading],
        library: Library,
        place: dict[str, int],
        families: tuple[str, ...],
    ) -> bytes:
        """Train the family head on what the encoder makes of readings, and export both as one network."""
        blank = np.zeros((len(families), layers[-1][0].shape[0]), np.float32), np.zeros(len(families), np.float32)
        body = Encoder(export_encoder(layers, blank))
        vectors = body.encode(np.stack([channels_of_reading(reading.rows) for reading in readings]))[0]
        target = np.array([_family(library, place[reading.skeleton], families) for reading in readings])
        return export_encoder(
            layers, train_families(vectors, target, len(families), self._seed, self._effort.family_steps)
        )

    def _ranker(self, compounds: Compounds, encoder: Encoder, index: Index, place: dict[str, int]) -> bytes:
        contributors = {contributor for compound in compounds.values() for contributor in compound}
        rng = self._rng(2)
        readings = make_readings(compounds, contributors, self._effort.ranker_readings, rng)
        drawn = [reading for reading in readings if reading.others is not None or rng.random() < 2 * UNKNOWN_SHARE]
        fewer = [drawn[int(at)] for at in rng.permutation(len(drawn))[: self._effort.contests]]
        contests = [contest(reading, encoder, index, place) for reading in fewer]
        evidence = np.stack([table for table, _ in contests])
        right = np.array([at for _, at in contests], dtype=np.int64)
        return export_ranker(train_ranker(Contest(evidence, right), self._effort.ranker_steps, self._seed))

    def _scored(self, encoder: Encoder, ranker: Ranker, index: Index, place: dict[str, int]) -> Scored:
        """Rank the calibrators' readings; beside the scores stands the right place, -1 for an unknown compound."""
        readings = make_readings(
            by_compound(self._records), self._calibrators, self._effort.ranker_readings, self._rng(3)
        )
        scored: Scored = []
        for reading in readings:
            spectra = encoder.encode_reading(reading.rows)[0]
            table = compared(gather(index, reading.rows, reading.energies, spectra))
            scored.append((ranker.rank(table), place.get(reading.skeleton, -1)))
        return scored

    def _rng(self, purpose: int) -> np.random.Generator:
        return np.random.default_rng((self._seed, purpose))


def places(library: Library) -> dict[str, int]:
    """Where each compound stands in the library."""
    return {entry.skeleton: at for at, entry in enumerate(library.entries)}


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
        if reading.others is not None and pair not in rows:
            rows[pair] = len(library.entries) + len(rows)
            entries.append(channels_of_entries(reading.others[:, :, None]).astype(np.float16))
    entry = [rows.get((reading.skeleton, reading.contributor), place[reading.skeleton]) for reading in readings]
    return Pairs(
        readings=np.stack([channels_of_reading(reading.rows).astype(np.float16) for reading in readings]),
        entries=np.concatenate(entries),
        entry=np.array(entry, dtype=np.int64),
        compound=np.array([place[reading.skeleton] for reading in readings], dtype=np.int64),
    )


def contest(reading: Reading, encoder: Encoder, index: Index, place: dict[str, int]) -> tuple[Table, int]:
    """Gather the evidence of the best candidates as if the reading's laboratory had given nothing on its compound.

    Returns the table [CANDIDATES, Evidence] and which row is right, CANDIDATES where the compound is unknown.
    """
    vector = encoder.encode_reading(reading.rows)[0]
    table = gather(index, reading.rows, reading.energies, vector)
    at = place[reading.skeleton]
    if reading.others is None:
        table = compared(np.delete(table, at, axis=0))
        return table[shortlist(table)], CANDIDATES
    table[at] = gather(_alone(reading.others, encoder, index, at), reading.rows, reading.energies, vector)[0]
    best = shortlist(compared(table))
    if at not in best:
        best[-1] = at
    return table[best], int(np.flatnonzero(best == at)[0])


def _alone(bands: Bins, encoder: Encoder, index: Index, at: int) -> Index:
    single = bands[:, :, None]
    embedding = encoder.encode(channels_of_entries(single))[0]
    return Index.of_bands(single, index.ion_mz[at : at + 1], embedding, index.rarity)


def likeliest(scored: Scored) -> Calibration:
    """Search temperature and bias on a grid; unknown compounds weigh so that they make UNKNOWN_SHARE of all."""
    unknown = np.array([right < 0 for _, right in scored])
    share = float(unknown.mean())
    weights: Values = np.where(unknown, UNKNOWN_SHARE / max(share, 1e-9), (1 - UNKNOWN_SHARE) / max(1 - share, 1e-9))
    best = Calibration(1.0, 0.0), np.inf
    for temperature in np.arange(0.6, 3.01, 0.1):
        right, candidates, none = _logits(scored, float(temperature))
        for bias in np.arange(-3, 3.01, 0.25):
            chosen: Values = np.where(unknown, none + bias, right)
            surprise = float((weights * (np.logaddexp(candidates, none + bias) - chosen)).sum())
            if surprise < best[1]:
                best = Calibration(float(temperature), float(bias)), surprise
    return best[0]


def _logits(scored: Scored, temperature: float) -> tuple[Values, Values, Values]:
    """Per reading: logit of the right candidate (0 for an unknown one), of all candidates together, of none."""
    cooled = [(scores.astype(np.float64) / temperature, right) for scores, right in scored]
    together = np.array([np.logaddexp.reduce(logits[:-1]) for logits, _ in cooled])
    return (
        np.array([logits[right] if right >= 0 else 0.0 for logits, right in cooled]),
        together,
        np.array([logits[-1] for logits, _ in cooled]),
    )


def curve_of(scored: Scored, calibration: Calibration) -> Curve:
    """Compare the probability of the best hit with how often it was right, in tenths."""
    stated: list[float] = []
    right: list[bool] = []
    for scores, at in scored:
        probabilities = calibration.probabilities(scores)[:-1]
        stated.append(float(probabilities.max()))
        right.append(int(probabilities.argmax()) == at)
    return reliability(np.array(stated), np.array(right))


def reliability(stated: NDArray[np.float64], right: NDArray[np.bool_]) -> Curve:
    """Sort statements into tenths of probability."""
    tenth = np.minimum((stated * 10).astype(int), 9)
    return tuple(
        (
            round(float(stated[tenth == at].mean()), 4),
            round(float(right[tenth == at].mean()), 4),
            int((tenth == at).sum()),
        )
        for at in range(10)
        if (tenth == at).any()
    )


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


def error_of(curve: Curve) -> float:
    """Return the expected calibration error: mean distance between stated and right, by number of readings."""
    total = sum(count for _, _, count in curve)
    return sum(abs(stated - right) * count for stated, right, count in curve) / max(total, 1)
