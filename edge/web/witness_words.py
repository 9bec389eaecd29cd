"""Plain words for who stood beside a seizure, and what they said."""

from collections.abc import Mapping
from types import MappingProxyType

from edge.web.translations import Language
from edge.web.translations import mark as _
from sync.contract.seizure import WitnessRecord

WITNESSES: Mapping[str, str] = {
    "searched": _("Person searched"),
    "witness": _("Witness"),
    "colleague": _("Colleague"),
    "interpreter": _("Interpreter"),
    "counsel": _("Defence counsel"),
}
STANCES: Mapping[str, str] = {
    "agreed": _("agreed"),
    "refused": _("refused"),
    "absent": _("was not there"),
}
PRESENCES: Mapping[str, str] = {**STANCES, "agreed": _("was present"), "absent": _("not present")}
"""What it means of everybody else: they are asked for no consent."""


def witness(
    language: Language, record: WitnessRecord, answered: Mapping[WitnessRecord, str] = MappingProxyType({})
) -> str:
    """Return who stood beside it and what they said; `answered` tells what the person searched answered about."""
    said = f"{language.say(WITNESSES[record.role])}: {answered.get(record) or language.say(stance(record))}"
    return f"{said} ({record.reference})" if record.reference else said


def stance(record: WitnessRecord) -> str:
    """Return what somebody said, or whether they were there, in a word or two."""
    return (STANCES if record.role == "searched" else PRESENCES)[record.stance]
