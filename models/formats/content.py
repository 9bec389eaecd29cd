"""What a file from an instrument holds, whatever its format.

`VERSION` goes into every record beside what was parsed: it changes with any change of what a file reads as.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from models.errors import UnreadableFile
from models.formats.found import Found
from models.formats.from_jcamp import read_jcamp
from models.formats.from_mzml import read_mzml
from models.formats.from_spc import read_spc
from models.formats.from_text import read_columns, read_massbank, read_mgf, read_msp

VERSION = "garita.formats/8"

Reader = Callable[[bytes, str], Found]


@dataclass(frozen=True)
class Format:
    """A format by name, the endings of its files, and what its files begin with where that is certain."""

    name: str
    endings: tuple[str, ...]
    read: Reader
    begins: tuple[bytes, ...] = ()


JCAMP = Format("JCAMP-DX", (".jdx", ".dx", ".jcamp", ".jcm"), read_jcamp, (b"##TITLE", b"##title"))
SPC = Format("Galactic SPC", (".spc",), read_spc)
MSP = Format("NIST MSP", (".msp", ".msl"), read_msp)
MGF = Format("MGF", (".mgf",), read_mgf, (b"BEGIN IONS",))
MASSBANK = Format("MassBank", (".mb",), read_massbank, (b"ACCESSION:",))
MZML = Format("mzML", (".mzml",), read_mzml)
COLUMNS = Format("columns", (".csv", ".tsv", ".txt"), read_columns)
FORMATS = (JCAMP, SPC, MSP, MGF, MASSBANK, MZML, COLUMNS)


def format_of(name: str, data: bytes) -> Format:
    """Tell a file's format by its ending, or for text by how it begins. Raises UnreadableFile."""
    ending = PurePath(name).suffix.lower()
    found = next((each for each in FORMATS if ending in each.endings), None)
    if found is None:
        endings = ", ".join(ending for each in FORMATS for ending in each.endings)
        raise UnreadableFile(f"{name}: expected a file that ends in {endings}, found {ending or 'no ending'}")
    if found is COLUMNS:
        head = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
        return next((each for each in FORMATS if each.begins and head.startswith(each.begins)), found)
    return found
