"""The print screen, and the papers themselves as files."""

from collections.abc import Callable, Mapping
from typing import Annotated, cast

from fastapi import APIRouter, Depends, FastAPI, Request, Response

from edge.access import signed_in, station_of
from edge.dossier import Dossier
from edge.errors import NotPrinted
from edge.paper.drawing import Drawing
from edge.paper.press import Order, Press
from edge.paper.prints import Prints
from edge.station import Station
from edge.views import OperatorView
from edge.web.readings import reader_of
from edge.web.screen import Page, screens_of
from sync.contract.ids import ScreeningId

PAPERS: Mapping[str, Callable[[Prints, Dossier], Order]] = {"acta": Prints.acta}

router = APIRouter(route_class=Page, include_in_schema=False)
Officer = Annotated[OperatorView, Depends(signed_in)]
TheStation = Annotated[Station, Depends(station_of)]


def add_paper(app: FastAPI) -> None:
    """Put everything that prints into `app`, whose state already holds the station."""
    app.state.drawing = Drawing.load()
    app.state.press = Press()
    app.include_router(router)


@router.get("/screenings/{screening}/print")
def choose(request: Request, station: TheStation, operator: Officer, screening: str) -> Response:
    """Offer every paper of a screening."""
    found = station.casework.dossier(ScreeningId(screening))
    return screens_of(request).show(request, "print.html", operator, dossier=found)


@router.get("/screenings/{screening}/print/{paper}.pdf")
def paper(request: Request, station: TheStation, operator: Officer, screening: str, paper: str) -> Response:  # noqa: ARG001 - only who is signed in prints
    """Answer one paper of a screening as a file."""
    make = PAPERS.get(paper)
    if make is None:
        raise NotPrinted(f"there is no paper {paper}; expected one of {', '.join(PAPERS)}")
    found = station.casework.dossier(ScreeningId(screening))
    made = press_of(request).print(make(prints_of(request), found))
    return file(made, f"{paper}-{screening}.pdf", "application/pdf")


def prints_of(request: Request) -> Prints:
    """Return who makes papers, in the words of this browser's language."""
    return Prints(station_of(request), cast("Drawing", request.app.state.drawing), reader_of(request))


def press_of(request: Request) -> Press:
    """Return the press of this server."""
    return cast("Press", request.app.state.press)


def file(data: bytes, name: str, media: str) -> Response:
    """Answer a file that the browser keeps: the screen stays where it is."""
    return Response(data, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})
