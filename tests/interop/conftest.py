"""Strangers' programs: made ready here, or the test says why it cannot be."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from tests.soft_token import SOFTHSM, make_token

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


@pytest.fixture
def softhsm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the module of a PKCS#11 token of our own, labelled garita, with the PIN 271828."""
    if not SOFTHSM.exists():
        pytest.skip("Debian's package softhsm2 is not installed")
    for name, value in make_token(tmp_path).items():
        monkeypatch.setenv(name, value)
    return SOFTHSM
