"""What is measured after a signature slips under neither it nor an approval: it is signed and reviewed again."""

from pathlib import Path

import httpx
import pytest

from edge.errors import BadCasework
from edge.paper.prints import PAPERS
from edge.station import Station
from edge.views import OperatorView
from edge.web.comparing import concluded
from sync.contract.ids import ScreeningId, Seq
from tests.edge.bench import PIN, finished
from tests.edge.paper.case import prints
from tests.edge.test_imports import TRUNARC, raman, read_incoming
from tests.edge.test_voided_readings import FORMS, approved, void, waiting

READING = "Since the signature: reading 2. It must be signed again."
LECTURA = "Después de la firma: lectura 2. Debe firmarse otra vez."
UNCOVERED = "Es posterior a la firma, que no lo incluye."
APPROVED = "The review approved: ALARM: Cocaine. Changed since: it must be reviewed again."


@pytest.fixture
def supervisor(a_station: Station) -> OperatorView:
    return a_station.operators.enrol("Eva Sol", "supervisor", PIN)


def measure(station: Station, officer: OperatorView, screening: ScreeningId) -> Seq:
    seq = finished(station, station.screenings.start(officer, screening=screening)).seq
    assert seq is not None
    return seq


def told(station: Station, screening: ScreeningId) -> tuple[str, str]:
    whole = concluded(station, prints(station, "en").reader, station.casework.dossier(screening))
    return whole.unsigned, whole.review


def test_a_reading_after_the_approval_is_signed_and_reviewed_again(
    a_station: Station, officer: OperatorView, supervisor: OperatorView
) -> None:
    screening = approved(a_station, officer, supervisor, readings=1)
    assert (told(a_station, screening), waiting(a_station)) == (("", ""), [])
    measure(a_station, officer, screening)
    assert told(a_station, screening) == (READING, APPROVED)
    assert waiting(a_station) == ["corrected"]
    with pytest.raises(BadCasework, match="after the signature"):
        a_station.seizures.review(supervisor, screening, "approved")
    for paper in FORMS:
        page = PAPERS[paper](prints(a_station, "es"), a_station.casework.dossier(screening)).page
        assert LECTURA in page
    acta = prints(a_station, "es").acta(a_station.casework.dossier(screening)).page
    assert acta.index("Lectura 2</h3>") < acta.index(UNCOVERED)
    a_station.seizures.sign(officer, screening, "hold")
    assert told(a_station, screening) == ("", APPROVED)
    assert waiting(a_station) == [None]
    a_station.seizures.review(supervisor, screening, "approved")
    assert (told(a_station, screening), waiting(a_station)) == (("", ""), [])
    acta = prints(a_station, "es").acta(a_station.casework.dossier(screening)).page
    assert UNCOVERED not in acta


def test_a_second_technique_after_the_signature_is_signed_too(
    a_station: Station, officer: OperatorView, supervisor: OperatorView, tmp_path: Path
) -> None:
    screening = approved(a_station, officer, supervisor, readings=1)
    file = tmp_path / "bag.jdx"
    file.write_bytes(raman(600, 1000))
    received = a_station.imports.receive(read_incoming(file), TRUNARC, officer.id)
    a_station.observations.link(officer, screening, received.seq)
    assert told(a_station, screening)[0] == "Since the signature: TruNarc 12. It must be signed again."
    assert waiting(a_station) == ["corrected"]
    acta = prints(a_station, "es").acta(a_station.casework.dossier(screening)).page
    assert acta.index("Segunda técnica") < acta.index(UNCOVERED)
    a_station.seizures.sign(officer, screening, "hold")
    assert told(a_station, screening)[0] == ""


def test_a_reading_between_signature_and_review_is_signed_before_it_is_approved(
    a_station: Station, officer: OperatorView, supervisor: OperatorView
) -> None:
    screening = approved(a_station, officer, supervisor, readings=1)
    a_station.seizures.review(supervisor, screening, "returned", "no photograph")
    a_station.seizures.sign(officer, screening, "hold")
    measure(a_station, officer, screening)
    assert told(a_station, screening) == (READING, "")
    with pytest.raises(BadCasework, match="after the signature"):
        a_station.seizures.review(supervisor, screening, "approved")
    a_station.seizures.review(supervisor, screening, "returned", "sign what was measured since")
    a_station.seizures.sign(officer, screening, "hold")
    a_station.seizures.review(supervisor, screening, "approved")
    assert told(a_station, screening) == ("", "")


def test_what_was_voided_takes_no_signature(
    a_station: Station, officer: OperatorView, supervisor: OperatorView
) -> None:
    a_station.operators.demo = True
    screening = approved(a_station, officer, supervisor, readings=1)
    void(
        a_station,
        [supervisor, a_station.operators.enrol("Luz Mar", "supervisor", PIN)],
        measure(a_station, officer, screening),
    )
    assert told(a_station, screening) == ("", APPROVED)
    a_station.seizures.review(a_station.operators.enrol("Au Dit", "auditor", PIN), screening, "approved")
    assert waiting(a_station) == []


def test_screens_ask_to_sign_again_and_offer_no_approval_before(
    browser: httpx.Client, a_station: Station, officer: OperatorView, supervisor: OperatorView
) -> None:
    screening = approved(a_station, officer, supervisor, readings=1)
    measure(a_station, officer, screening)
    browser.cookies.set("garita_language", "en")
    assert browser.post("/api/sign-in", json={"operator": officer.id, "pin": PIN}).status_code == 200
    record = browser.get(f"/screenings/{screening}/record").text
    assert "Changed since the signature" in record
    assert READING in record
    assert "Sign again" in browser.get("/cases").text
    assert READING in browser.get(f"/screenings/{screening}/review").text
    assert browser.post("/api/sign-in", json={"operator": supervisor.id, "pin": PIN}).status_code == 200
    assert "Sign again" in browser.get("/reviews").text
    decision = browser.get(f"/screenings/{screening}/decision?page=9").text
    assert "It is signed again before it is approved." in decision
    assert "garita-hold" not in decision
