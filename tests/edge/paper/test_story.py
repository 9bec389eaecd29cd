"""The story of a shift: what one officer did, in the words in which they would tell it."""

from datetime import UTC, datetime

import httpx

from edge.paper.story import story
from edge.station import Station
from edge.views import OperatorView
from tests.edge.bench import Bench
from tests.edge.paper.case import a_case, prints
from tests.edge.paper.pdfs import pdfa_faults, texts
from tests.edge.test_seal_sources import scan

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def test_it_tells_what_was_done(bench: Bench, a_station: Station, officer: OperatorView) -> None:
    a_case(a_station, officer)
    told = story(prints(a_station, "es").reader, officer, a_station.shifts.of(officer.id, LONG_AGO), "ahora", 3)
    assert told.teller == "Ana Ruiz (Oficial)"
    assert list(told.sentences) == [
        "2 lecturas: 1 ALARMA, 1 SIN ALARMA.",
        "1 decomiso firmado: 1 indicio.",
        f"El sello FGR-0042 · manual cambió de manos a las {hour(a_station)}: de Ana Ruiz a Laboratorio.",
        "1 corrección.",
        "3 registros esperan ser enviados.",
    ]
    bench.clock.sleep(3600)
    later = story(prints(a_station, "en").reader, officer, a_station.shifts.of(officer.id, bench.clock.wall), "now", 0)
    assert list(later.sentences) == ["No readings."]


def test_it_tells_which_numbers_of_seals_were_typed(a_station: Station, officer: OperatorView) -> None:
    casework = a_station.casework
    exhibit = casework.add_exhibit(officer, a_station.screenings.open(officer, "parcel"), "polvo")
    casework.apply_seal(officer, exhibit, "FGR-1", "closed")
    scanned = casework.scan_seal(officer, exhibit, scan("FGR-1"))
    casework.transfer(officer, exhibit, officer.name, "storage", "FGR-1", scan=scanned)
    casework.transfer(officer, exhibit, officer.name, "storage", "FGR-1")
    casework.break_seal(officer, exhibit, "FGR-1", "a sample", scanned)
    casework.apply_seal(officer, exhibit, "FGR-2", "closed again")
    casework.break_seal(officer, exhibit, "FGR-2", "a check")
    shift = a_station.shifts.of(officer.id, LONG_AGO)
    sentences = story(prints(a_station, "en").reader, officer, shift, "now", 0).sentences
    seals = [each.removeprefix("Seal ").split(" at ")[0] for each in sentences if each.startswith("Seal ")]
    assert seals == [
        "FGR-1 changed hands",
        "FGR-1 · manual changed hands",
        "FGR-1 was broken",
        "FGR-2 · manual was broken",
    ]


def test_nobody_else_s_shift_and_no_practice(a_station: Station, officer: OperatorView) -> None:
    other = a_station.operators.enrol("Eva Sol", "officer", "582914")
    a_case(a_station, officer)
    practising = OperatorView(other.id, other.name, other.role, training=True)
    screening = a_station.screenings.open(practising, "parcel")
    a_station.casework.add_exhibit(practising, screening, "polvo de práctica")
    shift = a_station.shifts.of(other.id, LONG_AGO)
    assert (shift.readings, shift.records) == ([], [])
    begun = a_station.screenings.open(other, "parcel")
    a_station.casework.add_exhibit(other, begun, "polvo")
    told = story(prints(a_station, "es").reader, other, a_station.shifts.of(other.id, LONG_AGO), "ahora", 0)
    assert list(told.sentences) == ["Ninguna lectura.", "1 decomiso sin firmar."]


def test_on_screen_and_on_paper(signed_in: httpx.Client) -> None:
    assert "Ninguna lectura." in signed_in.get("/shift/story").text
    made = signed_in.get("/shift/story.pdf").content
    assert pdfa_faults(made) == []
    [page] = texts(made)
    assert "Presuntivo: requiere confirmación de laboratorio" in page
    assert "Firma de quien entrega el turno" in page


def hour(station: Station) -> str:
    return f"{station.health().now.astimezone():%H:%M}"
