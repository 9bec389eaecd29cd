"""A seizure from its checklist to its exhibits: every choice is a touch, and saved as it is made."""

from collections.abc import Mapping
from typing import Annotated, cast

from fastapi import APIRouter, Form, Response

from edge.comparisons import counted
from edge.exhibit_file import ExhibitFile
from edge.station import Station
from edge.web import case_words as words
from edge.web import exhibit_words, forms, hand_words, seal_words
from edge.web.case_screen import Case, CaseOfExhibit, TheCase, TheStation, go_on
from edge.web.comparing import concluded_of
from edge.web.concluded import REFERRED
from edge.web.handing import Handing
from edge.web.notes import lines_of
from edge.web.readings import reader_of
from edge.web.screen import Page, see
from sync.contract.casework import Category, Packing, TransferCore
from sync.contract.ids import ScreeningId, Seq
from sync.contract.subject import InspectionRecord

LINES = 6
HANDS_ROOM, HANDS_BELOW_NOTICE, HANDS_LINE = 10, 8, 36
"""Lines that surely fit the card of who held it, those where a notice stands above it, and letters of one."""
MOST_PIECES = 99_999
DRAFT = "exhibit_"
CHOICES = {"category": exhibit_words.CATEGORIES, "packing": exhibit_words.PACKINGS}
SEEN: Mapping[str, Category] = {
    "powder": "powder",
    "crystals": "crystals",
    "tablets": "tablets",
    "plant": "plant",
    "liquid": "liquid",
    "paste": "resin",
}
"""How the first exhibit looks, where the officer said before the result what they saw: it is not asked twice."""

router = APIRouter(route_class=Page, include_in_schema=False)


@router.get("/screenings/{screening_id}/seizure")
def hub(case: TheCase, page: int = 1) -> Response:
    """Show what is done and what is next; a signed seizure has its record."""
    if case.checklist.signature:
        return see(f"{case.checklist.here}/record")
    items, steps = case.checklist.shown(), case.checklist.everything()
    pages = -(-len(items) // LINES)
    page = min(max(page, 1), pages)
    return case.show(
        "seizure.html",
        items=items[(page - 1) * LINES : page * LINES],
        page=page,
        pages=pages,
        done=sum(item.done for item in steps),
        steps=len(steps),
        next=case.checklist.next(),
    )


@router.post("/screenings/{screening_id}/undo")
def undo(case: TheCase, station: TheStation, entry: Annotated[int, Form()]) -> Response:
    """Take back what was put on record last, and go to where it is done again."""
    station.seizures.undo(case.operator, case.dossier.screening, Seq(entry))
    exhibit = next((each.id for each in case.dossier.exhibits if Seq(entry) in dict(each.records)), "")
    return go_on(case, station, exhibit)


@router.get("/screenings/{screening_id}/exhibits/new")
def new(case: TheCase, station: TheStation, ask: str = "") -> Response:
    """Ask how it looks, what it is packed in and how many pieces it is, one after the other."""
    if case.checklist.signature:
        return see(f"{case.checklist.here}/record")
    picked = _picked(station, case)
    asked = ask if ask in CHOICES else next((name for name in CHOICES if name not in picked), "count")
    say = case.checklist.language.say
    return case.show(
        "exhibit_new.html",
        picked=picked,
        asked=asked,
        choices={value: say(text) for value, text in CHOICES.get(asked, {}).items()},
        chosen={name: say(CHOICES[name][value]) for name, value in picked.items() if name in CHOICES},
        number=1 + max((each.number for each in case.dossier.exhibits), default=0),
    )


@router.post("/screenings/{screening_id}/exhibits/new")
def pick(
    case: TheCase,
    station: TheStation,
    category: Annotated[str, Form(max_length=16)] = "",
    packing: Annotated[str, Form(max_length=16)] = "",
    count: Annotated[int | None, Form(ge=1, le=MOST_PIECES)] = None,
) -> Response:
    """Save one choice."""
    told = {"category": category, "packing": packing, "count": str(count or "")}
    fields = {f"{DRAFT}{name}": value for name, value in told.items() if value}
    station.drafts.keep(case.operator, case.dossier.screening, **fields)
    return see(f"{case.checklist.here}/exhibits/new")


@router.post("/screenings/{screening_id}/exhibits")
def save(case: TheCase, station: TheStation) -> Response:
    """Put the exhibit on record as it was picked."""
    picked = _picked(station, case)
    if not CHOICES.keys() <= picked.keys():
        return see(f"{case.checklist.here}/exhibits/new")
    category, packing, count = picked["category"], picked["packing"], int(picked.get("count", 1))
    described = exhibit_words.description(case.checklist.language, category, count, packing)
    exhibit = station.casework.add_exhibit(
        case.operator,
        case.dossier.screening,
        described,
        cast("Category", category),
        count,
        cast("Packing", packing),
    )
    station.drafts.forget(case.dossier.screening, DRAFT)
    return go_on(case, station, exhibit)


@router.get("/exhibits/{exhibit_id}")
def exhibit(station: TheStation, case: CaseOfExhibit, exhibit_id: str, closed: bool = False) -> Response:
    """Show one exhibit: its steps until it is signed for, and whose hands it went through; `closed`: its bag is."""
    file, language = case.exhibit(exhibit_id), case.checklist.language
    people = {str(each.operator.id): each.operator.name for each in station.accounts.everybody()}
    hands: list[tuple[str, ...]] = [
        (
            hand_words.hands(language, now, people),
            words.reason(language, now.reason),
            language.say("seal %(number)s", number=seal_words.handed(language, was))
            if seal_words.is_typed(was)
            else "",
            forms.moment(language, forms.wall(was.recorded.wall)),
        )
        for now, was in file.stood(TransferCore)
    ]
    handing = Handing(station, case, file)
    half_given = handing.half_given
    noticed = closed or file.reports or half_given
    shown = _fitting(hands, HANDS_BELOW_NOTICE if noticed else HANDS_ROOM)
    signed = case.checklist.signature is not None and not case.checklist.is_returned
    may_hand_over = bool(file.seal_number) and handing.may_begin
    swapped = file.swapped and handing.read is None
    return case.show(
        "exhibit.html",
        exhibit=file,
        holder=hand_words.receiver(language, file.holder),
        items=case.checklist.of(file),
        signed=signed,
        closed=closed,
        others=", ".join(seal_words.found_seals(language, file)),
        half_given=half_given,
        sealed_by=file.custody.closed[0] if file.custody.closed else None,
        opened=file.broken is not None,
        may_hand_over=may_hand_over and not swapped,
        may_read_again=may_hand_over and swapped,
        has_left=handing.is_outside,
        holds=bool(file.seal_number) and file.holder == case.operator.name,
        swapped=swapped,
        read=_read(station, case, file),
        hands=shown,
        earlier=len(hands) - len(shown),
    )


def _read(station: Station, case: Case, file: ExhibitFile) -> str:
    """Return what the readings of an exhibit come to, and how many there are; nothing where there are none."""
    reader, dossier = reader_of(case.request), case.dossier
    number = sum(dossier.exhibit_of(each) == file.number for each in counted(dossier))
    if not number:
        return ""
    whole = concluded_of(station, reader, dossier, file.number)
    count = reader.language.count("%(number)s reading", "%(number)s readings", number)
    return f"{count}: {whole.said if whole.kind in REFERRED or not whole.conflict else whole.conflict}"


def _fitting(hands: list[tuple[str, ...]], room: int) -> list[tuple[str, ...]]:
    """Return the newest of those who held it as far as they have room; the newest in any case."""
    shown = hands[-1:]
    for each in reversed(hands[:-1]):
        if sum(lines_of(" · ".join(filter(None, row)), HANDS_LINE) for row in (each, *shown)) > room:
            break
        shown = [each, *shown]
    return shown


def _picked(station: TheStation, case: Case) -> dict[str, str]:
    """Return what was picked of the next exhibit, as far as it can be one's."""
    drafts = station.drafts.of(ScreeningId(case.dossier.screening))
    told = {name.removeprefix(DRAFT): value for name, value in drafts.items() if name.startswith(DRAFT)}
    known = {name: value for name, value in told.items() if value in CHOICES.get(name, {})}
    if told.get("count", "").isdecimal():
        known["count"] = told["count"]
    return {**_seen(case), **known}


def _seen(case: Case) -> dict[str, str]:
    inspections = case.dossier.of(InspectionRecord)
    if case.dossier.exhibits or not inspections or inspections[-1].seen not in SEEN:
        return {}
    return {"category": SEEN[inspections[-1].seen]}
