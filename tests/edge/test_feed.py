"""A reading's events: they rise, they can be had again, and the last one is the last."""

import threading
import time

from edge.feed import FINAL_ID, KEPT, Feed
from tests.waiting import HANG_S


def test_events_go_on_after_the_one_seen_last() -> None:
    feed = Feed()
    for percent in (10, 20, 30):
        feed.progress(percent, "measuring")
    assert [event.id for event in feed.after(0, 0)] == [1, 2, 3]
    assert [event.data["percent"] for event in feed.after(2, 0)] == [30]
    assert feed.after(3, 0) == []


def test_the_last_event_is_known_by_its_id_and_nothing_follows() -> None:
    feed = Feed()
    feed.progress(10, "measuring")
    feed.finish("done")
    assert [(event.id, event.kind) for event in feed.after(1, 0)] == [(FINAL_ID, "finished")]
    begun = time.monotonic()
    assert feed.after(FINAL_ID, timeout=120) == []
    assert time.monotonic() - begun < HANG_S


def test_a_waiting_client_is_told_at_once() -> None:
    feed = Feed()
    threading.Timer(0.05, feed.progress, (10, "measuring")).start()
    assert [event.id for event in feed.after(0, timeout=120)] == [1]


def test_endless_progress_takes_bounded_room_and_keeps_the_newest() -> None:
    feed = Feed()
    for _ in range(10 * KEPT):
        feed.progress(50, "measuring")
    feed.finish("done")
    events = feed.after(0, 0)
    assert len(events) == KEPT
    assert events[-1].kind == "finished"
