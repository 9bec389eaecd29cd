"""What stations and auditors may ask of the centre: take submissions in, show the log. No content, no entries."""

import asyncio
import re
from collections.abc import Callable
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from sync.batch import Batch
from sync.central.gate import Gate
from sync.central.ingest import Ingest
from sync.central.log import Log
from sync.central.problems import add_problem_handlers
from sync.central.speakers import MayAudit, MaySend, certificate_of
from sync.contract.standing import Standings
from sync.contract.submission import BATCH_TYPE, MAX_BODY, MEDIA_TYPE

TILE = re.compile(r"(?:[0-9]|[1-5][0-9]|6[0-3])/(?:x[0-9]{3}/)*[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?")
PATIENCE_SECONDS = 60.0
"""So long a body may stand still, as at nginx: a slow line is no reason to end it."""
FOR_EVER = "public, max-age=31536000, immutable"


def create_app(
    ingest: Ingest, log: Log, gate: Gate, standings: Callable[[], Standings], may_send: MaySend, may_audit: MayAudit
) -> FastAPI:
    """Return the app that faces the stations and the auditors."""
    app = FastAPI(title="garita-central", docs_url=None, redoc_url=None, openapi_url=None)
    add_problem_handlers(app)
    add_batches(app, ingest, gate, may_send)

    @app.get("/v1/log/checkpoint")
    def checkpoint() -> Response:
        log.refresh()
        return Response(log.checkpoint, media_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"})

    @app.get("/v1/log/tile/{name:path}")
    def tile(name: str) -> Response:
        data = log.file(f"tile/{name}") if TILE.fullmatch(name) else None
        if data is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, f"no tile {name[:80]!r}")
        return Response(data, media_type="application/octet-stream", headers={"Cache-Control": FOR_EVER})

    @app.get("/v1/log/stations")
    def stations(request: Request) -> Response:
        may_audit(request)
        return Response(standings().to_bytes(), media_type=MEDIA_TYPE)

    @app.get("/v1/health")
    def health() -> dict[str, str | int]:
        return {"status": "ok", "log": log.verifier.name, "size": log.size}

    return app


def add_batches(app: FastAPI, ingest: Ingest, gate: Gate, may_send: MaySend) -> None:
    """Let `app` take batches in, as many at once as there is room for."""

    def submit(request: Request, body: bytes) -> bytes:
        batch = Batch.from_bytes(body)
        may_send(request, batch.statement.header.station)
        return ingest.take(batch).to_bytes()

    @app.post("/v1/batches")
    async def take(request: Request) -> Response:
        with gate.room(certificate_of(request)) as came:
            body = await read_body(request, BATCH_TYPE, MAX_BODY, came)
            answer = await run_in_threadpool(submit, request, body)
        return Response(answer, media_type=MEDIA_TYPE)


async def read_body(
    request: Request, media: str, limit: int, came: Callable[[int], None], patience: float = PATIENCE_SECONDS
) -> bytes:
    """Return the body of a request of one media type; `came` is told of each piece before the next is read.

    No more than `limit` bytes are read, beyond that 413; nor is one waited for longer than `patience` seconds: 408.
    """
    if request.headers.get("content-type") != media:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"what is taken here is {media}")
    too_large = HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {limit} bytes are taken at once")
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > limit:
        raise too_large
    body, now = bytearray(), asyncio.get_running_loop().time
    try:
        async with asyncio.timeout(patience) as deadline:
            async for chunk in request.stream():
                came(len(chunk))
                body += chunk
                if len(body) > limit:
                    raise too_large
                deadline.reschedule(now() + patience)
    except TimeoutError:
        said = f"nothing came for {patience:g} s, {len(body)} bytes were here; send it again"
        raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, said) from None
    return bytes(body)
