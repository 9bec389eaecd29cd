"""What is done with an exhibit before it is signed for: weighed, photographed, sealed."""

import time
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from starlette.concurrency import run_in_threadpool

from drivers.errors import DriverError
from edge.errors import BadCasework
from edge.station import Station
from edge.web.case_screen import Case, CaseOfExhibit, KeysQuestion, TheStation, go_on
from edge.web.case_words import OCCASIONS, reason
from edge.web.screen import Page, left, screens_of, see
from edge.web.sights import Sights
from edge.weighing import Kind, require_kind
from sync.attachments import MAX_ATTACHMENT
from sync.contract.casework import MetricUnit, Occasion, OccasionalWeight, SealRecord, WeightCore

REFUSED = 409
LONGEST_SEEN = 32
JPEG, PNG, WEBP = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF"
MEDIA = {JPEG: "image/jpeg", PNG: "image/png", WEBP: "image/webp"}
UNITS: tuple[MetricUnit, ...] = ("mg", "g", "kg")


@dataclass(frozen=True)
class Weighing:
    """Which weight is asked for, and on which occasion."""

    kind: Kind
    occasion: Occasion

    @property
    def query(self) -> str:
        """As an address tells it."""
        return f"kind={self.kind}&occasion={self.occasion}"

    @property
    def fields(self) -> dict[str, str]:
        """As a form tells it."""
        return {"kind": self.kind, "occasion": self.occasion}

    def is_of(self, record: WeightCore) -> bool:
        """Whether a record is such a weight."""
        occasion = record.occasion if isinstance(record, OccasionalWeight) else "found"
        return (record.kind, occasion) == (self.kind, self.occasion)


router = APIRouter(prefix="/exhibits/{exhibit_id}", route_class=Page, include_in_schema=False)


@router.get("/weight")
def weight(
    request: Request,
    station: TheStation,
    case: CaseOfExhibit,
    exhibit_id: str,
    kind: Kind = "gross",
    occasion: Occasion = "found",
) -> Response:
    """Show what the scale shows now."""
    if _is_closed(case, exhibit_id, occasion):
        return _closed(exhibit_id)
    return _weight(request, station, case, exhibit_id, Weighing(kind, occasion))


@router.post("/weight")
def weigh(
    request: Request,
    station: TheStation,
    case: CaseOfExhibit,
    exhibit_id: str,
    kind: Annotated[Kind, Form()] = "gross",
    occasion: Annotated[Occasion, Form()] = "found",
    seen: Annotated[str, Form(max_length=LONGEST_SEEN)] = "",
) -> Response:
    """Put on record what was seen, where the scale still tells it: bytes for the screening, digits for the exhibit.

    Another exhibit may lie on the pan by now, and the officer at another screen: then nothing goes on record.
    """
    if _is_closed(case, exhibit_id, occasion):
        return _closed(exhibit_id)
    scale, asked = station.companions.scale, Weighing(kind, occasion)
    if scale is None:
        return see(f"/exhibits/{exhibit_id}/weight/typed?{asked.query}")
    try:
        weighed = scale.weigh(seen, left(request))
        require_kind(weighed.weight, kind)
    except DriverError as error:
        return _weight(request, station, case, exhibit_id, asked, _sights(request, station).fault(error))
    station.casework.weigh_on_scale(case.operator, exhibit_id, weighed, kind, occasion)
    return _weighed(case, station, exhibit_id, occasion)


@router.post("/weight/zero")
def zero(
    request: Request,
    station: TheStation,
    case: CaseOfExhibit,
    exhibit_id: str,
    kind: Annotated[Kind, Form()] = "gross",
    occasion: Annotated[Occasion, Form()] = "found",
) -> Response:
    """Set the empty scale to zero."""
    asked = Weighing(kind, occasion)
    try:
        if station.companions.scale:
            station.companions.scale.zero()
    except DriverError as error:
        return _weight(request, station, case, exhibit_id, asked, _sights(request, station).fault(error))
    return see(f"/exhibits/{exhibit_id}/weight?{asked.query}")


@router.get("/weight/typed")
def ask_weight(
    station: TheStation, case: CaseOfExhibit, exhibit_id: str, kind: Kind = "gross", occasion: Occasion = "found"
) -> Response:
    """Ask for the digits, where no scale tells them."""
    if _is_closed(case, exhibit_id, occasion):
        return _closed(exhibit_id)
    return _typed(station, case, exhibit_id, Weighing(kind, occasion))


@router.post("/weight/typed")
def type_weight(
    station: TheStation,
    case: CaseOfExhibit,
    exhibit_id: str,
    value: Annotated[str, Form(max_length=32)],
    unit: Annotated[MetricUnit, Form()] = "g",
    kind: Annotated[Kind, Form()] = "gross",
    occasion: Annotated[Occasion, Form()] = "found",
) -> Response:
    """Put digits on record that a person typed; the record says so."""
    if _is_closed(case, exhibit_id, occasion):
        return _closed(exhibit_id)
    try:
        station.casework.weigh(case.operator, exhibit_id, (value, unit), kind, occasion=occasion)
    except BadCasework:
        problem = case.checklist.language.say("Enter digits with one point, as 1250.40.")
        return _typed(station, case, exhibit_id, Weighing(kind, occasion), problem)
    station.drafts.forget(case.dossier.screening, _draft(exhibit_id, "weight"))
    return _weighed(case, station, exhibit_id, occasion)


@router.get("/photo")
def photo(case: CaseOfExhibit, exhibit_id: str) -> Response:
    """Offer the camera, while the thing itself can be seen."""
    if case.checklist.signature and case.exhibit(exhibit_id).seal_number:
        return _closed(exhibit_id)
    return case.show("photo.html", exhibit=case.exhibit(exhibit_id), problem="")


@router.post("/photo")
async def photograph(
    station: TheStation, case: CaseOfExhibit, exhibit_id: str, photo: Annotated[UploadFile, File()]
) -> Response:
    """Put a picture on record, as the camera gave it."""
    data = await photo.read(MAX_ATTACHMENT + 1)
    media = next((media for start, media in MEDIA.items() if data.startswith(start)), None)
    if media is None or len(data) > MAX_ATTACHMENT:
        problem = case.checklist.language.say("That is no picture of the camera. Take it again.")
        return case.show("photo.html", REFUSED, exhibit=case.exhibit(exhibit_id), problem=problem)
    await run_in_threadpool(station.casework.photograph, case.operator, exhibit_id, data, media)
    return go_on(case, station)


@router.get("/seal")
def seal(request: Request, station: TheStation, case: CaseOfExhibit, exhibit_id: str) -> Response:
    """Show the number that was scanned since."""
    return _seal(request, station, case, exhibit_id)


@router.post("/seal")
def apply_seal(
    request: Request,
    station: TheStation,
    case: CaseOfExhibit,
    exhibit_id: str,
    number: Annotated[str, Form(max_length=64)],
) -> Response:
    """Put on record that the bag was closed with this seal."""
    language = case.checklist.language
    try:
        station.casework.apply_seal(case.operator, exhibit_id, number.strip(), _why_closed(case, exhibit_id))
    except BadCasework:
        problem = language.say(
            "Seal %(number)s cannot close this bag: it was used before. Take a new one.", number=number
        )
        return _seal(request, station, case, exhibit_id, problem)
    station.drafts.forget(case.dossier.screening, _draft(exhibit_id, "seal"))
    return see(f"/exhibits/{exhibit_id}") if case.checklist.signature else go_on(case, station)


@router.get("/seal/typed")
def ask_seal(station: TheStation, case: CaseOfExhibit, exhibit_id: str) -> Response:
    """Ask for the number by keys, where no reader tells it."""
    say, at = case.checklist.language.say, f"/exhibits/{exhibit_id}/seal"
    question = KeysQuestion(
        say("Number of the seal"), at, at, say("The bag has this seal"), _draft(exhibit_id, "seal"), most=24
    )
    return case.ask_keys(station, question)


def _weighed(case: Case, station: Station, exhibit_id: str, occasion: Occasion) -> Response:
    """Go on: with the seizure, or with a bag that was opened for sampling."""
    return go_on(case, station) if occasion == "found" else see(f"/exhibits/{exhibit_id}")


def _weight(
    request: Request, station: Station, case: Case, exhibit_id: str, asked: Weighing, problem: str = ""
) -> Response:
    sight = _sights(request, station).weight(asked.kind)
    file = case.exhibit(exhibit_id)
    taken = [record for record, _ in file.weights if asked.is_of(record)]
    return case.show(
        "weight.html",
        REFUSED if problem else 200,
        exhibit=file,
        sight=sight,
        asked=asked,
        fields=asked.fields | sight.hidden,
        occasions=OCCASIONS,
        taken=taken[-1] if taken else None,
        has_scale=station.companions.scale is not None,
        problem=problem,
    )


def _is_closed(case: Case, exhibit_id: str, occasion: Occasion) -> bool:
    """Tell whether an exhibit cannot be weighed on this occasion: it is signed for, or its bag is closed."""
    return bool(case.checklist.signature if occasion == "found" else case.exhibit(exhibit_id).seal_number)


def _closed(exhibit_id: str) -> Response:
    return see(f"/exhibits/{exhibit_id}?closed=yes")


def _why_closed(case: Case, exhibit_id: str) -> str:
    """Return why a bag is closed: for the first time, or again after it was opened."""
    opened = [each for each in case.exhibit(exhibit_id).of(SealRecord) if each.action == "broken"]
    if not opened:
        return case.checklist.language.say("The bag was closed")
    why = reason(case.checklist.language, opened[-1].reason)
    return case.checklist.language.say("The bag was closed again: %(why)s", why=why)


def _typed(station: Station, case: Case, exhibit_id: str, asked: Weighing, problem: str = "") -> Response:
    name = _draft(exhibit_id, "weight")
    drafts = station.drafts.of(case.dossier.screening)
    return case.show(
        "weight_typed.html",
        REFUSED if problem else 200,
        exhibit=case.exhibit(exhibit_id),
        asked=asked,
        units=UNITS,
        draft=name,
        value=drafts.get(name, ""),
        unit=drafts.get(f"{name}_unit", "g"),
        problem=problem,
    )


def _seal(request: Request, station: Station, case: Case, exhibit_id: str, problem: str = "") -> Response:
    at = f"/exhibits/{exhibit_id}/seal"
    sight = _sights(request, station).seal(at)
    return case.show(
        "seal.html",
        REFUSED if problem else 200,
        exhibit=case.exhibit(exhibit_id),
        sight=sight,
        has_reader=station.companions.reader is not None,
        problem=problem,
    )


def _draft(exhibit_id: str, what: str) -> str:
    return f"{exhibit_id}_{what}"


def _sights(request: Request, station: Station) -> Sights:
    return Sights(screens_of(request).language(request), station.companions, time.monotonic)
