"""One code as a reader sent it: its symbology by AIM identifier (ISO/IEC 15424), and its bytes."""

import re
from dataclasses import dataclass
from enum import StrEnum

AIM = re.compile(rb"\]([A-Za-z])([0-9A-Za-z])")
"""An AIM identifier (ISO/IEC 15424): what was printed, and how it was read."""
_GS1 = frozenset({"]C1", "]e0", "]d2", "]Q3", "]J1"})


class Symbology(StrEnum):
    """What was printed. UNKNOWN where the reader sends no AIM identifier, OTHER for a letter not in this list."""

    CODE_39 = "code-39"
    CODE_128 = "code-128"
    EAN_UPC = "ean-upc"
    CODABAR = "codabar"
    CODE_93 = "code-93"
    ITF = "itf"
    PDF417 = "pdf417"
    MAXICODE = "maxicode"
    QR = "qr"
    DATA_MATRIX = "data-matrix"
    DATABAR = "databar"
    AZTEC = "aztec"
    DOT_CODE = "dot-code"
    OTHER = "other"
    UNKNOWN = "unknown"


_LETTERS = {
    b"A": Symbology.CODE_39,
    b"C": Symbology.CODE_128,
    b"E": Symbology.EAN_UPC,
    b"F": Symbology.CODABAR,
    b"G": Symbology.CODE_93,
    b"I": Symbology.ITF,
    b"L": Symbology.PDF417,
    b"U": Symbology.MAXICODE,
    b"Q": Symbology.QR,
    b"d": Symbology.DATA_MATRIX,
    b"e": Symbology.DATABAR,
    b"z": Symbology.AZTEC,
    b"J": Symbology.DOT_CODE,
}


@dataclass(frozen=True)
class Code:
    """`aim` is the identifier such as `]d2`, empty without one; `data` what was encoded; `raw` what came."""

    symbology: Symbology
    aim: str
    data: bytes
    raw: bytes

    @property
    def is_gs1(self) -> bool:
        """Whether the identifier says that the data are GS1 element strings."""
        return self.aim in _GS1

    @property
    def text(self) -> str:
        """The data as UTF-8, else as ISO 8859-1, which readers send where nothing else is set."""
        try:
            return self.data.decode()
        except UnicodeDecodeError:
            return self.data.decode("latin-1")


def parse(raw: bytes) -> Code:
    """Return the code of one reading, without the reader's suffix. A code without AIM identifier is as good."""
    match = AIM.match(raw)
    if match is None:
        return Code(Symbology.UNKNOWN, "", raw, raw)
    return Code(_LETTERS.get(match[1], Symbology.OTHER), match[0].decode(), raw[match.end() :], raw)
