"""An exhibit on paper: how it looks, its weights, photographs and seals."""

from collections.abc import Iterator, Mapping

from edge.exhibit_file import ExhibitFile
from edge.paper.sheet import Line
from edge.paper.teller import Teller
from edge.web import case_words, exhibit_words, forms, seal_words, weight_words
from edge.web.scale_words import scale_words
from edge.web.translations import mark as _
from sync.contract.casework import (
    ExhibitCore,
    NumberRead,
    OccasionalWeight,
    PackedExhibit,
    PhotoRecord,
    SealCheckCore,
    SealCore,
    WeightCore,
    WeightRecord,
)
from sync.contract.record import Record

WEIGHTS: Mapping[str, str] = {"gross": _("Gross weight"), "net": _("Net weight"), "tare": _("Tare")}
MANUAL = _("MANUAL")
SEALS: Mapping[str, str] = {"applied": _("Seal applied"), "broken": _("Seal broken")}


def tell_exhibit(teller: Teller, record: ExhibitCore) -> Iterator[Line]:
    yield Line(teller.say("Exhibit %(number)s", number=record.number))
    said = exhibit_words.described(teller.language, record, record)
    yield Line(teller.say("What it is"), said)
    told = [each for each in looks(teller, record) if each and each not in said]
    if told:
        yield Line(teller.say("How it looks"), " · ".join(told))


def looks(teller: Teller, record: ExhibitCore) -> tuple[str, str, str]:
    """Return how an exhibit looks, how many pieces it is and what it is packed in; empty what was not told."""
    if not isinstance(record, PackedExhibit):
        return "", "", ""
    category = teller.say(exhibit_words.CATEGORIES[record.category]) if record.category else ""
    packing = teller.say(exhibit_words.PACKINGS[record.packing]) if record.packing else ""
    pieces = teller.language.count("%(number)s piece", "%(number)s pieces", record.count) if record.count else ""
    return category, pieces, packing


def tell_weight(teller: Teller, record: WeightCore) -> Iterator[Line]:
    yield Line(weighed(teller, record))
    if record.source == "typed":
        yield Line(teller.say("As it was typed"), weight(teller, record), "strong")
    elif isinstance(record, WeightRecord):
        yield Line(teller.say("As the scale sent it"), weight(teller, record), "strong")
        yield Line(teller.say("Tare on the scale"), _tare(teller, record))
    else:
        yield Line(teller.say("As it was put down"), weight(teller, record), "strong")


def weighed(teller: Teller, record: WeightCore) -> str:
    """Return which weight it is, and whether it was taken before or after sampling."""
    occasion = record.occasion if isinstance(record, OccasionalWeight) else "found"
    kind = teller.say(WEIGHTS[record.kind])
    return f"{kind}, {teller.say(weight_words.OCCASIONS[occasion])}" if occasion in weight_words.OCCASIONS else kind


def weight(teller: Teller, record: WeightCore, *, amended: bool = False) -> str:
    """Return a weight as the scale sent it, and which scale that was; a typed or amended one says so."""
    said = amount(teller, record, amended=amended)
    if record.source != "scale" or amended or not record.scale:
        return said
    return f"{said} · {scale_words(teller.language, record.scale)}"


def amount(teller: Teller, record: WeightCore, *, amended: bool = False) -> str:
    """Return a weight without the scale's name; a typed or amended one says so."""
    manual = record.source != "scale" or amended
    said = f"{weight_words.digits(record)} · {teller.say(MANUAL)}" if manual else weight_words.digits(record)
    return case_words.corrected(teller.language, said) if amended else said


def _tare(teller: Teller, record: WeightRecord) -> str:
    if record.tare:
        return f"{record.tare.value}{forms.SPACE}{record.tare.unit}"
    return teller.say("some: the scale says net") if record.basis == "net" else teller.say("the scale does not tell")


def tell_photo(teller: Teller, record: PhotoRecord) -> Iterator[Line]:
    yield Line(teller.say("Photograph"))
    if record.caption:
        yield Line(teller.say("Shows"), record.caption)
    yield Line("SHA-256", forms.digest(record.photo.digest.hex()), "hash")
    yield Line(teller.say("Size"), f"{forms.number(record.photo.size)}{forms.SPACE}B")


def tell_seal(teller: Teller, record: SealCore) -> Iterator[Line]:
    yield Line(sealing(teller, record))
    yield from number_read(teller, record, seal(teller, record))
    yield Line(teller.say("Reason"), teller.reason(record.reason))


def number_read(teller: Teller, record: Record, number: str) -> Iterator[Line]:
    """Yield the number of a seal, and that it was scanned."""
    yield Line(teller.say("Seal number"), number, "strong")
    if isinstance(record, NumberRead) and record.source == "scanned":
        yield Line(teller.say("How"), teller.say("scanned"))


def seal(teller: Teller, record: SealCore, *, amended: bool = False) -> str:
    """Return the number of a seal; a typed or amended one says so."""
    return seal_words.seal(teller.language, record, MANUAL, amended=amended)


def closing(teller: Teller, file: ExhibitFile) -> str:
    """Return the number of the seal that closes an exhibit's bag now; nothing where it is open."""
    return seal_words.closing(teller.language, file, MANUAL)


def sealing(teller: Teller, record: SealCore) -> str:
    """Return what was done with the seal."""
    return teller.say(SEALS[record.action])


def tell_seal_check(teller: Teller, record: SealCheckCore) -> Iterator[Line]:
    yield Line(teller.say("Another seal on the bag"))
    yield Line(teller.say("Found"), record.found, "strong")
    yield Line(teller.say("On record"), record.on_record)
    yield Line(teller.say("How"), teller.say("scanned") if record.source == "scanned" else teller.say("typed"))
