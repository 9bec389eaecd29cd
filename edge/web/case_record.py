"""The signed record of a seizure: who signed what, how far it travelled, and each entry of it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from markupsafe import Markup

from edge.dossier import Dossier
from edge.exhibit_file import ExhibitFile
from edge.marks import Mark, qr_svg
from edge.permissions import may
from edge.standing import Standing
from edge.station import Station
from edge.views import ReadingView
from edge.web import forms, hand_words, record_words, seal_words
from edge.web.case_screen import Case, TheCase, TheStation
from edge.web.comparing import Whole, compared, concluded, exhibit_name, seizure_name
from edge.web.lacking_words import lacking
from edge.web.papers import Fact
from edge.web.readings import reader_of
from edge.web.screen import Page, see
from edge.web.signing import few
from edge.web.translations import Language
from edge.web.words import ROLES
from sync.contract.casework import AmendmentRecord, VoidRecord
from sync.contract.comparison import ComparisonCore
from sync.contract.ids import Seq
from sync.contract.observations import SecondTechniqueRecord
from sync.contract.record import Record
from sync.contract.seizure import ReviewRecord, SignatureRecord

ROWS = 6


@dataclass(frozen=True)
class Row:
    """One exhibit in a list."""

    href: str
    title: str
    lines: tuple[str, ...]


router = APIRouter(prefix="/screenings/{screening_id}", route_class=Page, include_in_schema=False)


@router.get("/record")
def record(request: Request, station: TheStation, case: TheCase) -> Response:
    """Show the record; an unsigned seizure has its checklist."""
    signed = [(seq, it) for seq, it in case.dossier.records if isinstance(it, SignatureRecord)]
    if not signed:
        return see(f"{case.checklist.here}/seizure")
    whole, say = concluded(station, reader_of(request), case.dossier), case.checklist.language.say
    void = [Fact(say("Readings"), whole.void)] if whole.void else []
    unsigned = [Fact(say("Signature"), whole.unsigned, "lacks")] if whole.unsigned else []
    facts = [*void, *unsigned, *_since(case, whole), *_signature(station, case, *signed[-1], whole.doubt)]
    code = Markup(qr_svg(_mark(station, case, *signed[-1]).text))  # noqa: S704 - drawn here
    return case.show(
        "case_record.html",
        conclusion=whole,
        facts=facts,
        code=code,
        may_release=may(case.operator, "release"),
    )


@router.get("/entries")
def entries(case: TheCase, page: Annotated[int, Query(ge=1, le=1000)] = 1) -> Response:
    """Show every entry of the seizure, a few on a page."""
    language, corrected = case.checklist.language, _corrected(case)
    read = {each.seq: each for each in case.dossier.readings}
    rows = [
        (
            seq,
            *entry_words(language, case.dossier, it, read.get(seq)),
            corrected.get(seq, ""),
            it.recorded.wall,
            forms.hour(forms.wall(it.recorded.wall)),
        )
        for seq, it in case.dossier.entries
    ]
    pages = max(1, -(-len(rows) // ROWS))
    page = min(page, pages)
    return case.show(
        "entries.html",
        rows=rows[(page - 1) * ROWS : page * ROWS],
        page=page,
        pages=pages,
        has_files=bool(case.dossier.of(SecondTechniqueRecord)),
        seizure=seizure_name(language, case.dossier),
    )


@router.get("/exhibits")
def exhibits(case: TheCase, page: Annotated[int, Query(ge=1, le=1000)] = 1) -> Response:
    """Show the exhibits, a few on a page; a single one at once."""
    files = case.dossier.exhibits
    if len(files) == 1:
        return see(f"/exhibits/{files[0].id}")
    pages = max(1, -(-len(files) // ROWS))
    page = min(page, pages)
    rows = [_exhibit(case, each) for each in files[(page - 1) * ROWS : page * ROWS]]
    return case.show("exhibits.html", rows=rows, page=page, pages=pages)


def entry_words(language: Language, dossier: Dossier, record: Record, reading: ReadingView | None) -> tuple[str, str]:
    """Return the name and the content of an entry; a reading, and a comparison, say of which exhibit they are."""
    name, content = record_words.said(language, record)
    number = dossier.exhibit_of(reading) if reading else None
    of = exhibit_name(language, number) if number else ""
    if isinstance(record, ComparisonCore):
        of = compared(language, dossier.sampled, record)
    return " · ".join(filter(None, [name, of])), content


def _corrected(case: Case) -> dict[Seq, str]:
    """Return what became of entries that say something else now, or count no more, in a word."""
    say, dossier = case.checklist.language.say, case.dossier
    amended = dict.fromkeys(Standing.of(dossier.records).amended, say("amended"))
    return amended | {each.concerns.seq: say("void") for each in dossier.of(VoidRecord)}


def _exhibit(case: Case, file: ExhibitFile) -> Row:
    language = case.checklist.language
    say, what = language.say, case.checklist.of(file)[0].said
    lines = (
        what,
        seal_words.closing(language, file) or seal_words.broken(language, file) or say("no seal"),
        say("Held by %(name)s", name=hand_words.receiver(language, file.holder)),
    )
    return Row(f"/exhibits/{file.id}", say("Exhibit %(number)s", number=file.number), lines)


def _mark(station: Station, case: Case, seq: Seq, signature: SignatureRecord) -> Mark:
    """Return what the code says: by it anybody finds what was signed in the national log."""
    first = min(each.seq for each in signature.concerns)
    return Mark(station.settings.station, first, seq, case.dossier.proofs[seq].digest)


def _signature(station: Station, case: Case, seq: Seq, signature: SignatureRecord, doubt: str) -> list[Fact]:
    language = case.checklist.language
    say, mark = language.say, _mark(station, case, seq, signature)
    signed = say("%(name)s, %(role)s", name=signature.name, role=say(ROLES[signature.role]))
    lacks = () if case.checklist.awaits_signature else lacking(language, case.dossier)
    return [
        Fact(say("Signed by"), signed),
        *(Fact(name, few(language, what), "lacks") for name, what in lacks),
        Fact(say("Signed"), forms.moment(language, forms.wall(signature.recorded.wall))),
        Fact(say("Entries"), say("%(entries)s when signed", entries=f"{mark.station} · {mark.first}-{mark.last}")),
        *([] if doubt else [Fact(say("Digest"), forms.digest(mark.digest.hex()), "hash")]),
    ]


def _since(case: Case, whole: Whole) -> list[Fact]:
    language = case.checklist.language
    say, dossier = language.say, case.dossier
    reviews = [". ".join(record_words.said(language, each)).removesuffix(". ") for each in dossier.of(ReviewRecord)]
    amended = len(dossier.of(AmendmentRecord))
    return [
        Fact(say("Review"), whole.review or (reviews[-1] if reviews else say("not yet"))),
        *([Fact(say("Amendments"), str(amended))] if amended and not whole.review else []),
    ]
