"""The print screen, and the papers themselves as files."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, FastAPI, Form, Query, Request, Response

from edge.access import signed_in, station_of, token_of
from edge.dossier import Dossier
from edge.errors import NotPrinted
from edge.paper.drawing import Drawing, drawn
from edge.paper.escpos import slip_bytes
from edge.paper.press import Press
from edge.paper.printer import LANGUAGES, Printer
from edge.paper.prints import PAPERS, Paper, Prints
from edge.paper.story import Story, story
from edge.permissions import check
from edge.printing import Handed
from edge.station import Station
from edge.views import OperatorView
from edge.web import forms
from edge.web.carrying import Parcel, Stick, keep, offer
from edge.web.readings import reader_of
from edge.web.release import released_of
from edge.web.screen import Page, screens_of
from sync.contract.ids import ScreeningId
from sync.contract.printing import PaperForm
from sync.court import CourtBundle
from sync.envelope import Envelope

SENTENCES_SHOWN = 7
MOST_COPIES = 5
Count = Annotated[int, Form(ge=1, le=MOST_COPIES)]
Asked = Annotated[int, Query(ge=1, le=MOST_COPIES)]

router = APIRouter(route_class=Page, include_in_schema=False)
Officer = Annotated[OperatorView, Depends(signed_in)]
TheStation = Annotated[Station, Depends(station_of)]


def add_paper(app: FastAPI) -> None:
    """Put everything that prints into `app`, whose state already holds the station."""
    app.state.drawing = Drawing.load()
    app.state.press = Press()
    app.include_router(router)


@router.get("/screenings/{screening}/print")
def choose(request: Request, station: TheStation, operator: Officer, screening: str, copies: Asked = 1) -> Response:
    """Offer every paper of a screening."""
    found = station.casework.dossier(ScreeningId(screening))
    values = {"dossier": found, "printer": Printer.of(station.settings.printer), "copies": copies}
    return screens_of(request).show(request, "print.html", operator, 200, **values)


@router.post("/screenings/{screening}/print/{paper}.pdf")
def paper(
    request: Request, station: TheStation, operator: Officer, screening: str, paper: Paper, copies: Count = 1
) -> Response:
    """Answer one paper of a screening as a file, and put on record that it was."""
    found = station.casework.dossier(ScreeningId(screening))
    made = press_of(request).print(PAPERS[paper](prints_of(request), found))
    station.printing.note(operator, found, Handed(paper, "pdf", made, copies))
    return file(made, f"{paper}-{screening}.pdf", "application/pdf")


@router.post("/screenings/{screening}/print/slip")
def print_slip(request: Request, station: TheStation, operator: Officer, screening: str, copies: Count = 1) -> Response:
    """Print the slip on the station's printer."""
    found, printer = station.casework.dossier(ScreeningId(screening)), Printer.at(station.settings.printer)
    made = slip_bytes(prints_of(request).slip_of(found))
    station.printing.note(operator, found, Handed("slip", printer.language, made, copies, "printer"))
    printer.send(made, copies)
    return _sent(request, operator, f"/screenings/{screening}/print")


@router.post("/exports/{name}/acta.pdf")
def released_acta(request: Request, station: TheStation, operator: Officer, name: str) -> Response:
    """Answer the record with the sealed bundle inside that two persons let leave."""
    made, called = _released_acta(request, station, operator, name)
    return file(made, called, "application/pdf")


@router.get("/exports/{name}/acta/stick")
def choose_stick(request: Request, operator: Officer, name: str) -> Response:
    """Offer the sticks that are plugged in for that record."""
    check(operator, "release")
    released_of(request, name)
    return offer(request, operator, f"/exports/{name}", f"/exports/{name}/acta.pdf")


@router.post("/exports/{name}/acta/stick")
def write_stick(request: Request, station: TheStation, operator: Officer, name: str, stick: Stick) -> Response:
    """Write that record onto a stick."""
    made, called = _released_acta(request, station, operator, name)
    return keep(request, operator, stick, Parcel(called, made, f"/exports/{name}", f"/exports/{name}/acta.pdf"))


@router.get("/exhibits/{exhibit}/label")
def label(request: Request, station: TheStation, operator: Officer, exhibit: str, copies: Asked = 1) -> Response:
    """Show what the label of an exhibit's bag says, and offer to print it."""
    found = _of_exhibit(station, exhibit)
    made, printer = prints_of(request).label_of(found, exhibit), Printer.of(station.settings.printer)
    return screens_of(request).show(
        request,
        "label.html",
        operator,
        label=made,
        svg=drawn(made.code),
        exhibit=exhibit,
        dossier=found,
        printer=printer,
        copies=copies,
    )


@router.post("/exhibits/{exhibit}/label.{form}")
def label_file(
    request: Request, station: TheStation, operator: Officer, exhibit: str, form: PaperForm, copies: Count = 1
) -> Response:
    """Answer the label as a page, or in a printer's language."""
    found, prints = _of_exhibit(station, exhibit), prints_of(request)
    if form == "pdf":
        made, media = press_of(request).print(prints.label(found, exhibit)), "application/pdf"
    else:
        made, media = LANGUAGES[form](prints.label_of(found, exhibit)), "application/octet-stream"
    station.printing.note(operator, found, Handed("label", form, made, copies, exhibit=exhibit))
    return file(made, f"label-{exhibit}.{form}", media)


@router.post("/exhibits/{exhibit}/label")
def print_label(request: Request, station: TheStation, operator: Officer, exhibit: str, copies: Count = 1) -> Response:
    """Print the label on the station's printer."""
    found, printer = _of_exhibit(station, exhibit), Printer.at(station.settings.printer)
    made = printer.label(prints_of(request).label_of(found, exhibit))
    station.printing.note(operator, found, Handed("label", printer.language, made, copies, "printer", exhibit))
    printer.send(made, copies)
    return _sent(request, operator, f"/exhibits/{exhibit}/label")


@router.get("/shift/story")
def shift_story(request: Request, operator: Officer) -> Response:
    """Tell what the operator's shift was."""
    told = _story(request, operator)
    return screens_of(request).show(request, "story.html", operator, story=told, shown=SENTENCES_SHOWN)


@router.get("/shift/story.pdf")
def shift_paper(request: Request, operator: Officer) -> Response:
    """Answer the story as a page, with room for two signatures."""
    order = prints_of(request).story(_story(request, operator))
    return file(press_of(request).print(order), "story.pdf", "application/pdf")


def _story(request: Request, operator: OperatorView) -> Story:
    """Tell it since the day began, or since the sign-in where that was on the day before."""
    station, prints = station_of(request), prints_of(request)
    health = station.health()
    morning = health.now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    since = min(morning, station.operators.signed_in_at(token_of(request)))
    until = forms.moment(prints.language, health.now)
    return story(prints.reader, operator, station.shifts.of(operator.id, since), until, health.waiting)


def released_case(station: Station, bundle: bytes) -> Dossier:
    """Return the case that a bundle is of; raises NotPrinted where entries came since that are not in it."""
    envelopes = [Envelope.from_bytes(each.envelope) for each in CourtBundle.from_bytes(bundle).entries]
    found = station.casework.dossier(station.casework.screening_at(max(each.header.seq for each in envelopes)))
    inside = {each.digest for each in envelopes}
    if any(proof.digest not in inside for proof in found.proofs.values()):
        raise NotPrinted("the case has entries that are not in this bundle; export it again")
    return found


def _released_acta(request: Request, station: Station, operator: OperatorView, name: str) -> tuple[bytes, str]:
    """Return the record with its bundle inside, on record as a paper, and what its file is called."""
    check(operator, "release")
    released = released_of(request, name)
    found = released_case(station, released.bundle)
    made = press_of(request).print(prints_of(request).acta(found, released.bundle))
    station.printing.note(operator, found, Handed("acta", "pdf", made))
    return made, f"{released.named('acta', made)}.pdf"


def _of_exhibit(station: Station, exhibit: str) -> Dossier:
    return station.casework.dossier(station.casework.screening_of(exhibit))


def _sent(request: Request, operator: OperatorView, back: str) -> Response:
    return screens_of(request).show(request, "printed.html", operator, back=back)


def prints_of(request: Request) -> Prints:
    """Return who makes papers, in the words of this browser's language."""
    return Prints(station_of(request), cast("Drawing", request.app.state.drawing), reader_of(request))


def press_of(request: Request) -> Press:
    """Return the press of this server."""
    return cast("Press", request.app.state.press)


def file(data: bytes, name: str, media: str) -> Response:
    """Answer a file that the browser keeps: the screen stays where it is."""
    return Response(data, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})
