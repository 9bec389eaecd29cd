"""A post without a line: from its screens onto a stick, into the centre, and its answers back by the same stick."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from edge.errors import NotCarried
from edge.station import Station
from edge.views import OperatorView
from sync.central.attachments_app import take_attachments
from sync.central.centre import Centre, system_now
from sync.central.inside import create_inside_app
from sync.central.settings import CentralSettings
from sync.central.speakers import anybody
from sync.central.sticks import import_folder
from sync.contract import canonical
from sync.contract.ids import StationId
from sync.contract.submission import Answer
from sync.stick_files import FOLDER
from tests.edge.bench import PIN, Bench, finished, serve
from tests.edge.usb import plugged, possible


@pytest.fixture
def centre(tmp_path: Path, bench: Bench) -> Iterator[Centre]:
    """Open a centre that admits the station, which trusts its log."""
    vkey = Centre.create(tmp_path / "centre", "log.example/garita", CentralSettings())
    (bench.data / "log.vkey").write_text(vkey)
    opened = Centre.open(tmp_path / "centre")
    opened.store.admit(bench.station_key.card(StationId("MX-TIJ-01")), system_now())
    yield opened
    opened.close()


@pytest.fixture
def stick(tmp_path: Path, bench: Bench) -> Iterator[Path]:
    if not possible(tmp_path):
        pytest.skip("only root can mount a filesystem")
    bench.settings["sticks"] = tmp_path / "media"
    with plugged(tmp_path / "media" / "FGR") as folder:
        yield folder


def brought_to(centre: Centre, stick: Path) -> list[str]:
    """Import a stick at the centre, as `garita-central import` does."""
    app = create_inside_app(centre.store, centre.log, centre.stick_ingest, centre.gate)
    take_attachments(app, centre.stick_depot, centre.gate, anybody)
    with serve(app) as origin, httpx.Client(base_url=origin) as http:
        return [told.line for told in import_folder(http, stick)]


def test_what_waits_goes_by_stick_and_its_receipts_come_back(
    centre: Centre, stick: Path, a_station: Station, officer: OperatorView
) -> None:
    finished(a_station, a_station.screenings.start(officer))
    waiting = a_station.sending.state().waiting
    for _ in range(2):
        done = a_station.courier.carry("FGR")
        assert (done.released, done.problems, done.entries) == (0, [], waiting)
        assert done.attachments > 0
    assert not [line for line in brought_to(centre, stick) if "REFUSED" in line]
    done = a_station.courier.carry("FGR")
    assert (done.released, done.problems, done.entries, done.attachments) == (waiting, [], 0, 0)
    assert a_station.sending.state().waiting == 0


def test_what_lies_on_the_stick_keeps_nothing_from_it(stick: Path, a_station: Station, officer: OperatorView) -> None:
    finished(a_station, a_station.screenings.start(officer))
    ours = stick / FOLDER
    ours.mkdir()
    (ours / "MX-TIJ-01-0.answer").mkdir()
    os.mkfifo(ours / "MX-TIJ-01-0.held")
    os.mkfifo(ours / "Z.batch")
    empty = Answer(station=StationId("MX-TIJ-01"), contiguous=0, receipts=[], refusal=None).model_dump()
    huge = canonical.encode(empty | {"receipts": [{"seq": 2**63, "proof": ""}]})
    (ours / "MX-TIJ-01-1.answer").write_bytes(huge)
    done = a_station.courier.carry("FGR")
    assert (done.entries, done.attachments > 0, len(done.problems)) == (a_station.sending.state().waiting, True, 3)
    piece = next(ours.glob("*.piece"))
    whole = piece.read_bytes()
    piece.write_bytes(whole[:100])
    a_station.courier.carry("FGR")
    assert piece.read_bytes() == whole


def test_a_link_in_the_place_of_our_folder_is_not_followed(stick: Path, a_station: Station, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (stick / FOLDER).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotCarried, match="a link, not a folder"):
        a_station.courier.carry("FGR")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_folder_in_the_place_of_a_batch_is_told(stick: Path, a_station: Station) -> None:
    a_station.courier.carry("FGR")
    batch = next((stick / FOLDER).glob("*.batch"))
    batch.unlink()
    batch.mkdir()
    with pytest.raises(NotCarried, match="a folder lies in its place; remove it, or use another stick"):
        a_station.courier.carry("FGR")


def test_an_answer_that_proves_nothing_releases_nothing(
    centre: Centre, stick: Path, a_station: Station, signed_in: httpx.Client
) -> None:
    a_station.courier.carry("FGR")
    brought_to(centre, stick)
    [answer] = (stick / FOLDER).glob("*.answer")
    answer.write_bytes(answer.read_bytes()[:-1])
    waiting = a_station.sending.state().waiting
    told = signed_in.post("/sync/stick", data={"stick": "FGR"}, headers={"Accept-Language": "es"})
    assert "no prueba nada" in told.text
    assert a_station.sending.state().waiting >= waiting


def test_whoever_is_signed_in_fills_a_stick_and_nobody_else(
    stick: Path, a_station: Station, browser: httpx.Client, officer: OperatorView
) -> None:
    assert browser.post("/sync/stick", data={"stick": "FGR"}).headers["location"] == "/sign-in"
    assert not (stick / FOLDER).exists()
    assert browser.post("/api/sign-in", json={"operator": officer.id, "pin": PIN}).is_success
    assert "FGR" in browser.get("/sync/stick").text
    assert browser.post("/sync/stick", data={"stick": "FGR"}).is_success
    assert list((stick / FOLDER).glob("*.batch"))
    assert browser.post("/sync/stick", data={"stick": "gone"}).status_code == 409
    assert a_station.sending.state().waiting > 0
