"""Every paper that is handed out is in the journal: which, by whom, how many copies; it is no part of the case."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from edge.app import create_app
from edge.dossier import Dossier
from edge.paper.story import story
from edge.station import Station
from edge.views import OperatorView
from sync.contract.printing import PrintRecord
from sync.contract.training import TrainingRecord
from tests.edge.bench import PIN, Bench, serve
from tests.edge.paper.case import a_case, prints
from tests.edge.paper.test_labels import PaperRoll

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def case(a_station: Station, officer: OperatorView) -> Dossier:
    return a_case(a_station, officer)


def printed(bench: Bench) -> list[PrintRecord]:
    return [each for each in bench.records() if isinstance(each, PrintRecord)]


@pytest.mark.parametrize("paper", ["annex", "slip"])
def test_a_paper_that_leaves_as_a_file(
    bench: Bench, case: Dossier, signed_in: httpx.Client, officer: OperatorView, paper: str
) -> None:
    made = signed_in.post(f"/screenings/{case.screening}/print/{paper}.pdf", data={"copies": 3}).content
    [record] = printed(bench)
    assert (record.operator, record.screening, record.paper) == (officer.id, case.screening, paper)
    assert (record.way, record.form, record.copies, record.exhibit) == ("file", "pdf", 3, None)
    assert record.digest == sha256(made).digest()


def test_a_label_on_the_printer(bench: Bench, tmp_path: Path) -> None:
    roll = PaperRoll(tmp_path)
    station = bench.open(printer=f"zpl:{roll.device}")
    officer = station.operators.enrol("Ana Ruiz", "officer", PIN)
    screening = station.screenings.open(officer, "parcel")
    exhibit = station.casework.add_exhibit(officer, screening, "polvo blanco")
    headers = {"Sec-Fetch-Site": "same-origin"}
    with serve(create_app(station)) as origin, httpx.Client(base_url=origin, headers=headers, timeout=30) as client:
        client.post("/api/sign-in", json={"operator": officer.id, "pin": PIN})
        assert client.post(f"/exhibits/{exhibit}/label", data={"copies": 2}).is_success
    assert roll.close().count(b"^XZ") == 2
    [record] = printed(bench)
    assert (record.way, record.form, record.copies, record.exhibit) == ("printer", "zpl", 2, exhibit)


def test_a_paper_is_no_part_of_the_case(
    a_station: Station, case: Dossier, signed_in: httpx.Client, officer: OperatorView
) -> None:
    for _ in range(2):
        signed_in.post(f"/exhibits/{case.exhibits[0].id}/label.zpl", data={"copies": 1})
    now = a_station.casework.dossier(case.screening)
    assert (now.proofs, now.entries) == (case.proofs, case.entries)
    assert [record.paper for _, record in now.printed if isinstance(record, PrintRecord)] == ["label", "label"]
    told = story(prints(a_station, "es").reader, officer, a_station.shifts.of(officer.id, LONG_AGO), "ahora", 0)
    assert "Papeles hechos, con sus copias: etiqueta 2." in told.sentences


def test_where_it_cannot_be_put_on_record_nothing_is_handed_out(
    a_station: Station, case: Dossier, signed_in: httpx.Client
) -> None:
    sealer = a_station._recorder.sealer
    object.__setattr__(sealer, "recipients", sealer.recipients[:1])
    answer = signed_in.post(f"/screenings/{case.screening}/print/slip.pdf")
    assert answer.status_code == 503
    assert b"%PDF" not in answer.content


@pytest.mark.parametrize("copies", [0, 6, "x"])
def test_copies_are_a_few(bench: Bench, case: Dossier, signed_in: httpx.Client, copies: object) -> None:
    answer = signed_in.post(f"/screenings/{case.screening}/print/slip.pdf", data={"copies": copies})
    assert answer.status_code == 422
    assert printed(bench) == []


def test_looking_prints_nothing(bench: Bench, case: Dossier, signed_in: httpx.Client) -> None:
    assert signed_in.get(f"/screenings/{case.screening}/print/acta.pdf").status_code == 405
    assert printed(bench) == []


def test_a_paper_of_practice_is_practice(bench: Bench, a_station: Station, signed_in: httpx.Client) -> None:
    token = signed_in.cookies["garita_session"]
    a_station.operators.train(token, training=True)
    screening = a_station.screenings.open(a_station.operators.session(token), "parcel")
    a_station.casework.add_exhibit(a_station.operators.session(token), screening, "polvo de práctica")
    [exhibit] = a_station.casework.dossier(screening).exhibits
    assert signed_in.post(f"/exhibits/{exhibit.id}/label.zpl").is_success
    assert printed(bench) == []
    assert bench.records()[-1].schema_name == TrainingRecord.SCHEMA
