"""JCAMP-DX blocks as spectra, by what their ##DATA TYPE= says."""

from models.formats.found import Found, join, mass_sample, taken_for_ei, trace
from models.formats.jcamp.blocks import read_blocks, read_curves
from models.formats.jcamp.labels import Block
from models.formats.jcamp.tables import Curve
from models.formats.text import decode_text, limit_bytes
from models.ionisation import is_electron_ionisation, is_negative
from models.sample import Sample
from models.spectrum import Technique
from models.vibrational import Method

MAX_BYTES = 64 * 2**20
_METHODS = (
    ("NEARINFRARED", Method.NEAR_INFRARED),
    ("NIR", Method.NEAR_INFRARED),
    ("INFRARED", Method.INFRARED),
    ("RAMAN", Method.RAMAN),
)


def read_jcamp(data: bytes, source: str) -> Found:
    """Read every block. Raises UnreadableFile."""
    limit_bytes(data, MAX_BYTES, source)
    return join(_block(block) for block in read_blocks(decode_text(data), source))


def _block(block: Block) -> Found:
    kind = "".join(block.text("DATATYPE").upper().replace("-", " ").split())
    curves = read_curves(block)
    if not curves:
        return Found(problems=(f"{_name(block, None)}: a block without a table",))
    if kind.startswith("MASSSPECTRUM") or kind == "CONTINUOUSMASSSPECTRUM":
        return Found(tuple(_mass(block, curve) for curve in curves))
    method = next((method for word, method in _METHODS if word in kind), None)
    return join(trace(_name(block, c), c.x, c.y, method=method, x_unit=c.x_unit, y_unit=c.y_unit) for c in curves)


def _mass(block: Block, curve: Curve) -> Sample:
    """Take a block that does not tell its ionisation for EI, which the libraries in this format are, and say so."""
    ionisation = block.text(".IONIZATIONMODE")
    electrons = is_electron_ionisation(ionisation) or not ionisation
    technique = Technique.EI if electrons else Technique.IN_SOURCE_CID
    negative = is_negative(ionisation)
    sample = mass_sample(_name(block, curve), curve.x, curve.y, technique, negative=negative)
    return sample if ionisation else taken_for_ei(sample)


def _name(block: Block, curve: Curve | None) -> str:
    title = block.text("TITLE") or "untitled"
    return f"{title}, {curve.page}" if curve and curve.page else title
