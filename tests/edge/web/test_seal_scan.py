"""What the screens of a seal send: which scan has the number, or that it was typed; no scan is made up."""

import json
import re
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from drivers.code_reader.frames import REST_S
from edge.app import create_app
from edge.scanning import Scanning
from edge.station import Station
from edge.views import OperatorView
from sync.contract.casework import SealCheckRecord, SealRecord, TransferRecord
from sync.contract.ids import ScreeningId
from sync.contract.observations import ObservationRecord
from tests.drivers.hand_reader import HandReader, hand_reader
from tests.edge.bench import PIN, Bench, serve
from tests.edge.test_png import png
from tests.waiting import wait_until

HIDDEN = re.compile(r'type="hidden" name="(number|scan)" value="([^"]+)"')


@dataclass(frozen=True)
class Desk:
    """An officer's client at a station with a code reader, and an exhibit that is not sealed yet."""

    station: Station
    client: httpx.Client
    hand: HandReader
    screening: ScreeningId
    exhibit: str

    def scanned(self, place: str, text: str) -> dict[str, str]:
        """Come to a screen and scan there until it was heard; return what its form sends."""
        self.client.get(place)
        reader, code = self.station.companions.reader, f"]C0{text}".encode()
        assert isinstance(reader, Scanning)
        self.hand.scan(code)
        wait_until(lambda: any(each.code.raw == code for each in reader.scanned(place)))
        return dict(HIDDEN.findall(self.client.get(place).text))

    def offered(self, page: str) -> str:
        """Return where the form that is signed on a page goes."""
        [action] = set(re.findall(r'action="([^"]*/(?:give|accept)\?seen=[^"]*)"', page))
        return str(action)

    def seals(self) -> list[tuple[str, str, str]]:
        """Return what is on record: the action, the number, and how it was read."""
        [file] = self.station.casework.dossier(self.screening).exhibits
        return [(each.action, each.seal_number, each.source) for each in file.of(SealRecord)]


@pytest.fixture
def desk(bench: Bench) -> Iterator[Desk]:
    with hand_reader() as hand:
        station = bench.open(analyzer="analyzer-link:/dev/garita-none", code_reader=f"code-reader:{hand.path}")
        reader = station.companions.reader
        assert reader
        hand.until_heard(lambda: next((each.code.raw for each in reversed(reader.scanned("/"))), None))
        officer: OperatorView = station.operators.enrol("Ana Ruiz", "officer", PIN)
        screening = station.screenings.open(officer, "parcel")
        exhibit = station.casework.add_exhibit(officer, screening, "a spoon")
        headers = {"Sec-Fetch-Site": "same-origin"}
        with (
            serve(create_app(station)) as origin,
            httpx.Client(base_url=origin, headers=headers, timeout=120) as client,
        ):
            client.post("/api/sign-in", json={"operator": officer.id, "pin": PIN})
            yield Desk(station, client, hand, screening, exhibit)


def test_a_bag_is_closed_and_opened_by_scans_that_its_records_name(desk: Desk) -> None:
    seal, opening = f"/exhibits/{desk.exhibit}/seal", f"/exhibits/{desk.exhibit}/open"
    told = desk.scanned(seal, "FGR-1")
    assert told["number"] == "FGR-1"
    gone = desk.client.post(seal, data=told | {"scan": "999"})
    assert (gone.status_code, desk.seals()) == (409, [])
    assert desk.client.post(seal, data=told).status_code == 303
    told = desk.scanned(opening, "FGR-1")
    gone = desk.client.post(opening, data=told | {"scan": "999"})
    assert (gone.status_code, dict(HIDDEN.findall(gone.text))) == (409, told)
    assert "Ya no está. Escanee otra vez." in gone.text
    desk.client.post(opening, data=told)
    desk.client.post(opening, data={"why": "check"})
    desk.client.post(f"{opening}/break", data={"held": "yes"})
    assert desk.seals() == [("applied", "FGR-1", "scanned"), ("broken", "FGR-1", "scanned")]


def test_a_hand_over_names_the_scan_of_its_seal_and_says_manual_once_it_is_typed(desk: Desk) -> None:
    [operator] = desk.station.operators.list()
    desk.station.casework.apply_seal(operator, desk.exhibit, "FGR-1", "closed")
    here, picture = f"/exhibits/{desk.exhibit}/handover", b64encode(png()).decode()
    drawn = json.dumps({"size": [30, 12], "strokes": [[[1, 1, 0], [8, 8, 90]]], "png": picture})
    told = desk.scanned(here, "FGR-1")
    gone = desk.client.post(here, data=told | {"scan": "999"}, headers={"Accept-Language": "en"})
    assert (gone.status_code, "Ya no está. Escanee otra vez." in gone.text) == (409, True)
    outside = {"receiver": "outside-laboratory", "name": "Ines", "reason": "analysis"}
    desk.client.post(here, data=told | outside)
    scanned = desk.client.get(f"{here}/give").text
    stale = desk.offered(scanned)
    assert "manual" not in scanned
    desk.client.post(here, data={"number": "fgr-1"})
    assert "fgr-1 · manual" in desk.client.get(f"{here}/give").text
    changed = desk.client.post(stale, data={"held": "yes"}, follow_redirects=True)
    assert "Cambió mientras se mostraba" in changed.text
    desk.client.post(f"{here}/again")
    desk.client.post(here, data=desk.scanned(here, "FGR-1") | outside)
    desk.client.post(desk.offered(desk.client.get(f"{here}/give").text), data={"held": "yes"})
    accept = desk.client.get(f"{here}/accept").text
    assert "sello FGR-1. De Ana Ruiz" in accept
    desk.client.post(desk.offered(accept), data={"drawn": drawn})
    [record] = desk.station.casework.dossier(desk.screening).of(TransferRecord)
    assert record.observed
    told = dict(desk.station.casework.dossier(desk.screening).records)[record.observed.seq]
    assert isinstance(told, ObservationRecord)
    assert (record.source, told.exhibit) == ("scanned", desk.exhibit)


def test_another_seal_is_reported_with_its_scan_or_as_typed(desk: Desk) -> None:
    [operator] = desk.station.operators.list()
    desk.station.casework.apply_seal(operator, desk.exhibit, "FGR-1", "closed")
    for way, text in (("handover", "FGR-8"), ("open", "FGR-9")):
        here = f"/exhibits/{desk.exhibit}/{way}"
        desk.scanned(here, text)
        [asked] = set(re.findall(rf'href="({here}/other[^"]+)"', desk.client.get(here).text))
        page = desk.client.get(asked.replace("&amp;", "&"))
        assert (page.status_code, "manual" in page.text) == (409, False)
        told = dict(HIDDEN.findall(page.text))
        gone = desk.client.post(f"{here}/other", data=told | {"scan": "999"})
        assert (gone.status_code, "Ya no está. Escanee otra vez." in gone.text) == (409, True)
        desk.client.post(f"{here}/other", data=told)
    typed = desk.client.post(here, data={"number": "FGR-7"}, follow_redirects=True)
    assert "El registro y el acta dirán: manual." in typed.text
    desk.client.post(f"{here}/other", data={"number": "FGR-7"})
    records = desk.station.casework.dossier(desk.screening).of(SealCheckRecord)
    assert [(each.found, each.source) for each in records] == [
        ("FGR-8", "scanned"),
        ("FGR-9", "scanned"),
        ("FGR-7", "typed"),
    ]
    page = desk.client.get(f"/exhibits/{desk.exhibit}").text
    assert "FGR-8, FGR-9, FGR-7 · manual" in page


def test_a_reader_that_tells_small_letters_reads_no_other_seal(desk: Desk) -> None:
    [operator] = desk.station.operators.list()
    desk.station.casework.apply_seal(operator, desk.exhibit, "FGR-1", "closed")
    for way in ("open", "handover"):
        assert desk.scanned(f"/exhibits/{desk.exhibit}/{way}", "fgr-1")["number"] == "fgr-1"


def test_a_number_that_is_typed_after_a_scan_is_typed(desk: Desk) -> None:
    seal, opening = f"/exhibits/{desk.exhibit}/seal", f"/exhibits/{desk.exhibit}/open"
    desk.scanned(seal, "FGR-1")
    desk.client.post(seal, data={"number": "FGR-2"})
    desk.client.post(opening, data=desk.scanned(opening, "FGR-2"))
    desk.client.post(opening, data={"number": "fgr-2"})
    desk.client.post(opening, data={"why": "check"})
    desk.client.post(f"{opening}/break", data={"held": "yes"})
    assert desk.seals() == [("applied", "FGR-2", "typed"), ("broken", "FGR-2", "typed")]


def test_a_code_that_was_scanned_beside_a_reading_is_refused_in_words(desk: Desk) -> None:
    reader, [operator] = desk.station.companions.reader, desk.station.operators.list()
    assert reader
    seal = f"/exhibits/{desk.exhibit}/seal"
    told = desk.scanned(seal, "BOX-77")
    desk.station.observations.add(operator, desk.screening, reader.scanned(seal)[-1])
    refused = desk.client.post(seal, data=told, headers={"Accept-Language": "en"})
    assert (refused.status_code, desk.seals()) == (409, [])
    assert "BOX-77 se escaneó junto a una lectura" in refused.text


def test_what_a_scale_on_the_reader_s_port_says_is_never_offered_as_a_seal_number(desk: Desk) -> None:
    reader, seal = desk.station.companions.reader, f"/exhibits/{desk.exhibit}/seal"
    assert reader
    desk.client.get(seal)
    time.sleep(REST_S)
    desk.hand.send(b"S S     123.45 g\r\n")
    wait_until(lambda: reader.problem or reader.scanned(seal))
    page = desk.client.get(seal).text
    assert HIDDEN.findall(page) == []
    assert "En su puerto hay otro instrumento." in page
