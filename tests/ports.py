"""A TCP port for a server that is told its number: nobody who asks for any port gets it meanwhile."""

import socket
from collections.abc import Generator
from contextlib import contextmanager

HOST = "127.0.0.1"


@contextmanager
def kept_port() -> Generator[int]:
    """Keep a port of the loopback address: a server that names it may listen there, once and again (SO_REUSEADDR)."""
    with socket.socket() as keeper:
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        keeper.bind((HOST, 0))
        yield int(keeper.getsockname()[1])
