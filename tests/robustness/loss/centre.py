"""The centre as a state runs it: nginx, two ingest processes, PostgreSQL; each can be killed and begun again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from deploy.certificates import issue_client, issue_server, make_authority, revocation_list
from sync.central.centre import Centre
from sync.central.nginx import nginx_conf
from sync.central.settings import CentralSettings
from sync.contract.ids import StationId
from sync.journal import Sealer
from sync.note import LogVerifier
from tests.ports import HOST, accepts, kept_port
from tests.postgres import Postgres, working_in

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
AS_ROOT = ("-g", "user root;") if os.geteuid() == 0 else ()
PATIENCE = 600.0


class StateCentre:
    """Two `garita-central` behind one nginx on one PostgreSQL."""

    def __init__(self, root: Path) -> None:
        root.chmod(0o711)  # the database's user has nothing but a way through
        self.root, self.authority = root, make_authority("loss", datetime.now(UTC))
        self.address = self.begin_database()
        self._kept = ExitStack()
        self.port = self._kept.enter_context(kept_port())
        self.folders = [root / "central-1", root / "central-2"]
        settings = CentralSettings(
            port=self.port,
            postgres=self.address,
            outside_socket=Path("outside.sock"),
            attachments=self.disk / "attachments",
        )
        with self.on_ingest_host(0):
            vkey = Centre.create(self.folders[0], "log.test/garita", settings)
        self.log = LogVerifier.from_vkey(vkey)
        shutil.copytree(self.folders[0], self.folders[1])
        self._certify()
        self.ingest: list[subprocess.Popen[bytes] | None] = [None, None]
        for number in range(2):
            self.start_ingest(number)
        self.nginx: subprocess.Popen[bytes] | None = None
        self.start_nginx()

    @property
    def disk(self) -> Path:
        """Where the database lies."""
        return self.root

    def begin_database(self) -> str:
        """Start the database; return the address for the ingest processes."""
        self.postgres = Postgres("max_wal_size=512MB", below=self.disk)
        return self.postgres.create("loss")

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """Look into the database."""
        return psycopg.connect(self.address, autocommit=True)

    def on_ingest_host(self, _number: int) -> AbstractContextManager[None]:
        """Be, for the network, on the host of an ingest process."""
        return nullcontext()

    def admit(self, sealer: Sealer) -> Path:
        """Admit a station; return the folder of its certificate."""
        with self.connect() as connection:
            card = sealer.key.card(sealer.station)
            connection.execute("INSERT INTO stations VALUES (%s, %s, '')", (sealer.station, card.to_bytes()))
        folder = self.root / f"tls-{sealer.station}"
        issue_client(self.authority, sealer.station, datetime.now(UTC)).write(folder, "client")
        shutil.copy(self.folders[0] / "tls/authority.crt", folder / "ca.crt")
        return folder

    def start_ingest(self, number: int) -> None:
        """Start an ingest process, again where it ends at once, and wait until it takes requests."""
        _wait(lambda: self._ingest_accepts(number))

    def _ingest_accepts(self, number: int) -> bool:
        process = self.ingest[number]
        if process is None or process.poll() is not None:
            command = [Path(sys.executable).with_name("garita-central"), "serve", "--data", self.folders[number]]
            with (self.root / f"central-{number}.log").open("ab") as log, self.on_ingest_host(number):
                self.ingest[number] = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 - our own command
        return accepts(self.folders[number] / "outside.sock")

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
        self.restart_postgres()

    def restart_postgres(self) -> None:
        """Start it where it has died."""
        _wait(lambda: not working_in(self.postgres.data))
        for lock in (self.postgres.data / "postmaster.pid", *self.postgres.folder.glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)  # the dead one's: a process number may look alive until it is reaped
        self.postgres.start()

    def stored(self, station: StationId) -> list[tuple[int, bytes]]:
        """Return a station's entries at the centre, by seq."""
        with self.connect() as connection:
            query = "SELECT seq, envelope FROM envelopes WHERE station = %s ORDER BY seq"
            return connection.execute(query, (station,)).fetchall()

    def logged(self, station: StationId) -> list[tuple[int, bytes]]:
        """Return what the log has of a station, in log order."""
        with self.connect() as connection:
            query = "SELECT seq, digest FROM log WHERE station = %s ORDER BY log_index"
            return connection.execute(query, (station,)).fetchall()

    def attachment(self, station: StationId, sealed: bytes) -> bytes:
        """Return sealed bytes as they lie at the centre."""
        with self.connect() as connection:
            query = "SELECT data FROM attachment_pieces JOIN attachments USING (station, sealed) WHERE station = %s"
            rows = connection.execute(f"{query} AND sealed = %s ORDER BY start", (station, sealed))
            return b"".join(data for (data,) in rows)

    def end(self) -> None:
        """Stop everything."""
        self.kill_nginx()
        for process in self.ingest:
            _kill(process)
        self.end_database()
        self._kept.close()

    def end_database(self) -> None:
        """Stop the database and remove it."""
        self.postgres.end()

    def _certify(self) -> None:
        now, first = datetime.now(UTC), self.folders[0]
        issue_server(self.authority, HOST, now).write(first / "tls", "server")
        self.authority.write(first / "tls", "authority")
        (first / "tls/revoked.crl").write_bytes(revocation_list(self.authority, [], now))
        conf = nginx_conf(first, CentralSettings.read(first))
        one = f'server "unix:{first.absolute() / "outside.sock"}" fail_timeout=0;'
        both = one + f'\n        server "unix:{self.folders[1].absolute() / "outside.sock"}" fail_timeout=0;'
        assert one in conf
        (self.root / "nginx.conf").write_text(conf.replace(one, both))


def _kill(process: subprocess.Popen[bytes] | None) -> None:
    if process:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _wait(ready: object) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise TimeoutError("a program of the centre does not come up")
        time.sleep(0.02)
