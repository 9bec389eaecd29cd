"""The officer's pages, and where they are put into the application."""

from hashlib import sha256
from pathlib import Path

from fastapi import FastAPI, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from edge.web import (
    acts,
    beside,
    carrying,
    case_record,
    cases,
    corrections,
    declaring,
    drafts,
    exhibits,
    gallery,
    giving,
    guide,
    handover,
    home,
    me,
    opening,
    other_seal,
    panel,
    ports,
    readings,
    release,
    sampling,
    screening,
    seizures,
    shift,
    sign_in,
    signing,
    staff,
    state,
    unused,
    weighings,
    witnesses,
)
from edge.web.screen import Screens

CASEWORK = (
    sampling,
    seizures,
    exhibits,
    weighings,
    witnesses,
    signing,
    case_record,
    handover,
    giving,
    opening,
    other_seal,
    cases,
    corrections,
    release,
    drafts,
)
STATIC = Path(__file__).parent / "static"


class Immutable(StaticFiles):
    """Files whose address changes with their content, so a browser asks for each once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a file, to be kept."""
        answer = await super().get_response(path, scope)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


def add_pages(app: FastAPI) -> None:
    """Put every screen into `app`, whose state already holds the station."""
    place = f"/static/{_version()}"
    app.state.screens = Screens.load(place)
    app.state.released = {}
    app.mount(place, Immutable(directory=STATIC))
    for page in (
        home,
        sign_in,
        shift,
        declaring,
        screening,
        readings,
        beside,
        state,
        carrying,
        ports,
        unused,
        acts,
        me,
        staff,
        guide,
        panel,
        *CASEWORK,
    ):
        app.include_router(page.router)
    if app.state.station.settings.demo:
        app.include_router(gallery.router)


def _version() -> str:
    files = sorted(file for file in STATIC.rglob("*") if file.is_file())
    return sha256(b"".join(sha256(file.read_bytes()).digest() for file in files)).hexdigest()[:12]
