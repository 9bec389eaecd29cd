"""The seal on a bag is read, by the reader or by keys, before the bag is handed over or opened."""

import time
from urllib.parse import urlencode

from fastapi import Response

from edge.access import token_of
from edge.exhibit_file import ExhibitFile
from edge.seals import same
from edge.seals_read import SealRead, Way
from edge.station import Station
from edge.web.case_screen import Case, KeysQuestion
from edge.web.scans import GONE, TYPED, scan_at, taken_at
from edge.web.screen import see
from edge.web.sights import Sights


def read_of(station: Station, case: Case, exhibit: ExhibitFile, way: Way) -> SealRead | None:
    """Return the number that who is signed in read from the bag just now, where it is the one on record."""
    found = station.seals_read.of(token_of(case.request), exhibit.id, way)
    return found if found and same(found.number, exhibit.seal_number) else None


def other_seal(exhibit: str, way: Way, number: str, scan: int = TYPED) -> str:
    """Return the address that tells of a number which is not the seal's; `way` is where it was asked for."""
    return f"/exhibits/{exhibit}/{way}/other?{urlencode({'number': number, 'scan': scan})}"


def ask_seal(
    station: Station, case: Case, exhibit: ExhibitFile, way: Way, problem: str = "", cut_off: str = ""
) -> Response:
    """Ask for the number on a bag. What is on record is not shown: it would be typed off the screen.

    `cut_off` is who was to receive it, where who gives signed and that signature was not kept.
    """
    reader = station.companions.reader
    sight = Sights(case.checklist.language, station.companions, time.monotonic).seal(f"/exhibits/{exhibit.id}/{way}")
    fits = bool(sight.value) and same(sight.value, exhibit.seal_number)
    other = other_seal(exhibit.id, way, sight.value, int(sight.hidden["scan"])) if sight.value and not fits else ""
    has_reader, values = reader is not None, {"exhibit": exhibit, "way": way, "sight": sight, "fits": fits}
    values |= {"other": other, "problem": problem, "cut_off": cut_off, "has_reader": has_reader}
    return case.show("handover_scan.html", 409 if problem else 200, **values)


def ask_keys(station: Station, case: Case, exhibit: ExhibitFile, way: Way) -> Response:
    """Ask for it by keys; what one person keyed is kept for no other."""
    say, here = case.checklist.language.say, f"/exhibits/{exhibit.id}/{way}"
    title, verb, note = (
        say("Number on the bag"),
        say("The bag has this seal"),
        say("The record and the paper say: manual."),
    )
    return case.ask_keys(station, KeysQuestion(title, here, f"{here}?ask=number", verb, note=note))


def read(station: Station, case: Case, exhibit: ExhibitFile, way: Way, number: str, scan: int) -> Response:
    """Take what was read: a scan of the bag's own number goes on record; another number is no answer."""
    here = f"/exhibits/{exhibit.id}/{way}"
    if not same(number, exhibit.seal_number):
        return see(other_seal(exhibit.id, way, number, scan))
    scanned = scan_at(station, here, scan)
    if scan and scanned is None:
        return ask_seal(station, case, exhibit, way, case.checklist.language.say(GONE))
    taken_at(station, here)
    entry = station.casework.scan_seal(case.operator, exhibit.id, scanned) if scanned else None
    station.seals_read.keep(token_of(case.request), exhibit.id, way, SealRead(number, entry))
    return see(here)
