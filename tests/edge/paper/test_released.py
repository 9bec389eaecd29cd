"""The record with the sealed court bundle inside: two persons let it leave at the screens, and a stranger checks it."""

import re
from pathlib import Path

import httpx
import pytest

from edge.dossier import Dossier
from edge.errors import NotPrinted
from edge.incoming import read_incoming
from edge.paper.pages import released_case
from edge.station import Station
from edge.views import OperatorView
from sync.court import CourtBundle
from sync.envelope import Envelope
from tests.edge.bench import PIN, finished
from tests.edge.paper.case import a_case
from tests.edge.paper.pdfs import enclosed, pdfa_faults
from tests.edge.test_imports import TRUNARC, raman


@pytest.fixture
def case(a_station: Station, officer: OperatorView) -> Dossier:
    return a_case(a_station, officer)


def released(station: Station, client: httpx.Client, case: Dossier) -> str:
    """Let a case leave as two persons do at the screens, and return where it waits."""
    station.operators.demo = True
    asker, beside = (station.operators.enrol(role, role, PIN) for role in ("supervisor", "auditor"))
    assert client.post("/api/sign-in", json={"operator": asker.id, "pin": PIN}).is_success
    form = {"receiver": "court", "order": "45/2026"}
    act = client.post(f"/screenings/{case.screening}/export", data=form).headers["location"]
    assert client.post(act, data={"person": asker.id, "pin": PIN}).status_code == 303
    done = client.post(act, data={"person": beside.id, "pin": PIN}).text
    found = re.search(r"/exports/[\w-]+", done)
    assert found
    return found[0]


def test_the_bundle_of_two_persons_is_inside(a_station: Station, case: Dossier, browser: httpx.Client) -> None:
    place = released(a_station, browser, case)
    made = browser.post(f"{place}/acta.pdf").content
    assert pdfa_faults(made) == []
    [(name, data)] = enclosed(made).items()
    assert name == f"MX-TIJ-01-{case.screening}.court"
    assert data == browser.post(f"{place}/garita-export.bin").content
    assert all(each.key is None for each in CourtBundle.from_bytes(data).entries)

    officer = next(each for each in a_station.operators.list() if each.role == "officer")
    a_station.casework.report_seal(officer, case.exhibits[0].id, "FGR-0099")
    with pytest.raises(NotPrinted, match="export it again"):
        released_case(a_station, data)


def test_a_file_that_the_case_names_leaves_with_it(
    a_station: Station, officer: OperatorView, browser: httpx.Client, tmp_path: Path
) -> None:
    (tmp_path / "bag.jdx").write_bytes(raman(600, 1000))
    file = a_station.imports.receive(read_incoming(tmp_path / "bag.jdx"), TRUNARC, officer.id).seq
    finished(a_station, a_station.screenings.start(officer))
    case = a_case(a_station, officer)
    a_station.observations.link(officer, case.screening, file)
    browser.cookies.set("garita_language", "es")
    place = released(a_station, browser, case)
    bundle = browser.post(f"{place}/garita-export.bin").content
    inside = [Envelope.from_bytes(each.envelope).header.seq for each in CourtBundle.from_bytes(bundle).entries]
    assert inside[0] == file < min(case.proofs) == inside[1]
    [(name, data)] = enclosed(browser.post(f"{place}/acta.pdf").content).items()
    assert (name, data) == (f"MX-TIJ-01-{case.screening}.court", bundle)


def test_who_may_not_release_gets_nothing(signed_in: httpx.Client) -> None:
    assert signed_in.post("/exports/anything/acta.pdf").status_code == 403
