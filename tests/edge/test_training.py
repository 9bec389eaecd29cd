"""Practice is on record, and is never a record of what it looks like."""

from dataclasses import replace

import pytest

from edge.casework import Casework
from edge.errors import BadCasework, NotAllowed
from edge.station import Station
from edge.views import OperatorView
from sync.contract.record import Record
from sync.contract.records import OperatorRecord, ScreeningRecord, parse_record
from sync.contract.training import TrainingRecord
from tests.edge.bench import PIN, Bench, finished


@pytest.fixture
def token(a_station: Station, officer: OperatorView) -> str:
    token = a_station.operators.sign_in(officer.id, PIN)
    a_station.operators.train(token, training=True)
    return token


@pytest.fixture
def trainee(a_station: Station, token: str) -> OperatorView:
    return a_station.operators.session(token)


def practised(bench: Bench) -> list[TrainingRecord]:
    return [record for record in bench.records() if isinstance(record, TrainingRecord)]


def test_a_session_practises_until_it_says_otherwise(
    bench: Bench, a_station: Station, officer: OperatorView, token: str, trainee: OperatorView
) -> None:
    assert trainee == replace(officer, training=True)
    a_station.operators.train(token, training=False)
    assert a_station.operators.session(token) == officer
    events = [record.event for record in bench.records() if isinstance(record, OperatorRecord)]
    assert events == ["signed_in", "training_began", "training_ended"]


def test_a_practised_reading_is_no_screening(bench: Bench, a_station: Station, trainee: OperatorView) -> None:
    view = finished(a_station, a_station.screenings.start(trainee))
    assert view.training
    assert view.record, "the screens show it like any other, with a watermark"
    assert not [record for record in bench.records() if isinstance(record, ScreeningRecord)]
    started, ended = practised(bench)
    assert (started.of, ended.of) == ("garita.station/1", "garita.screening/2")
    inside: Record = parse_record(ended.practice)
    assert isinstance(inside, ScreeningRecord)
    assert type(parse_record(ended.to_bytes())) is TrainingRecord


def test_a_reading_begun_in_practice_ends_in_practice(
    bench: Bench, a_station: Station, token: str, trainee: OperatorView
) -> None:
    reading = a_station.screenings.start(trainee)
    a_station.operators.train(token, training=False)
    assert finished(a_station, reading).training
    assert not [record for record in bench.records() if isinstance(record, ScreeningRecord)]


def test_practice_and_evidence_do_not_mix(
    bench: Bench, a_station: Station, officer: OperatorView, trainee: OperatorView
) -> None:
    casework = Casework(a_station._database, a_station._recorder)
    practice = finished(a_station, a_station.screenings.start(trainee)).screening
    real = finished(a_station, a_station.screenings.start(officer)).screening
    exhibit = casework.add_exhibit(trainee, practice, "flour")
    for person, screening in ((officer, practice), (trainee, real)):
        with pytest.raises(BadCasework, match="and this session is not"):
            casework.add_exhibit(person, screening, "a bag")
    with pytest.raises(BadCasework, match="practice"):
        casework.weigh(officer, exhibit, ("1", "g"))
    casework.weigh(trainee, exhibit, ("1", "g"))
    assert [each.of for each in practised(bench)][-2:] == ["garita.exhibit/3", "garita.weight/3"]


def test_an_auditor_does_not_practise(a_station: Station) -> None:
    auditor = a_station.operators.enrol("Juan Mora", "auditor", PIN)
    token = a_station.operators.sign_in(auditor.id, PIN)
    with pytest.raises(NotAllowed):
        a_station.operators.train(token, training=True)


@pytest.mark.parametrize("role", ["technician", "laboratory", "auditor", "admin"])
def test_who_is_no_officer_measures_nothing(a_station: Station, role: str) -> None:
    person = a_station.operators.enrol("Juan Mora", role, PIN)
    with pytest.raises(NotAllowed, match=f"measure: Juan Mora is {role}"):
        a_station.screenings.start(person)
