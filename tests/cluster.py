"""A database cluster as the shipped configuration makes it: etcd, Patroni and PostgreSQL on each of three hosts."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from deploy.cluster import write_cluster_certificates
from sync.central.cluster import cluster_files
from tests.network import Host, Network
from tests.postgres import BIN, USER, working_in
from tests.waiting import wait_until

PATIENCE = 600.0
MEMBERS = ("pg1", "pg2", "pg3")
PROGRAMS = ("/usr/bin/etcd", "/usr/bin/patroni")


class Member:
    """One host of the cluster and its two programs."""

    def __init__(self, host: Host, folder: Path) -> None:
        self.host, self.folder = host, folder
        self._etcd: subprocess.Popen[bytes] | None = None
        self._patroni: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start what does not run."""
        if self._etcd is None:
            self._etcd = self._begin("etcd", ["etcd", "--config-file", self.folder / "etcd.yml"])
        if self._patroni is None:
            self._patroni = self._begin("patroni", ["patroni", self.folder / "patroni.yml"])

    def kill_database(self) -> None:
        """Kill Patroni and PostgreSQL with SIGKILL, as when the machine dies; etcd elects on."""
        _kill(self._patroni)
        self._patroni = None
        for pid in working_in(self.folder / "postgres"):
            with contextlib.suppress(ProcessLookupError):  # its postmaster was faster
                os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not working_in(self.folder / "postgres"))

    def end(self) -> None:
        """Kill everything."""
        self.kill_database()
        _kill(self._etcd)
        self._etcd = None

    def _begin(self, name: str, command: list[str | Path]) -> subprocess.Popen[bytes]:
        return self.host.start(command, self.folder / f"{name}.log", USER)


class Cluster:
    """Three members on a network; `address` is for a program on any of its hosts."""

    def __init__(self, network: Network) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="garita-cluster-"))
        self.folder.chmod(0o755)
        self.members = {name: Member(network.host(name), self.folder / name) for name in MEMBERS}
        for member in self.members.values():
            member.folder.mkdir()
        self._hosts = {name: member.host.address for name, member in self.members.items()}
        write_cluster_certificates(self.folder / "tls", self._hosts, datetime.now(UTC))
        for name in self.members:
            (self.folder / "tls" / name).rename(self.folder / name / "tls")
            self._lay(name)
        self.address = self._address()
        for member in self.members.values():
            member.start()
        try:
            self.wait_for_standby()
        except BaseException:
            self.end()
            raise

    def connect(self) -> psycopg.Connection:
        """Connect to the primary; raises psycopg.OperationalError where there is none."""
        with next(iter(self.members.values())).host.visited():
            return psycopg.connect(self.address + " connect_timeout=2", autocommit=True)

    def primary(self) -> str | None:
        """Return which member takes writes now, as its own PostgreSQL says."""
        for name, member in self.members.items():
            if self._ask(member, "SELECT pg_is_in_recovery()") == "f":
                return name
        return None

    def wait_for_standby(self, than: str | None = None) -> str:
        """Wait until there is a primary (another one than `than`) with a synchronous standby; return its name."""

        def settled() -> bool:
            name = self.primary()
            query = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
            return name not in (None, than) and self._ask(self.members[name or ""], query) == "1"

        wait_until(settled, PATIENCE)
        return self.primary() or ""

    def wait_for_all(self) -> None:
        """Wait until every member has a database that runs and follows."""

        def follow() -> bool:
            name = self.primary()
            query = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
            return name is not None and self._ask(self.members[name], query) == str(len(MEMBERS) - 1)

        wait_until(follow, PATIENCE)

    def end(self) -> None:
        """Stop everything and remove its files."""
        for member in self.members.values():
            member.end()
        shutil.rmtree(self.folder)

    def _ask(self, member: Member, query: str) -> str:
        words = ["psql", "-h", member.folder, "-Atc", query, "postgres"]
        return member.host.run(["timeout", "10", *words], USER).stdout.strip()

    def _address(self) -> str:
        tls = self.folder / "tls/garita"
        return (
            f"host={','.join(self._hosts.values())} dbname=garita user=garita target_session_attrs=read-write"
            f" sslmode=verify-full sslrootcert={tls}/authority.crt sslcert={tls}/garita.crt sslkey={tls}/garita.key"
        )

    def _lay(self, name: str) -> None:
        folder = self.folder / name
        for file, text in cluster_files(name, self._hosts, folder, folder / "tls", BIN).items():
            (folder / file).write_text(text)
        folder.chmod(0o755)
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, USER, USER)


def _kill(process: subprocess.Popen[bytes] | None) -> None:
    if process:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
