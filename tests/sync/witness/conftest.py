"""Three witnesses on real sockets, and a centre that asks them."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from sync.central.centre import Centre
from sync.central.settings import CentralSettings
from sync.cosignature import WitnessKey
from sync.journal import Sealer
from sync.note import LogKey, LogVerifier
from sync.policy import Policy
from sync.witness.app import create_app
from sync.witness.book import Book
from sync.witness.witness import WitnessOffice
from tests.sync.witness.parts import NAMES, NOON, Running, StartWitness, Witnessed


@pytest.fixture
def start_witness(tmp_path: Path) -> Iterator[StartWitness]:
    """Start a witness for a log."""
    running = list[Running]()

    def start(name: str, log: LogVerifier) -> Running:
        key, book = WitnessKey.generate(name), Book(tmp_path / f"{name}.db", new=True)
        app = create_app(WitnessOffice(key, [log], book, lambda: NOON), book, [log])
        listening = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        running.append(Running(key, book, listening.getsockname()[1], server, thread))
        return running[-1]

    yield start
    for each in running:
        each.stop()
        each.book.close()


@pytest.fixture
def witnessed(tmp_path: Path, start_witness: StartWitness, sealer: Sealer, other_sealer: Sealer) -> Iterator[Witnessed]:
    """Open a centre whose stations ask for two of three witnesses."""
    folder = tmp_path / "central"
    Centre.create(folder, "log.test/garita", CentralSettings(port=0, log_policy=Path("log.policy")))
    log = LogKey.from_bytes((folder / "log.key").read_bytes()).verifier
    witnesses = [start_witness(name, log) for name in NAMES]
    lines = [f"log {log.vkey}", *(each.line for each in witnesses), f"group two 2 {' '.join(NAMES)}", "quorum two", ""]
    (folder / "log.policy").write_text("\n".join(lines))
    policy = Policy.from_bytes((folder / "log.policy").read_bytes())
    made = Witnessed(folder, policy, witnesses, Centre.open(folder, lambda: NOON))
    for each in (sealer, other_sealer):
        made.centre.store.admit(each.key.card(each.station), NOON)
    yield made
    made.centre.close()
