"""Small SVG plots of an evaluation."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from models.recalibration import Curve, reliability
from models.training.trials import PROTOCOLS, Stated, Trial

SIZE, MARGIN, LINE = 300, 44, 18
_FONT = 'font-family="sans-serif" font-size="12" fill="none"'
COLOURS = ("#0b6e99", "#b3541e", "#3f7d20", "#7a4b94")

Line = Sequence[tuple[float, float]]


def calibration_plot(trials: Sequence[Trial]) -> str:
    """Stated probability of the first hit against how often it was right, a line a kind of reading."""
    lines: dict[str, Line] = {
        protocol: [
            (stated, right) for stated, right, _ in curve_of([t.stated for t in trials if t.protocol == protocol])
        ]
        for protocol in PROTOCOLS
    }
    return _plot(lines, "stated probability", "share right")


def open_set_plot(trials: Sequence[Trial]) -> str:
    """Receiver operating characteristic of the probability that the compound is not in the library."""
    lines = {protocol: roc([t for t in trials if t.protocol == protocol]) for protocol in PROTOCOLS}
    return _plot(lines, "known said unknown", "unknown said unknown")


def curve_of(stated: Sequence[Stated]) -> Curve:
    """Calibration curve of statements."""
    return reliability(np.array([one.probability for one in stated]), np.array([one.right for one in stated]))


def roc(trials: Sequence[Trial]) -> Line:
    """Share of known and of unknown compounds at or above each threshold of `none`, a hundred thresholds."""
    known = _sorted([trial.none for trial in trials if trial.known])
    unknown = _sorted([trial.none for trial in trials if not trial.known])
    limits = np.quantile(np.concatenate([known, unknown, [0.0, 1.0]]), np.linspace(1, 0, 101))
    return [(_above(known, limit), _above(unknown, limit)) for limit in limits]


def area(line: Line) -> float:
    """Area under a curve that goes from left to right."""
    x, y = (np.array(values) for values in zip(*line, strict=True))
    return float((np.diff(x) * (y[1:] + y[:-1]) / 2).sum())


def _sorted(values: Iterable[float]) -> NDArray[np.float64]:
    return np.sort(np.array(list(values), dtype=np.float64))


def _above(values: NDArray[np.float64], limit: float) -> float:
    return float(1 - np.searchsorted(values, limit) / max(len(values), 1))


def _plot(lines: dict[str, Line], across: str, up: str) -> str:
    """Draw lines in the unit square, with their names below."""
    whole = SIZE + 2 * MARGIN
    height = whole + LINE * len(lines) + 12
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{height}" {_FONT}>',
        f'<rect width="{whole}" height="{height}" fill="#fff"/>',
        f'<rect x="{MARGIN}" y="{MARGIN}" width="{SIZE}" height="{SIZE}" stroke="#888"/>',
        f'<path d="{_path([(0, 0), (1, 1)])}" stroke="#bbb" stroke-dasharray="4 4"/>',
        *(_tick(tenth / 10) for tenth in range(0, 11, 2)),
        f'<text x="{MARGIN + SIZE / 2}" y="{whole - 8}" fill="#222" text-anchor="middle">{across}</text>',
        f'<text x="{MARGIN}" y="{MARGIN - 14}" fill="#222">{up}</text>',
    ]
    for number, (name, line) in enumerate(lines.items()):
        colour, y = COLOURS[number % len(COLOURS)], whole + LINE * number + 12
        parts.append(f'<path d="{_path(line)}" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{MARGIN}" y="{y}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _tick(value: float) -> str:
    x, y = _place(value, value)
    return (
        f'<text x="{x:.0f}" y="{MARGIN + SIZE + 16}" fill="#222" text-anchor="middle">{value:.1f}</text>'
        f'<text x="{MARGIN - 6}" y="{y + 4:.0f}" fill="#222" text-anchor="end">{value:.1f}</text>'
    )


def _path(line: Line) -> str:
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in (_place(*point) for point in line))


def _place(x: float, y: float) -> tuple[float, float]:
    return MARGIN + x * SIZE, MARGIN + (1 - y) * SIZE
