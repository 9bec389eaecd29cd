"""Several ingest hosts on a database cluster, and stations that send each batch until all of it is confirmed."""

import shutil
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

import httpx
from cryptography.hazmat.primitives.serialization import Encoding

from deploy.certificates import issue_client, make_authority
from sync.batch import Batch
from sync.central.centre import Centre
from sync.central.settings import CentralSettings
from sync.central.speakers import NGINX_HEADER
from sync.checkpoint import Checkpoint
from sync.contract.ids import StationId
from sync.contract.submission import BATCH_TYPE, Answer
from sync.note import LogVerifier
from sync.receipts import Proof, verify
from tests.bench.cheap import Writer
from tests.cluster import Cluster
from tests.network import Network
from tests.ports import accepts
from tests.waiting import wait_until

COMMAND = Path(sys.executable).with_name("garita-central")
OK = 200
BATCH = 5
WRITERS = 4
PATIENCE = 600.0


class Hosts:
    """Two hosts with an ingest process each, on one cluster."""

    def __init__(self, network: Network, cluster: Cluster, root: Path) -> None:
        self.cluster, self._authority = cluster, make_authority("failover", datetime.now(UTC))
        self.hosts = [network.host("in1"), network.host("in2")]
        self.folders = [root / "in1", root / "in2"]
        sockets = Path("outside.sock")
        settings = CentralSettings(postgres=cluster.address, outside_socket=sockets, station_mib_per_hour=2**20)
        with self.hosts[0].visited():
            self.log = LogVerifier.from_vkey(Centre.create(self.folders[0], "log.test/garita", settings))
        shutil.copytree(*self.folders)
        self.processes: list[subprocess.Popen[bytes]] = []
        for host, folder in zip(self.hosts, self.folders, strict=True):
            self.processes.append(host.start([COMMAND, "serve", "--data", folder], root / f"{host.name}.log"))
        wait_until(lambda: all(accepts(folder / "outside.sock") for folder in self.folders))

    def admit(self, writer: Writer) -> str:
        """Admit a station; return its certificate as nginx tells it to the centre."""
        card = writer.key.card(writer.station).to_bytes()
        with self.cluster.connect() as connection:
            connection.execute("INSERT INTO stations VALUES (%s, %s, '')", (writer.station, card))
        certified = issue_client(self._authority, writer.station, datetime.now(UTC))
        return quote(certified.certificate.public_bytes(Encoding.PEM))

    def end(self) -> None:
        """Stop the ingest processes."""
        for process in self.processes:
            process.kill()
            process.wait()


class Load:
    """Stations that send without end, each batch to one host after the other until all of it has receipts."""

    def __init__(self, hosts: Hosts, name: str) -> None:
        self._hosts, self._stop = hosts, threading.Event()
        self.said: dict[StationId, list[bytes]] = defaultdict(list)
        self.roots: dict[int, set[bytes]] = defaultdict(set)
        self.longest_wait = 0.0
        self.errors: list[BaseException] = []
        writers = [Writer(StationId(f"{name}-{number}"), body=200) for number in range(WRITERS)]
        self._certificates = {each.station: hosts.admit(each) for each in writers}
        self._threads = [threading.Thread(target=self._run, args=(each,), daemon=True) for each in writers]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Send while the block runs; then end, and raise what a station found wrong."""
        for each in self._threads:
            each.start()
        self.wait_for_more()
        yield
        self.wait_for_more()
        self._stop.set()
        for each in self._threads:
            each.join(PATIENCE)
            assert not each.is_alive()
        assert not self.errors, self.errors

    def wait_for_more(self) -> None:
        """Wait until every station got receipts for two more batches."""
        goals = {f"{each}": len(self.said[each]) + 2 * BATCH for each in list(self.said)}

        def reached() -> bool:
            here = len(self.said) == WRITERS and all(len(self.said[StationId(s)]) >= goal for s, goal in goals.items())
            return bool(here or self.errors)

        wait_until(reached, PATIENCE)

    def _run(self, writer: Writer) -> None:
        try:
            folders = cycle(self._hosts.folders if int(writer.station[-1]) % 2 else self._hosts.folders[::-1])
            while not self._stop.is_set():
                data = writer.batch(BATCH)
                begin = time.monotonic()
                while not self._send(Batch.from_bytes(data), data, next(folders)):
                    assert time.monotonic() < begin + PATIENCE, f"{writer.station} gets no receipts"
                self.longest_wait = max(self.longest_wait, time.monotonic() - begin)
                self.said[writer.station] += Batch.from_bytes(data).envelopes
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            self.errors.append(error)

    def _send(self, batch: Batch, data: bytes, folder: Path) -> bool:
        """Tell whether every entry of the batch has a receipt now; each receipt that comes is verified and kept."""
        transport = httpx.HTTPTransport(uds=str(folder / "outside.sock"))
        with httpx.Client(transport=transport, base_url="http://central", timeout=30, trust_env=False) as http:
            certificate = self._certificates[batch.statement.header.station]
            try:
                headers = {"Content-Type": BATCH_TYPE, NGINX_HEADER: certificate}
                response = http.post("/v1/batches", content=data, headers=headers)
            except httpx.HTTPError:
                return False
        if response.status_code != OK:
            self._stop.wait(0.1)
            return False
        answer = Answer.from_bytes(response.content)
        assert answer.refusal is None, answer.refusal
        for receipt in answer.receipts:
            envelope = batch.envelopes[receipt.seq - batch.statement.header.first]
            verify(receipt.proof, sha256(envelope).digest(), self._hosts.log)
            seen = Checkpoint.verify(Proof.from_text(receipt.proof).checkpoint, self._hosts.log)
            self.roots[seen.size].add(seen.root)
        return len(answer.receipts) == BATCH
