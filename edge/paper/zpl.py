"""A label as ZPL II, for label printers of 203 dpi and 100 x 60 mm stock. After Zebra's ZPL II programming guide."""

from edge.paper.label import Label

WIDTH, HEIGHT = 800, 480
MARGIN = 24
CODE_SIDE = 280
HEADING, LINE, FOOT = 54, 26, 26
MODULE, GAP = 6, 4
_ESCAPED = {ord(each): f"_{ord(each):02X}" for each in "^~_"}


def zpl(label: Label) -> bytes:
    """Return the label's commands in UTF-8; what a printer would take for a command is escaped."""
    wide = WIDTH - CODE_SIDE - 2 * MARGIN
    top = MARGIN + HEADING + 10
    fields = [_text(MARGIN, MARGIN, HEADING, wide, 1, label.heading)]
    for line in label.lines:
        fields.append(_text(MARGIN, top, LINE, wide, 2, line))
        top += LINE * (2 if len(line) * LINE // 2 > wide else 1) + GAP
    fields += [
        f"^FO{WIDTH - CODE_SIDE},{MARGIN}^BQN,2,{MODULE}^FH_^FDMA,{_escaped(label.code)}^FS",
        _text(MARGIN, HEIGHT - MARGIN - FOOT, FOOT, WIDTH - 2 * MARGIN, 1, label.foot),
    ]
    return "\n".join(["^XA", f"^CI28^PW{WIDTH}^LL{HEIGHT}^LH0,0", *fields, "^XZ", ""]).encode()


def _text(left: int, top: int, size: int, wide: int, lines: int, text: str) -> str:
    return f"^FO{left},{top}^A0N,{size},{size}^FB{wide},{lines},0,L,0^FH_^FD{_escaped(text)}^FS"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED)
