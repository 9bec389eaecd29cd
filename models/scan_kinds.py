"""Scans that nothing here is compared with: of whole ions instead of fragments, or of ions not broken by collision.

Known: Agilent `+ESI Precursor Ion (** -> 182.1)` and `Neutral Loss (122.0)`, SCIEX `+Prec (182.1)` and `-NL (122.0)`,
Thermo `Full pr`, `Full cnl` and `@etd30.00`, Waters `Parents of 182ES+`; ETD, ECD, EAD, UVPD and the like by name, as
in MassBank's FRAGMENTATION_MODE.
"""

import re

OF_PRECURSORS = "a scan for precursors: its peaks are whole ions, not fragments; measure product ions"
OF_A_NEUTRAL = "a scan for a neutral loss or gain: its peaks are whole ions, not fragments; measure product ions"
_BROKEN = "its ions were broken by %s, those that it is compared with by collision; measure with CID or HCD"
_PRECURSORS = re.compile(
    r"\*\*\s*->|(?<![\w.)\]])[+-]\s?Prec(?:ursor)?\s?\(\d|\bFull pr\b|(?i:\bparents of \d)"
    r"|(?i:\bprecursor[- ]ion scan\b)(?!\s*(?:no|num|#|[:=]))"
)
_NEUTRAL = re.compile(
    r"(?<![\w.)\]])[+-]\s?N[LG]\s?\(\d+\.\d|\bFull cn[lg]\b|(?i:\bneutral (?:loss|gain) (?:scan\b|of \d|\())"
)
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
    found = _BY_FILTER.search(text)
    return broken_by(found[1].upper()) if found else ""


def of_dissociation(words: str) -> str:
    """Return the same of words for how ions were broken: `ETD`, `electron activated dissociation`, `EAD 10 eV`."""
    found = _BY_NAME.search(words)
    return broken_by(found[0]) if found else ""


def broken_by(what: str) -> str:
    """Return why ions broken by `what` may be compared with nothing here."""
    return _BROKEN % what
