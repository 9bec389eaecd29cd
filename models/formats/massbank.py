"""MassBank records: `TAG: value` lines, tables indented below their tag, `//` at the end of each record.

Source: MassBank Record Format 2.6, github.com/MassBank/MassBank-web.
"""

import math
from array import array
from collections.abc import Iterable, Iterator, Mapping, MutableSequence

from models.errors import UnreadableFile
from models.formats.text import Place, each_line, limit_bytes, read_number, shown
from models.msp import MspRecord
from models.spectrum import MAX_PEAKS

MAX_BYTES = 64 * 2**20
END = "//"
_PEAKS = "PK$PEAK"
_COUNT = "PK$NUM_PEAK"
_TABLES = {"PK$PEAK", "PK$ANNOTATION"}
_SUBTAGGED = {"AC$MASS_SPECTROMETRY", "AC$CHROMATOGRAPHY", "MS$FOCUSED_ION", "MS$DATA_PROCESSING", "CH$LINK"}
_AS_MSP = {
    "CH$NAME": "name",
    "CH$FORMULA": "formula",
    "CH$LINK INCHIKEY": "inchikey",
    "CH$SMILES": "smiles",
    "AC$INSTRUMENT_TYPE": "instrument_type",
    "AC$MASS_SPECTROMETRY COLLISION_ENERGY": "collision_energy",
    "AC$MASS_SPECTROMETRY FRAGMENTATION_MODE": "fragmentation_mode",
    "AC$MASS_SPECTROMETRY MS_TYPE": "spectrum_type",
    "AC$MASS_SPECTROMETRY ION_MODE": "ion_mode",
    "AC$MASS_SPECTROMETRY IONIZATION": "ionization",
    "MS$FOCUSED_ION PRECURSOR_M/Z": "precursormz",
    "MS$FOCUSED_ION PRECURSOR_TYPE": "precursor_type",
}
"""Tags under the names that an MSP record has for them."""


def parse_massbank(text: str, source: str = "MassBank") -> Iterator[MspRecord]:
    """Read records, in the fields and peaks of an MSP record: MassBank's own tags, and MSP's names for those it knows.

    The third column of the peaks (relative intensity) is left out: it is the second, scaled to 999.
    Raises UnreadableFile naming the line.
    """
    limit_bytes(text.encode("utf-8", "replace"), MAX_BYTES, source)
    lines = enumerate(each_line(text), start=1)
    found = False
    for number, line in lines:
        if line.strip():
            found = True
            yield _record(number, line, lines, source)
    if not found:
        raise UnreadableFile(f"{source}, line 1: expected ACCESSION:, found nothing")


def _record(first: int, line: str, lines: Iterator[tuple[int, str]], source: str) -> MspRecord:
    if not line.startswith("ACCESSION:"):
        Place(source, first).refuse("ACCESSION: to begin a record", shown(line))
    fields: dict[str, tuple[str, ...]] = {}
    mz, intensity = array("d"), array("d")
    number, tag = first, ""
    while line.strip() != END:
        place = Place(source, number)
        if line.startswith("  ") and tag in _TABLES:
            if tag == _PEAKS:
                _peak(line, place, mz, intensity)
        else:
            tag = _field(line, place, fields)
        number, line = next(lines, (0, ""))
        if number == 0:
            Place(source, first).refuse("// at the end of this record", "the end of the file: it was cut")
    _check_count(fields, len(mz), Place(source, number))
    return MspRecord(_with_msp_names(fields), mz, intensity, first)


def _field(line: str, place: Place, fields: dict[str, tuple[str, ...]]) -> str:
    tag, colon, value = line.partition(":")
    if not colon or tag != tag.strip() or not tag:
        place.refuse("`TAG: value`, or // at the end of the record", shown(line))
    value = value.strip()
    name = tag
    if tag in _SUBTAGGED:
        subtag, _, value = value.partition(" ")
        name = f"{tag} {subtag}"
    if tag not in _TABLES:
        fields[name.lower()] = (*fields.get(name.lower(), ()), value.strip())
    return tag


def _peak(line: str, place: Place, mz: MutableSequence[float], intensity: MutableSequence[float]) -> None:
    words = line.split()
    try:
        at, height, _ = (read_number(word) for word in words)
    except ValueError:
        at = height = math.nan
    if not (math.isfinite(at) and math.isfinite(height)):
        place.refuse("`m/z intensity relative-intensity`", shown(line))
    if len(mz) >= MAX_PEAKS:
        place.refuse(f"at most {MAX_PEAKS} peaks", "more")
    mz.append(at)
    intensity.append(height)


def _check_count(fields: Mapping[str, tuple[str, ...]], peaks: int, place: Place) -> None:
    told = fields.get(_COUNT.lower(), ("",))[0]
    if told != str(peaks):
        place.refuse(f"{_COUNT}: {peaks}, as many as peaks came", shown(told))


def _with_msp_names(fields: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    named = {msp: fields[tag.lower()] for tag, msp in _AS_MSP.items() if tag.lower() in fields}
    return {**named, **fields}


def format_massbank(records: Iterable[MspRecord]) -> str:
    """Write records that parse_massbank read, so that it reads them again."""
    return "".join(_format(record) for record in records)


def _format(record: MspRecord) -> str:
    msp_names = set(_AS_MSP.values())
    lines = [
        f"{_tag(name)}{value}" for name, values in record.fields.items() if name not in msp_names for value in values
    ]
    peaks = [f"  {at!r} {height!r} 0" for at, height in zip(record.mz, record.intensity, strict=True)]
    return "\n".join([*lines, "PK$PEAK: m/z int. rel.int.", *peaks, END, ""])


def _tag(name: str) -> str:
    tag, _, subtag = name.upper().partition(" ")
    return f"{tag}: {subtag} " if tag in _SUBTAGGED else f"{name.upper()}: "
