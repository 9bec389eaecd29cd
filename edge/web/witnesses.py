"""Who stood beside a seizure, and the numbers under which others know it. No name of anybody searched is asked for."""

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response

from edge.errors import BadCasework
from edge.station import Station
from edge.web import case_words as words
from edge.web.case_screen import Case, KeysQuestion, TheCase, TheStation, go_on
from edge.web.screen import Page, see
from edge.web.translations import mark as _
from sync.contract.seizure import ReferenceKind, ReferenceRecord, WitnessRecord, WitnessRole

Said = Literal["agreed", "refused"]
REFUSED = 409
KEPT = "witness_"
ANSWERS: Mapping[bool, Mapping[Said, str]] = {
    True: {"agreed": _("They agree"), "refused": _("They refuse")},
    False: {"agreed": _("Was present"), "refused": _("Refused")},
}
"""What may be answered: of the person searched, who is asked for consent, and of everybody else."""

router = APIRouter(prefix="/screenings/{screening_id}", route_class=Page, include_in_schema=False)


@router.get("/witnesses")
def witnesses(case: TheCase) -> Response:
    """Offer everybody who may stand beside it, and every number."""
    language, dossier = case.checklist.language, case.dossier
    beside = {each.role: language.say(words.short_stance(each)) for each in dossier.of(WitnessRecord)}
    numbers = {each.kind: each.number for each in dossier.of(ReferenceRecord)}
    roles = [(name, language.say(text), beside.get(name, "")) for name, text in words.WITNESSES.items()]
    kinds = [(name, language.say(text), numbers.get(name, "")) for name, text in words.REFERENCES.items()]
    return case.show("witnesses.html", roles=roles, kinds=kinds, done=bool(beside))


@router.get("/witnesses/{role}")
def ask_witness(station: TheStation, case: TheCase, role: WitnessRole, stance: Said | None = None) -> Response:
    """Ask whether they agree or were there: neither answer is ready to hand. Then for a badge where they have one."""
    if case.checklist.signature:
        return see(f"{case.checklist.here}/record")
    if stance and role != "searched":
        return _ask_badge(station, case, role, stance)
    say = case.checklist.language.say
    choices = [(each, say(text)) for each, text in ANSWERS[role == "searched"].items()]
    return case.show("witness.html", name=role, title=say(words.WITNESSES[role]), choices=choices)


@router.post("/witnesses/{role}")
def add_witness(
    station: TheStation,
    case: TheCase,
    role: WitnessRole,
    stance: Annotated[Said | Literal["absent"], Form()],
    number: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Put on record who stood beside it; where nobody did, the seizure goes on."""
    try:
        station.seizures.witness(case.operator, case.dossier.screening, role, stance, number.strip().upper() or None)
    except BadCasework:
        return _ask_badge(station, case, role, "refused" if stance == "refused" else "agreed", _wrong(case))
    station.drafts.forget(case.dossier.screening, f"{KEPT}{role}")
    return go_on(case, station) if stance == "absent" else see(f"{case.checklist.here}/witnesses")


@router.get("/references/{kind}")
def ask_reference(station: TheStation, case: TheCase, kind: ReferenceKind) -> Response:
    """Ask for a number under which others know the case."""
    return _ask_reference(station, case, kind)


@router.post("/references/{kind}")
def add_reference(
    station: TheStation, case: TheCase, kind: ReferenceKind, number: Annotated[str, Form(max_length=64)]
) -> Response:
    """Put that number on record."""
    try:
        station.seizures.refer(case.operator, case.dossier.screening, kind, number.strip().upper())
    except BadCasework:
        return _ask_reference(station, case, kind, _wrong(case))
    station.drafts.forget(case.dossier.screening, f"{KEPT}{kind}")
    return see(f"{case.checklist.here}/witnesses")


def _ask_badge(station: Station, case: Case, role: WitnessRole, stance: Said, problem: str = "") -> Response:
    draft, say = f"{KEPT}{role}", case.checklist.language.say
    return case.show(
        "witness_number.html",
        REFUSED if problem else 200,
        name=role,
        title=f"{say(words.WITNESSES[role])}: {say(words.PRESENCES[stance])}",
        stance=stance,
        draft=draft,
        value=station.drafts.of(case.dossier.screening).get(draft, ""),
        problem=problem,
    )


def _ask_reference(station: Station, case: Case, kind: ReferenceKind, problem: str = "") -> Response:
    say, here = case.checklist.language.say, case.checklist.here
    if case.checklist.signature:
        return see(f"{here}/record")
    question = KeysQuestion(
        say(words.REFERENCES[kind]),
        f"{here}/references/{kind}",
        f"{here}/witnesses",
        say("Save the number"),
        f"{KEPT}{kind}",
        note=say("The number alone, as it was given."),
        most=40,
    )
    return case.ask_keys(station, question, problem)


def _wrong(case: Case) -> str:
    return case.checklist.language.say("Only capital letters, digits and - / . make a number; names are not kept.")
