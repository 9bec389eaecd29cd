"""Judging readings: by the model, and by the searches beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.calibration import Calibration
from models.grouping import neighbours_of
from models.identification import Identifier
from models.library import Library
from models.preprocessing import Bins, Prepared
from models.recalibration import recalibrated, stated
from models.training.build_library import places
from models.training.peers import Peers
from models.training.readings import Reading
from models.training.trials import MODEL, Mistake, Stated, Trial

NEAR_MASS = 4
RECALIBRATED_WITH = 50
"""Readings of a new instrument that are spent on calibrating it."""


@dataclass(frozen=True, eq=False)
class Judged:
    """A trial with every entry's scores, and the place of the right one or -1."""

    trial: Trial
    scores: NDArray[np.float32]
    right: int


class Judge:
    """Judges one laboratory's readings against a library without any record of it; beside it the peers, if any."""

    def __init__(self, identifier: Identifier, peers: Peers | None = None) -> None:
        self._identifier = identifier
        self._library: Library = identifier.library
        self._peers = peers
        self._place = places(self._library)
        self._neighbours = neighbours_of(self._library)

    def all(self, readings: Sequence[Reading], protocol: str, rng: np.random.Generator) -> list[Trial]:
        """Judge readings, and state those of other compounds again after recalibration with some."""
        judged = [self.one(reading, protocol) for reading in readings]
        if len(judged) < 2 * RECALIBRATED_WITH:
            return [one.trial for one in judged]
        spent = [judged[int(at)] for at in rng.permutation(len(judged))[:RECALIBRATED_WITH]]
        calibration = recalibrated([(one.scores, one.right) for one in spent], self._identifier.calibration)
        met = {one.trial.skeleton for one in spent}
        return [
            one.trial
            if one.trial.skeleton in met
            else replace(one.trial, again=self._stated(one.scores, one.right, calibration))
            for one in judged
        ]

    def one(self, reading: Reading, protocol: str) -> Judged:
        """Judge one reading."""
        prepared = Prepared(reading.rows, reading.energies, (), {}, whole=reading.whole)
        answer, scores = self._identifier.examine(prepared)
        at = self._place.get(reading.skeleton, -1)
        first = answer.hits[0]
        ranked = {MODEL: scores[:-1], **(self._peers.scores(reading.rows) if self._peers else {})}
        trial = Trial(
            contributor=reading.contributor,
            instrument=reading.instrument,
            protocol=protocol,
            name=reading.name,
            skeleton=reading.skeleton,
            family=self._family(reading.skeleton),
            ranks={name: self._ranks(values, at) for name, values in ranked.items()},
            first=first.name,
            mistake=self._mistake(self._place[first.inchikey[:14]], at, scores),
            stated=self._stated(scores, at, self._identifier.calibration),
            again=None,
            none=float(self._identifier.calibration.probabilities(scores)[-1]),
            conclusion=answer.conclusion,
            unknown=answer.unknown,
            families={hit.family: hit.probability for hit in answer.families},
        )
        return Judged(trial, scores, at)

    def _mistake(self, first: int, right: int, scores: NDArray[np.float32]) -> Mistake:
        one, other = (self._library.entries[at] for at in (first, right))
        apart = abs(one.ion_mz - other.ion_mz)
        if scores[right] == -np.inf:
            return Mistake.NOT_COMPARED
        if one.formula == other.formula:
            return Mistake.ISOMER
        return Mistake.SAME_MASS if not apart else Mistake.NEAR_MASS if apart <= NEAR_MASS else Mistake.OTHER_MASS

    def _stated(self, scores: NDArray[np.float32], at: int, calibration: Calibration) -> Stated:
        [probability], [right] = stated(self._library, [(scores, at)], calibration)
        return Stated(float(probability), bool(right))

    def _family(self, skeleton: str) -> str:
        substance = self._identifier.catalogue.find(skeleton)
        return substance.family if substance else ""

    def _ranks(self, scores: Bins, at: int) -> tuple[int, int]:
        """Rank among compounds, and among isomer groups: better ones that cannot be told from the right one are it."""
        if at < 0:
            return -1, -1
        better = np.flatnonzero(scores > scores[at])
        level = np.flatnonzero(scores == scores[at])
        alike = {at, *self._neighbours[at]}
        seen: set[int] = set()
        groups = 0
        for other in map(int, better[np.argsort(-scores[better], kind="stable")]):
            if other in alike:
                break
            groups += other not in seen
            seen.update((other, *self._neighbours[other]))
        return len(better) + (len(level) - 1) // 2, groups
