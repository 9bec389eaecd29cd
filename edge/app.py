"""The station's face: JSON, screens, and the guard before both."""

from collections.abc import Callable

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from edge.api import problems
from edge.api.casework import router as casework
from edge.api.routes import router
from edge.errors import EdgeError
from edge.guard import HEADERS, Guard
from edge.paper.pages import add_paper
from edge.station import Station
from edge.web.pages import add_pages
from edge.web.screen import asks_for_screen, refuse
from sync.errors import SyncError

Handler = Callable[[Request, Exception], JSONResponse]
AnyHandler = Callable[[Request, Exception], Response]


def create_app(station: Station) -> FastAPI:
    """Return the application; whoever serves it starts and closes the station."""
    app = FastAPI(title="Garita", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.station = station
    app.add_middleware(Guard)
    app.include_router(router)
    app.include_router(casework)
    add_paper(app)  # before the pages: its /shift/story is not a reading of theirs
    add_pages(app)
    handlers: dict[type[Exception], Handler] = {
        EdgeError: problems.of_edge,
        SyncError: problems.of_sync,
        RequestValidationError: problems.of_form,
        HTTPException: problems.of_http,
        Exception: _fault,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, _on_screen(handler))
    return app


def _on_screen(handler: Handler) -> AnyHandler:
    """Answer a browser with a screen where the handler has JSON for programs."""

    def answer(request: Request, error: Exception) -> Response:
        told = handler(request, error)
        return refuse(request, told.status_code) if asks_for_screen(request) else told

    return answer


def _fault(request: Request, error: Exception) -> JSONResponse:
    answer = problems.of_fault(request, error)
    answer.headers.update(HEADERS)  # a fault is answered outside the guard
    return answer
