"""From a listening thread into an event loop."""

import asyncio
import threading
from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")
MOST_WAITING = 256


class Bridge(Generic[Item]):
    """Items that any thread puts and one coroutine takes, in order: `async for item in bridge`.

    At most `most` wait: then the oldest goes and `missed` counts it, so that a slow page never fills the memory.
    Made inside the loop that takes.
    """

    def __init__(self, most: int = MOST_WAITING) -> None:
        self.missed = 0
        self._waiting: deque[Item] = deque()
        self._most = most
        self._lock = threading.Lock()
        self._closed = False
        self._loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()

    def put(self, item: Item) -> None:
        """Hand over `item`, from any thread; after `close` it is dropped."""
        with self._lock:
            if self._closed:
                return
            self._waiting.append(item)
            if len(self._waiting) > self._most:
                self._waiting.popleft()
                self.missed += 1
        self._call()

    def close(self) -> None:
        """Let the taker end when nothing waits any more."""
        with self._lock:
            self._closed = True
        self._call()

    def __aiter__(self) -> "Bridge[Item]":
        return self

    async def __anext__(self) -> Item:
        while True:
            with self._lock:
                if self._waiting:
                    return self._waiting.popleft()
                if self._closed:
                    raise StopAsyncIteration
                self._wake.clear()
            await self._wake.wait()

    def _call(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake.set)
