"""A PostgreSQL of Debian's package, on a Unix socket in a folder of its own, run by a user without rights."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg

BIN = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/usr/bin"))
USER = "postgres"
FAST = ("max_connections=100", "listen_addresses=", "shared_buffers=64MB", "max_wal_size=2GB")


class Postgres:
    """One running server; `end` stops it and removes its folder."""

    def __init__(self, *settings: str, below: Path | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="garita-pg-", dir=below))
        if os.geteuid() == 0:
            shutil.chown(self.folder, USER)
        self._settings = (*FAST, *settings)
        self._run("initdb", "-D", self.data, "-U", USER, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
        self.start()

    @property
    def data(self) -> Path:
        """The server's data folder."""
        return self.folder / "data"

    @property
    def address(self) -> str:
        """Where it listens, as libpq writes it."""
        return f"host={self.folder} user={USER} dbname=postgres"

    def create(self, name: str) -> str:
        """Make a schema, which is much less to remove than a database, and return the address that works in it."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(f'CREATE SCHEMA "{name}"')  # type: ignore[arg-type] - a name of the tests
        return f"{self.address} options='-c search_path={name}'"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = " ".join(f"-c {each}" for each in (f"unix_socket_directories={self.folder}", *self._settings))
        self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.folder / "log", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` as an operator does, `immediate` as a crash does."""
        self._run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def runs(self) -> bool:
        """Tell whether the postmaster lives."""
        status = [BIN / "pg_ctl", "-D", self.data, "status"]
        return subprocess.run(status, user=_user(), capture_output=True, check=False, cwd="/").returncode == 0  # noqa: S603 - Debian's own

    def kill(self) -> None:
        """Kill the postmaster with SIGKILL; its children end by themselves."""
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), 9)

    def end(self) -> None:
        """Stop the server and remove its folder."""
        subprocess.run(  # noqa: S603 - Debian's own program
            [BIN / "pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop"],
            user=_user(),
            capture_output=True,
            check=False,
        )
        shutil.rmtree(self.folder)

    def _run(self, program: str, *words: str | Path) -> None:
        done = subprocess.run(  # noqa: S603 - Debian's own program
            [BIN / program, *words],
            user=_user(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            check=False,
            cwd=self.folder,
        )
        if done.returncode:
            log = self.folder / "log"
            raise RuntimeError(f"{program} failed: {log.read_text()[-2000:] if log.exists() else words}")


def _user() -> str | None:
    return USER if os.geteuid() == 0 else None


def working_in(data: Path) -> list[int]:
    """Return the processes of the server whose data folder this is."""
    found = list[int]()
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdecimal() and (process / "cwd").readlink() == data:
                found.append(int(process.name))
    return found
