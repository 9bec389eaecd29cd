"""A bag has another seal than the record: it is read again, or that goes on record, and is put right or looked into."""

import time
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Response

from edge.dossier import ExhibitFile
from edge.seals import same
from edge.station import Station
from edge.web.case_screen import Case, CaseOfExhibit, TheStation
from edge.web.scans import GONE, TYPED, scan_at, taken_at
from edge.web.screen import Page, see
from edge.web.sights import Sights

Way = Literal["handover", "open"]

router = APIRouter(prefix="/exhibits/{exhibit_id}/{way}/other", route_class=Page, include_in_schema=False)


def other_seal(exhibit: str, way: Way, number: str, scan: int = TYPED) -> str:
    """Return the address that tells of a number which is not the seal's; `way` is where it was asked for."""
    return f"/exhibits/{exhibit}/{way}/other?{urlencode({'number': number, 'scan': scan})}"


def ask_seal(station: Station, case: Case, exhibit: ExhibitFile, way: Way, problem: str = "") -> Response:
    """Ask for the number on a bag. What is on record is not shown: it would be typed off the screen."""
    reader = station.companions.reader
    sight = Sights(case.checklist.language, station.companions, time.monotonic).seal(f"/exhibits/{exhibit.id}/{way}")
    fits = bool(sight.value) and same(sight.value, exhibit.seal_number)
    other = other_seal(exhibit.id, way, sight.value, int(sight.hidden["scan"])) if sight.value and not fits else ""
    values = {"exhibit": exhibit, "way": way, "sight": sight, "fits": fits, "other": other, "problem": problem}
    return case.show("handover_scan.html", 409 if problem else 200, has_reader=reader is not None, **values)


@router.get("")
def ask(
    case: CaseOfExhibit,
    exhibit_id: str,
    way: Way,
    number: Annotated[str, Query(min_length=1, max_length=64)],
    scan: int = TYPED,
) -> Response:
    """Show the number that is not on record, without the one that is."""
    told = {"number": number, "scan": scan}
    return case.show("other_seal.html", 409, exhibit=case.exhibit(exhibit_id), way=way, told=told)


@router.post("")
def report(
    station: TheStation,
    case: CaseOfExhibit,
    exhibit_id: str,
    way: Way,
    number: Annotated[str, Form(min_length=1, max_length=64)],
    scan: Annotated[int, Form()] = TYPED,
) -> Response:
    """Put on record that the bag has it; `scan` is which of what was scanned there says so."""
    file, place = case.exhibit(exhibit_id), f"/exhibits/{exhibit_id}/{way}"
    if not any(number == each.found for each in file.other_seals):
        scanned = scan_at(station, place, scan)
        if scan and scanned is None:
            return ask_seal(station, case, file, way, case.checklist.language.say(GONE))
        station.casework.report_seal(case.operator, exhibit_id, number, scanned)
        taken_at(station, place)
    return see(f"/exhibits/{exhibit_id}")
