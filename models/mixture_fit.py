"""How much of each component is in a reading: spectra add up, since in-source CID isolates nothing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Currents = NDArray[np.float64]

STEPS = 25
UNEXPLAINED = 3e-4
"""Part of the ion current that may lie in any bin for no reason."""


def fit(reading: Currents, components: Sequence[Currents]) -> Currents:
    """Take a reading [n, B] apart: what each component [rows, B] gives to each spectrum, [components, n, B].

    A component's spectrum at each energy is the mix of its reference spectra that fits best; nothing is negative.
    Expectation-maximisation for Poisson counts, L. A. Shepp and Y. Vardi, IEEE Trans. Med. Imaging 1 (1982) 113.
    """
    if not components:
        return np.zeros((0, *reading.shape))
    rows = np.vstack(components)
    amounts = np.full((len(reading), len(rows)), 1.0 / len(rows))
    total = rows.sum(axis=1) + 1e-6
    for _ in range(STEPS):
        amounts *= (reading / (amounts @ rows + UNEXPLAINED)) @ rows.T / total
    ends = np.cumsum([len(component) for component in components])[:-1]
    parts = zip(np.split(amounts, ends, axis=1), components, strict=True)
    return np.stack([amount @ component for amount, component in parts])
