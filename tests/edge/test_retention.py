"""Plaintext lives no longer than it must: after receipt and retention time only what lists show is kept."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import DatabaseError
from sqlmodel import text, update

from edge.station import Station
from edge.views import OperatorView, ReadingView
from sync.contract.records import ScreeningRecord
from sync.outbox import OutboxEntry
from tests.edge.bench import Bench, finished

HOUR = timedelta(hours=1)


def receipted(bench: Bench, station: Station, view: ReadingView) -> None:
    """Let the receipt of a reading have come now."""
    with station._database.write() as session:
        session.execute(update(OutboxEntry).where(OutboxEntry.seq == view.seq).values(released=bench.clock.wall))  # pyright: ignore[reportArgumentType]


def after(bench: Bench, station: Station, wait: timedelta, view: ReadingView) -> ScreeningRecord:
    bench.clock.sleep(wait.total_seconds())
    station._housekeeping.let_go()
    record = station.screenings.view(view.id).record
    assert record
    return record


@pytest.fixture
def view(a_station: Station, officer: OperatorView) -> ReadingView:
    return finished(a_station, a_station.screenings.start(officer, "parcel"))


def test_what_has_no_receipt_is_kept_whole_however_old(bench: Bench, a_station: Station, view: ReadingView) -> None:
    assert after(bench, a_station, 1000 * HOUR, view) == view.record


def test_before_the_time_is_over_it_is_kept_whole(bench: Bench, a_station: Station, view: ReadingView) -> None:
    receipted(bench, a_station, view)
    assert after(bench, a_station, 71 * HOUR, view) == view.record


def test_afterwards_only_what_lists_show_is_kept(bench: Bench, a_station: Station, view: ReadingView) -> None:
    receipted(bench, a_station, view)
    kept = after(bench, a_station, 73 * HOUR, view)
    assert view.record
    [whole], [reading] = view.record.readings, kept.readings
    assert (kept.conclusion, kept.presumptive) == (view.record.conclusion, view.record.presumptive)
    assert reading.instrument is None
    assert [each.digest for each in reading.attachments] == [each.digest for each in whole.attachments]
    assert {each.key for each in reading.attachments} == {bytes(32)}
    assert a_station.screenings.spectra(view.id) == []
    assert reading.identification
    assert whole.identification
    assert reading.identification.hits == whole.identification.hits[:1]
    assert reading.identification.families == whole.identification.families[:1] != []


def test_the_sealed_record_stays_whole(bench: Bench, a_station: Station, view: ReadingView) -> None:
    receipted(bench, a_station, view)
    after(bench, a_station, 73 * HOUR, view)
    assert view.record in bench.records()


def test_a_second_round_finds_nothing_to_do(bench: Bench, a_station: Station, view: ReadingView) -> None:
    receipted(bench, a_station, view)
    assert after(bench, a_station, 73 * HOUR, view) == after(bench, a_station, HOUR, view)


@pytest.mark.parametrize(
    "change", ["record = zeroblob(10000000)", "state = 'failed', record = x'00'", "seq = NULL", "record = NULL"]
)
def test_a_sealed_reading_can_only_become_smaller(a_station: Station, view: ReadingView, change: str) -> None:
    with pytest.raises(DatabaseError, match="stays as it is"), a_station._database.write() as session:
        session.execute(text(f"UPDATE reading SET {change}"))  # noqa: S608 - from above
    assert a_station.screenings.view(view.id) == view
