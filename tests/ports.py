"""Where servers of the tests listen."""

import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

HOST = "127.0.0.1"


@contextmanager
def kept_port() -> Generator[int]:
    """Keep a port of the loopback address for a server that is told its number, and may listen there again and again.

    Nobody who asks for any port gets it meanwhile; that server sets SO_REUSEADDR, as all of ours do.
    """
    with socket.socket() as keeper:
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        keeper.bind((HOST, 0))
        yield int(keeper.getsockname()[1])


def accepts(path: Path) -> bool:
    """Tell whether somebody listens on a Unix socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0
