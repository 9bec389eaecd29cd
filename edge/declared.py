"""Declared against found: where the papers of a consignment do not fit, point by point. No I/O, and no verdict."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from drivers.documents.cas import parse_cas
from drivers.documents.faults import BadDocument
from models.catalogue import Catalogue
from sync.contract.papers import DeclaredPart, Inconsistency

FIELDS: tuple[str, ...] = tuple(DeclaredPart.model_fields)
NUMBERS = frozenset({"hs", "cas"})
"""Fields that are digits alone: what stands between them is put in."""

_HS = re.compile(r"[0-9]{6}([0-9]{2}){0,2}")
_QUANTITY = re.compile(r"[0-9]{1,9}([.,][0-9]{1,6})? ?(mg|g|kg|t|ml|l)", re.IGNORECASE)
_CAS_PARTS = 5


@dataclass(frozen=True)
class Found:
    """What a reading named, and the names of isomers that it may be instead.

    `needs_permit`: it is a precursor, so a permit and a pre-export notification are asked for.
    """

    name: str
    inchikey: str
    isomers: frozenset[str]
    needs_permit: bool


def tidy_field(name: str, text: str) -> str:
    """Return a field as it is kept: on one line, a CAS number with its hyphens."""
    plain = " ".join(text.split())
    if name == "cas" and plain.isdecimal() and len(plain) >= _CAS_PARTS:
        return f"{plain[:-3]}-{plain[-3:-1]}-{plain[-1]}"
    return plain


def inconsistencies(declared: DeclaredPart, found: Found | None, catalogue: Catalogue) -> list[Inconsistency]:
    """Return each point in which the papers do not fit themselves or what was found."""
    return [*_form(declared), *(_against(declared, found, catalogue) if found else ())]


def _form(declared: DeclaredPart) -> Iterator[Inconsistency]:
    if declared.cas and not _is_cas(declared.cas):
        yield "cas-form"
    if declared.hs and not _HS.fullmatch(declared.hs.replace(".", "")):
        yield "hs-form"
    if declared.quantity and not _QUANTITY.fullmatch(declared.quantity):
        yield "quantity-form"


def _against(declared: DeclaredPart, found: Found, catalogue: Catalogue) -> Iterator[Inconsistency]:
    same = {each for each in catalogue.substances if each.name in found.isomers}
    substance = catalogue.find(found.inchikey)
    same |= {substance} if substance else set()
    forms = catalogue.stereochemistry.forms(found.inchikey)
    if _is_cas(declared.cas) and declared.cas not in {each.cas for each in (*same, *forms)}:
        yield "cas-of-another"
    named = catalogue.named_in(declared.substance)
    if declared.substance and named.isdisjoint({found.inchikey[:14], *(each.skeleton for each in same)}):
        yield "substance-differs"
    if found.needs_permit and not declared.pen:
        yield "pen-missing"
    if found.needs_permit and not declared.permit:
        yield "permit-missing"


def _is_cas(text: str) -> bool:
    try:
        parse_cas(text)
    except BadDocument:
        return False
    return True
