"""Who stood beside a seizure, and the numbers under which others know it. No name of anybody searched is asked for."""

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response

from edge.consent import done, is_whole
from edge.errors import BadCasework
from edge.station import Station
from edge.web import case_words as words
from edge.web import witness_words
from edge.web.case_screen import Case, KeysQuestion, TheCase, TheStation, go_on
from edge.web.consent_words import steps, to_ask
from edge.web.screen import Page, see
from edge.web.translations import mark as _
from sync.contract.seizure import ReferenceKind, ReferenceRecord, WitnessRecord, WitnessRole

Said = Literal["agreed", "refused"]
Stance = Said | Literal["absent"]
REFUSED = 409
KEPT = "witness_"
CONSENTS: Mapping[Stance, str] = {
    "agreed": _("They agree"),
    "refused": _("They refuse"),
    "absent": _("They were not there"),
}
"""What the person searched may answer, who is asked for consent; or that they could not be asked."""
ANSWERS: Mapping[Said, str] = {"agreed": _("Was present"), "refused": _("Refused")}
"""What may be answered of everybody else."""

router = APIRouter(prefix="/screenings/{screening_id}", route_class=Page, include_in_schema=False)


@router.get("/witnesses")
def witnesses(case: TheCase) -> Response:
    """Offer everybody who may stand beside it, and every number."""
    language, dossier = case.checklist.language, case.dossier
    beside = {each.role: language.say(witness_words.stance(each)) for each in dossier.of(WitnessRecord)}
    numbers = {each.kind: each.number for each in dossier.of(ReferenceRecord)}
    roles = [(name, language.say(text), beside.get(name, "")) for name, text in witness_words.WITNESSES.items()]
    kinds = [(name, language.say(text), numbers.get(name, "")) for name, text in words.REFERENCES.items()]
    ask = to_ask(language, dossier)
    return case.show("witnesses.html", roles=roles, kinds=kinds, done=bool(beside), ask=ask, again="searched" in beside)


@router.get("/witnesses/{role}")
def ask_witness(station: TheStation, case: TheCase, role: WitnessRole, stance: Said | None = None) -> Response:
    """Ask whether they agree or were there: neither answer is ready to hand. Then for a badge where they have one."""
    if case.checklist.signature:
        return see(f"{case.checklist.here}/record")
    if role == "searched":
        return _ask_searched(case)
    if stance:
        return _ask_badge(station, case, role, stance)
    return _ask_present(case, role)


@router.post("/witnesses/{role}")
def add_witness(
    station: TheStation,
    case: TheCase,
    role: WitnessRole,
    stance: Annotated[Stance, Form()],
    number: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Put on record who stood beside it; where nobody did, the seizure goes on."""
    try:
        station.seizures.witness(case.operator, case.dossier.screening, role, stance, number.strip().upper() or None)
    except BadCasework:
        if role == "searched":
            return _ask_searched(case, REFUSED)
        if not done(case.dossier):
            return _ask_present(case, role, REFUSED)
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


def _ask_searched(case: Case, status: int = 200) -> Response:
    """Ask whether they agree with what is done; where nothing is, say so and offer the next step."""
    language, about, role = case.checklist.language, done(case.dossier), "searched"
    question = language.say("Ask: do you agree with the weighing, photographs and seal?")
    if not is_whole(case.dossier, about):
        question = language.say("Ask: do you agree with what is done? %(what)s", what=steps(language, about))
    return case.show(
        "searched.html",
        status,
        title=language.say(witness_words.WITNESSES[role]),
        question=question if about else "",
        choices=[(each, language.say(text)) for each, text in CONSENTS.items()],
        next=case.checklist.next(),
    )


def _ask_present(case: Case, role: WitnessRole, status: int = 200) -> Response:
    """Ask whether they were there for what is done; where nothing is, say so and offer the next step."""
    language, about = case.checklist.language, done(case.dossier)
    question = language.say("Was this person there when it was weighed, photographed and sealed?")
    if not is_whole(case.dossier, about):
        question = language.say("Was this person there for what is done? %(what)s", what=steps(language, about))
    return case.show(
        "witness.html",
        status,
        name=role,
        title=language.say(witness_words.WITNESSES[role]),
        question=question if about else "",
        choices=[(each, language.say(text)) for each, text in ANSWERS.items()],
        next=case.checklist.next(),
    )


def _ask_badge(station: Station, case: Case, role: WitnessRole, stance: Said, problem: str = "") -> Response:
    draft, say = f"{KEPT}{role}", case.checklist.language.say
    return case.show(
        "witness_number.html",
        REFUSED if problem else 200,
        name=role,
        title=f"{say(witness_words.WITNESSES[role])}: {say(witness_words.PRESENCES[stance])}",
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
