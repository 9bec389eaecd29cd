"""A spectrum as a picture: sticks over m/z, drawn on the server so that it prints and needs no script."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

from edge.records import MZ_UNIT
from sync.contract.records import SpectrumPart

WIDTH, HEIGHT = 600, 300
LEFT, RIGHT, TOP, BOTTOM = 16, 590, 40, 246
LABELLED = 4
APART = 66
"""Labels nearer than this many units would touch; the weaker one is left out."""


@dataclass(frozen=True)
class Peak:
    """A peak and its height as a share (0 to 1) of the highest."""

    mz: float
    share: float


def highest_peaks(spectrum: SpectrumPart, count: int = 10) -> list[Peak]:
    """Return the `count` highest peaks, highest first."""
    mz = np.frombuffer(spectrum.mz, "<u4") * MZ_UNIT
    intensity = np.frombuffer(spectrum.intensity, "<f4").astype(np.float64)
    if not intensity.any():
        return []
    order = np.argsort(-intensity, kind="stable")[:count]
    return [Peak(float(mz[i]), float(intensity[i] / intensity.max())) for i in order if intensity[i]]


def stick_plot(peaks: Sequence[Peak], title: str) -> Markup:
    """Return peaks, highest first, as SVG; `title` is what a screen reader says of them."""
    low, high = _range(peaks)
    parts = [_ticks(low, high), *(_stick(peak, low, high) for peak in peaks), _labels(peaks, low, high)]
    return Markup(  # noqa: S704 - numbers of ours, and the title is escaped
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f'{"".join(parts)}<path class="axis" d="M{LEFT} {BOTTOM}H{RIGHT}"/></svg>'
    )


def _range(peaks: Sequence[Peak]) -> tuple[float, float]:
    if not peaks:
        return 0.0, 100.0
    masses = [peak.mz for peak in peaks]
    return min(masses) // 10 * 10 - 10, max(masses) // 10 * 10 + 20


def _x(mz: float, low: float, high: float) -> float:
    return LEFT + (mz - low) / (high - low) * (RIGHT - LEFT)


def _y(share: float) -> float:
    return BOTTOM - share * (BOTTOM - TOP)


def _stick(peak: Peak, low: float, high: float) -> str:
    return f'<path class="stick" d="M{_x(peak.mz, low, high):.1f} {BOTTOM}V{_y(peak.share):.1f}"/>'


def _ticks(low: float, high: float) -> str:
    step = next(step for step in (10, 20, 25, 50, 100, 200, 500, 1000) if (high - low) / step <= 6)
    marks = np.arange(np.ceil(low / step) * step, high, step)
    return "".join(
        f'<path class="grid" d="M{_x(mark, low, high):.1f} {TOP}V{BOTTOM + 6}"/>'
        f'<text x="{_x(mark, low, high):.1f}" y="{BOTTOM + 28}" text-anchor="middle">{mark:.0f}</text>'
        for mark in marks
        if LEFT + 20 < _x(mark, low, high) < RIGHT - 70
    ) + f'<text x="{RIGHT}" y="{BOTTOM + 28}" text-anchor="end">m/z</text>'


def _labels(peaks: Sequence[Peak], low: float, high: float) -> str:
    placed: list[float] = []
    parts: list[str] = []
    for peak in peaks:
        x = _x(peak.mz, low, high)
        if len(placed) < LABELLED and all(abs(x - other) > APART for other in placed):
            placed.append(x)
            anchor = "end" if x > RIGHT - APART / 2 else "middle"
            parts.append(f'<text class="mark" x="{x:.1f}" y="{_y(peak.share) - 8:.1f}" text-anchor="{anchor}">{peak.mz:.1f}</text>')
    return "".join(parts)
