"""Plain words for whose hands an exhibit went through, and why."""

from collections.abc import Mapping
from types import MappingProxyType

from edge.web.translations import Language
from edge.web.translations import mark as _
from sync.contract.casework import GivenTransfer, TransferCore

PLACES: Mapping[str, str] = {
    "laboratory": _("Laboratory"),
    "prosecutor": _("Prosecutor's office"),
    "store": _("Evidence store"),
    "authority": _("Other authority"),
}
REASONS: Mapping[str, str] = {
    "analysis": _("Laboratory analysis"),
    "custody": _("Custody goes on"),
    "storage": _("Storage"),
    "transport": _("Transport"),
    "court": _("To be shown in court"),
    "return": _("Given back"),
}


def receiver(language: Language, text: str) -> str:
    """Return who received an exhibit: a name, and the place in this language where it was picked."""
    name, comma, place = text.rpartition(", ")
    return f"{name}{comma}{language.again(place, PLACES.values())}"


def hands(language: Language, record: TransferCore, people: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return from whom to whom an exhibit went; `people` names by id who may have signed for an absent giver."""
    signed = people.get(record.given_by or "", record.giver) if isinstance(record, GivenTransfer) else record.giver
    return f"{giver(language, record.giver, signed)} → {receiver(language, record.receiver)}"


def giver(language: Language, name: str, signed: str) -> str:
    """Return who gives an exhibit, and who signs for them where they are absent."""
    said = receiver(language, name)
    return said if signed == name else language.say("%(name)s; for them: %(other)s", name=said, other=signed)
