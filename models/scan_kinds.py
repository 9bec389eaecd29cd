"""Scans that nothing here is compared with: of whole ions, of several ions, or of ions not broken once by collision.

Known: Agilent `+ESI Precursor Ion (** -> 182.1)` and `Neutral Loss (122.0)`, SCIEX `+Prec (182.1)` and `-NL (122.0)`,
Thermo `Full pr`, `Full cnl`, `Full ms3`, `Full msx` and `@etd30.00`, Bruker `+MS3(304.1->182.1)`, Waters
`Parents of 182ES+`; ETD, ECD, EAD, UVPD and the like by name, as in MassBank's FRAGMENTATION_MODE.
"""

import re

OF_PRECURSORS = "a scan for precursors: its peaks are whole ions, not fragments; measure product ions"
OF_A_NEUTRAL = "a scan for a neutral loss or gain: its peaks are whole ions, not fragments; measure product ions"
TWICE = "several ions were isolated, or one was broken twice; all that it is compared with is of one ion, broken once"
_BROKEN = "its ions were broken by %s, those that it is compared with by collision; measure with CID or HCD"
_PRECURSORS = re.compile(
    r"\*\*\s*->|(?<![\w.)\]])[+-]\s?Prec(?:ursor)?\s?\(\d|\bFull pr\b|(?i:\bparents of \d)"
    r"|(?i:\bprecursor[- ]ion scan\b)(?!\s*(?:no|num|#|[:=]))"
)
_NEUTRAL = re.compile(
    r"(?<![\w.)\]])[+-]\s?N[LG]\s?\(\d+\.\d|\bFull cn[lg]\b|(?i:\bneutral (?:loss|gain) (?:scan\b|of \d|\())"
)
_TWICE = re.compile(r"\bFull ms(?:x\b|[3-9]\b)|(?<![\w.)\]])[+-](?:TOF )?MS(?:\^?[3-9]\b|n\([\d.]+\s?->)")
_LEVEL = re.compile(r"(?:MS\^?)?[3-9]", re.IGNORECASE)
_BY_FILTER = re.compile(r"@(n?etd|ecd|ead|ethcd|etcid|uvpd|irmpd|mpd)\d", re.IGNORECASE)
_BY_NAME = re.compile(
    r"\b(?:N?ETD|EThcD|ETciD|H?ECD|EAD|EIEIO|ExD|EDD|UVPD|IRMPD|BIRD)\b"
    r"|\belectron[- ](?:capture|transfer|activated|impact excitation|detachment)(?: dissociation)?"
    r"|\b\w{0,20}photo[n-]?\s?dissociation",
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
