"""The other end of the benchmark, a program of its own: ports that send at line rate, paced by the clock.

Prints its ports, begins with a line on stdin, ends with the next, and prints what it sent.
"""

import json
import os
import select
import sys
import time
import tty
from contextlib import suppress

from tests.bench.streams import STREAMS, Stream

TICK_S = 0.01


class Sender:
    """One port: `backlog` is what the reader has not taken in time, in bytes."""

    def __init__(self, stream: Stream, rate: int) -> None:
        self.master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self.master, False)
        self.path = os.ttyname(self._slave)
        self.name = stream.name
        self.sent = self.frames = self.worst_backlog = 0
        self._frames = stream.frames()
        self._rate = rate
        self._buffer = bytearray()

    def turn(self, elapsed: float) -> None:
        """Send what the line carries in `elapsed` seconds since the start."""
        due = int(elapsed * self._rate) - self.sent
        while len(self._buffer) < due:
            self._buffer += next(self._frames)
            self.frames += 1
        self._write(due)
        self.worst_backlog = max(self.worst_backlog, int(elapsed * self._rate) - self.sent)

    def finish(self) -> None:
        """Send the rest of the last frame."""
        end = time.monotonic() + 5
        while self._buffer and time.monotonic() < end:
            self._write(len(self._buffer))
            time.sleep(TICK_S)

    def _write(self, most: int) -> None:
        with suppress(BlockingIOError):
            written = os.write(self.master, self._buffer[: max(most, 0)])
            del self._buffer[:written]
            self.sent += written


def main(ports: int, rate: int) -> None:
    senders = [Sender(STREAMS[turn % len(STREAMS)], rate) for turn in range(ports)]
    print(json.dumps([[sender.name, sender.path] for sender in senders]), flush=True)  # noqa: T201 - to its parent
    sys.stdin.readline()
    start = time.monotonic()
    while not select.select([sys.stdin], [], [], TICK_S)[0]:
        for sender in senders:
            sender.turn(time.monotonic() - start)
    for sender in senders:
        sender.finish()
    print(json.dumps([[sender.frames, sender.sent, sender.worst_backlog] for sender in senders]), flush=True)  # noqa: T201 - to its parent
    sys.stdin.readline()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
