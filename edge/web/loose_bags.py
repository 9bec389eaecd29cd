"""Bags that are in nobody's sure hands, for Home: somebody signed to give one, or it lies open."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request

from edge.cases import LooseBag
from edge.encounters import may_act
from edge.permissions import Action
from edge.seals_read import Way
from edge.station import Station
from edge.views import OperatorView
from edge.web import seal_words
from edge.web.case_screen import Case
from edge.web.checklist import Checklist
from edge.web.handing import Handing
from edge.web.translations import Language
from edge.web.translations import mark as _

ACTS: Mapping[Way, Action] = {"handover": "transfer", "open": "casework"}
TITLES: Mapping[Way, str] = {"handover": _("Continue the hand-over"), "open": _("Continue: the bag is open")}


@dataclass(frozen=True)
class Row:
    """One row of Home: what is gone on with, and which exhibit it is."""

    href: str
    title: str
    told: str


def loose_bags(request: Request, station: Station, operator: OperatorView, language: Language) -> Row | None:
    """Return the first of them, and how many more there are; None where there is none, or it is no task of theirs."""
    found = [each for each in station.cases.loose(training=operator.training) if may_act(operator, ACTS[each.way])]
    if not found:
        return None
    title = language.say(TITLES[found[0].way])
    told, more = _told(request, station, operator, language, found[0]), len(found) - 1
    said = language.say("%(named)s and %(more)s more", named=told, more=more) if more else told
    return Row(f"/exhibits/{found[0].exhibit}", title, said)


def _told(request: Request, station: Station, operator: OperatorView, language: Language, bag: LooseBag) -> str:
    dossier = station.casework.dossier(bag.screening)
    case = Case(request, operator, dossier, Checklist(language, dossier))
    file = case.exhibit(bag.exhibit)
    exhibit = language.say("Exhibit %(number)s", number=file.number)
    if bag.way == "handover":
        return " → ".join(filter(None, [exhibit, Handing(station, case, file).half_given]))
    return f"{exhibit} · {seal_words.broken(language, file)}"
