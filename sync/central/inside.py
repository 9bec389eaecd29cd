"""What is asked of the centre inside its walls, on a Unix socket: the sealed envelopes, and batches from sticks."""

from typing import Annotated

from fastapi import FastAPI, HTTPException, Query, Response
from fastapi import Path as PathParameter
from fastapi.responses import PlainTextResponse

from sync.central.app import add_batches
from sync.central.engine import Engine
from sync.central.gate import Gate
from sync.central.ingest import Ingest
from sync.central.log import Log
from sync.central.problems import add_problem_handlers
from sync.central.speakers import anybody
from sync.contract.aside import AsideKey, AsideKind, AsidePage
from sync.contract.inside import Page, StationList
from sync.contract.submission import MEDIA_TYPE

PAGE_BYTES = 16 * 1024 * 1024
PAGE_ENVELOPES = 500


def create_inside_app(store: Engine, log: Log, ingest: Ingest, gate: Gate) -> FastAPI:
    """Return the app for the vault. The permissions of the socket's file are its access control."""
    app = FastAPI(title="garita-central inside", docs_url=None, redoc_url=None, openapi_url=None)
    add_problem_handlers(app)
    add_batches(app, ingest, gate, anybody)

    @app.get("/v1/envelopes")
    def envelopes(
        after: Annotated[int, Query(ge=-1)] = -1,
        limit: Annotated[int, Query(ge=1, le=PAGE_ENVELOPES)] = PAGE_ENVELOPES,
    ) -> Response:
        """Return logged envelopes with an index above `after`, in log order."""
        log.refresh()
        size = log.size
        stop = min(size, after + 1 + limit)
        page = Page(size=size, envelopes=store.envelopes(after + 1, stop, PAGE_BYTES))
        return Response(page.to_bytes(), media_type=MEDIA_TYPE)

    @app.get("/v1/receipts/{index}")
    def receipt(index: Annotated[int, PathParameter(ge=0)]) -> Response:
        """Return the receipt of one entry under the newest checkpoint."""
        if index >= log.size:
            raise HTTPException(404, f"the log has {log.size} entries")
        return PlainTextResponse(log.receipts([index])[0])

    @app.get("/v1/aside")
    def aside(
        kind: AsideKind = "contested",
        station: Annotated[str, Query(max_length=64)] = "",
        seq: Annotated[int, Query(ge=0, lt=2**63)] = 0,
        digest: Annotated[str, Query(pattern="^([0-9a-f]{64})?$")] = "",
        limit: Annotated[int, Query(ge=1, le=PAGE_ENVELOPES)] = PAGE_ENVELOPES,
    ) -> Response:
        """Return entries that are kept outside of the log, behind the one with this key."""
        entries = store.aside(AsideKey(kind, station, seq, bytes.fromhex(digest)), limit, PAGE_BYTES)
        return Response(AsidePage(size=store.aside_size(), entries=entries).to_bytes(), media_type=MEDIA_TYPE)

    @app.get("/v1/stations")
    def stations() -> Response:
        return Response(StationList(cards=store.cards()).to_bytes(), media_type=MEDIA_TYPE)

    return app
