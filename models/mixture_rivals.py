"""How candidates stand beside one another: who is ahead, and who keeps a part of what is left when all may share it."""

import numpy as np

from models.mixture_fit import UNEXPLAINED, Currents
from models.search import Places, Table

STEPS = 20


def ahead(values: Table) -> Table:
    """How far each is ahead of the best of the others, negative where it is behind."""
    if len(values) == 1:
        return np.zeros(1, dtype=np.float32)
    second, best = np.partition(values, -2)[-2:]
    return np.asarray(values - np.where(values == best, second, best), dtype=np.float32)


def ahead_of_same(values: Table, ion: Places) -> Table:
    """How far each is ahead of the best other with the same charged whole; its own value where there is none."""
    same = (ion[:, None] == ion) & ~np.eye(len(ion), dtype=np.bool_)
    best = np.where(same, values, 0).max(axis=1)
    return np.asarray(values - best, dtype=np.float32)


def shared_out(reading: Currents, rows: Currents) -> Currents:
    """Share a spectrum [B] out among candidates' spectra [k, B], as models/mixture_fit does: parts of it, [k]."""
    amounts = np.full(len(rows), 1.0 / len(rows))
    total = rows.sum(axis=1) + 1e-6
    for _ in range(STEPS):
        amounts *= rows @ (reading / (amounts @ rows + UNEXPLAINED)) / total
    return amounts * total / max(float(reading.sum()), UNEXPLAINED)
