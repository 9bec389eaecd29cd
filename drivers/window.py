"""The newest bytes of a session without an end, in memory: what a record can carry of a receiver or a code reader."""

import threading
from collections import deque

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
            events = tuple(self._events)
        transcript = Transcript(self.address)
        for event in events:
            transcript.add(event)
        return transcript
