"""JCAMP-DX blocks as spectra, by what their ##DATA TYPE= says."""

import re
from dataclasses import replace

from models.acquisition import NAMES, SOURCE, Fields, plain_name, read_acquisition
from models.formats.found import ULTRAVIOLET, Found, join, mass_sample, taken_for_ei, trace
from models.formats.headings import is_mass
from models.formats.jcamp.blocks import read_blocks, read_curves
from models.formats.jcamp.labels import Block
from models.formats.jcamp.tables import Curve
from models.formats.text import decode_text, limit_bytes, shown
from models.scan_titles import read_titles
from models.spectrum import Technique
from models.vibrational import Method

MAX_BYTES = 64 * 2**20
_METHODS = (
    ("NEARINFRARED", Method.NEAR_INFRARED),
    ("NIR", Method.NEAR_INFRARED),
    ("INFRARED", Method.INFRARED),
    ("RAMAN", Method.RAMAN),
)
_LIGHT = re.compile(r"UV|VIS|ULTRAVIOLET|FLUORESC|LUMINESC")


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
        return join(_mass(block, curve) for curve in curves)
    method = next((method for word, method in _METHODS if word in kind), None)
    other = ULTRAVIOLET if _LIGHT.search(kind) else ""
    if other and method is Method.NEAR_INFRARED:
        method, other = None, ""
    return join(
        trace(_name(block, c), c.x, c.y, method=method, x_unit=c.x_unit, y_unit=c.y_unit, other=other) for c in curves
    )


def _mass(block: Block, curve: Curve) -> Found:
    name = _name(block, curve)
    if curve.x_unit.strip() and not is_mass(curve.x_unit):
        return Found(problems=(f"{name}: a mass spectrum along {shown(curve.x_unit)}; expected ##XUNITS= M/Z",))
    fields = _fields(block)
    told = read_acquisition(fields)
    of_source = any(fields.get(each) for each in SOURCE) or read_titles(fields.get("title", ())).polarity
    if of_source or told.precursor_mz is not None:
        return Found((mass_sample(name, curve.x, curve.y, told),))
    return Found((taken_for_ei(mass_sample(name, curve.x, curve.y, replace(told, technique=Technique.EI))),))


def _fields(block: Block) -> Fields:
    """Return what a block says by names that tell how ions were made: `.IONIZATION MODE`, `$POLARITY`, its title."""
    fields: dict[str, tuple[str, ...]] = {}
    for record in block.records:
        name = plain_name(record.label)
        if record.text and name in (*NAMES, "title"):
            fields[name] = (*fields.get(name, ()), record.text)
    return fields


def _name(block: Block, curve: Curve | None) -> str:
    title = block.text("TITLE") or "untitled"
    return f"{title}, {curve.page}" if curve and curve.page else title
