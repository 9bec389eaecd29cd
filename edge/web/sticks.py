"""A spectrum as a picture: sticks over m/z, drawn on the server so that it prints and needs no script."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

from edge.records import MZ_UNIT
from sync.contract.spectrum import SpectrumPart

WIDTH, HEIGHT = 480, 160
LEFT, RIGHT, TOP, BASE = 8, 472, 28, 128
TICKS = (10, 20, 25, 50, 100, 200, 500, 1000)
MOST_TICKS = 5
MOST_STICKS = 400
MOST_LABELS = 4
LABEL_WIDTH, NAME_WIDTH = 66, 52
UNIT_RESOLUTION = 0.5
STANDS_OUT = 0.05


@dataclass(frozen=True)
class Peak:
    """A peak and its height as a share (0 to 1) of the highest."""

    mz: float
    share: float


def all_peaks(spectrum: SpectrumPart) -> list[Peak]:
    """Return the peaks, highest first; of very many, the highest."""
    mz = np.frombuffer(spectrum.mz, "<u4") * MZ_UNIT
    intensity = np.frombuffer(spectrum.intensity, "<f4").astype(np.float64)
    order = np.argsort(-intensity, kind="stable")[:MOST_STICKS]
    return [Peak(float(mz[i]), float(intensity[i] / intensity.max())) for i in order if intensity[i] > 0]


def apart(peaks: Sequence[Peak]) -> list[Peak]:
    """Return of peaks within half an m/z of each other the highest; `peaks` come highest first."""
    kept: list[Peak] = []
    for peak in peaks:
        if all(abs(peak.mz - other.mz) > UNIT_RESOLUTION for other in kept):
            kept.append(peak)
    return kept


def telling(peaks: Sequence[Peak]) -> int:
    """Return how many peaks stand out: the spectrum with most of them says most."""
    return sum(peak.share >= STANDS_OUT for peak in apart(peaks))


def stick_plot(peaks: Sequence[Peak], title: str) -> Markup:
    """Return peaks, highest first, as SVG; `title` is what a screen reader says of them."""
    axis = _Axis.over(peaks)
    parts = [*axis.ticks(), *(axis.stick(peak) for peak in peaks), *axis.labels(peaks)]
    return Markup(  # noqa: S704 - numbers of ours, and the title is escaped
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f'{"".join(parts)}<path class="axis" d="M{LEFT} {BASE}H{RIGHT}"/></svg>'
    )


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float

    @classmethod
    def over(cls, peaks: Sequence[Peak]) -> "_Axis":
        masses = [peak.mz for peak in peaks] or [0, 100]
        return cls(min(masses) // 10 * 10 - 10, max(masses) // 10 * 10 + 20)

    def x(self, mz: float) -> float:
        return LEFT + (mz - self.low) / (self.high - self.low) * (RIGHT - LEFT)

    def ticks(self) -> Iterator[str]:
        step = next(step for step in TICKS if (self.high - self.low) / step <= MOST_TICKS or step == TICKS[-1])
        for mark in np.arange(np.ceil(self.low / step) * step, self.high, step):
            x = self.x(float(mark))
            if LEFT + 18 < x < RIGHT - LABEL_WIDTH:
                yield f'<path class="grid" d="M{x:.1f} {TOP}V{BASE + 5}"/>'
                yield _text(x, BASE + 26, f"{mark:.0f}", "middle")
        yield _text(RIGHT, BASE + 26, "m/z", "end")

    def stick(self, peak: Peak) -> str:
        return f'<path class="stick" d="M{self.x(peak.mz):.1f} {BASE}V{_y(peak):.1f}"/>'

    def labels(self, peaks: Sequence[Peak]) -> Iterator[str]:
        placed: list[float] = []
        for peak in apart(peaks[:20]):
            x = min(max(self.x(peak.mz), LEFT + LABEL_WIDTH / 2), RIGHT - LABEL_WIDTH / 2)
            crossed = any(abs(x - self.x(each.mz)) < NAME_WIDTH / 2 for each in peaks if each.share > peak.share)
            if len(placed) < MOST_LABELS and not crossed and all(abs(x - other) > LABEL_WIDTH for other in placed):
                placed.append(x)
                yield _text(x, _y(peak) - 7, f"{peak.mz:.1f}", "middle")


def _y(peak: Peak) -> float:
    return BASE - peak.share * (BASE - TOP)


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'
