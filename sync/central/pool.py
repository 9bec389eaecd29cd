"""Connections to PostgreSQL: a few, used in turns, thrown away when they break."""

from collections.abc import Generator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock, local
from typing import Any

import psycopg

SIZE = 8
Connection = psycopg.Connection[tuple[Any, ...]]


class Pool:
    """At most `SIZE` connections of this process. Inside `transaction`, a thread meets its own one again.

    `address` is a libpq connection string; with several hosts and target_session_attrs=read-write a new connection
    finds the primary by itself.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._free, self._lock, self._places = list[Connection](), Lock(), BoundedSemaphore(SIZE)
        self._mine = local()

    @contextmanager
    def connection(self) -> Generator[Connection]:
        """Lend a connection; each statement commits by itself unless the thread is inside `transaction`."""
        mine: Connection | None = getattr(self._mine, "connection", None)
        if mine is not None:
            yield mine
            return
        with self._places:
            connection = self._take()
            try:
                yield connection
            except BaseException:
                if connection.broken:  # the server went: the others are dead too
                    self.close()
                connection.close()
                raise
            with self._lock:
                self._free.append(connection)

    @contextmanager
    def transaction(self) -> Generator[Connection]:
        """Do what this thread does inside wholly or not at all."""
        before = getattr(self._mine, "connection", None)
        with self.connection() as connection, connection.transaction():
            self._mine.connection = connection
            try:
                yield connection
            finally:
                self._mine.connection = before

    def close(self) -> None:
        """Close what is not lent."""
        with self._lock:
            while self._free:
                self._free.pop().close()

    def _take(self) -> Connection:
        with self._lock:
            while self._free:
                connection = self._free.pop()
                if not connection.broken:
                    return connection
        return psycopg.connect(self._address, autocommit=True)
