"""Attachments by HTTP: stations bring them in pieces, and the vault, inside, asks for them by their SHA-256."""

from typing import Annotated

from fastapi import FastAPI, HTTPException, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from sync.central.app import read_body
from sync.central.depot import Depot
from sync.central.gate import Gate
from sync.central.speakers import MaySend, certificate_of
from sync.contract.ids import STATION_PATTERN, StationId
from sync.contract.inside import SealedNames
from sync.contract.pieces import Piece
from sync.contract.submission import MEDIA_TYPE


def take_attachments(app: FastAPI, depot: Depot, gate: Gate, may_send: MaySend) -> None:
    """Let stations bring attachments, as many at once as there is room for."""

    def add(request: Request, body: bytes) -> bytes:
        piece = Piece.from_bytes(body)
        may_send(request, piece.station)
        return depot.take(piece).to_bytes()

    @app.post("/v1/attachments")
    async def take(request: Request) -> Response:
        with gate.room(certificate_of(request)) as came:
            body = await read_body(request, MEDIA_TYPE, Piece.MAX_BYTES, came)
            held = await run_in_threadpool(add, request, body)
        return Response(held, media_type=MEDIA_TYPE)


def give_attachments(app: FastAPI, depot: Depot) -> None:
    """Let whoever may ask `app` have sealed attachments, once they are here whole, and ask for many which ones are."""

    @app.post("/v1/attachments/here")
    async def here(request: Request) -> Response:
        body = await read_body(request, MEDIA_TYPE, SealedNames.MAX_BYTES, lambda _: None)
        found = await run_in_threadpool(lambda: depot.here(SealedNames.from_bytes(body)).to_bytes())
        return Response(found, media_type=MEDIA_TYPE)

    @app.get("/v1/attachments/{station}/{sealed}")
    def give(
        station: Annotated[StationId, Path(pattern=STATION_PATTERN)],
        sealed: Annotated[str, Path(pattern="^[0-9a-f]{64}$")],
    ) -> Response:
        data = depot.read(station, bytes.fromhex(sealed))
        if data is None:
            raise HTTPException(404, f"attachment {sealed} of {station} is not here yet")
        return Response(data, media_type="application/octet-stream")
