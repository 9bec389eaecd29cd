"""What the vault's watch finds in the clocks of a station whose program is another than ours."""

from dataclasses import dataclass

import pytest

from sync.contract.facts import FactRecord
from sync.contract.record import ClockTrust, Record, Timestamp
from sync.contract.records import CheckRecord, ScreeningRecord, StationRecord
from sync.contract.training import TrainingRecord
from sync.vault.alerts import Alert
from sync.vault.watch import Watch
from tests.sync.vault.conftest import STATION, at, screening


@dataclass
class Said:
    """What a record says of its time."""

    wall: str
    trust: ClockTrust = "synchronised"

    def record(self) -> StationRecord:
        stamp = Timestamp(wall=f"2026-11-22T{self.wall}.000000Z", monotonic_ns=0, boot="b", trust=self.trust)
        return StationRecord(
            station=STATION, operator=None, recorded=stamp, software="test", event="started", detail=""
        )


def alerts(*said: Said) -> list[Alert]:
    watch = Watch()
    return [alert for each in said for alert in watch.look(each.record())]


def test_a_record_that_says_an_earlier_time_and_marks_nothing_was_backdated() -> None:
    found = alerts(Said("12:00:00"), Said("11:30:00"), Said("12:01:00"), Said("11:30:00"))
    assert [each.kind for each in found] == ["clock_turned_back"] * 2
    assert found[0].detail.startswith(
        "backdated: it says 2026-11-22T11:30:00.000000Z behind a record of 2026-11-22T12:00"
    )


def test_one_that_marks_it_is_told_as_it_was() -> None:
    [found] = alerts(Said("12:00:00"), Said("11:30:00", "turned_back"))
    assert "backdated" not in found.detail


def measured(minute: int, conclusion: str, **fields: object) -> ScreeningRecord:
    """Return a reading that came to this."""
    return screening("cocaine", minute).model_copy(update={"conclusion": conclusion, **fields})


def again(*readings: ScreeningRecord) -> list[str]:
    watch = Watch()
    return [alert.kind for each in readings for alert in watch.look(each)]


@pytest.mark.parametrize("conclusion", ["no_alarm", "inconclusive"])
@pytest.mark.parametrize("operator", ["officer-1", "officer-2"])
def test_an_alarm_and_then_none_stands_out_whoever_measured(conclusion: str, operator: str) -> None:
    assert again(measured(2, "alarm"), measured(8, conclusion, operator=operator)) == ["measured_again"]


@pytest.mark.parametrize("conclusion", ["caution", "no_alarm", "inconclusive"])
def test_a_weaker_conclusion_of_the_same_screening_stands_out_whenever_it_comes(conclusion: str) -> None:
    first, later = measured(2, "alarm"), measured(55, conclusion, operator="officer-2")
    same = later.model_copy(update={"screening": first.screening})
    assert again(first, measured(9, "alarm"), same) == ["measured_again"]
    assert again(first, measured(9, "alarm"), later) == []


def test_readings_of_different_exhibits_are_of_different_matter() -> None:
    """An hour apart, caffeine of the second bag says nothing of the alarm of the first."""

    def of(minute: int, conclusion: str, exhibit: str) -> ScreeningRecord:
        record = measured(minute, conclusion, screening=measured(1, "alarm").screening)
        return record.model_copy(update={"readings": [record.readings[0].model_copy(update={"exhibit": exhibit})]})

    assert again(of(1, "alarm", "x-1"), of(55, "no_alarm", "x-2")) == []
    assert again(of(1, "alarm", "x-1"), of(55, "no_alarm", "x-1")) == ["measured_again"]


@pytest.mark.parametrize("conclusions", [("alarm", "alarm"), ("no_alarm", "alarm"), ("alarm", "fault")])
def test_what_no_officer_gains_by_is_no_alert(conclusions: tuple[str, str]) -> None:
    assert again(*(measured(2 + 3 * at, each) for at, each in enumerate(conclusions))) == []


def test_other_settings_than_at_the_last_start_are_told_as_the_station_tells_them() -> None:
    about = {"station": STATION, "operator": None, "recorded": at(2), "software": "test"}
    said = {"fact": "settings_changed", "detail": "post: A -> B", "values": {"post_was": "A", "post_now": "B"}}
    assert Watch().look(FactRecord.model_validate({**about, **said})) == [Alert("settings_changed", "post: A -> B")]


def check(minute: int, conclusion: str, kind: str = "blank", *, passed: bool = False) -> CheckRecord:
    """Return a check of the analyzer that came to this."""
    said = measured(minute, conclusion).model_dump(exclude={"schema_name"})
    about = {"check": kind, "expected": None, "passed": passed, "problems": [] if passed else ["blank-not-empty"]}
    return CheckRecord.model_validate({**said, **about})


@pytest.mark.parametrize(
    "before",
    [
        check(2, "alarm"),
        check(2, "caution", "reference"),
        TrainingRecord.wrap(measured(2, "alarm")),
        TrainingRecord.wrap(check(2, "alarm")),
    ],
)
def test_an_alarm_as_a_check_or_in_practice_is_an_earlier_reading(before: Record) -> None:
    watch = Watch()
    [alert] = [*watch.look(before), *watch.look(measured(8, "no_alarm"))]
    assert (alert.kind, "1 alarms (1 of them in checks or practice)" in alert.detail) == ("measured_again", True)


@pytest.mark.parametrize(
    "before",
    [
        check(2, "no_alarm", passed=True),
        check(2, "fault"),
        check(2, "alarm", "reference", passed=True),
        TrainingRecord.wrap(measured(2, "no_alarm")),
        TrainingRecord.wrap(measured(2, "alarm")).model_copy(update={"practice": b"\xff"}),
    ],
)
def test_a_check_that_passed_or_says_nothing_of_a_sample_is_none(before: Record) -> None:
    watch = Watch()
    assert [*watch.look(before), *watch.look(before), *watch.look(measured(8, "no_alarm"))] == []


@pytest.mark.parametrize(("minutes", "kinds"), [(6, ["measured_again"]), (31, [])])
def test_a_clock_set_forward_makes_no_reading_older(minutes: int, kinds: list[str]) -> None:
    ahead = at(2 + minutes).model_copy(update={"wall": "2026-11-22T13:45:00.000000Z"})
    assert again(measured(2, "alarm"), measured(8, "no_alarm", recorded=ahead)) == kinds


@pytest.mark.parametrize(("wall", "kinds"), [("12:20", ["measured_again"]), ("12:45", [])])
def test_after_a_reboot_the_clock_is_all_there_is(wall: str, kinds: list[str]) -> None:
    rebooted = at(0).model_copy(update={"wall": f"2026-11-22T{wall}:00.000000Z", "boot": "another"})
    assert again(measured(2, "alarm"), measured(8, "no_alarm", recorded=rebooted)) == kinds


@pytest.mark.parametrize("second", ["12:00:00", "11:59:30", "13:00:00"])
def test_what_time_synchronisation_does_is_no_alert(second: str) -> None:
    assert alerts(Said("12:00:00"), Said(second)) == []
