"""Programs started, awaited and ended, each by its own pid."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from deploy.errors import ProcessFailed

READY_SECONDS = 30.0
END_SECONDS = 10.0
POLL_SECONDS = 0.05
_WITH_US = ("/usr/bin/setpriv", "--pdeathsig", "TERM")


class Program:
    """One running command of Garita, its output kept in a log file; `environment` is added to our own.

    It is asked to end when the thread that started it ends, also by a kill.
    """

    def __init__(self, name: str, arguments: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own commands only
                [*_WITH_US, _command(arguments[0]), *arguments[1:]],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The operating system's number of the process."""
        return self._process.pid

    def wait_until(self, ready: Callable[[], bool], seconds: float = READY_SECONDS) -> None:
        """Return when `ready()` is true; raise ProcessFailed when the program ended or the time is up."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise ProcessFailed(f"{self.name} was not ready in {seconds:.0f} s; see {self.log}")
            time.sleep(POLL_SECONDS)

    def check(self) -> None:
        """Raise ProcessFailed when the program has ended by itself."""
        if (status := self._process.poll()) is not None:
            raise ProcessFailed(f"{self.name} ended with status {status}; its last words:\n{self._last_words()}")

    def running(self) -> bool:
        """Tell whether the program still runs."""
        return self._process.poll() is None

    def end(self) -> None:
        """Ask the program to end, and insist after END_SECONDS."""
        if self.running():
            self._process.terminate()
            try:
                self._process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """End the program at once, as a power cut would."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])


def _command(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def run(arguments: Sequence[str], answer: str = "") -> str:
    """Run one command to its end and return what it printed; raises ProcessFailed with its own words."""
    done = subprocess.run(  # noqa: S603 - our own commands only
        [_command(arguments[0]), *arguments[1:]], input=answer, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ProcessFailed(f"{' '.join(arguments[:3])} ended with status {done.returncode}: {done.stderr.strip()}")
    return done.stdout
