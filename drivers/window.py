"""The newest bytes of a session without an end, in memory: what a record can carry of a receiver or a code reader."""

import threading
from collections import deque
from collections.abc import Iterable

from drivers.transcript import Event, Transcript

MOST_COST = 32 * 1024


class Window:
    """Keeps the newest events, up to `most` in bytes where each event costs 32 bytes more than its data.

    One thread adds; any thread may take `transcript`, whose offsets go on counting from the session's start.
    """

    def __init__(self, address: str = "", most: int = MOST_COST) -> None:
        self.address = address
        self._most = most
        self._cost = 0
        self._events = deque[Event]()
        self._lock = threading.Lock()

    def add(self, event: Event) -> None:
        with self._lock:
            self._events.append(event)
            self._cost += event.cost
            while self._cost > self._most:
                self._cost -= self._events.popleft().cost

    @property
    def transcript(self) -> Transcript:
        """What is kept now, as a transcript."""
        with self._lock:
            return self._of(self._events)

    def cut(self, unfinished: int) -> Transcript:
        """Return what is kept and forget it, but for the newest reads that hold the `unfinished` bytes."""
        with self._lock:
            rest = deque[Event]()
            while self._events and sum(len(event.data) for event in rest) < unfinished:
                rest.appendleft(self._events.pop())
            cut = self._of(self._events)
            self._events, self._cost = rest, sum(event.cost for event in rest)
            return cut

    def _of(self, events: Iterable[Event]) -> Transcript:
        transcript = Transcript(self.address)
        for event in events:
            transcript.add(event)
        return transcript
