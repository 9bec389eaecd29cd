"""The machine's TPM 2.0, through Debian's tpm2-tools.

Secrets pass through pipes and memory, never over a disk or a command line.
"""

import os
import re
import subprocess
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from edge.errors import ProtectorUnavailable

Refusals = Mapping[str, tuple[type[Exception], str]]
"""What a response code of the TPM means to the one who asked, and in which words."""

_TAKE_IT_OFF = "take it off (tpm2_changeauth -c owner -p OLD), do this again, and set it again"
OWNER_REFUSES: Refusals = {
    "(0x9A2)": (ProtectorUnavailable, f"the TPM asks for its owner's authorisation: {_TAKE_IT_OFF}")
}
_TIMEOUT_S = 60


class Tpm:
    """One TPM, by its TCTI: `device:/dev/tpmrm0` on a station, `swtpm:path=SOCKET` in tests."""

    def __init__(self, tcti: str) -> None:
        self._environment = {**os.environ, "TPM2TOOLS_TCTI": tcti, "TSS2_LOG": "all+NONE"}

    def run(
        self,
        *command: str,
        folder: Path = Path("/"),
        secret: bytes = b"",
        passed: int | None = None,
        refusals: Refusals = {},  # noqa: B006 - never written to
    ) -> bytes:
        """Run one tool in `folder` and return what it says; raises what `refusals` has, or ProtectorUnavailable.

        `secret` is its standard input, `passed` a descriptor that it may read. A TPM without resource manager is
        cleared after it, since it holds three objects only.
        """
        done = self._call(folder, command, secret, passed)
        with suppress(ProtectorUnavailable):
            self._call(folder, ("tpm2_flushcontext", "-t"), b"", None)
        if done.returncode == 0:
            return done.stdout
        said = done.stderr.decode(errors="replace").strip()
        for code, (refusal, words) in refusals.items():
            if code in said:
                raise refusal(words)
        raise ProtectorUnavailable(f"{command[0]}: {said.splitlines()[0] if said else f'status {done.returncode}'}")

    def properties(self) -> dict[str, int]:
        """Return what the TPM tells of its state (TPM2_PT_*, and the bits of TPM2_PT_PERMANENT by their names)."""
        told = self.run("tpm2_getcap", "properties-variable").decode()
        return {name: int(value, 0) for name, value in re.findall(r"(\w+): +(0x[0-9A-Fa-f]+|\d+)", told)}

    def keeps(self, handle: str) -> bool:
        """Return whether an object lies at the persistent `handle`, as `0x81004716`."""
        return handle in self.run("tpm2_getcap", "handles-persistent").decode()

    def _call(
        self, folder: Path, command: Sequence[str], secret: bytes, passed: int | None
    ) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(  # noqa: S603 - our own commands only
                command,
                cwd=folder,
                env=self._environment,
                input=secret,
                capture_output=True,
                pass_fds=() if passed is None else (passed,),
                timeout=_TIMEOUT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ProtectorUnavailable(f"{command[0]}: {error}; install tpm2-tools, and look at the TPM") from error


@contextmanager
def in_memory(secret: bytes) -> Generator[int]:
    """Provide the descriptor of a file without a name, for a tool that reads secrets from files only."""
    descriptor = os.memfd_create("secret")
    try:
        os.write(descriptor, secret)
        yield descriptor
    finally:
        os.close(descriptor)
