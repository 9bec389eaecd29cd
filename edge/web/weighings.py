"""An exhibit is weighed: as a scale shows it, or by keys; a second weight that says otherwise is asked about."""

import re
import time
from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Response

from drivers.errors import DriverError
from edge.errors import BadCasework
from edge.station import Station
from edge.web import forms, weight_words
from edge.web.case_screen import TheStation, closed
from edge.web.masses import PLAUSIBLE, tonnes
from edge.web.screen import Page, left, screens_of, see
from edge.web.sights import Sights
from edge.web.weighing_again import REFUSED, Again, Asked, Sent, Way, Weighing
from edge.weighing import require_kind
from sync.contract.casework import MetricUnit

LONGEST_SEEN = 32
PLAIN, WEIGHT = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+"), re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
"""Digits with at most one point; and those that a record takes."""
UNITS: tuple[MetricUnit, ...] = ("mg", "g", "kg")
Ways = Annotated[Way, Form()]

router = APIRouter(prefix="/exhibits/{exhibit_id}", route_class=Page, include_in_schema=False)


@router.get("/weight")
def weight(station: TheStation, weighing: Asked) -> Response:
    """Show what the scale shows now."""
    return closed(weighing.exhibit_id) if weighing.is_closed else _weight(station, weighing)


@router.post("/weight")
def weigh(
    station: TheStation,
    weighing: Sent,
    seen: Annotated[str, Form(max_length=LONGEST_SEEN)] = "",
    way: Ways = "",
) -> Response:
    """Put on record what was seen, where the scale still tells it: bytes for the screening, digits for the exhibit.

    Another exhibit may lie on the pan by now, and the officer at another screen: then nothing goes on record. Nor does
    it before the officer told the `way`, where the exhibit weighed something else before.
    """
    if weighing.is_closed:
        return closed(weighing.exhibit_id)
    scale, case = station.companions.scale, weighing.case
    if scale is None:
        return see(f"{weighing.place}/typed?{weighing.query}")
    value, _, unit = seen.partition(" ")
    again = Again.of(weighing, (value, unit))
    if again.others and not way:
        return again.ask({"seen": seen})
    try:
        weighed = scale.weigh(seen, left(case.request))
        require_kind(weighed.weight, weighing.kind)
    except DriverError as error:
        return _weight(station, weighing, error)
    station.casework.weigh_on_scale(case.operator, weighing.exhibit_id, weighed, weighing.kind, weighing.occasion)
    again.take_back(station, way)
    return weighing.go_on(station)


@router.post("/weight/zero")
def zero(station: TheStation, weighing: Sent) -> Response:
    """Set the empty scale to zero."""
    try:
        if station.companions.scale:
            station.companions.scale.zero()
    except DriverError as error:
        return _weight(station, weighing, error)
    return see(f"{weighing.place}?{weighing.query}")


@router.get("/weight/typed")
def ask_weight(station: TheStation, weighing: Asked) -> Response:
    """Ask for the digits, where no scale tells them."""
    return closed(weighing.exhibit_id) if weighing.is_closed else _typed(station, weighing)


@router.post("/weight/typed")
def type_weight(
    station: TheStation,
    weighing: Sent,
    value: Annotated[str, Form(max_length=32)],
    unit: Annotated[MetricUnit, Form()] = "g",
    way: Ways = "",
    sure: Annotated[Literal["", "yes"], Form()] = "",
) -> Response:
    """Put digits on record that a person typed; the record says so.

    Asked first is whether it is so heavy (`sure`), then what becomes of others that it does not fit.
    """
    if weighing.is_closed:
        return closed(weighing.exhibit_id)
    case, draft = weighing.case, _draft(weighing)
    digits: tuple[str, MetricUnit] = tidy(value), unit
    fields, unfit = {"value": value, "unit": unit, "sure": sure}, _unfit(value)
    if not unfit and not sure and tonnes(*digits) > PLAUSIBLE:
        return _heavy(weighing, digits, fields)
    again = Again.of(weighing, digits)
    if again.others and not way and not unfit:
        return again.ask(fields, typed=True)
    try:
        station.casework.weigh(case.operator, weighing.exhibit_id, digits, weighing.kind, occasion=weighing.occasion)
    except BadCasework:
        station.drafts.forget(case.dossier.screening, draft)
        problem = unfit or weight_words.UNREADABLE
        return _typed(station, weighing, case.checklist.language.say(problem, value=value))
    again.take_back(station, way)
    station.drafts.forget(case.dossier.screening, draft)
    return weighing.go_on(station)


def tidy(value: str) -> str:
    """Return digits as they were typed, without zeros in front of them that say nothing."""
    whole = value.strip().lstrip("0")
    return whole if whole[:1].isdigit() else f"0{whole}"


def _unfit(value: str) -> str:
    """Return why digits cannot be a weight; nothing where they can."""
    if not PLAIN.fullmatch(value.strip()):
        return weight_words.UNREADABLE
    if not value.strip("0. "):
        return weight_words.NO_WEIGHT
    return "" if WEIGHT.fullmatch(tidy(value)) else weight_words.TOO_LONG


def _weight(station: Station, weighing: Weighing, error: DriverError | None = None) -> Response:
    case, file = weighing.case, weighing.exhibit
    language = case.checklist.language
    sights = Sights(screens_of(case.request).language(case.request), station.companions, time.monotonic)
    sight = sights.weight(weighing.kind)
    taken = [
        weight_words.weight(language, now, amended=amended) for now, amended in file.weights if weighing.is_of(now)
    ]
    return case.show(
        "weight.html",
        REFUSED if error else 200,
        exhibit=file,
        sight=sight,
        asked=weighing,
        fields=weighing.fields | sight.hidden,
        occasions=weight_words.OCCASIONS,
        taken=", ".join(taken),
        has_scale=station.companions.scale is not None,
        problem=sights.fault(error) if error else "",
    )


def _typed(station: Station, weighing: Weighing, problem: str = "") -> Response:
    case, name = weighing.case, _draft(weighing)
    drafts = station.drafts.of(case.dossier.screening)
    return case.show(
        "weight_typed.html",
        REFUSED if problem else 200,
        exhibit=weighing.exhibit,
        asked=weighing,
        units=UNITS,
        draft=name,
        value=drafts.get(name, ""),
        unit=drafts.get(f"{name}_unit", "g"),
        problem=problem,
    )


def _heavy(weighing: Weighing, digits: tuple[str, MetricUnit], fields: Mapping[str, str]) -> Response:
    return weighing.case.show(
        "weight_heavy.html",
        REFUSED,
        exhibit=weighing.exhibit,
        asked=weighing,
        fields={**weighing.fields, **fields, "sure": "yes"},
        now=forms.SPACE.join(digits),
        tonnes=forms.number(float(tonnes(*digits)), 1),
    )


def _draft(weighing: Weighing) -> str:
    return f"{weighing.exhibit_id}_weight"
