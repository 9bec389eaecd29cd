"""The centre as a state runs it: nginx, two ingest processes, PostgreSQL; each can be killed and begun again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from deploy.certificates import Certified, issue_client, issue_server, make_authority, revocation_list
from sync.central.centre import Centre
from sync.central.nginx import nginx_conf
from sync.central.settings import CentralSettings
from sync.contract.ids import StationId
from sync.journal import Sealer
from sync.note import LogVerifier
from tests.postgres import Postgres

HOST = "127.0.0.1"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
AS_ROOT = ("-g", "user root;") if os.geteuid() == 0 else ()
PATIENCE = 60.0


class StateCentre:
    """Two `garita-central` behind one nginx on one PostgreSQL."""

    def __init__(self, root: Path) -> None:
        self.root, self.authority = root, make_authority("loss", datetime.now(UTC))
        self.postgres = Postgres("max_wal_size=512MB")
        address = self.postgres.create("loss")
        with socket.create_server((HOST, 0)) as server:
            self.port = int(server.getsockname()[1])
        self.folders = [root / "central-1", root / "central-2"]
        settings = CentralSettings(
            port=self.port, postgres=address, outside_socket=Path("outside.sock"), attachments=root / "attachments"
        )
        vkey = Centre.create(self.folders[0], "log.test/garita", settings)
        self.log = LogVerifier.from_vkey(vkey)
        shutil.copytree(self.folders[0], self.folders[1])
        self.address = address
        self._certify()
        self.ingest: list[subprocess.Popen[bytes] | None] = [None, None]
        for number in range(2):
            self.start_ingest(number)
        self.nginx: subprocess.Popen[bytes] | None = None
        self.start_nginx()

    def admit(self, sealer: Sealer) -> Path:
        """Admit a station; return the folder of its certificate."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            card = sealer.key.card(sealer.station)
            connection.execute("INSERT INTO stations VALUES (%s, %s, '')", (sealer.station, card.to_bytes()))
        return self.root / "station-tls"

    def start_ingest(self, number: int) -> None:
        """Start an ingest process and wait until it takes requests."""
        command = [Path(sys.executable).with_name("garita-central"), "serve", "--data", self.folders[number]]
        with (self.root / f"central-{number}.log").open("ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 - our own command
        self.ingest[number] = process
        _wait(lambda: _accepts(self.folders[number] / "outside.sock") or process.poll() is not None)

    def kill_ingest(self, number: int) -> None:
        """End an ingest process at once."""
        _kill(self.ingest[number])

    def start_nginx(self) -> None:
        """Start nginx and wait until it listens."""
        command = [NGINX, "-p", self.root, "-c", self.root / "nginx.conf", "-e", "stderr", *AS_ROOT]
        self.nginx = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - Debian's own
        _wait(lambda: _listens(self.port))

    def kill_nginx(self) -> None:
        """End nginx, its workers too, at once."""
        if self.nginx:
            os.killpg(self.nginx.pid, signal.SIGKILL)
            self.nginx.wait()

    def crash_postgres(self) -> None:
        """Kill the primary with SIGKILL and start it again; it recovers from its write-ahead log."""
        self.postgres.kill()
        _wait(lambda: not _postgres_lives(self.postgres))
        for lock in (self.postgres.data / "postmaster.pid", *self.postgres.folder.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)  # the dead one's: a process number may look alive until it is reaped
        self.postgres.start()

    def stored(self, station: StationId) -> list[tuple[int, bytes]]:
        """Return a station's entries at the centre, by seq."""
        with psycopg.connect(self.address) as connection:
            query = "SELECT seq, envelope FROM envelopes WHERE station = %s ORDER BY seq"
            return connection.execute(query, (station,)).fetchall()

    def logged(self, station: StationId) -> list[tuple[int, bytes]]:
        """Return what the log has of a station, in log order."""
        with psycopg.connect(self.address) as connection:
            query = "SELECT seq, digest FROM log WHERE station = %s ORDER BY log_index"
            return connection.execute(query, (station,)).fetchall()

    def attachment(self, station: StationId, sealed: bytes) -> bytes:
        """Return sealed bytes as they lie at the centre."""
        return (self.root / "attachments" / station / sealed.hex()).read_bytes()

    def end(self) -> None:
        """Stop everything."""
        self.kill_nginx()
        for process in self.ingest:
            _kill(process)
        self.postgres.end()

    def _certify(self) -> None:
        now, first = datetime.now(UTC), self.folders[0]
        issue_server(self.authority, HOST, now).write(first / "tls", "server")
        self.authority.write(first / "tls", "authority")
        (first / "tls/revoked.crl").write_bytes(revocation_list(self.authority, [], now))
        leaf: Certified = issue_client(self.authority, "loss", now)
        leaf.write(self.root / "station-tls", "client")
        shutil.copy(first / "tls/authority.crt", self.root / "station-tls/ca.crt")
        conf = nginx_conf(first, CentralSettings.read(first))
        one = f"server unix:{first.absolute() / 'outside.sock'} fail_timeout=0;"
        both = one + f"\n        server unix:{self.folders[1].absolute() / 'outside.sock'} fail_timeout=0;"
        assert one in conf
        (self.root / "nginx.conf").write_text(conf.replace(one, both))


def _kill(process: subprocess.Popen[bytes] | None) -> None:
    if process:
        process.kill()
        process.wait()


def _accepts(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _postgres_lives(server: Postgres) -> bool:
    """Tell whether a child of the dead postmaster still holds its shared memory."""
    marker = str(server.data)
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                if b"postgres" in (entry / "cmdline").read_bytes() and str((entry / "cwd").readlink()) == marker:
                    return True
            except OSError:
                continue
    return False


def _wait(ready: object) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise TimeoutError("a program of the centre does not come up")
        time.sleep(0.02)
