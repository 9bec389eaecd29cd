"""A file of another instrument is one screening's evidence: offered to no other, refused to it, named to who signs."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from edge.approvals import Approval
from edge.errors import BadCasework, FileOfAnother
from edge.imports import ImportView
from edge.incoming import read_incoming
from edge.station import Station
from edge.views import OperatorView
from edge.web import forms
from sync.contract.acts import void_subject
from sync.contract.ids import ScreeningId, Seq
from sync.contract.imports import ImportRecord
from tests.edge.bench import PIN, Bench, finished
from tests.edge.paper.case import prints
from tests.edge.test_imports import TRUNARC, raman
from tests.edge.web.test_loose_bags import screens


@pytest.fixture
def client(a_station: Station, officer: OperatorView) -> Iterator[httpx.Client]:
    with screens(a_station, officer) as client:
        yield client


@pytest.fixture
def file(a_station: Station, officer: OperatorView, tmp_path: Path) -> ImportView:
    return bring(a_station, officer, tmp_path / "Maleta 2 ñ.jdx", raman(600, 1000))


def bring(station: Station, officer: OperatorView, path: Path, data: bytes) -> ImportView:
    path.write_bytes(data)
    return station.imports.receive(read_incoming(path), TRUNARC, officer.id)


def encounter(station: Station, person: OperatorView) -> ScreeningId:
    return station.screenings.open(person, "luggage")


def offered(station: Station, screening: ScreeningId) -> list[str]:
    return [each.name for each in station.observations.offered(screening, 5)]


def void(station: Station, seq: Seq) -> None:
    people = [station.operators.enrol(f"{role} {seq}", role, PIN) for role in ("supervisor", "auditor")]
    station.operators.demo = True
    first, second = (station.operators.prove(each.id, PIN) for each in people)
    reason = "de otra maleta"
    station.casework.void(Approval("void", void_subject(seq, reason), first, second), seq, reason)


def test_a_file_of_one_case_is_neither_offered_to_nor_taken_by_another(
    a_station: Station, officer: OperatorView, file: ImportView, tmp_path: Path
) -> None:
    mine, other = (encounter(a_station, officer) for _ in range(2))
    assert offered(a_station, other) == ["Maleta 2 ñ.jdx"]
    a_station.observations.link(officer, mine, file.seq)
    again = bring(a_station, officer, tmp_path / "again.jdx", raman(600, 1000))
    free = bring(a_station, officer, tmp_path / "free.jdx", raman(700))
    assert offered(a_station, other) == offered(a_station, mine) == ["free.jdx"]
    for seq in (file.seq, again.seq):
        with pytest.raises(FileOfAnother, match=f"is evidence of screening {mine}, by entry"):
            a_station.observations.link(officer, other, seq)
        with pytest.raises(BadCasework, match="belongs to this screening already"):
            a_station.observations.link(officer, mine, seq)
    assert [link.concerns.seq for _, link in a_station.observations.second_techniques(mine)] == [file.seq]
    assert a_station.observations.second_techniques(other) == []
    a_station.observations.link(officer, other, free.seq)


def test_a_file_that_was_attached_by_mistake_is_free_once_that_is_void(
    a_station: Station, officer: OperatorView, file: ImportView
) -> None:
    wrong, right = (encounter(a_station, officer) for _ in range(2))
    a_station.observations.link(officer, wrong, file.seq)
    void(a_station, a_station.observations.second_techniques(wrong)[0][0])
    assert offered(a_station, right) == ["Maleta 2 ñ.jdx"]
    a_station.observations.link(officer, right, file.seq)
    with pytest.raises(FileOfAnother):
        a_station.observations.link(officer, wrong, file.seq)


def test_practice_takes_no_file_from_evidence(a_station: Station, officer: OperatorView, file: ImportView) -> None:
    token = a_station.operators.sign_in(officer.id, PIN)
    a_station.operators.train(token, training=True)
    trainee = a_station.operators.session(token)
    practice = encounter(a_station, trainee)
    a_station.observations.link(trainee, practice, file.seq)
    with pytest.raises(BadCasework, match="belongs to this screening already"):
        a_station.observations.link(trainee, practice, file.seq)
    real = encounter(a_station, officer)
    assert offered(a_station, real) == ["Maleta 2 ñ.jdx"]
    a_station.observations.link(officer, real, file.seq)
    with pytest.raises(FileOfAnother):
        a_station.observations.link(trainee, encounter(a_station, trainee), file.seq)


def test_the_screen_tells_when_a_file_came_and_refuses_that_of_another_case(
    bench: Bench, a_station: Station, officer: OperatorView, file: ImportView, client: httpx.Client
) -> None:
    first, second = (finished(a_station, a_station.screenings.start(officer)) for _ in range(2))
    client.cookies.set("garita_language", "es")
    page = client.get(f"/readings/{second.id}/beside/file").text
    [record] = [each for each in bench.records() if isinstance(each, ImportRecord)]
    when = forms.wall(record.recorded.wall)
    assert re.search(rf"<span>Recibido: \d+ \w+ {when.astimezone():%Y %H:%M}\. ", page)
    a_station.observations.link(officer, first.screening, file.seq)
    assert "Maleta 2" not in client.get(f"/readings/{second.id}/beside/file").text
    refused = client.post(f"/readings/{second.id}/beside/file", data={"file": file.seq})
    assert refused.status_code == 409
    assert "Ese archivo es evidencia de otro caso" in refused.text
    assert a_station.observations.second_techniques(second.screening) == []


def test_a_file_that_was_attached_by_mistake_is_made_void_from_its_screen(
    a_station: Station, officer: OperatorView, file: ImportView, client: httpx.Client
) -> None:
    reading = finished(a_station, a_station.screenings.start(officer))
    client.cookies.set("garita_language", "es")
    beside = f"/readings/{reading.id}/beside"
    here, entries, compare = (
        f"{beside}/file",
        *(f"/screenings/{reading.screening}/{it}" for it in ("entries", "compare")),
    )
    assert entries not in client.get(here).text
    assert client.post(here, data={"file": file.seq}, follow_redirects=True).is_success
    [(seq, _)] = a_station.observations.second_techniques(reading.screening)
    assert f'href="{entries}"' in client.get(here).text
    listed = client.get(entries).text
    assert f'href="/entries/{seq}"' in listed
    assert f'href="{here}"' in listed, "and back"
    assert f"/entries/{seq}/void" not in client.get(f"/entries/{seq}").text, "an officer asks a supervisor"
    head = a_station.operators.enrol("Eva Sol", "supervisor", PIN)
    assert client.post("/api/sign-in", json={"operator": head.id, "pin": PIN}).is_success
    assert f'href="/entries/{seq}/void"' in client.get(f"/entries/{seq}").text
    assert client.post(f"/entries/{seq}/void", data={"why": "other-thing"}).headers["location"].startswith("/acts/")
    assert "TruNarc 12" in client.get(compare).text
    void(a_station, seq)
    told = client.get(here).text
    assert "<s>TruNarc 12 dice: ALARM: Cocaine HCl</s> de otra maleta (" in told
    assert f'value="{file.seq}"' in told, "it may be attached again"
    assert "1 en acta" not in client.get(beside).text
    assert "TruNarc 12" not in client.get(compare).text


def whole_case(station: Station, officer: OperatorView, file: ImportView) -> ScreeningId:
    case = finished(station, station.screenings.start(officer)).screening
    exhibit = station.casework.add_exhibit(officer, case, "polvo", "powder", 1, "bag")
    station.casework.weigh(officer, exhibit, ("12.40", "g"))
    station.casework.apply_seal(officer, exhibit, "FGR-1", "La bolsa se cerró")
    station.observations.link(officer, case, file.seq)
    return case


SPECTRUM = """ACCESSION: MSBNK-X-1
RECORD_TITLE: Cocaine; LC-ESI-QTOF; MS2
CH$NAME: Cocaine
AC$MASS_SPECTROMETRY: MS_TYPE MS2
AC$MASS_SPECTROMETRY: ION_MODE POSITIVE
AC$MASS_SPECTROMETRY: FRAGMENTATION_MODE CID
AC$MASS_SPECTROMETRY: COLLISION_ENERGY 20 eV
MS$FOCUSED_ION: PRECURSOR_M/Z 304.1543
MS$FOCUSED_ION: PRECURSOR_TYPE [M+H]+
PK$NUM_PEAK: 2
PK$PEAK: m/z int. rel.int.
  182.1176 1000 999
  304.1543 300 300
//
"""


@pytest.fixture
def spectrum(a_station: Station, officer: OperatorView, tmp_path: Path) -> ImportView:
    return bring(a_station, officer, tmp_path / "Maleta 2 ñ.mb", SPECTRUM.encode())


def test_the_record_on_paper_tells_the_file_and_its_entry(
    a_station: Station, officer: OperatorView, spectrum: ImportView
) -> None:
    case = whole_case(a_station, officer, spectrum)
    made = prints(a_station, "es").acta(a_station.casework.dossier(case)).page
    told = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", made)))
    for each in ("Maleta 2 ñ.mb", "MassBank", "Cocaine", "espectro de masas, CID, m/z 304.1543"):
        assert each in told, told
    assert forms.digest(spectrum.digest) in told
    [link] = [record for _, record in a_station.observations.second_techniques(case)]
    [row] = re.findall(r"<tr><td>[^<]*</td><td>garita.import/1</td><td class=\"hash\">([^<]*)</td>", made)
    assert row == forms.digest(link.concerns.digest.hex())


def test_who_signs_and_who_approves_are_shown_the_file(
    a_station: Station, officer: OperatorView, spectrum: ImportView, client: httpx.Client
) -> None:
    case = whole_case(a_station, officer, spectrum)
    client.cookies.set("garita_language", "es")
    shown = pages(client, f"/screenings/{case}/review?incomplete=yes&")
    assert "Otra técnica" in shown
    for each in ("TruNarc 12", "Maleta 2 ñ.mb", "MassBank", "ALARM: Cocaine HCl", spectrum.digest[:16]):
        assert each in shown, each
    a_station.seizures.sign(officer, case, "hold")
    head = a_station.operators.enrol("Eva Sol", "supervisor", PIN)
    assert client.post("/api/sign-in", json={"operator": head.id, "pin": PIN}).is_success
    assert "Maleta 2 ñ.mb" in pages(client, f"/screenings/{case}/decision?")
    void(a_station, a_station.observations.second_techniques(case)[0][0])
    assert "<s>TruNarc 12" in client.get(f"/screenings/{case}/decision").text.replace("\n", "")


def pages(client: httpx.Client, place: str) -> str:
    """Return the words of all the pages of what is signed."""
    made = "".join(client.get(f"{place}page={page}").text for page in range(1, 5))
    return html.unescape(re.sub(r"<[^>]+>", " ", made))
