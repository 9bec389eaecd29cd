"""Connections to PostgreSQL: a few, used in turns, thrown away when they break."""

from collections.abc import Generator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock, local
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from sync.errors import UnusableSettings

SIZE = 8
APPLICATION = "garita-central"
DEFAULTS = {
    "application_name": APPLICATION,
    "connect_timeout": "3",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
"""Who is connected, for the database, and how long a server that was cut off may keep a connection waiting (libpq's
words; seconds, and milliseconds last)."""
Connection = psycopg.Connection[tuple[Any, ...]]


class Pool:
    """At most `SIZE` connections of this process. Inside `transaction`, a thread meets its own one again.

    `address` is a libpq connection string; with several hosts and target_session_attrs=read-write a new connection
    finds the primary by itself. What the address does not say is DEFAULTS. Raises UnusableSettings.
    """

    def __init__(self, address: str) -> None:
        try:
            said = conninfo_to_dict(address)
        except psycopg.ProgrammingError as error:
            raise UnusableSettings(f"postgres in central.toml is no address of a database: {error}") from error
        self._address = make_conninfo(address, **{key: value for key, value in DEFAULTS.items() if key not in said})
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
