"""What the vault's watch finds in the clocks of a station whose program is another than ours."""

from dataclasses import dataclass

import pytest

from sync.contract.record import ClockTrust, Timestamp
from sync.contract.records import ScreeningRecord, StationRecord
from sync.vault.alerts import Alert
from sync.vault.watch import Watch
from tests.sync.vault.conftest import STATION, screening


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


@pytest.mark.parametrize("conclusions", [("alarm", "alarm"), ("no_alarm", "alarm"), ("alarm", "fault")])
def test_what_no_officer_gains_by_is_no_alert(conclusions: tuple[str, str]) -> None:
    assert again(*(measured(2 + 3 * at, each) for at, each in enumerate(conclusions))) == []


@pytest.mark.parametrize("second", ["12:00:00", "11:59:30", "13:00:00"])
def test_what_time_synchronisation_does_is_no_alert(second: str) -> None:
    assert alerts(Said("12:00:00"), Said(second)) == []
