"""The outbox: in order, never dropped, and released by a verified receipt only."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import NoResultFound
from sqlmodel import Session

from sync import outbox
from sync.contract.ids import Seq
from sync.outbox import LONGEST_PAUSE
from sync.receipts import VerifiedReceipt

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RECEIPT = VerifiedReceipt(index=41, size=50, root=bytes(32))

Sessions = Callable[[], Session]


@pytest.fixture
def three(sessions: Sessions) -> Sessions:
    with sessions() as session:
        for seq in (3, 1, 2):
            outbox.put(session, Seq(seq))
        session.commit()
    return sessions


def due(sessions: Sessions, now: datetime = NOON, limit: int = 500) -> list[int]:
    with sessions() as session:
        return [entry.seq for entry in outbox.due(session, now, limit)]


def postpone(sessions: Sessions, seq: int, until: datetime) -> None:
    with sessions() as session:
        outbox.postpone(session, Seq(seq), "no network", until)
        session.commit()


def release(sessions: Sessions, seq: int) -> None:
    with sessions() as session:
        outbox.release(session, Seq(seq), "the proof", RECEIPT, NOON)
        session.commit()


def test_is_in_the_callers_transaction(sessions: Sessions) -> None:
    with sessions() as session:
        outbox.put(session, Seq(1))
        session.rollback()
    assert due(sessions) == []


def test_gives_the_oldest_first(three: Sessions) -> None:
    assert due(three) == [1, 2, 3]
    assert due(three, limit=2) == [1, 2]


def test_a_pause_of_the_oldest_holds_all(three: Sessions) -> None:
    postpone(three, 1, NOON + timedelta(seconds=10))
    assert due(three) == []
    assert due(three, NOON + timedelta(seconds=10)) == [1, 2, 3]


def test_a_pause_is_kept_in_utc(three: Sessions) -> None:
    postpone(three, 1, datetime(2026, 11, 22, 6, 0, 10, tzinfo=timezone(timedelta(hours=-6))))
    with three() as session:
        assert outbox.summary(session).next_attempt == NOON + timedelta(seconds=10)


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1), timedelta(days=9000)])
def test_a_clock_turned_back_does_not_hold_the_outbox(three: Sessions, back: timedelta) -> None:
    postpone(three, 1, NOON + LONGEST_PAUSE)
    assert due(three, NOON) == []
    assert due(three, NOON - back) == [1, 2, 3]


def test_released_entries_keep_their_receipt(three: Sessions) -> None:
    postpone(three, 1, NOON)
    release(three, 1)
    assert due(three) == [2, 3]
    with three() as session:
        state = outbox.summary(session)
    assert (state.waiting, state.oldest_seq, state.last_receipt, state.last_log_index) == (2, 2, NOON, 41)


def test_a_refused_entry_stays_and_holds_those_after_it(three: Sessions) -> None:
    with three() as session:
        outbox.refuse(session, Seq(1), "bad_signature", "not this station's", NOON + LONGEST_PAUSE)
        session.commit()
    assert due(three) == []
    assert due(three, NOON + LONGEST_PAUSE) == [1, 2, 3]
    with three() as session:
        state = outbox.summary(session)
    assert (state.waiting, state.refused, state.last_problem) == (3, 1, "not this station's")


def test_an_entry_taken_after_all_is_no_longer_refused(three: Sessions) -> None:
    with three() as session:
        outbox.refuse(session, Seq(1), "unknown_station", "admit it", NOON)
        session.commit()
    release(three, 1)
    with three() as session:
        state = outbox.summary(session)
    assert (state.waiting, state.refused, state.last_problem) == (2, 0, None)


def test_says_since_when_the_oldest_waits(three: Sessions) -> None:
    with three() as session:
        oldest = outbox.summary(session).oldest
    assert oldest
    assert abs(datetime.now(UTC) - oldest) < timedelta(minutes=5)


def test_a_pause_doubles_and_is_as_long_as_the_centre_asks() -> None:
    assert [outbox.backoff(attempts).total_seconds() for attempts in (0, 1, 8, 9, 99)] == [2, 4, 512, 900, 900]
    assert outbox.backoff(0, asked=10) == timedelta(seconds=20)
    assert outbox.backoff(6, asked=10) == timedelta(seconds=128)
    assert outbox.backoff(0, asked=999_999) == LONGEST_PAUSE


def test_empty(sessions: Sessions) -> None:
    with sessions() as session:
        state = outbox.summary(session)
    assert (state.waiting, state.oldest, state.refused, state.last_receipt) == (0, None, 0, None)


def test_knows_only_what_was_put(sessions: Sessions) -> None:
    with sessions() as session, pytest.raises(NoResultFound):
        outbox.postpone(session, Seq(9), "", NOON)
