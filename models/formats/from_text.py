"""MSP, MassBank and columns as spectra."""

import re
from collections.abc import Iterable

from models.formats.columns import parse_columns, unit_of
from models.formats.found import Found, mass_sample, trace
from models.formats.massbank import parse_massbank
from models.formats.text import Place, decode_text, limit_bytes
from models.msp import MspRecord, parse_msp
from models.sample import join_records
from models.spectrum import Technique
from models.vibrational import Method

MAX_BYTES = 32 * 2**20
MAX_RECORDS = 20_000
MAX_POINTS = 2_000_000
"""Peaks of all records of one file together."""
_MASS = re.compile(r"m/?z|mass", re.IGNORECASE)
_RAMAN = re.compile(r"raman", re.IGNORECASE)


def read_msp(data: bytes, source: str) -> Found:
    """Read every record of NIST MSP. Raises UnreadableFile."""
    limit_bytes(data, MAX_BYTES, source)
    return _readings(parse_msp(decode_text(data), source), source)


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
    """Read two columns whose heading says what they are. Raises UnreadableFile."""
    columns = parse_columns(decode_text(data), source)
    if _MASS.search(columns.x_heading):
        return Found((mass_sample(source, columns.x, columns.y, Technique.IN_SOURCE_CID),))
    x_unit, y_unit = unit_of(columns.x_heading), unit_of(columns.y_heading)
    method = Method.RAMAN if _RAMAN.search(columns.x_heading + columns.y_heading) else None
    return trace(source, columns.x, columns.y, method=method, x_unit=x_unit, y_unit=y_unit)
