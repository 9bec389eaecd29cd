"""An entry of a seizure, and what should have stood in it: nothing is edited, a correction is an entry of its own."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from edge.amendable import amendable, as_made
from edge.amended import check
from edge.approvals import Proof
from edge.encounters import may_act
from edge.errors import BadCasework, UnknownCase
from edge.permissions import may
from edge.standing import Standing
from edge.station import Station
from edge.web import case_words as words
from edge.web import forms, record_words
from edge.web.amended_words import field_of
from edge.web.case_rows import summary
from edge.web.case_screen import Case, Officer, PinQuestion, TheStation, case_of
from edge.web.comparing import numbered, reading_name
from edge.web.masses import PLAUSIBLE, grams, tonnes
from edge.web.papers import Fact
from edge.web.readings import reader_of
from edge.web.screen import Page, see
from edge.web.translations import Language
from edge.web.voiding import void_words
from edge.web.words import ROLES
from sync.contract.acts import void_subject
from sync.contract.approval import ApprovalRecord
from sync.contract.casework import AmendmentRecord, ChangePart, VoidRecord, WeightCore
from sync.contract.ids import Seq
from sync.contract.record import Record

MUCH = 5

router = APIRouter(prefix="/entries/{entry}", route_class=Page, include_in_schema=False)


def case_of_entry(request: Request, station: TheStation, operator: Officer, entry: int) -> Case:
    """Return the seizure that the entry of the address is about."""
    return case_of(request, station, operator, station.casework.screening_at(Seq(entry)))


CaseOfEntry = Annotated[Case, Depends(case_of_entry)]


@router.get("")
def show(station: TheStation, case: CaseOfEntry, entry: int) -> Response:
    """Show an entry as it stands, and every correction of it."""
    record, language = _record(case, entry), case.checklist.language
    title, said = record_words.said(language, record)
    counts = Seq(entry) not in case.dossier.voids and Seq(entry) not in dict(case.dossier.undone)
    return case.show(
        "entry.html",
        entry=entry,
        title=title,
        said=said,
        facts=_facts(station, case, record, Seq(entry)),
        corrections=_corrections(station, case, entry),
        amendable=counts and bool(_fields(record)) and may_act(case.operator, "casework"),
        may_void=counts and may(case.operator, "void") and not isinstance(record, ApprovalRecord),
    )


@router.get("/amend")
def pick_field(case: CaseOfEntry, entry: int) -> Response:
    """Ask what is wrong in it."""
    say, record = case.checklist.language.say, _record(case, entry)
    choices = [(name, say(text), _now(case, entry, name)) for name, text in _fields(record).items()]
    if len(choices) == 1:
        return see(f"/entries/{entry}/amend/{choices[0][0]}")
    return case.show("amend_field.html", entry=entry, choices=choices)


@router.get("/amend/{field}")
def ask_value(station: TheStation, case: CaseOfEntry, entry: int, field: str, change: bool = False) -> Response:
    """Ask for the right words, then why; then show both and let the person sign."""
    record, kept = _record(case, entry), _kept(station, case, entry)
    if field not in _fields(record):
        return see(f"/entries/{entry}")
    say = case.checklist.language.say
    title, now = say(_fields(record)[field]), _now(case, entry, field)
    right = kept.get(field)
    if right is None or change or _wrong(case, entry, field, right):
        return _ask_value(station, case, entry, field)
    if "why" not in kept:
        choices = [(name, say(text)) for name, text in words.MISTAKES.items() if name != "practice"]
        return case.show("amend_why.html", entry=entry, field=field, choices=choices)
    said, unit, doubt = words.MISTAKES[kept["why"]], _unit(record, field), _doubt(case, entry, record, field, right)
    now, right = f"{now}{unit}" if now else forms.NOTHING, f"{right}{unit}"
    facts = [(title, now), (say("Should be"), right), (say("Why"), say(said))]
    return case.show("amend.html", entry=entry, field=field, facts=facts, doubt=doubt)


@router.post("/amend/{field}")
def keep(
    station: TheStation,
    case: CaseOfEntry,
    entry: int,
    field: str,
    value: Annotated[str, Form(max_length=200)] = "",
    why: Annotated[str, Form(max_length=16)] = "",
) -> Response:
    """Save an answer."""
    record = _record(case, entry)
    if value.strip() and field in _fields(record) and _wrong(case, entry, field, value.strip()):
        return _ask_value(station, case, entry, field, value.strip())
    told = {field: value.strip(), "why": why if why in words.MISTAKES else ""}
    fields = {_draft(entry, name): text for name, text in told.items() if text}
    station.drafts.keep(case.operator, case.dossier.screening, **fields)
    if value.strip():
        station.drafts.forget(case.dossier.screening, _draft(entry, f"{field}_typed"))
    return see(f"/entries/{entry}/amend/{field}")


@router.post("/amend/{field}/sign")
def amend(
    station: TheStation, case: CaseOfEntry, entry: int, field: str, held: Annotated[str, Form(max_length=8)] = ""
) -> Response:
    """Put the amendment on record, once it was held."""
    if held != words.HELD:
        return see(f"/entries/{entry}/amend/{field}/sign")
    return _amend(station, case, entry, field)


@router.get("/amend/{field}/sign")
def ask_pin(case: CaseOfEntry, entry: int, field: str) -> Response:
    """Ask for the PIN of who amends."""
    return case.ask_pin(_question(case, entry, field))


@router.post("/amend/{field}/pin")
def amend_by_pin(
    station: TheStation, case: CaseOfEntry, entry: int, field: str, pin: Annotated[str, Form(max_length=64)] = ""
) -> Response:
    """Put the amendment on record, by a PIN."""
    proof = case.prove(station, _question(case, entry, field), pin)
    return _amend(station, case, entry, field) if isinstance(proof, Proof) else proof


def _ask_value(station: Station, case: Case, entry: int, field: str, refused: str = "") -> Response:
    """Ask for the right words in an empty field; `refused` are words that cannot stand there, and are said why."""
    record, say = _record(case, entry), case.checklist.language.say
    draft, now = _draft(entry, f"{field}_typed"), _now(case, entry, field)
    if refused:
        station.drafts.forget(case.dossier.screening, draft)
    typed = "" if refused else station.drafts.of(case.dossier.screening).get(draft, "")
    unfit = words.SAID_ALREADY if refused == now else words.UNFIT.get(field, words.UNFIT[""])
    problem = say(unfit, value=refused) if refused else ""
    return case.show(
        "amend_value.html",
        422 if refused else 200,
        entry=entry,
        field=field,
        title=say(_fields(record)[field]),
        now=f"{now}{_unit(record, field)}" if now else forms.NOTHING,
        draft=draft,
        value=typed,
        problem=problem,
    )


def _wrong(case: Case, entry: int, field: str, right: str) -> bool:
    """Tell whether a field of an entry cannot say this, or says it already: as it was made, or amended since."""
    record = _record(case, entry)
    try:
        check(record, [ChangePart(field=field, was=as_made(record, field), should_be=right)], {})
    except BadCasework:
        return True
    return right == _now(case, entry, field)


def _doubt(case: Case, entry: int, record: Record, field: str, right: str) -> str:
    """Return that a weight becomes many times what its entry said, a small part of it, or tonnes; or nothing."""
    if not isinstance(record, WeightCore) or field not in ("value", "unit"):
        return ""
    amended = [part for _, each in case.dossier.amendments.get(Seq(entry), ()) for part in each.changes]
    now = record.model_copy(update={**{part.field: part.should_be for part in amended}, field: right})
    was, becomes = grams(record.value, record.unit), grams(now.value, now.unit)
    if isinstance(was, str) or isinstance(becomes, str):
        return ""
    say = case.checklist.language.say
    if becomes >= MUCH * was:
        return say("It is much more than it said. Look at the scale and the unit again.")
    if MUCH * becomes <= was:
        return say("It is much less than it said. Look at the scale and the unit again.")
    heavy = tonnes(now.value, now.unit)
    if heavy <= PLAUSIBLE:
        return ""
    return say("That is %(tonnes)s t. Look at the scale and the unit again.", tonnes=forms.number(float(heavy), 1))


def _question(case: Case, entry: int, field: str) -> PinQuestion:
    here, say = f"/entries/{entry}/amend/{field}", case.checklist.language.say
    about = say("Both stay on record and both are printed. It cannot be undone.")
    return PinQuestion(case.operator, f"{here}/pin", here, about, say("Amend"))


def _amend(station: Station, case: Case, entry: int, field: str) -> Response:
    record, kept = _record(case, entry), _kept(station, case, entry)
    if field not in _fields(record) or not {field, "why"} <= kept.keys() or _wrong(case, entry, field, kept[field]):
        return see(f"/entries/{entry}/amend/{field}")
    said, now = words.MISTAKES[kept["why"]], _now(case, entry, field)
    reason = case.checklist.language.say(said)
    station.casework.amend(case.operator, Seq(entry), reason, [(field, now, kept[field])])
    station.drafts.forget(case.dossier.screening, _draft(entry, ""))
    return see(f"/entries/{entry}")


@router.get("/void")
def ask_void(case: CaseOfEntry, entry: int) -> Response:
    """Ask why an entry no longer counts."""
    language = case.checklist.language
    title, said = record_words.said(language, _record(case, entry))
    choices = [(name, language.say(text)) for name, text in words.MISTAKES.items()]
    return case.show("void.html", entry=entry, title=title, said=said, choices=choices)


@router.post("/void")
def void(
    request: Request,
    station: TheStation,
    case: CaseOfEntry,
    entry: int,
    why: Annotated[str, Form(max_length=16)],
) -> Response:
    """Let the void wait for the two persons that it takes."""
    if why not in words.MISTAKES:
        return see(f"/entries/{entry}/void")
    language, seq, said = case.checklist.language, Seq(entry), words.MISTAKES[why]
    reason = language.say(said)
    shown = language.say(
        "Entry %(seq)s, %(what)s, no longer counts: %(why)s. It is of: %(case)s",
        seq=entry,
        what=_what(request, case, entry),
        why=reason,
        case=summary(station, reader_of(request), case.dossier),
    )
    act = station.desk.begin(
        case.operator,
        "void",
        void_subject(seq, reason),
        lambda approval: station.casework.void(approval, seq, reason),
        shown,
        then=f"/entries/{entry}",
    )
    return see(f"/acts/{act.id}")


def _what(request: Request, case: Case, entry: int) -> str:
    """Return what an entry is and says, for who allows that it counts no more: of a reading its whole conclusion."""
    reader = reader_of(request)
    for number, reading in numbered(case.dossier):
        if reading.seq == entry:
            result = reader.result(reading)
            name = reading_name(reader.language, number, case.dossier.exhibit_of(reading))
            return f"{name}: {result.word}, {result.brief}"
    return ": ".join(filter(None, record_words.said(reader.language, _record(case, entry))))


def _record(case: Case, entry: int) -> Record:
    for seq, record in (*case.dossier.entries, *case.dossier.undone):
        if seq == entry:
            return record
    raise UnknownCase(f"entry {entry} is about no seizure of this station")


def _facts(station: Station, case: Case, record: Record, seq: Seq) -> list[Fact]:
    language = case.checklist.language
    say, people = language.say, {each.operator.id: each.operator for each in station.accounts.everybody()}
    who = people.get(record.operator) if record.operator else None
    return [
        Fact(say("Number"), f"{station.settings.station} · {seq}"),
        *([Fact(say("By"), f"{who.name}, {say(ROLES[who.role])}")] if who else []),
        Fact(say("When"), forms.moment(language, forms.wall(record.recorded.wall))),
        Fact(say("Digest"), forms.digest(station.envelope(seq).digest), "hash"),
    ]


def _corrections(station: Station, case: Case, entry: int) -> list[str]:
    language, lines = case.checklist.language, list[str]()
    people = {str(each.operator.id): each.operator.name for each in station.accounts.everybody()}
    for _, record in case.dossier.records:
        if not isinstance(record, AmendmentRecord | VoidRecord) or record.concerns.seq != entry:
            continue
        when = forms.moment(language, forms.wall(record.recorded.wall))
        reason = words.reason(language, record.reason)
        if isinstance(record, VoidRecord):
            void = void_words(station, language, case.dossier.voids[Seq(entry)])
            lines.append(language.say("It counts no more: %(why)s", why=void))
            continue
        who = people.get(str(record.operator), record.operator)
        stays = [_staying(language, _record(case, entry), part) for part in record.changes]
        lines += [
            f"{name}{part.was} → {part.should_be}: {reason} ({who}, {when})"
            for name, part in zip(stays, record.changes, strict=True)
        ]
    return lines


def _staying(language: Language, record: Record, change: ChangePart) -> str:
    """Return the name of a field that an older program let be amended, and that it stays; nothing of any other."""
    return "" if change.field in amendable(record) else f"{field_of(language, record, change)}: "


def _fields(record: Record) -> Mapping[str, str]:
    return {field: words.FIELDS[field] for field in amendable(record)}


def _now(case: Case, entry: int, field: str) -> str:
    """Return what a field of an entry says now: what an amendment says that it should, else what it was made with."""
    amended = Standing.of(case.dossier.records).amended.get(Seq(entry), {})
    return amended.get(field, as_made(_record(case, entry), field))


def _unit(record: Record, field: str) -> str:
    """Return what stands behind the digits of a weight."""
    return f"{forms.SPACE}{record.unit}" if isinstance(record, WeightCore) and field == "value" else ""


def _kept(station: Station, case: Case, entry: int) -> dict[str, str]:
    prefix = _draft(entry, "")
    drafts = station.drafts.of(case.dossier.screening)
    return {name.removeprefix(prefix): value for name, value in drafts.items() if name.startswith(prefix)}


def _draft(entry: int, what: str) -> str:
    return f"amend_{entry}_{what}"
