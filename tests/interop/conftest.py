"""Strangers' programs: made ready here, or the test says why it cannot be."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LOCK = HERE / "requirements.lock"
ENVIRONMENT = HERE.parents[1] / ".venv-interop"


@pytest.fixture(scope="session")
def pycose_python() -> Path:
    """Give the Python of an environment with pycose, made from the lock file on first use."""
    python = ENVIRONMENT / "bin" / "python"
    ready = ENVIRONMENT / f"ready-{sha256(LOCK.read_bytes()).hexdigest()[:16]}"
    if not ready.exists():
        install = [python, "-m", "pip", "install", "-q", "--only-binary", ":all:", "--require-hashes", "-r", LOCK]
        for command in ([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], install):
            done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - from this file
            if done.returncode:
                pytest.skip(f"no environment with pycose: {done.stderr.strip()[-300:]}")
        ready.touch()
    return python
