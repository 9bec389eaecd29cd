"""The machine's TPM 2.0, through Debian's tpm2-tools.

Secrets pass through pipes and memory, never over a disk or a command line.
"""

import os
import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from edge.errors import BootChanged, EdgeError, KeyLockedOut, ProtectorUnavailable, WrongSecret

_PRIMARY = ("tpm2_createprimary", "-C", "o", "-G", "ecc256", "-c", "primary")
_PARENT = ("-C", "primary")
_SEALED = ("-u", "public", "-r", "private")
_BOUND = "fixedtpm|fixedparent"
_TIMEOUT_S = 60

_REFUSALS: dict[str, tuple[type[EdgeError], str]] = {
    "(0x98E)": (WrongSecret, "this is not the PIN of this station's key; the TPM counts the attempt"),
    "(0x921)": (KeyLockedOut, "too many wrong PINs: the TPM refuses every PIN for a while; keep it powered and wait"),
    "(0x99D)": (BootChanged, "the machine did not start as it did when the key was kept; a technician must look at it"),
}


class Tpm:
    """One TPM, by its TCTI: `device:/dev/tpmrm0` on a station, `swtpm:path=SOCKET` in tests."""

    def __init__(self, tcti: str) -> None:
        self._environment = {**os.environ, "TPM2TOOLS_TCTI": tcti, "TSS2_LOG": "all+NONE"}

    def seal_to_pin(self, secret: bytes, pin: bytes) -> tuple[bytes, bytes]:
        """Return `secret` (up to 128 bytes) sealed under `pin`; wrong PINs count towards the TPM's own lockout."""
        with self._bench() as folder, _in_memory(pin) as file:
            pin_option = ("-p", f"file:/proc/self/fd/{file}", "-a", f"{_BOUND}|userwithauth")
            self._run(folder, "tpm2_create", *_PARENT, *_SEALED, "-i", "-", *pin_option, secret=secret, passed=file)
            return (folder / "public").read_bytes(), (folder / "private").read_bytes()

    def seal_to_boot(self, secret: bytes, pcrs: Sequence[int]) -> tuple[bytes, bytes]:
        """Return `secret` sealed to what the TPM measured of this start."""
        with self._bench() as folder:
            self._run(folder, "tpm2_createpolicy", "--policy-pcr", "-l", _selection(pcrs), "-L", "policy")
            policy = ("-L", "policy", "-a", f"{_BOUND}|adminwithpolicy|noda")
            self._run(folder, "tpm2_create", *_PARENT, *_SEALED, "-i", "-", *policy, secret=secret)
            return (folder / "public").read_bytes(), (folder / "private").read_bytes()

    def unseal_with_pin(self, public: bytes, private: bytes, pin: bytes) -> bytes:
        """Return what was sealed under `pin`; raises WrongSecret, KeyLockedOut."""
        with self._loaded(public, private) as folder, _in_memory(pin) as file:
            return self._run(folder, "tpm2_unseal", "-c", "sealed", "-p", f"file:/proc/self/fd/{file}", passed=file)

    def unseal_in_boot(self, public: bytes, private: bytes, pcrs: Sequence[int]) -> bytes:
        """Return what was sealed to this start; raises BootChanged."""
        with self._loaded(public, private) as folder:
            return self._run(folder, "tpm2_unseal", "-c", "sealed", "-p", f"pcr:{_selection(pcrs)}")

    def limit_attempts(self, attempts: int, recovery_s: int, lockout_s: int) -> None:
        """Set after how many wrong PINs the TPM locks, and how long each one counts."""
        limits = ("-n", str(attempts), "-t", str(recovery_s), "-l", str(lockout_s))
        self._run(Path("/"), "tpm2_dictionarylockout", "--setup-parameters", *limits)

    def define_counter(self, index: int) -> None:
        """Make a counter that only rises; raises ProtectorUnavailable where the index is taken."""
        attributes = "nt=counter|ownerread|ownerwrite|authread|authwrite|no_da"
        self._run(Path("/"), "tpm2_nvdefine", hex(index), "-C", "o", "-a", attributes, "-s", "8")
        self.increment(index)

    def define_constant(self, index: int, value: int) -> None:
        """Store eight bytes that can never be written again."""
        attributes = "ownerread|ownerwrite|authread|writedefine|no_da"
        self._run(Path("/"), "tpm2_nvdefine", hex(index), "-C", "o", "-a", attributes, "-s", "8")
        self._run(Path("/"), "tpm2_nvwrite", hex(index), "-C", "o", "-i", "-", secret=value.to_bytes(8))
        self._run(Path("/"), "tpm2_nvwritelock", hex(index), "-C", "o")

    def increment(self, index: int) -> None:
        """Add one to a counter."""
        self._run(Path("/"), "tpm2_nvincrement", hex(index))

    def counter(self, index: int) -> int:
        """Return what a counter, or a constant, shows."""
        return int.from_bytes(self._run(Path("/"), "tpm2_nvread", hex(index), "-s", "8"))

    @contextmanager
    def _bench(self) -> Generator[Path]:
        """Provide a folder with the storage primary; nothing in it is secret without this TPM."""
        with TemporaryDirectory(prefix="garita-tpm-") as name:
            folder = Path(name)
            self._run(folder, *_PRIMARY)
            yield folder

    @contextmanager
    def _loaded(self, public: bytes, private: bytes) -> Generator[Path]:
        with self._bench() as folder:
            (folder / "public").write_bytes(public)
            (folder / "private").write_bytes(private)
            self._run(folder, "tpm2_load", *_PARENT, *_SEALED, "-c", "sealed")
            yield folder

    def _run(self, folder: Path, *command: str, secret: bytes = b"", passed: int | None = None) -> bytes:
        """Run one tool; a TPM without resource manager is cleared after it, since it holds three objects only."""
        done = self._call(folder, command, secret, passed)
        with suppress(ProtectorUnavailable):
            self._call(folder, ("tpm2_flushcontext", "-t"), b"", None)
        if done.returncode == 0:
            return done.stdout
        said = done.stderr.decode(errors="replace").strip()
        for sign, (refusal, words) in _REFUSALS.items():
            if sign in said:
                raise refusal(words)
        raise ProtectorUnavailable(f"{command[0]}: {said.splitlines()[0] if said else f'status {done.returncode}'}")

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


def _selection(pcrs: Sequence[int]) -> str:
    return f"sha256:{','.join(map(str, pcrs))}"


@contextmanager
def _in_memory(secret: bytes) -> Generator[int]:
    """Provide the descriptor of a file without a name, for a tool that reads secrets from files only."""
    descriptor = os.memfd_create("secret")
    try:
        os.write(descriptor, secret)
        yield descriptor
    finally:
        os.close(descriptor)
