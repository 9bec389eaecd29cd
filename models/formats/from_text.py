"""MSP, MGF, MassBank and columns as spectra."""

import re
from collections.abc import Iterable

from models.acquisition import read_acquisition
from models.formats.columns import Columns, parse_columns, unit_of
from models.formats.found import Found, mass_sample, trace
from models.formats.headings import is_mass, is_other_mass
from models.formats.massbank import parse_massbank
from models.formats.mgf import parse_mgf
from models.formats.one_scan import EXPECTED
from models.formats.preamble import read_fields
from models.formats.text import Place, decode_text, limit_bytes, shown
from models.msp import MspRecord, parse_msp
from models.sample import BY_HEIGHT, SCATTERED, Sample, join_records
from models.vibrational import Method

MAX_BYTES = 32 * 2**20
MAX_RECORDS = 20_000
MAX_POINTS = 2_000_000
"""Peaks of all records of one file together."""
_RAMAN = re.compile(r"raman", re.IGNORECASE)


def read_msp(data: bytes, source: str) -> Found:
    """Read every record of NIST MSP. Raises UnreadableFile."""
    limit_bytes(data, MAX_BYTES, source)
    return _readings(parse_msp(decode_text(data), source), source)


def read_mgf(data: bytes, source: str) -> Found:
    """Read every spectrum of Mascot Generic Format. Raises UnreadableFile."""
    limit_bytes(data, MAX_BYTES, source)
    return _readings(parse_mgf(decode_text(data), source), source)


def read_massbank(data: bytes, source: str) -> Found:
    """Read every MassBank record. Raises UnreadableFile."""
    limit_bytes(data, MAX_BYTES, source)
    return _readings(parse_massbank(decode_text(data), source), source)


def _readings(records: Iterable[MspRecord], source: str) -> Found:
    kept, points = list[MspRecord](), 0
    for record in records:
        points += len(record.mz)
        if points > MAX_POINTS:
            Place(source, record.line).refuse(f"at most {MAX_POINTS} peaks in a file", "more")
        if len(kept) >= MAX_RECORDS:
            Place(source, record.line).refuse(f"at most {MAX_RECORDS} records in a file", "more")
        kept.append(record)
    return Found(tuple(join_records(kept)))


def read_columns(data: bytes, source: str) -> Found:
    """Read columns whose heading says what they are. Raises UnreadableFile."""
    return of_columns(parse_columns(decode_text(data), source), source)


def of_columns(columns: Columns, source: str) -> Found:
    """Return what columns with a heading are. Raises UnreadableFile where there is none."""
    if is_mass(columns.x_heading):
        return Found((mass_of(columns, source),))
    if not columns.x_heading:
        Place(source, 1).refuse("a heading of two columns that says their units, as `m/z,intensity`", "none")
    if is_other_mass(columns.x_heading):
        told = f"{shown(columns.x_heading)}: a neutral, molecular or deconvoluted mass, or one in kDa; export m/z"
        Place(source, 1).refuse("m/z and intensity", told)
    x_unit, y_unit = unit_of(columns.x_heading), unit_of(columns.y_heading)
    method = Method.RAMAN if _RAMAN.search(columns.x_heading + columns.y_heading) else None
    return trace(source, columns.x, columns.y, method=method, x_unit=x_unit, y_unit=y_unit)


def mass_of(columns: Columns, name: str) -> Sample:
    """Take columns for m/z and intensity; how the ions were made is what stands before them."""
    sample = mass_sample(name, columns.x, columns.y, read_acquisition(read_fields(columns.said), columns.said))
    if columns.parted is None or not {BY_HEIGHT, SCATTERED} & set(sample.notes):
        return sample
    problem = f"rows in no order of m/z go on at line {columns.parted} after lines that are none; expected {EXPECTED}"
    return Sample(name, (), problem)
