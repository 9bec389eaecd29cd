"""The daily check: without it a reading concludes nothing, and what it came to stays on record."""

from dataclasses import replace
from datetime import timedelta

import pytest

from edge.checking import MISSING, NOT_EMPTY, NOT_NAMED, DailyCheck, failed_of, held_of, stands
from edge.clock import format_wall, parse_wall
from edge.station import Station
from edge.views import OperatorView, ReadingView, SubjectOrCheck
from edge.web.check_words import found_words
from edge.web.comparing import concluded
from edge.web.concluded import is_held
from edge.web.confidence import Curve
from edge.web.reader import Reader
from edge.web.translations import load_languages
from models.conclusion import Conclusion, Reason
from sync.contract.records import CheckRecord, ScreeningRecord
from sync.contract.training import TrainingRecord
from tests.edge.bench import PIN, Bench, PutOnPty, finished
from tests.edge.paper.case import prints


@pytest.fixture
def checked(bench: Bench, put_on_pty: PutOnPty) -> Station:
    """Open a station that asks for the daily check; its analyzer plays cocaine, then caffeine, in turn."""
    return bench.open(analyzer=put_on_pty("Cocaine", "Caffeine"), daily_check=True)


def measure(station: Station, operator: OperatorView, kind: SubjectOrCheck = "unidentified") -> ReadingView:
    return finished(station, station.screenings.start(operator, kind))


def test_without_the_check_nothing_is_concluded_and_the_record_keeps_what_was_found(
    bench: Bench, checked: Station
) -> None:
    operator = checked.operators.enrol("Ana Ruiz", "officer", PIN)
    reading = measure(checked, operator)
    assert reading.record
    identification = reading.record.readings[0].identification
    assert identification
    assert (reading.record.conclusion, held_of(reading.record)) == ("inconclusive", MISSING)
    assert (identification.conclusion, identification.hits[0].name) == ("alarm", "Cocaine")
    [sealed] = [each for each in bench.records() if isinstance(each, ScreeningRecord)]
    assert sealed == reading.record
    catalogue, reach = checked.identifier.catalogue, checked.identifier.reach
    result = Reader(load_languages()["es"], catalogue, Curve([], ""), reach).result(reading)
    assert is_held(reading)
    assert (result.kind, result.others, result.hazard) == ("inconclusive", (), "H3-STIM")
    assert "Cocaína" not in f"{result.substance} {result.also} {result.brief}"
    assert result.second.lines[0] == "Guantes de nitrilo. No levante polvo.", "nobody goes on bare-handed"
    assert len(result.second.lines) == 4


def test_a_blank_that_is_not_empty_and_a_reference_that_is_not_named_do_not_pass(checked: Station) -> None:
    operator = checked.operators.enrol("Ana Ruiz", "officer", PIN)
    blank = measure(checked, operator, "blank").record
    reference = measure(checked, operator, "reference").record
    wrong = measure(checked, operator, "reference").record
    assert isinstance(blank, CheckRecord)
    assert isinstance(reference, CheckRecord)
    assert isinstance(wrong, CheckRecord)
    assert (blank.passed, blank.problems) == (False, [NOT_EMPTY])
    assert (reference.passed, reference.problems, reference.expected) == (True, [], "Caffeine")
    assert (wrong.passed, wrong.problems) == (False, [NOT_NAMED])
    assert not checked.screenings.checks()["reference"].passed


@pytest.mark.parametrize(
    ("conclusion", "reasons", "hits", "empty"),
    [
        ("inconclusive", [Reason.NOTHING_ABOVE_BACKGROUND], 0, True),
        ("inconclusive", [Reason.WEAK_SIGNAL], 0, True),
        ("inconclusive", [Reason.WEAK_SIGNAL], 1, False),
        ("inconclusive", [Reason.WRONG_ENERGY_TOO_LOW, Reason.WEAK_SIGNAL], 0, False),
        ("caution", [Reason.FAMILY_ONLY, Reason.WEAK_SIGNAL], 1, False),
        ("inconclusive", [Reason.UNKNOWN_COMPOUND], 1, False),
        ("inconclusive", [Reason.SATURATED], 0, False),
    ],
)
def test_a_blank_is_empty_only_where_nothing_was_found(
    checked: Station, conclusion: Conclusion, reasons: list[Reason], hits: int, *, empty: bool
) -> None:
    operator = checked.operators.enrol("Ana Ruiz", "officer", PIN)
    [part] = record_of(measure(checked, operator, "blank")).readings
    assert part.identification
    told = {"conclusion": conclusion, "reasons": reasons, "hits": part.identification.hits[:hits]}
    came = part.model_copy(update={"identification": part.identification.model_copy(update=told)})
    assert DailyCheck(required=True, reference="Caffeine").problems("blank", came) == ([] if empty else [NOT_EMPTY])


def test_a_blank_that_is_not_empty_says_what_is_in_it_and_how_to_touch_it(bench: Bench, put_on_pty: PutOnPty) -> None:
    station = bench.open(analyzer=put_on_pty("Cocaine", "Caffeine"))
    operator = station.operators.enrol("Ana Ruiz", "officer", PIN)
    reader = Reader(load_languages()["en"], station.identifier.catalogue, Curve([], ""), station.identifier.reach)
    blank, other = measure(station, operator, "blank"), measure(station, operator, "reference")
    assert found_words(reader, blank) == "Found in it: Cocaine. Nitrile gloves. Do not stir up dust."
    assert found_words(reader, other) == ""
    assert blank.record
    [part] = blank.record.readings
    assert part.identification
    unknown = {"conclusion": "inconclusive", "reasons": [Reason.UNKNOWN_COMPOUND], "hits": [], "families": []}
    nothing = part.model_copy(update={"identification": part.identification.model_copy(update=unknown)})
    record = blank.record.model_copy(update={"readings": [nothing], "conclusion": "inconclusive"})
    assert found_words(reader, replace(blank, record=record)) == (
        "Found in it: ions that the station does not recognise."
    )


def test_a_check_counts_for_a_day_and_for_its_own_instrument(checked: Station) -> None:
    operator = checked.operators.enrol("Ana Ruiz", "officer", PIN)
    measure(checked, operator)
    record = measure(checked, operator, "reference").record
    assert isinstance(record, CheckRecord)
    instrument, made = record.readings[0].instrument, parse_wall(record.recorded.wall)
    assert instrument

    def at(hours: float) -> str:
        return format_wall(made + timedelta(hours=hours))

    assert stands(record, at(23.9), instrument)
    assert not stands(record, at(24), instrument)
    assert not stands(record, at(-0.1), instrument)
    assert not stands(record, at(1), instrument.model_copy(update={"serial_number": "another"}))
    assert not stands(None, at(1))


def test_practice_is_held_back_by_nothing_and_checks_nothing(bench: Bench, checked: Station) -> None:
    operator = checked.operators.enrol("Ana Ruiz", "officer", PIN)
    pupil = OperatorView(operator.id, operator.name, operator.role, training=True)
    assert measure(checked, pupil).record.conclusion == "alarm"  # type: ignore[union-attr] - it is sealed
    measure(checked, pupil, "reference")
    assert checked.screenings.checks() == {}
    assert "garita.check/1" in [each.of for each in bench.records() if isinstance(each, TrainingRecord)]


def test_a_blank_that_failed_is_told_of_every_reading_until_one_passes_also_where_none_is_asked_for(
    bench: Bench, put_on_pty: PutOnPty
) -> None:
    station = bench.open(analyzer=put_on_pty("Caffeine", "Cocaine"))
    operator = station.operators.enrol("Ana Ruiz", "officer", PIN)
    made = prints(station, "en")
    assert not failed_of(record_of(measure(station, operator)))
    measure(station, operator, "blank")
    measure(station, operator)
    after = measure(station, operator)
    record = record_of(after)
    assert (record.conclusion, held_of(record), failed_of(record)) == ("alarm", None, [NOT_EMPTY])
    assert record in bench.records()
    result = made.reader.result(after)
    told = "The last check of the analyzer did not pass."
    assert (result.kind, result.sure, result.doubt[: len(told)]) == ("alarm", None, told)
    found = station.casework.dossier(after.screening)
    for page in (made.acta(found).page, made.annex(found).page):
        assert told in page
        assert "right about" not in page
    whole = concluded(station, made.reader, found)
    assert told in whole.parts[0].said


def record_of(reading: ReadingView) -> ScreeningRecord | CheckRecord:
    assert reading.record
    return reading.record
