"""A bag has another seal than the record: it is read again, or that goes on record, and is put right or looked into."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Response

from edge.seals_read import Way
from edge.station import Station
from edge.web.case_screen import CaseOfExhibit, TheStation
from edge.web.scans import GONE, TYPED, scan_at, taken_at
from edge.web.screen import Page, see
from edge.web.seal_reading import ask_seal
from sync.contract.ids import ScreeningId

router = APIRouter(prefix="/exhibits/{exhibit_id}/{way}/other", route_class=Page, include_in_schema=False)


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
    if (file.seal_number, number) not in [(each.record.on_record, each.record.found) for each in file.reports]:
        scanned = scan_at(station, place, scan)
        if scan and scanned is None:
            return ask_seal(station, case, file, way, case.checklist.language.say(GONE))
        station.casework.report_seal(case.operator, exhibit_id, number, scanned)
        taken_at(station, place)
    forget_told(station, case.dossier.screening, exhibit_id)
    return see(f"/exhibits/{exhibit_id}")


def forget_told(station: Station, screening: ScreeningId, exhibit: str) -> None:
    """Forget what was read of a bag, and told of its hand-over and opening: it is open, or not the one meant."""
    station.seals_read.forget(exhibit)
    station.casework.offers.forget(exhibit)
    for way in ("to", "open"):
        station.drafts.forget(screening, f"{exhibit}_{way}_")
