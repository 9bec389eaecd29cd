"""Collision energy as laboratories write it, brought to electronvolts."""

import re

REFERENCE_MZ = 500.0
"""Normalised energies (NCE, %) are stated for this m/z: eV = NCE x m/z / 500."""
LONGEST = 200
"""Characters of the longest words that are read for an energy, a precursor or an ion; longer ones tell none."""

_NUMBER = re.compile(r"\d++(?:[.,]\d++)?+(?:[eE][+-]?\d++)?+")
_LIST = re.compile(r"stepped|\d,\d+,\d|, ", re.IGNORECASE)
_LABEL = re.compile(r"\bMS\d\b|\b[a-z]+\d+(?=[\s:=@]+\d)", re.IGNORECASE)
_SPREAD = re.compile(r"(?:\N{PLUS-MINUS SIGN}|\+/?-|\bCES)[\s=:(]*+" + _NUMBER.pattern + r"\)?+", re.IGNORECASE)
_UNKNOWABLE = re.compile(
    r"\bor\b|scaled|m/?z|\d\s*[kM]e?V\b|\d\s*[x*\N{MULTIPLICATION SIGN}]\s*\d|\ba\.?u\b|\barb", re.IGNORECASE
)
_NORMALISED = re.compile(r"nce|%", re.IGNORECASE)
_VOLTS = re.compile(r"\d\s*(?:ev|v)\b|\bv\b", re.IGNORECASE)
_TRAP = re.compile(r"ITFT|QFT", re.IGNORECASE)
_STATED = re.compile(rf"(?<!\d){_NUMBER.pattern}(?:\s?[-/]\s?{_NUMBER.pattern}){{0,9}}+\s*+eV\b", re.IGNORECASE)
_MOST = 1000.0


def parse_collision_energy(text: str, precursor_mz: float | None = None, instrument_type: str = "") -> float | None:
    """Read `20 eV`, `35 % (nominal)`, `30(NCE)`, `Ramp 5-60 V`, `10/20/40`, ... as eV; None where it was not told.

    A span or a list is its mean, and what has a spread is its middle (`35 +/- 15 eV`, SCIEX's `CE 35, CES 15`); a
    number glued to a word before another number is a label (`HCD2 35 eV`). A product (`2 x 20 eV`) tells no energy, nor
    do arbitrary units, nor kilovolts, which are those of the spray or of a sector. A bare number is normalised on
    Orbitrap instruments and eV elsewhere. Of a normalised energy told in eV as well (`NCE=35% 21eV`) the eV count.
    A normalised energy without a precursor cannot be converted and is None.
    """
    if len(text) > LONGEST or _UNKNOWABLE.search(text):
        return None
    text = _SPREAD.sub("", text)
    stated = _STATED.findall(text) if _NORMALISED.search(text) else ()
    if stated:
        return parse_collision_energy(" ".join(stated))
    numbers = [float(word.replace(",", ".")) for word in _NUMBER.findall(_plain_list(_LABEL.sub("", text)))]
    if not numbers or max(numbers) > _MOST:
        return None
    energy = sum(numbers) / len(numbers)
    if not _is_normalised(text, instrument_type):
        return energy
    return None if precursor_mz is None else energy * precursor_mz / REFERENCE_MZ


def _plain_list(text: str) -> str:
    """Part the numbers of a list such as `25,60,100% (stepped)`, whose commas are not decimal points."""
    return text.replace(",", " ") if _LIST.search(text) else text


def _is_normalised(text: str, instrument_type: str) -> bool:
    if _NORMALISED.search(text):
        return True
    return not _VOLTS.search(text) and bool(_TRAP.search(instrument_type))
