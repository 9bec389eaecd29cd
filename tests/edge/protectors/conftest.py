"""A software TPM and a software token, each with nothing in it; skipped where Debian's packages are not installed."""

import os
import shutil
import subprocess
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import accepts
from tests.waiting import wait_until


@pytest.fixture
def swtpm(tmp_path: Path) -> Iterator[str]:
    """Start a software TPM and yield its TCTI."""
    with started(tmp_path / "swtpm", tmp_path / "tpm") as tcti:
        yield tcti


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[str]:
    """Start a second TPM, of other seeds, and yield its TCTI."""
    with started(tmp_path / "foreign", tmp_path / "foreign-tpm") as tcti:
        yield tcti


@contextmanager
def started(state: Path, socket: Path) -> Generator[str]:
    if not (shutil.which("swtpm") and shutil.which("tpm2_create")):
        pytest.skip("Debian's packages swtpm and tpm2-tools are not installed")
    state.mkdir()
    command = ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={state}"]
    command += ["--server", f"type=unixio,path={socket}", "--ctrl", f"type=unixio,path={socket}.ctrl"]
    command += ["--flags", "not-need-init,startup-clear", "--log", f"file={state}.log"]
    with subprocess.Popen(command) as process:  # noqa: S603 - fixed words and our own folder
        wait_until(lambda: accepts(socket))
        yield f"swtpm:path={socket}"
        process.terminate()


@pytest.fixture
def tool(swtpm: str) -> Callable[..., str]:
    """Run one of tpm2-tools, as any other system on the machine can, and return what it says; it must succeed."""

    def run(*command: str) -> str:
        environment = {**os.environ, "TPM2TOOLS_TCTI": swtpm}
        done = subprocess.run(command, check=True, env=environment, capture_output=True, text=True)  # noqa: S603
        return done.stdout

    return run


@pytest.fixture
def extend(tool: Callable[..., str]) -> Callable[[int], None]:
    """Measure something else into a register, as another program in the machine's start would."""
    return lambda register: (tool("tpm2_pcrextend", f"{register}:sha256={'11' * 32}"), None)[1]
