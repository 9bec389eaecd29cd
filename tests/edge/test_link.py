"""The kernel tells of links. A real one is made and taken down where the test may do so."""

import subprocess
from threading import Event, Thread

import pytest

from edge.link import LinkWatch


def ip(*words: str) -> bool:
    return subprocess.run(["/usr/sbin/ip", "link", *words], capture_output=True, check=False).returncode == 0  # noqa: S603


def test_a_link_that_comes_is_heard() -> None:
    heard, stop = Event(), Event()
    thread = Thread(target=LinkWatch(heard.set).run, args=(stop,))
    thread.start()
    try:
        if not ip("add", "garita-test0", "type", "dummy") and not ip("add", "garita-test0", "type", "veth"):
            pytest.skip("no link can be made here: it takes root and a kernel with dummy or veth")
        ip("set", "garita-test0", "up")
        assert heard.wait(30)
    finally:
        ip("del", "garita-test0")
        stop.set()
        thread.join()
