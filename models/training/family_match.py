"""Learning how much a reading speaks for a structure: its own calculated spectrum against drugs of the same mass."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from models.families import wholes_of
from models.predicted import COMPARED, Calculated, Match, PredictedSpectra, Usual
from models.training.family_fit import newton
from models.training.readings import Reading

OTHERS_WEIGH = 20.0
"""Drugs that a reading is not of weigh so much beside its own compound: what is rare among them must be told apart."""
SCALE = 100.0
"""The ridge is small beside so much."""


def learn_match(readings: Sequence[Reading], compounds: Sequence[Calculated]) -> Match:
    """Learn from measured readings of all compounds that have a structure, drugs or not; each compound weighs alike.

    Each compound's spectrum is by a network that saw none of its own.
    """
    spectra = PredictedSpectra(compounds, Usual.of(compounds))
    skeletons = np.array([each.inchikey[:14] for each in compounds])
    drugs = np.array([bool(each.family) for each in compounds])
    count = Counter(reading.skeleton for reading in readings)
    rows, right, weights = [np.zeros((0, COMPARED))], [np.zeros(0, dtype=np.bool_)], [np.zeros(0)]
    for reading in readings:
        at, _, compared = spectra.compare(reading.rows, wholes_of(reading.rows))
        own = skeletons[at] == reading.skeleton
        kept = own | drugs[at]
        rows.append(compared[kept])
        right.append(own[kept])
        weights.append(np.full(np.count_nonzero(kept), 1 / count[reading.skeleton]))
    table, is_right, weight = np.concatenate(rows), np.concatenate(right), np.concatenate(weights)
    weight[is_right] *= SCALE / weight[is_right].sum()
    weight[~is_right] *= SCALE * OTHERS_WEIGH / weight[~is_right].sum()
    fitted = newton(np.column_stack([table, np.ones(len(table))]), is_right, weight)
    fitted[-1] += np.log(OTHERS_WEIGH)
    return Match(tuple(round(float(each), 4) for each in fitted))
