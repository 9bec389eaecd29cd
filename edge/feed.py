"""What happens in a reading, kept so that a screen which lost its connection goes on where it was."""

from collections import deque
from collections.abc import Mapping
from threading import Condition

from edge.views import Event, ReadingState

KEPT = 256
FINAL_ID = 1_000_000
"""Id of the last event of every reading: so even after a restart a client that saw it is told nothing twice."""


class Feed:
    """The events of one reading, oldest first; the newest KEPT ones stay. Written by one thread, read by many."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque(maxlen=KEPT)
        self._next = 1
        self._changed = Condition()

    def progress(self, percent: float, stage: str) -> None:
        """Tell how far the reading is."""
        with self._changed:
            if self._next < FINAL_ID:
                self._append(Event(self._next, "progress", {"percent": percent, "stage": stage}))
                self._next += 1

    def finish(self, state: ReadingState) -> None:
        """Tell that the reading has ended; nothing follows."""
        with self._changed:
            self._append(final_event(state))

    def after(self, event_id: int, timeout: float) -> list[Event]:
        """Return the events after `event_id`; wait up to `timeout` seconds for the first. Empty after the last one."""
        with self._changed:
            self._changed.wait_for(lambda: self._newer(event_id) or self._finished(), timeout)
            return self._newer(event_id)

    def latest(self) -> Mapping[str, str | float]:
        """Return what the newest progress event says."""
        with self._changed:
            return self._events[-1].data if self._events else {}

    def _append(self, event: Event) -> None:
        self._events.append(event)
        self._changed.notify_all()

    def _newer(self, event_id: int) -> list[Event]:
        return [event for event in self._events if event.id > event_id]

    def _finished(self) -> bool:
        return bool(self._events) and self._events[-1].kind == "finished"


def final_event(state: ReadingState) -> Event:
    """Return the last event of a reading that ended in `state`."""
    return Event(FINAL_ID, "finished", {"state": state})
