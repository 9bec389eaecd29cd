"""The centre's inside socket, asked by who may not open it, and where nobody listens."""

import gc
import os
import socket
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.errors import CentralUnreachable
from sync.vault.source import Source, connect

NOBODY = 65534


@pytest.fixture(autouse=True)
def left_open() -> Iterator[None]:
    """Collect the sockets that httpcore leaves open where it could not connect, without its warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


@pytest.fixture
def another_user() -> Iterator[None]:
    """Let the test go on as a user who owns nothing, where it runs as root; else the mode of the socket is enough."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    yield
    if is_root:
        os.seteuid(0)


def test_a_socket_without_permission_is_told_as_that(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with socket.socket(socket.AF_UNIX) as listening, connect(tmp_path / "inside.sock") as http:
        listening.bind(str(tmp_path / "inside.sock"))
        listening.listen()
        (tmp_path / "inside.sock").chmod(0)
        request.getfixturevalue("another_user")
        with pytest.raises(CentralUnreachable) as refused:
            Source(http).cards()
    assert "inside.sock may not be opened by this user" in str(refused.value)
    assert "run this as the centre's user" in str(refused.value)


def test_a_socket_where_nobody_listens_is_told_as_that(tmp_path: Path) -> None:
    with connect(tmp_path / "inside.sock") as http, pytest.raises(CentralUnreachable, match="nobody listens at /"):
        Source(http).cards()
