"""Scans that nothing here is compared with: of whole ions, of several ions, or of ions not broken once by collision.

Known: Agilent `+ESI Precursor Ion (** -> 182.1)` and `+ESI Neutral Loss (122.0)`, SCIEX `+Prec (182.1)` and
`-NL (122.0)`, Thermo `Full pr`, `Full cnl`, `Full ms3`, `Full msx` and `@etd30.00`, Bruker `+MS3(304.1->182.1)`, Waters
`Parents of 182ES+`; ETD, ECD, EAD, UVPD and the like by name, as in MassBank's FRAGMENTATION_MODE.
"""

import re

OF_PRECURSORS = "a scan for precursors: its peaks are whole ions, not fragments; measure product ions"
OF_A_NEUTRAL = "a scan for a neutral loss or gain: its peaks are whole ions, not fragments; measure product ions"
TWICE = "several ions were isolated, or one was broken twice; all that it is compared with is of one ion, broken once"
_BROKEN = "its ions were broken by %s, those that it is compared with by collision; measure with CID or HCD"
_SOURCE = r"(?:ESI|NSI|APCI|APPI|ASAP|MALDI|DART|DESI|CI)"
_SIGN = r"(?<![\w.)\]])[+-]"
_BEGINS = r"(?m:^)[ \t\"#]*(?:\d{1,3}\s?:\s?)?"
_FIELD = r"(?:scan|acquisition|ms)[ _-]?(?:type|mode|function)[ \t\":=,;]{1,5}"
_ENDS = r"(?: of(?: m/z)? \d[\d.]*(?: ?(?:Da|u))?)?[ \t\",;]*(?:(?m:$)|\bC(?:E|ID)\b)"


def _says(kind: str) -> str:
    """Return a pattern for a line or a field that says this kind and no more: prose and lists of kinds tell no scan."""
    return rf"(?i:{_BEGINS}(?:(?:title\W{{1,4}})?[+-]?{kind} scan|{_FIELD}{kind}(?: scan)?){_ENDS})"


_PRECURSORS = re.compile(
    rf"\(\*\*\s*->\s?\d|{_SIGN}Prec(?:ursor)?\s?\(\d|\bFull pr \d"
    rf"|{_BEGINS}[+-]?Parents of [\d.]+\s?(?:ES|AP|ESI|APCI)[+-]|{_says('precursor[- ]ion')}"
)
_NEUTRAL = re.compile(
    rf"{_SIGN}N[LG]\s?\(\d+\.\d|\bFull cn[lg] \d|{_SIGN}{_SOURCE} Neutral (?:Loss|Gain)\b"
    rf"|{_says('neutral (?:loss|gain)')}"
)
_TWICE = re.compile(
    r"\bFull ms(?:x ms\d? |[3-9] )\d"
    rf"|{_SIGN}(?:{_SOURCE} )?(?:TOF )?MS(?:\^?[3-9](?=\s?\(\d|,\s?\d|\sScan\b)|n\([\d.]+\s?->)"
)
_LEVEL = re.compile(r"(?:MS\^?)?[3-9]", re.IGNORECASE)
_BY_FILTER = re.compile(r"@(n?etd|ecd|ead|ethcd|etcid|uvpd|irmpd|mpd)\d", re.IGNORECASE)
_BY_NAME = re.compile(
    r"(?<!\bnot )(?<!\bno )(?:\b(?:N?ETD|EThcD|ETciD|H?ECD|EAD|EIEIO|ExD|EDD|UVPD|IRMPD|BIRD)\b"
    r"|\belectron[- ](?:capture|transfer|activated|impact excitation|detachment)(?: dissociation)?+"
    r"|\b\w{0,20}photo[n-]?\s?dissociation)\b(?!\W{1,4}(?:no|not|off|none)\b)",
    re.IGNORECASE,
)


def of_titles(text: str) -> str:
    """Return why a scan of these titles may be compared with nothing here; nothing where it may."""
    if _PRECURSORS.search(text):
        return OF_PRECURSORS
    if _NEUTRAL.search(text):
        return OF_A_NEUTRAL
    if _TWICE.search(text):
        return TWICE
    found = _BY_FILTER.search(text)
    return broken_by(found[1].upper()) if found else ""


def of_dissociation(words: str) -> str:
    """Return the same of words for how ions were broken: `ETD`, `electron activated dissociation`, `EAD 10 eV`."""
    found = _BY_NAME.search(words)
    return broken_by(found[0]) if found else ""


def of_level(words: str) -> str:
    """Return the same of a level or type of spectrum: `MS3`, `3`."""
    return TWICE if _LEVEL.fullmatch(words.strip()) else ""


def broken_by(what: str) -> str:
    """Return why ions broken by `what` may be compared with nothing here."""
    return _BROKEN % what
