"""Identification leaves the device's other core alone."""

import subprocess
import sys

import pytest

TELL = (
    "import {package}, numpy; numpy.ones((300, 300)) @ numpy.ones((300, 300)); print(open('/proc/self/status').read())"
)


@pytest.mark.parametrize("package", ["edge.app", "models.identification"])
def test_arithmetic_has_one_thread(package: str) -> None:
    program = [sys.executable, "-c", TELL.format(package=package)]
    said = subprocess.run(program, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own
    assert "Threads:\t1\n" in said
