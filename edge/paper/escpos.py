"""Labels and slips as ESC/POS, for receipt printers of 80 mm. After Epson's ESC/POS command reference."""

from collections.abc import Sequence
from textwrap import wrap

from edge.paper.label import Label
from edge.paper.slip import Slip

ESC, GS = b"\x1b", b"\x1d"
START = ESC + b"@" + ESC + b"t\x13"
"""Begin anew, with code page 858."""
CENTRE, LEFT = ESC + b"a\x01", ESC + b"a\x00"
BIG, PLAIN = GS + b"!\x11", GS + b"!\x00"
BOLD, LIGHT = ESC + b"E\x01", ESC + b"E\x00"
FEED_AND_CUT = GS + b"V\x42\x00"
CODE_PAGE = "cp858"
COLUMNS = 48
MODULE = 6
_LIKE = str.maketrans("\u2212\u2013\u2026\u00a0", "--. ")


def label_bytes(label: Label) -> bytes:
    """Return the commands that print a label."""
    lines = b"".join(map(_line, label.lines))
    return b"".join(
        [START, CENTRE, BIG, _line(label.heading), PLAIN, lines, _code(label.code), BOLD, _line(label.foot), LIGHT]
    ) + FEED_AND_CUT  # fmt: skip


def slip_bytes(slip: Slip) -> bytes:
    """Return the commands that print a slip in all its languages."""
    parts = [START, CENTRE, _code(slip.code), _line(slip.code), LEFT]
    for text in slip.texts:
        facts = [f"{each.name}: {each.value}" for each in text.facts]
        steps = [f"{number}. {each}" for number, each in enumerate(text.steps, start=1)]
        parts += [_line("-" * COLUMNS), BOLD, _line(text.title), LIGHT, *_wrapped([*facts, *steps])]
        parts += [BOLD, *_wrapped([text.presumptive]), LIGHT]
    return b"".join(parts) + FEED_AND_CUT


def _wrapped(lines: Sequence[str]) -> list[bytes]:
    return [_line(each) for line in lines for each in wrap(line, COLUMNS)]


def _line(text: str) -> bytes:
    """Return a line; a letter that the code page lacks is a question mark, and no byte of it is a command."""
    plain = "".join(each for each in text.translate(_LIKE) if each.isprintable())
    return plain.encode(CODE_PAGE, "replace") + b"\n"


def _code(text: str) -> bytes:
    """Return a QR code: model 2, module size, level M, the data, and the order to print it."""
    return b"".join(
        [
            _symbol(b"\x41\x32\x00"),
            _symbol(b"\x43" + bytes([MODULE])),
            _symbol(b"\x45\x31"),
            _symbol(b"\x50\x30" + text.encode()),
            _symbol(b"\x51\x30"),
            b"\n",
        ]
    )


def _symbol(function: bytes) -> bytes:
    size = len(function) + 1
    return GS + b"(k" + size.to_bytes(2, "little") + b"\x31" + function
