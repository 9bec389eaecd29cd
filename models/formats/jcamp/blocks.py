"""A block's curves, from its own labels or from its NTUPLES."""

import math
from collections.abc import Iterator

from models.formats.jcamp.labels import Block, Record, parse_blocks
from models.formats.jcamp.tables import MAX_POINTS, Axis, Curve, read_table
from models.formats.text import Place, shown

TABLES = ("XYDATA", "XYPOINTS", "PEAKTABLE")
_UNREADABLE = ("PEAKASSIGNMENTS", "RADATA")


def read_blocks(text: str, source: str) -> list[Block]:
    """Return every block that holds data, LINK blocks taken apart. Raises UnreadableFile."""
    return [leaf for block in parse_blocks(text, source) for leaf in _leaves(block)]


def _leaves(block: Block) -> Iterator[Block]:
    for inner in block.blocks:
        yield from _leaves(inner)
    if not block.blocks or any(record.label in {*TABLES, "NTUPLES"} for record in block.records):
        yield block


def read_curves(block: Block) -> list[Curve]:
    """Return the curves of a block in the order of their tables. Raises UnreadableFile."""
    version = block.find("JCAMPDX") or block.find("JCAMPCS")
    if version is None:
        block.place.refuse("##JCAMP-DX= in the block", "none")
    if block.find("NTUPLES"):
        return list(_pages(block))
    unreadable = next((record for record in block.records if record.label in _UNREADABLE), None)
    curves = [_table(block, record) for record in block.records if record.label in TABLES]
    if not curves and unreadable:
        unreadable.place.refuse(
            f"one of {', '.join(TABLES)} or NTUPLES", f"##{unreadable.label}=, which is not decoded"
        )
    return curves


def _table(block: Block, table: Record) -> Curve:
    x_factor, y_factor = (number_of(block, label) for label in ("XFACTOR", "YFACTOR"))
    if table.label == "PEAKTABLE" and not {x_factor, y_factor} <= {None, 1.0}:
        table.place.refuse("no ##XFACTOR= and ##YFACTOR= beside a peak table (programs disagree on them)", "them")
    axes = {
        "X": Axis(
            "X",
            1.0 if x_factor is None else x_factor,
            block.text("XUNITS"),
            number_of(block, "FIRSTX"),
            number_of(block, "LASTX"),
            number_of(block, "DELTAX"),
        ),
        "Y": Axis("Y", 1.0 if y_factor is None else y_factor, block.text("YUNITS")),
    }
    return read_table(table, axes, count_of(block.find("NPOINTS")))


def number_of(block: Block, label: str) -> float | None:
    """Return a label's number, None where it stands nowhere or empty. Raises UnreadableFile."""
    record = block.find(label)
    return None if record is None or not record.text else to_number(record.text, record.place, label)


def to_number(text: str, place: Place, what: str) -> float:
    """Return text as a finite number. Raises UnreadableFile."""
    try:
        value = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        place.refuse(f"a number for {what}", shown(text))
    return value


def count_of(record: Record | None) -> int | None:
    """Return ##NPOINTS= as a count, None where it is not told. Raises UnreadableFile."""
    if record is None:
        return None
    value = to_number(record.text, record.place, "##NPOINTS=")
    if not (0 <= value <= MAX_POINTS and value == int(value)):
        record.place.refuse(f"a count of at most {MAX_POINTS} points", shown(record.text))
    return int(value)


def _pages(block: Block) -> Iterator[Curve]:
    """Read NTUPLES: variables by column, then a PAGE, its NPOINTS and its DATA TABLE as often as there are pages."""
    axes, counts = _variables(block)
    page, points = None, None
    inside = False
    for record in block.records:
        if record.label == "NTUPLES":
            inside = True
        elif inside and record.label == "ENDNTUPLES":
            return
        elif inside and record.label == "PAGE":
            page, points = record.text, None
        elif inside and record.label == "NPOINTS":
            points = count_of(record)
        elif inside and record.label == "DATATABLE":
            yield read_table(record, axes, _first(points, counts.get(_even_symbol(record))), page)
    block.place.refuse("##END NTUPLES= in the block", "none")


def _first(told: int | None, otherwise: int | None) -> int | None:
    return otherwise if told is None else told


def _even_symbol(table: Record) -> str:
    """Return `Y` of `(X++(Y..Y))`, whose ##VAR_DIM= is its number of points, or nothing."""
    return table.text.replace(" ", "").upper().partition("++(")[2][:1]


def _variables(block: Block) -> tuple[dict[str, Axis], dict[str, int]]:
    symbols = _column(block, "SYMBOL")
    if not symbols or any(len(symbol) != 1 or not symbol.isascii() for symbol in symbols):
        block.place.refuse("##SYMBOL= with a letter for each variable of ##NTUPLES=", shown(block.text("SYMBOL")))
    axes: dict[str, Axis] = {}
    dims: dict[str, int] = {}
    for at, symbol in enumerate(symbols):
        factor, first, last = (_number_at(block, label, at) for label in ("FACTOR", "FIRST", "LAST"))
        units = _column(block, "UNITS")
        axes[symbol] = Axis(
            symbol, 1.0 if factor is None else factor, units[at] if at < len(units) else "", first, last
        )
        count = _number_at(block, "VARDIM", at)
        if count is not None and 0 <= count <= MAX_POINTS:
            dims[symbol] = int(count)
    return axes, dims


def _column(block: Block, label: str) -> list[str]:
    return [part.strip().upper() if label == "SYMBOL" else part.strip() for part in block.text(label).split(",")]


def _number_at(block: Block, label: str, at: int) -> float | None:
    record, column = block.find(label), _column(block, label)
    if record is None or at >= len(column) or not column[at]:
        return None
    return to_number(column[at], record.place, f"##{label}=")
