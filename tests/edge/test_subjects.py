"""Subjects: what is told about a screening goes on record once, and what was seen before the result is shown."""

import pytest

from edge.errors import BadCasework, NotAllowed, UnknownReading
from edge.station import Station
from edge.subject_records import LONGEST_NUMBER, Told, number_part, tidy
from edge.views import OperatorView
from sync.contract.ids import ReadingId, ScreeningId
from sync.contract.papers import DeclaredPart
from sync.contract.subject import InspectionRecord, SubjectRecord
from sync.contract.training import TrainingRecord
from tests.edge.bench import PIN, Bench, finished

PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"


def subjects(bench: Bench) -> list[SubjectRecord]:
    return [each for each in bench.records() if isinstance(each, SubjectRecord)]


def test_what_is_told_is_one_record_until_it_changes(bench: Bench, a_station: Station, officer: OperatorView) -> None:
    screening = a_station.screenings.open(officer, "vehicle")
    told = Told("land", "dog", ("ABC-12-34",))
    for _ in range(2):
        a_station.subjects.tell(officer, screening, told)
    a_station.subjects.tell(officer, screening, Told("land", "tip", ("ABC-12-34",)))
    assert [(each.cause, each.numbers[0].kind) for each in subjects(bench)] == [("dog", "plate"), ("tip", "plate")]
    now = a_station.subjects.of(screening)
    assert now is not None
    assert (now.cause, now.subject_kind, now.mode) == ("tip", "vehicle", "land")
    assert a_station.casework.dossier(screening).of(SubjectRecord)[-1] == now


@pytest.mark.parametrize(
    ("text", "kind", "is_a", "is_wrong"),
    [
        ("ABC-12-34", "vehicle", "plate", False),
        ("010950600013435210ABC", "vehicle", "other", False),
        ("CSQU3054383", "vehicle", "container", False),
        ("CSQU3054384", "container", "container", True),
        ("RR123456784MX", "parcel", "postal-item", True),
        ("ABC-12-34", "parcel", "other", False),
    ],
)
def test_a_number_is_kept_with_what_it_is_and_what_is_wrong(text: str, kind: str, is_a: str, is_wrong: bool) -> None:
    part = number_part(text, kind)
    assert (part.kind, part.text, part.problem is not None) == (is_a, text, is_wrong)


def test_a_persons_document_is_no_number(bench: Bench, a_station: Station, officer: OperatorView) -> None:
    screening = a_station.screenings.open(officer, "person")
    with pytest.raises(BadCasework, match="no personal data"):
        a_station.subjects.tell(officer, screening, Told("land", "routine", (PASSPORT,)))
    assert subjects(bench) == []


def test_more_numbers_than_fit_are_refused(a_station: Station, officer: OperatorView) -> None:
    screening = a_station.screenings.open(officer, "cargo")
    with pytest.raises(BadCasework, match="9 numbers; at most 8"):
        a_station.subjects.tell(officer, screening, Told("land", "routine", tuple("123456789")))


def test_a_scanned_text_becomes_one_line() -> None:
    assert tidy("  ab\x1dc\n12 ") == "AB C 12"
    assert len(tidy("x" * 100)) == LONGEST_NUMBER


def test_what_was_seen_is_asked_once_and_only_where_a_subject_was_told(
    bench: Bench, a_station: Station, officer: OperatorView
) -> None:
    quick = finished(a_station, a_station.screenings.start(officer))
    assert not a_station.subjects.is_due(quick.screening)
    screening = a_station.screenings.open(officer, "parcel")
    a_station.subjects.tell(officer, screening, Told("post"))
    assert a_station.subjects.is_due(screening)
    reading = a_station.screenings.start(officer, screening=screening)
    a_station.subjects.saw(officer, reading, "powder")
    finished(a_station, reading)
    assert not a_station.subjects.is_due(screening)
    with pytest.raises(BadCasework, match="on record already"):
        a_station.subjects.saw(officer, reading, "plant")
    [seen] = [each for each in bench.records() if isinstance(each, InspectionRecord)]
    assert (seen.screening, seen.reading, seen.seen) == (screening, reading, "powder")


def test_who_may_not_and_what_is_not_there(a_station: Station, officer: OperatorView) -> None:
    auditor = a_station.operators.enrol("Eva Sol", "auditor", PIN)
    screening = a_station.screenings.open(officer, "parcel")
    with pytest.raises(NotAllowed):
        a_station.subjects.tell(auditor, screening, Told("post"))
    with pytest.raises(BadCasework, match="no screening s-x"):
        a_station.subjects.kind(ScreeningId("s-x"))
    with pytest.raises(UnknownReading):
        a_station.subjects.saw(officer, ReadingId("r-x"), "powder")


def test_the_newest_screening_without_a_reading_is_gone_on_with(a_station: Station, officer: OperatorView) -> None:
    other = a_station.operators.enrol("Eva Sol", "officer", PIN)
    assert a_station.subjects.begun(officer) is None
    screening = a_station.screenings.open(officer, "vehicle")
    assert (a_station.subjects.begun(officer), a_station.subjects.begun(other)) == (screening, None)
    finished(a_station, a_station.screenings.start(officer, screening=screening))
    assert a_station.subjects.begun(officer) is None


def test_what_is_told_in_practice_is_practice(bench: Bench, a_station: Station, officer: OperatorView) -> None:
    pupil = OperatorView(officer.id, officer.name, officer.role, training=True)
    screening = a_station.screenings.open(pupil, "vehicle")
    a_station.subjects.tell(pupil, screening, Told("land"))
    assert subjects(bench) == []
    assert [each.of for each in bench.records() if isinstance(each, TrainingRecord)] == ["garita.subject/1"]
    with pytest.raises(BadCasework, match="is practice"):
        a_station.subjects.tell(officer, screening, Told("land"))


def test_what_is_signed_is_not_told_anew(a_station: Station, officer: OperatorView) -> None:
    screening = a_station.screenings.open(officer, "vehicle")
    a_station.subjects.tell(officer, screening, Told("land"))
    a_station.casework.add_exhibit(officer, screening, "a bag")
    a_station.seizures.sign(officer, screening, "hold")
    with pytest.raises(BadCasework, match="the seizure is signed"):
        a_station.subjects.tell(officer, screening, Told("sea"))
    nothing = DeclaredPart.model_validate(dict.fromkeys(DeclaredPart.model_fields, ""))
    with pytest.raises(BadCasework, match="the seizure is signed"):
        a_station.subjects.declare(officer, screening, nothing, None, [])
