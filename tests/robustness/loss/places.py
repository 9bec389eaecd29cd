"""Other places for the same centre: a small disk that fills up, and a cluster on three hosts (both need root)."""

import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from tests.cluster import Cluster
from tests.network import Network
from tests.robustness.loss.centre import StateCentre
from tests.waiting import wait_until

DISK_MIB = 1024
PATIENCE = 600.0


class SmallDiskCentre(StateCentre):
    """The database lies on a filesystem of their own, ext4 over a loop device."""

    def __init__(self, root: Path) -> None:
        image = root / "disk.img"
        with image.open("wb") as file:
            file.truncate(DISK_MIB * 1024 * 1024)
        self._mount = root / "disk"
        self._mount.mkdir()
        for command in (["mkfs.ext4", "-q", "-m", "0", image], ["mount", "-o", "loop,noatime", image, self._mount]):
            subprocess.run(command, check=True)  # noqa: S603 - fixed words
        super().__init__(root)

    @property
    def disk(self) -> Path:
        """Where the database lies."""
        return self._mount

    def fill(self, rest: int) -> None:
        """Leave no more than `rest` bytes."""
        free = shutil.disk_usage(self.disk).free
        with (self.disk / "ballast").open("wb") as file, suppress(OSError):  # somebody else took the last bytes
            os.posix_fallocate(file.fileno(), 0, max(free - rest, 1))

    def make_room(self) -> None:
        """Give the room back, and start the database where it gave up, as its service would."""
        (self.disk / "ballast").unlink()

        def answers() -> bool:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                if not self.postgres.runs():
                    self.restart_postgres()
                return False
            return True

        wait_until(answers, PATIENCE)

    def end_database(self) -> None:
        """Stop the database and remove its disk."""
        super().end_database()
        subprocess.run(["umount", self.disk], check=True)  # noqa: S603, S607 - fixed words


class ClusterCentre(StateCentre):
    """The database is a cluster, and each ingest process has a host of its own."""

    def __init__(self, root: Path) -> None:
        self._network = Network()
        self._cluster = Cluster(self._network)
        self._hosts = [self._network.host(name) for name in ("in1", "in2")]
        super().__init__(root)

    def begin_database(self) -> str:
        """Return the cluster's address."""
        return self._cluster.address

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """Look into the primary."""
        return self._cluster.connect()

    def on_ingest_host(self, number: int) -> AbstractContextManager[None]:
        """Be, for the network, on the host of an ingest process."""
        return self._hosts[number].visited()

    def kill_primary(self) -> None:
        """Kill the primary; it comes back when another one has risen."""
        with self._failing_over() as primary:
            self._cluster.members[primary].kill_database()
        self._cluster.members[primary].start()

    def cut_off_primary(self, number: int) -> None:
        """Cut the primary off together with an ingest host, until another one has risen."""
        with self._failing_over() as primary:
            self._network.split(self._cluster.members[primary].host, self._hosts[number])
        self._network.split()

    def end_database(self) -> None:
        """Stop the cluster."""
        self._cluster.end()
        self._network.end()

    @contextmanager
    def _failing_over(self) -> Generator[str]:
        self._cluster.wait_for_all()
        primary = self._cluster.wait_for_standby()
        yield primary
        self._cluster.wait_for_standby(than=primary)
