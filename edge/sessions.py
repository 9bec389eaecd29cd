"""Who is signed in: tokens that live in memory, so that a restart signs everybody out."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from edge.clock import Timekeeper
from edge.errors import NotSignedIn
from edge.views import OperatorView
from sync.contract.ids import OperatorId

TOKEN_BYTES = 32
_NS_PER_MINUTE = 60 * 10**9


@dataclass
class _Entry:
    operator: OperatorView
    used_ns: int
    began: datetime


class Sessions:
    """Tokens of 256 random bits, of which only the SHA-256 is kept; each ends after `idle_minutes` without use.

    `expired` is told whose session ended that way, when that token comes the next time.
    """

    def __init__(
        self, times: Timekeeper, idle_minutes: float, expired: Callable[[OperatorView], None] = lambda _: None
    ) -> None:
        self._times = times
        self._expired = expired
        self._idle_ns = int(idle_minutes * _NS_PER_MINUTE)
        self._entries: dict[bytes, _Entry] = {}
        self._lock = Lock()

    def open(self, operator: OperatorView) -> str:
        """Return a new token for `operator`."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with self._lock:
            self._entries[_digest(token)] = _Entry(operator, self._now_ns(), self._times.moment().wall)
        return token

    def operator(self, token: str) -> OperatorView:
        """Return who is behind `token` and start its idle time again; raises NotSignedIn."""
        with self._lock:
            entry = self._entries.get(_digest(token))
            if entry is None:
                raise NotSignedIn("nobody is signed in; sign in first")
            if self._now_ns() - entry.used_ns <= self._idle_ns:
                entry.used_ns = self._now_ns()
                return entry.operator
            del self._entries[_digest(token)]
        self._expired(entry.operator)
        raise NotSignedIn(f"signed out after {self._idle_ns // _NS_PER_MINUTE} idle minutes; sign in again")

    def began(self, token: str) -> datetime:
        """Return when the session behind `token` began; raises NotSignedIn."""
        self.operator(token)
        with self._lock:
            return self._entries[_digest(token)].began

    def train(self, token: str, *, training: bool) -> None:
        """Let the session practise from now on, or end that; raises NotSignedIn."""
        operator = self.operator(token)
        with self._lock:
            self._entries[_digest(token)].operator = replace(operator, training=training)

    def close_all(self, operator: OperatorId) -> None:
        """Forget every token of a person."""
        with self._lock:
            self._entries = {key: entry for key, entry in self._entries.items() if entry.operator.id != operator}

    def close(self, token: str) -> None:
        """Forget `token`."""
        with self._lock:
            self._entries.pop(_digest(token), None)

    def _now_ns(self) -> int:
        return self._times.moment().monotonic_ns


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
