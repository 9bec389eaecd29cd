"""An exhibit is weighed: as a scale shows it, or by keys; a second weight that says otherwise is asked about."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response

from drivers.errors import DriverError
from edge.dossier import ExhibitFile
from edge.errors import BadCasework
from edge.station import Station
from edge.web import case_words as words
from edge.web import forms
from edge.web.case_screen import Case, CaseOfExhibit, TheStation, closed, go_on
from edge.web.screen import Page, left, screens_of, see
from edge.web.sights import Sights
from edge.weighing import Kind, require_kind
from sync.contract.casework import MetricUnit, Occasion, OccasionalWeight, WeightCore
from sync.contract.ids import Seq

REFUSED = 409
LONGEST_SEEN = 32
PLAIN, WEIGHT = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+"), re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
"""Digits with at most one point; and those that a record takes."""
UNITS: tuple[MetricUnit, ...] = ("mg", "g", "kg")
Way = Literal["", "instead", "besides"]
"""What becomes of an earlier weight that says otherwise: not told yet, it is taken back, or both stand."""
Kinds = Annotated[Kind, Form()]
Occasions = Annotated[Occasion, Form()]
Ways = Annotated[Way, Form()]


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


@dataclass(frozen=True)
class Again:
    """A weight of an exhibit that was weighed before: what it is now, and what others of its kind say otherwise."""

    case: Case
    exhibit: ExhibitFile
    asked: Weighing
    now: tuple[str, str]
    others: Sequence[tuple[Seq, WeightCore]]

    @classmethod
    def of(cls, case: Case, exhibit_id: str, asked: Weighing, now: tuple[str, str]) -> "Again":
        """Look for weights of an exhibit that say otherwise."""
        file = case.exhibit(exhibit_id)
        stand = [(seq, it) for seq, it in file.records if isinstance(it, WeightCore) and seq not in file.voided]
        others = [
            (seq, it) for seq, it in stand if asked.is_of(it) and words.grams(it.value, it.unit) != words.grams(*now)
        ]
        return cls(case, file, asked, now, others)

    @property
    def may_replace(self) -> bool:
        """Whether the others may be taken back: nothing is signed, and this officer made them."""
        mine = all(each.operator == self.case.operator.id for _, each in self.others)
        return mine and not self.case.checklist.signature

    def ask(self, fields: Mapping[str, str], *, typed: bool = False) -> Response:
        """Ask what becomes of them."""
        at = f"/exhibits/{self.exhibit.id}/weight"
        return self.case.show(
            "weight_again.html",
            REFUSED,
            exhibit=self.exhibit,
            action=f"{at}/typed" if typed else at,
            back=f"{at}/typed?{self.asked.query}" if typed else f"{at}?{self.asked.query}",
            fields={**self.asked.fields, **fields},
            before=[words.weight(self.case.checklist.language, each) for _, each in self.others],
            now=forms.SPACE.join(self.now),
            may_replace=self.may_replace,
        )

    def take_back(self, station: Station, way: Way) -> None:
        """Take them back, where the officer said so and may."""
        if way == "instead" and self.may_replace:
            for seq, _ in reversed(self.others):
                station.seizures.undo(self.case.operator, self.case.dossier.screening, seq)


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
        return closed(exhibit_id)
    return _weight(request, station, case, exhibit_id, Weighing(kind, occasion))


@router.post("/weight")
def weigh(
    request: Request,
    station: TheStation,
    case: CaseOfExhibit,
    exhibit_id: str,
    kind: Kinds = "gross",
    occasion: Occasions = "found",
    seen: Annotated[str, Form(max_length=LONGEST_SEEN)] = "",
    way: Ways = "",
) -> Response:
    """Put on record what was seen, where the scale still tells it: bytes for the screening, digits for the exhibit.

    Another exhibit may lie on the pan by now, and the officer at another screen: then nothing goes on record. Nor does
    it before the officer told the `way`, where the exhibit weighed something else before.
    """
    if _is_closed(case, exhibit_id, occasion):
        return closed(exhibit_id)
    scale, asked = station.companions.scale, Weighing(kind, occasion)
    if scale is None:
        return see(f"/exhibits/{exhibit_id}/weight/typed?{asked.query}")
    value, _, unit = seen.partition(" ")
    again = Again.of(case, exhibit_id, asked, (value, unit))
    if again.others and not way:
        return again.ask({"seen": seen})
    try:
        weighed = scale.weigh(seen, left(request))
        require_kind(weighed.weight, kind)
    except DriverError as error:
        return _weight(request, station, case, exhibit_id, asked, _sights(request, station).fault(error))
    station.casework.weigh_on_scale(case.operator, exhibit_id, weighed, kind, occasion)
    again.take_back(station, way)
    return _weighed(case, station, exhibit_id, occasion)


@router.post("/weight/zero")
def zero(
    request: Request,
    station: TheStation,
    case: CaseOfExhibit,
    exhibit_id: str,
    kind: Kinds = "gross",
    occasion: Occasions = "found",
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
        return closed(exhibit_id)
    return _typed(station, case, exhibit_id, Weighing(kind, occasion))


@router.post("/weight/typed")
def type_weight(
    station: TheStation,
    case: CaseOfExhibit,
    exhibit_id: str,
    value: Annotated[str, Form(max_length=32)],
    unit: Annotated[MetricUnit, Form()] = "g",
    kind: Kinds = "gross",
    occasion: Occasions = "found",
    way: Ways = "",
) -> Response:
    """Put digits on record that a person typed; the record says so. What they come to beside others is asked first."""
    if _is_closed(case, exhibit_id, occasion):
        return closed(exhibit_id)
    asked, draft = Weighing(kind, occasion), _draft(exhibit_id)
    again = Again.of(case, exhibit_id, asked, (tidy(value), unit))
    if again.others and not way and not _unfit(value):
        return again.ask({"value": value, "unit": unit}, typed=True)
    try:
        station.casework.weigh(case.operator, exhibit_id, (tidy(value), unit), kind, occasion=occasion)
    except BadCasework:
        station.drafts.forget(case.dossier.screening, draft)
        problem = _unfit(value) or words.UNREADABLE
        return _typed(station, case, exhibit_id, asked, case.checklist.language.say(problem, value=value))
    again.take_back(station, way)
    station.drafts.forget(case.dossier.screening, draft)
    return _weighed(case, station, exhibit_id, occasion)


def tidy(value: str) -> str:
    """Return digits as they were typed, without zeros in front of them that say nothing."""
    whole = value.strip().lstrip("0")
    return whole if whole[:1].isdigit() else f"0{whole}"


def _unfit(value: str) -> str:
    """Return why digits cannot be a weight; nothing where they can."""
    if not PLAIN.fullmatch(value.strip()):
        return words.UNREADABLE
    if not value.strip("0. "):
        return words.NO_WEIGHT
    return "" if WEIGHT.fullmatch(tidy(value)) else words.TOO_LONG


def _weighed(case: Case, station: Station, exhibit_id: str, occasion: Occasion) -> Response:
    """Go on: with the seizure, or with a bag that was opened for sampling."""
    return go_on(case, station, exhibit_id) if occasion == "found" else see(f"/exhibits/{exhibit_id}")


def _weight(
    request: Request, station: Station, case: Case, exhibit_id: str, asked: Weighing, problem: str = ""
) -> Response:
    sight = _sights(request, station).weight(asked.kind)
    file, language = case.exhibit(exhibit_id), case.checklist.language
    taken = [words.weight(language, now, amended=amended) for now, amended in file.weights if asked.is_of(now)]
    return case.show(
        "weight.html",
        REFUSED if problem else 200,
        exhibit=file,
        sight=sight,
        asked=asked,
        fields=asked.fields | sight.hidden,
        occasions=words.OCCASIONS,
        taken=", ".join(taken),
        has_scale=station.companions.scale is not None,
        problem=problem,
    )


def _is_closed(case: Case, exhibit_id: str, occasion: Occasion) -> bool:
    """Tell whether an exhibit cannot be weighed on this occasion: it is signed for, or its bag is closed."""
    return bool(case.checklist.signature if occasion == "found" else case.exhibit(exhibit_id).seal_number)


def _typed(station: Station, case: Case, exhibit_id: str, asked: Weighing, problem: str = "") -> Response:
    name = _draft(exhibit_id)
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


def _draft(exhibit_id: str) -> str:
    return f"{exhibit_id}_weight"


def _sights(request: Request, station: Station) -> Sights:
    return Sights(screens_of(request).language(request), station.companions, time.monotonic)
