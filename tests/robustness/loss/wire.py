"""Bad wires: a TCP proxy that cuts and slows, and an HTTP transport that doubles, reorders and loses answers."""

import contextlib
import random
import socket
import threading
import time
from collections.abc import Callable

import httpx

PIECE = 4096
REMEMBERED = 6


class Proxy:
    """Carries connections to `target`; while it is `bad`, each is cut after some bytes, or slow, or both."""

    def __init__(self, target: tuple[str, int], rng: random.Random) -> None:
        self._target, self._rng = target, rng
        self.bad = False
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        lives = self._rng.choice((0, 500, 5_000, 50_000, 500_000)) if self.bad else 2**40
        slow = self._rng.choice((0, 0, 0.002)) if self.bad else 0
        left = [int(lives * self._rng.random() * 2)]
        with near, contextlib.suppress(OSError), socket.create_connection(self._target, timeout=5) as far:
            other = threading.Thread(target=_pump, args=(far, near, left, slow), daemon=True)
            other.start()
            _pump(near, far, left, slow)
            other.join(5)


def _pump(source: socket.socket, sink: socket.socket, left: list[int], slow: float) -> None:
    with contextlib.suppress(OSError):
        while left[0] > 0 and (data := source.recv(PIECE)):
            time.sleep(slow)
            sink.sendall(data[: max(left[0], 0)])
            left[0] -= len(data)
    for each in (source, sink):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


class BadHttp(httpx.BaseTransport):
    """Sends requests twice, sends older ones again before new ones, and loses answers, as far as `chance` says."""

    def __init__(self, inner: httpx.BaseTransport, rng: random.Random, chance: Callable[[], float]) -> None:
        self._inner, self._rng, self._chance = inner, rng, chance
        self._older: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer, or raise as a broken line does."""
        body = request.read()
        if self._rng.random() < self._chance():
            self._again(self._rng.choice([*self._older, request]))
        self._older = [*self._older[-REMEMBERED:], _copy(request, body)]
        response = self._inner.handle_request(request)
        if self._rng.random() < self._chance():
            response.close()
            raise httpx.ReadError("the answer was lost", request=request)
        return response

    def _again(self, request: httpx.Request) -> None:
        with contextlib.suppress(httpx.HTTPError):
            self._inner.handle_request(_copy(request, request.read())).close()


def _copy(request: httpx.Request, body: bytes) -> httpx.Request:
    return httpx.Request(
        request.method, request.url, headers=request.headers, content=body, extensions=request.extensions
    )
