"""What the vault's watch finds in the clocks of a station whose program is another than ours."""

from dataclasses import dataclass

import pytest

from sync.contract.record import ClockTrust, Timestamp
from sync.contract.records import StationRecord
from sync.vault.watch import Alert, Watch
from tests.sync.vault.conftest import STATION


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


@pytest.mark.parametrize("second", ["12:00:00", "11:59:30", "13:00:00"])
def test_what_time_synchronisation_does_is_no_alert(second: str) -> None:
    assert alerts(Said("12:00:00"), Said(second)) == []
