"""Spectrum files brought by hand: what one file holds, as readings."""

from pathlib import Path

from models.errors import UnreadableFile
from models.formats.columns import parse_columns
from models.formats.content import COLUMNS, format_of
from models.formats.found import Found
from models.formats.from_text import MAX_BYTES, mass_of, of_columns
from models.formats.headings import is_mass, is_unnamed
from models.formats.text import decode_text, limit_bytes, shown
from models.sample import Sample

MAX_FILE_BYTES = 256 * 2**20


def read_samples(path: Path) -> list[Sample]:
    """Read the mass spectra of a file in any format of models/formats; two columns may stand without a heading.

    MSP records that share a `Sample:` field are one reading, others stand alone. Raises UnreadableFile, for a file
    with infrared or Raman spectra alone as well.
    """
    data = _data(path)
    form = format_of(path.name, data)
    if form is COLUMNS:
        return [_table(path, data)]
    return _mass_spectra(path, form.read(data, path.name))


def _mass_spectra(path: Path, found: Found) -> list[Sample]:
    if not found.samples:
        traces = f"{len(found.traces)} infrared, near-infrared or Raman spectra" if found.traces else ""
        others = "; ".join(found.problems[:3]) or traces or "no record; export the file again"
        raise UnreadableFile(f"{path.name}: expected mass spectra, found {others}")
    return list(found.samples)


def _table(path: Path, data: bytes) -> Sample:
    limit_bytes(data, MAX_BYTES, path.name)
    columns = parse_columns(decode_text(data), path.name)
    if columns.x_heading and of_columns(columns, path.name).traces:
        raise UnreadableFile(f"{path.name}: expected mass spectra, found an infrared, near-infrared or Raman spectrum")
    if not (is_unnamed(columns.x_heading) or is_mass(columns.x_heading)):
        found = f"{columns.x_heading}, {columns.y_heading}"
        raise UnreadableFile(
            f"{path.name}: expected m/z and intensity, found {shown(found)}; head them `m/z,intensity`"
        )
    return mass_of(columns, path.stem)


def _data(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(f"{path.name}: {error.strerror or error}") from error
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableFile(f"{path.name}: more than {MAX_FILE_BYTES} bytes; no more are read")
    return data
