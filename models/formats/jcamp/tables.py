"""The tables of a block as curves of x and y."""

import math
import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.formats.jcamp.asdf import LineStart, decode
from models.formats.jcamp.labels import Record
from models.formats.text import Place, shown

MAX_POINTS = 1_000_000
_EVEN = re.compile(r"\(([A-Z]\w*)\+\+\(([A-Z]\w*)\.\.\2\)\)", re.ASCII)
_PAIRS = re.compile(r"\(([A-Z])([A-Z])\.\.\1\2\)", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_PARTS = re.compile(r"[\s,;]+")
_TWO_WAYS = re.compile(r"\s*\d+,\d+[\s;]+\d+,\d+\s*$")
"""Two pairs, or one with decimal commas: then the numbers taken for abscissae hardly rise or fall throughout."""


@dataclass(frozen=True)
class Axis:
    """How one variable is written: what to multiply by, its unit, its ends, where they are told."""

    symbol: str
    factor: float = 1.0
    unit: str = ""
    first: float | None = None
    last: float | None = None
    delta: float | None = None


@dataclass(frozen=True, eq=False)
class Curve:
    """A table as numbers: y is NaN where an ordinate is missing. `page` is the NTUPLES page, as `T=10.2`."""

    label: str
    x: NDArray[np.float64] = field(repr=False)
    y: NDArray[np.float64] = field(repr=False)
    x_unit: str
    y_unit: str
    place: Place
    page: str | None = None


def read_table(table: Record, axes: dict[str, Axis], points: int | None, page: str | None = None) -> Curve:
    """Read a table whose variables are `axes` by symbol, and whose number of points was told, or not.

    Raises UnreadableFile.
    """
    form = re.sub(r"\s", "", table.text.partition(",")[0] if table.label == "DATATABLE" else table.text).upper()
    even, pairs = _EVEN.fullmatch(form), _PAIRS.fullmatch(form)
    match = even or pairs
    if match is None:
        table.place.refuse("(X++(Y..Y)) or (XY..XY)", shown(table.text))
    if not set(match.groups()) <= axes.keys():
        table.place.refuse(f"variables among {', '.join(axes)}", shown(table.text))
    x_axis, y_axis = (axes[symbol] for symbol in match.groups())
    x, y = _even(table, x_axis, y_axis, points) if even else _pairs(table, x_axis, y_axis, points)
    return Curve(table.label, x, y, x_axis.unit, y_axis.unit, table.place, page)


def _even(
    table: Record, x_axis: Axis, y_axis: Axis, points: int | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if points is None or x_axis.first is None or (x_axis.last is None and x_axis.delta is None):
        table.place.refuse("##NPOINTS=, ##FIRSTX= and ##LASTX= (or ##DELTAX=) before it", "not all of them")
    ordinates = decode(table.body(), points)
    if len(ordinates.values) != points:
        table.place.refuse(f"{points} ordinates, as ##NPOINTS= says", str(len(ordinates.values)))
    x = _abscissae(table.place, x_axis, points)
    for start in ordinates.starts:
        _check_x(start, x, x_axis.factor)
    y = np.array([math.nan if value is None else value for value in ordinates.values], dtype=np.float64)
    return x, _scaled(y, y_axis, table.place)


def _abscissae(place: Place, axis: Axis, points: int) -> NDArray[np.float64]:
    first = axis.first or 0.0
    steps = max(points - 1, 1)
    if axis.last is None:
        return first + (axis.delta or 0.0) * np.arange(points, dtype=np.float64)
    step = (axis.last - first) / steps
    if axis.delta is not None and points > 1 and abs(abs(axis.delta) - abs(step)) > 0.05 * abs(step):
        place.refuse(f"##DELTAX= {step:g}, from ##FIRSTX=, ##LASTX= and ##NPOINTS=", f"{axis.delta:g}")
    return np.linspace(first, axis.last, points)


def _check_x(start: LineStart, x: NDArray[np.float64], factor: float) -> None:
    """Compare a line's abscissa with the point it stands at, to half a step and one unit of its last place."""
    if not x.size:
        return
    step = abs(x[-1] - x[0]) / max(x.size - 1, 1)
    slack = 0.5 * step + abs(factor) * start.unit + 1e-6 * abs(start.x * factor)
    meant = x[[min(at, x.size - 1) for at in (start.index, max(start.index - start.checked, 0))]]
    if not (np.abs(meant - start.x * factor) <= slack).any():
        start.place.refuse(
            f"a line at x {meant[-1]:g} (X-check; lines are missing, doubled or changed)", f"{start.x * factor:g}"
        )


def _pairs(
    table: Record, x_axis: Axis, y_axis: Axis, points: int | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    numbers: list[float] = []
    two_ways: tuple[Place, str] | None = None
    for place, line in table.body():
        two_ways = two_ways or ((place, line) if points is None and _TWO_WAYS.match(line) else None)
        numbers += _numbers(line, place)
        if len(numbers) > 2 * MAX_POINTS:
            place.refuse(f"at most {MAX_POINTS} points", "more")
    if len(numbers) % 2:
        table.place.refuse("pairs of numbers", f"{len(numbers)} numbers")
    if points is not None and points != len(numbers) // 2:
        table.place.refuse(f"{points} points, as ##NPOINTS= says", str(len(numbers) // 2))
    pairs = np.array(numbers, dtype=np.float64).reshape(-1, 2)
    if two_ways and not _go_one_way(pairs[:, 0]):
        place, line = two_ways
        place.refuse("##NPOINTS=, or numbers with a decimal point", f"{shown(line)}, which may be one pair or two")
    return _scaled(pairs[:, 0], x_axis, table.place), _scaled(pairs[:, 1], y_axis, table.place)


def _go_one_way(x: NDArray[np.float64]) -> bool:
    """Whether abscissae rise, or fall over more than two: one peak with decimal commas, `304,1 100,5`, falls, too."""
    steps = np.diff(x)
    return bool((steps > 0).all() or (steps.size > 1 and (steps < 0).all()))


def _numbers(line: str, place: Place) -> list[float]:
    """Read AFFN numbers, parted by spaces, commas or semicolons, or by their signs alone (PAC); `?` is missing."""
    numbers: list[float] = []
    for word in filter(None, _PARTS.split(line)):
        found = _NUMBER.findall(word)
        if word == "?":
            numbers.append(math.nan)
        elif "".join(found) == word:
            numbers += [float(number) for number in found]
        else:
            place.refuse("numbers", shown(word))
    if not all(number < math.inf or math.isnan(number) for number in map(abs, numbers)):
        place.refuse("finite numbers", shown(line))
    return numbers


def _scaled(values: NDArray[np.float64], axis: Axis, place: Place) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):
        scaled = values * axis.factor
    if np.isinf(scaled).any():
        place.refuse("values that stay finite when multiplied", f"the factor {axis.factor:g} of {axis.symbol}")
    return scaled
