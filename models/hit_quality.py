"""How alike two vibrational spectra are: correlation and first-derivative correlation.

With u and l mean-centred on a common grid, HQI = (u.l)^2 / ((u.u)(l.l)), 0 where u.l < 0: S. R. Lowry, in Handbook of
Vibrational Spectroscopy (Wiley 2002) vol. 3; J. D. Rodriguez et al., Anal. Chem. 83 (2011) 4061. The derivative is that
of Savitzky and Golay, Anal. Chem. 36 (1964) 1627 (quadratic, 5 points). Raman baselines (fluorescence) are taken off by
a polynomial of degree 5 fitted again and again below the bands, C. A. Lieber and A. Mahadevan-Jansen, Appl. Spectrosc.
57 (2003) 1363.

A score says how alike two curves are. It is no probability, and nothing here concludes from it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.vibrational import Method, VibrationalSpectrum

FEWEST_POINTS = 64
FINEST_STEP = 0.5
LEAST_OVERLAP = 0.5
_DEGREE = 5
_ROUNDS = 100

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Likeness:
    """Scores from 0 to 1, over the wavenumbers `low` to `high` that both spectra have."""

    correlation: float
    derivative: float
    low: float
    high: float


def compare(query: VibrationalSpectrum, reference: VibrationalSpectrum) -> Likeness | None:
    """Return how alike two spectra are.

    None where they cannot be compared: other methods, or less than half of the narrower one's range in common.
    """
    if query.method is not reference.method:
        return None
    (query_x, query_y), (reference_x, reference_y) = query.bands(), reference.bands()
    grid = common_grid(query_x, reference_x)
    if grid is None:
        return None
    u, v = (_on(grid, x, y) for x, y in ((query_x, query_y), (reference_x, reference_y)))
    if query.method is Method.RAMAN:
        u, v = without_baseline(u), without_baseline(v)
    return Likeness(hqi(u, v), hqi(derivative(u), derivative(v)), float(grid[0]), float(grid[-1]))


def common_grid(query: Curve, reference: Curve) -> Curve | None:
    """Return an even grid over what both axes have, with the step of the coarser one; None where that is too little."""
    low, high = max(query[0], reference[0]), min(query[-1], reference[-1])
    narrower = min(query[-1] - query[0], reference[-1] - reference[0])
    step = max(float(np.median(np.diff(query))), float(np.median(np.diff(reference))), FINEST_STEP)
    points = int((high - low) / step) + 1 if high > low else 0
    if points < FEWEST_POINTS or (high - low) < LEAST_OVERLAP * narrower:
        return None
    return low + step * np.arange(points)


def hqi(u: Curve, v: Curve) -> float:
    """Return the squared correlation of two curves, 0 where they run against each other or one is flat."""
    u, v = _centred(u), _centred(v)
    product, size = float(u @ v), float(u @ u) * float(v @ v)
    return min(product * product / size, 1.0) if product > 0 and size > 0 else 0.0


def derivative(values: Curve) -> Curve:
    """Return the first derivative per step, smoothed over 5 points."""
    return np.convolve(values, np.array([2.0, 1.0, 0.0, -1.0, -2.0]) / 10.0, mode="valid")


def without_baseline(values: Curve) -> Curve:
    """Return a curve without its slow baseline: the polynomial that is left when what stands above it is cut off."""
    basis: Curve = np.linalg.qr(np.polynomial.chebyshev.chebvander(np.linspace(-1, 1, values.size), _DEGREE))[0]
    below = baseline = values
    for _ in range(_ROUNDS):
        baseline = basis @ (basis.T @ below)
        below = np.minimum(below, baseline)
    return values - baseline


def _on(grid: Curve, x: Curve, y: Curve) -> Curve:
    return np.interp(grid, x, y)


def _centred(values: Curve) -> Curve:
    centred = values - values.mean()
    size = float(np.abs(centred).max())
    tiny = 1e-12 * float(np.abs(values).max())
    return centred / size if size > tiny else np.zeros_like(centred)
