"""The witness over HTTP. Anybody may ask: what counts is the log's signature on what is asked."""

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.concurrency import run_in_threadpool

from sync.asking import MAX_REQUEST, AddCheckpoint, log_name
from sync.errors import Malformed
from sync.note import LogVerifier
from sync.witness.book import Book
from sync.witness.witness import Refused, WitnessOffice

SIZE_TYPE = "text/x.tlog.size"


def create_app(office: WitnessOffice, book: Book, logs: list[LogVerifier]) -> FastAPI:
    """Return the app: `add-checkpoint`, and the newest cosigned checkpoint of each log for auditors to compare."""
    app = FastAPI(title="garita-witness", docs_url=None, redoc_url=None, openapi_url=None)
    origins = {log_name(log.name): log.name for log in logs}

    @app.post("/add-checkpoint")
    async def add_checkpoint(request: Request) -> Response:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_REQUEST:
                return PlainTextResponse("too long\n", 413)
        try:
            line = await run_in_threadpool(lambda: office.add(AddCheckpoint.from_bytes(bytes(body))))
        except Malformed as error:
            return PlainTextResponse(f"{error}\n", 400)
        except Refused as error:
            return _refusal(error)
        return PlainTextResponse(line)

    @app.get("/checkpoint/{name}")
    def checkpoint(name: str) -> Response:
        note = book.note(origins[name]) if name in origins else None
        return PlainTextResponse(note) if note else PlainTextResponse("nothing was cosigned\n", 404)

    return app


def _refusal(error: Refused) -> Response:
    if error.size is None:
        return PlainTextResponse(f"{error}\n", error.status)
    return Response(f"{error.size}\n", error.status, media_type=SIZE_TYPE)
