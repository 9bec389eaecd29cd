"""After a power cut Home goes on with the hand-over that one signed alone, and with the bag that lies open."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from edge.app import create_app
from edge.approvals import Approval, Proof
from edge.station import Station
from edge.views import OperatorView
from sync.contract.acts import void_subject
from sync.contract.casework import ExhibitRecord, SealRecord, TransferRecord
from sync.contract.ids import OperatorId, ScreeningId
from tests.edge.bench import PIN, Bench, serve

SEAL = "SELLO-00123"
HANDOVER, OPEN = "Continue the hand-over", "Continue: the bag is open"


@contextmanager
def screens(station: Station, person: OperatorView) -> Iterator[httpx.Client]:
    """Sign somebody in at a station's screens."""
    headers = {"Sec-Fetch-Site": "same-origin"}
    with serve(create_app(station)) as origin, httpx.Client(base_url=origin, headers=headers, timeout=60) as client:
        client.cookies.set("garita_language", "en")
        assert client.post("/api/sign-in", json={"operator": person.id, "pin": PIN}).status_code == 200
        yield client


@pytest.fixture
def sealed(a_station: Station, officer: OperatorView) -> tuple[ScreeningId, str]:
    screening = a_station.screenings.open(officer, "vehicle")
    exhibit = a_station.casework.add_exhibit(officer, screening, "a bag")
    a_station.casework.apply_seal(officer, exhibit, SEAL, "closed")
    a_station.seizures.sign(officer, screening, "hold")
    return screening, exhibit


@pytest.fixture
def sol(a_station: Station) -> OperatorView:
    return a_station.operators.enrol("Eva Sol", "supervisor", PIN)


def give(client: httpx.Client, here: str) -> httpx.Response:
    """Read the bag, and let who is signed in give it by a hold."""
    page = client.post(here, data={"number": SEAL}, follow_redirects=True).text
    [form] = re.findall(rf'action="({here}/give\?seen=[0-9a-f]+)"', page)
    return client.post(form, data={"held": "yes"}, follow_redirects=True)


def test_a_hand_over_that_one_signed_alone_is_gone_on_with(
    bench: Bench, a_station: Station, officer: OperatorView, sol: OperatorView, sealed: tuple[ScreeningId, str]
) -> None:
    screening, exhibit = sealed
    here = f"/exhibits/{exhibit}/handover"
    with screens(a_station, officer) as client:
        client.post(here, data={"receiver": "outside-laboratory", "name": "Ines", "reason": "analysis"})
        assert HANDOVER not in client.get("/").text, "nobody signed yet"
        assert "Ines receives and signs" in give(client, here).text
    bench.close()
    station = bench.open()
    for person in (sol, officer):
        with screens(station, person) as client:
            home = client.get("/").text
            assert HANDOVER in home
            assert "Exhibit 1 → Ines, Laboratory" in home
            assert f'href="/exhibits/{exhibit}"' in home
            assert "The hand-over to Ines, Laboratory is not on record" in client.get(f"/exhibits/{exhibit}").text
            assert "The signature of who gives was not kept." in client.get(here, follow_redirects=True).text
            page = client.post(here, data={"number": SEAL}, follow_redirects=True).text
            assert "The signature was not kept: sign again." in page
    assert station.casework.dossier(screening).of(TransferRecord) == []
    with screens(station, officer) as client:
        client.post(f"{here}/again")
        assert HANDOVER not in client.get("/").text
        assert "is not on record" not in client.get(f"/exhibits/{exhibit}").text


def test_a_hand_over_that_one_signed_is_none_to_somebody_else(
    bench: Bench, a_station: Station, officer: OperatorView, sealed: tuple[ScreeningId, str]
) -> None:
    _, exhibit = sealed
    here = f"/exhibits/{exhibit}/handover"
    told = {"receiver": "outside-laboratory", "name": "Ines", "reason": "analysis"}
    for change in ({"receiver": "outside-prosecutor"}, {"name": "Pedro"}):
        with screens(a_station, officer) as client:
            client.post(here, data=told)
            give(client, here)
            client.post(here, data=told)
            assert "Exhibit 1 → Ines, Laboratory" in client.get("/").text, "it is the same"
        bench.close()
        a_station = bench.open()
        with screens(a_station, officer) as client:
            client.post(here, data=change)
            assert HANDOVER not in client.get("/").text, "nobody signed that"
            assert "is not on record" not in client.get(f"/exhibits/{exhibit}").text


def test_a_bag_that_lies_open_is_closed_by_who_is_signed_in_next(
    bench: Bench, a_station: Station, officer: OperatorView, sol: OperatorView, sealed: tuple[ScreeningId, str]
) -> None:
    _, exhibit = sealed
    a_station.casework.break_seal(officer, exhibit, SEAL, "The content is checked")
    technician = a_station.operators.enrol("Tec Nico", "technician", PIN)
    bench.close()
    station = bench.open()
    with screens(station, technician) as client:
        assert OPEN not in client.get("/").text, "it is no task of theirs"
    with screens(station, sol) as client:
        home = client.get("/").text
        assert OPEN in home
        assert f"Exhibit 1 · broken: {SEAL}" in home
        assert f'href="/exhibits/{exhibit}"' in home
        assert f"broken: {SEAL}" in client.get(f"/exhibits/{exhibit}").text
        assert "bag open · Signed" in client.get("/cases").text
        station.casework.apply_seal(sol, exhibit, "SELLO-00200", "closed again")
        assert OPEN not in client.get("/").text
        assert "bag open" not in client.get("/cases").text


@pytest.mark.parametrize("voided", [ExhibitRecord, SealRecord])
def test_home_goes_on_with_no_bag_that_was_voided_nor_with_one_whose_opening_was(
    a_station: Station, officer: OperatorView, sealed: tuple[ScreeningId, str], voided: type
) -> None:
    screening, exhibit = sealed
    casework = a_station.casework
    casework.break_seal(officer, exhibit, SEAL, "The content is checked")
    with screens(a_station, officer) as client:
        assert OPEN in client.get("/").text
        seq = [seq for seq, it in casework.dossier(screening).records if isinstance(it, voided)][-1]
        supervisor = Proof(OperatorView(OperatorId("op-1"), "Luis Paz", "supervisor"), "token")
        beside = Proof(OperatorView(OperatorId("op-2"), "Au Dit", "auditor"), "token")
        casework.void(Approval("void", void_subject(seq, "a mistake"), supervisor, beside), seq, "a mistake")
        assert OPEN not in client.get("/").text


def test_a_bag_that_was_opened_instead_is_handed_to_nobody(
    a_station: Station, officer: OperatorView, sealed: tuple[ScreeningId, str]
) -> None:
    _, exhibit = sealed
    here = f"/exhibits/{exhibit}"
    with screens(a_station, officer) as client:
        client.post(f"{here}/handover", data={"receiver": "outside-laboratory", "name": "Ines", "reason": "analysis"})
        give(client, f"{here}/handover")
        client.post(f"{here}/open", data={"number": SEAL, "why": "sampling"})
        client.post(f"{here}/open/break", data={"held": "yes"})
        home = client.get("/").text
        assert OPEN in home
        assert HANDOVER not in home
        assert "is not on record" not in client.get(here).text
