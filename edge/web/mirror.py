"""A reading above and a library spectrum below one axis, as a picture drawn on the server."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT = 296, 230
LEFT, RIGHT, MIDDLE, REACH = 6, 290, 114, 84
TICKS = (20, 25, 50, 100, 200)
MOST_TICKS = 5
LABELLED = 3
LABEL_WIDTH, NAME_WIDTH = 52, 36
THOUSAND = 1000

Peaks = Sequence[Sequence[int]]
"""m/z, measured, reference, share of the likeness; all but the first in thousandths. By rising m/z."""


def mirror_plot(peaks: Peaks, title: str) -> Markup:
    """Return peaks as SVG; `title` is what a screen reader says of them."""
    axis = _Axis(peaks[0][0] - 10, peaks[-1][0] + 15) if peaks else _Axis(0, 100)
    parts = [*axis.ticks(), *axis.sticks(peaks), *axis.labels(peaks)]
    return Markup(  # noqa: S704 - numbers of ours, and the title is escaped
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f'{"".join(parts)}<path class="axis" d="M{LEFT} {MIDDLE}H{RIGHT}"/></svg>'
    )


@dataclass(frozen=True)
class _Axis:
    low: int
    high: int

    def x(self, mz: int) -> float:
        return LEFT + (mz - self.low) / (self.high - self.low) * (RIGHT - LEFT)

    def ticks(self) -> Iterator[str]:
        step = next((step for step in TICKS if (self.high - self.low) / step <= MOST_TICKS), TICKS[-1])
        for mark in range(-(-self.low // step) * step, self.high, step):
            if LEFT + LABEL_WIDTH / 2 < self.x(mark) < RIGHT - LABEL_WIDTH:
                yield _text(self.x(mark), HEIGHT - 6, str(mark), "middle")
        yield _text(RIGHT, HEIGHT - 6, "m/z", "end")

    def sticks(self, peaks: Peaks) -> Iterator[str]:
        for mz, measured, reference, _ in peaks:
            yield _stick(self.x(mz), -measured, "stick")
            yield _stick(self.x(mz), reference, "stick reference")

    def labels(self, peaks: Peaks) -> Iterator[str]:
        """Name the peaks that carry the likeness, where their names have room beside names and higher peaks."""
        placed: list[float] = []
        for mz, measured, _, _ in sorted(peaks, key=lambda peak: -peak[3])[: 3 * LABELLED]:
            at = min(max(self.x(mz), LEFT + LABEL_WIDTH / 2), RIGHT - LABEL_WIDTH / 2)
            higher = [self.x(peak[0]) for peak in peaks if peak[1] > measured]
            crossed = any(abs(at - x) < NAME_WIDTH / 2 for x in higher)
            if len(placed) < LABELLED and not crossed and all(abs(at - other) > LABEL_WIDTH for other in placed):
                placed.append(at)
                yield _text(at, MIDDLE - REACH * measured / THOUSAND - 6, str(mz), "middle")


def _stick(x: float, thousandths: int, kind: str) -> str:
    return f'<path class="{kind}" d="M{x:.1f} {MIDDLE}V{MIDDLE + REACH * thousandths / THOUSAND:.1f}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'
