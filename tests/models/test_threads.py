"""Identification leaves the device's other core alone."""

import os
import subprocess
import sys

import pytest

TELL = (
    "import {package}, numpy; numpy.ones((300, 300)) @ numpy.ones((300, 300)); print(open('/proc/self/status').read())"
)


@pytest.mark.parametrize("package", ["edge.app", "models.identification"])
def test_arithmetic_has_one_thread(package: str) -> None:
    program = [sys.executable, "-c", TELL.format(package=package)]
    alone = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    said = subprocess.run(program, check=True, env=alone, capture_output=True, text=True).stdout  # noqa: S603 - our own
    assert "Threads:\t1\n" in said
