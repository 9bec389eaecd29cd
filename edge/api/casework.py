"""JSON routes for things: what was found becomes an exhibit, is weighed, photographed, sealed and handed over."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import Base64Bytes, BaseModel, Field
from starlette.concurrency import run_in_threadpool

from edge.access import signed_in, station_of
from edge.errors import BadCasework
from edge.hands import Given
from edge.station import Station
from edge.views import OperatorView
from sync.attachments import MAX_ATTACHMENT
from sync.contract.ids import OperatorId, ScreeningId, Seq
from sync.contract.names import alike

MAX_SIGNATURE = 1_000_000
Signature = Annotated[Base64Bytes, Field(max_length=MAX_SIGNATURE)]
Photo = Literal["image/jpeg", "image/png", "image/webp"]

router = APIRouter(prefix="/api")
TheStation = Annotated[Station, Depends(station_of)]
SignedIn = Annotated[OperatorView, Depends(signed_in)]


class NewExhibit(BaseModel, extra="forbid"):
    """What it is, and how it was found."""

    description: str


class NewWeight(BaseModel, extra="forbid"):
    """The digits as a person typed them: what a scale tells comes over its own port."""

    value: str
    unit: Literal["mg", "g", "kg"]
    kind: Literal["gross", "net", "tare"] = "gross"


class NewSeal(BaseModel, extra="forbid"):
    """A bag was closed or opened: the number printed on its seal."""

    action: Literal["applied", "broken"]
    seal_number: str
    reason: str


class Receiver(BaseModel, extra="forbid"):
    """Somebody of this station who takes an exhibit over, and says so with their own PIN."""

    operator: str = Field(max_length=64)
    pin: str = Field(max_length=64)


class NewTransfer(BaseModel, extra="forbid"):
    """To whom and why, and the number read from the bag; `accepted_by` is null for somebody from outside.

    Who is not of this station signs by hand, as a PNG in base64: `given_drawn` who gives, `drawn` who receives.
    """

    receiver: str
    reason: str
    seal_number: str
    accepted_by: Receiver | None = None
    given_drawn: Signature | None = None
    drawn: Signature | None = None


class NewAmendment(BaseModel, extra="forbid"):
    """What an entry should have said: for each field its name, what stood there, and the right words."""

    reason: str
    changes: list[tuple[str, str, str]]


class Made(BaseModel):
    """The journal's number of the record that was made."""

    seq: int


class MadeExhibit(BaseModel):
    """The exhibit that was made."""

    exhibit: str


@router.post("/screenings/{screening}/exhibits", status_code=201)
def add_exhibit(station: TheStation, operator: SignedIn, screening: str, body: NewExhibit) -> MadeExhibit:
    """Make a thing the next exhibit of a screening."""
    return MadeExhibit(exhibit=station.casework.add_exhibit(operator, ScreeningId(screening), body.description))


@router.post("/exhibits/{exhibit}/weights", status_code=201)
def weigh(station: TheStation, operator: SignedIn, exhibit: str, body: NewWeight) -> Made:
    """Put a weight on record."""
    weight = (body.value, body.unit)
    return Made(seq=station.casework.weigh(operator, exhibit, weight, body.kind))


@router.post("/exhibits/{exhibit}/photographs", status_code=201)
async def photograph(
    request: Request,
    station: TheStation,
    operator: SignedIn,
    exhibit: str,
    content_type: Annotated[Photo, Header()],
    caption: Annotated[str, Query(max_length=2000)] = "",
) -> Made:
    """Put a photograph on record: the body is the picture as the camera gave it."""
    photo = await _read(request)
    seq = await run_in_threadpool(station.casework.photograph, operator, exhibit, photo, content_type, caption)
    return Made(seq=seq)


@router.post("/exhibits/{exhibit}/seals", status_code=201)
def seal(station: TheStation, operator: SignedIn, exhibit: str, body: NewSeal) -> Made:
    """Put on record that a bag was closed or opened."""
    act = station.casework.apply_seal if body.action == "applied" else station.casework.break_seal
    return Made(seq=act(operator, exhibit, body.seal_number, body.reason))


@router.post("/exhibits/{exhibit}/transfers", status_code=201)
def transfer(station: TheStation, operator: SignedIn, exhibit: str, body: NewTransfer) -> Made:
    """Put on record that an exhibit changed hands; a receiver of this station proves who they are."""
    who, told = _accepted(station, body), (body.receiver, body.reason, body.seal_number)
    giver = Given(None, drawn=body.given_drawn) if body.given_drawn is not None else None
    return Made(seq=station.casework.transfer(operator, exhibit, *told, who, giver, body.drawn))


@router.post("/entries/{seq}/amendments", status_code=201)
def amend(station: TheStation, operator: SignedIn, seq: int, body: NewAmendment) -> Made:
    """Put on record what an entry should have said; the entry stays."""
    return Made(seq=station.casework.amend(operator, Seq(seq), body.reason, body.changes))


def _accepted(station: Station, body: NewTransfer) -> OperatorId | None:
    """Return who of this station accepts it; raises BadCasework for another name, or a name alone."""
    if body.accepted_by:
        who = station.operators.prove(OperatorId(body.accepted_by.operator), body.accepted_by.pin).operator
        if who.name != body.receiver:
            raise BadCasework(f"{who.name} accepted it, not {body.receiver}; name who receives it as they are enrolled")
        if body.drawn:
            raise BadCasework(f"{who.name} accepts it by a PIN, and draws nothing; send it without drawn")
        return who.id
    known = next((each for each in station.operators.list() if alike(each.name) == alike(body.receiver)), None)
    if known:
        raise BadCasework(f"{known.name} is of this station and accepts it by their own PIN; send it as accepted_by")
    return None


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_ATTACHMENT:
            raise BadCasework(f"a picture of more than {MAX_ATTACHMENT} bytes; take it again, smaller")
    if not body:
        raise BadCasework("an empty picture; take it again")
    return bytes(body)
