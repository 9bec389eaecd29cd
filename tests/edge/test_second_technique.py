"""A file of another instrument is one screening's evidence: offered to no other, refused to it, named to who signs."""

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
