"""A station speaks to nobody: no library of ours opens a socket or leaves a file of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import time
from edge.simulate import SAMPLES
from models.identification import Identifier
from models.reading import read_samples
assert Identifier.open().identify(read_samples(SAMPLES)[0].spectra).hits
time.sleep(3)
"""


@pytest.mark.skipif(shutil.which("strace") is None, reason="Debian's package strace is not installed")
def test_an_identification_opens_no_socket_and_leaves_no_file(tmp_path: Path) -> None:
    trace, temporary = tmp_path / "trace", tmp_path / "tmp"
    temporary.mkdir()
    command = ["strace", "-f", "-e", "trace=socket,connect", "-o", str(trace), sys.executable, "-c", PROGRAM]
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    subprocess.run(command, check=True, env={**environment, "TMPDIR": str(temporary)})  # noqa: S603 - fixed words
    assert [line for line in trace.read_text().splitlines() if "socket(" in line or "connect(" in line] == []
    assert list(temporary.iterdir()) == []
