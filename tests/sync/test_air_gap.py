"""Without the world: station, nginx, centre, PostgreSQL, vault and witness on a cable that leads nowhere.

All that goes over the cable is captured: nobody asks for anything but the neighbours that the state names. Then memory
and disks of the centre are searched for what the stations sealed.
"""

import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import httpx
import pytest
from sqlmodel import Session

from deploy.certificates import issue_client, issue_server, make_authority, revocation_list
from sync import attachment_store, outbox
from sync.attachments import seal_attachment
from sync.central.centre import Centre
from sync.central.nginx import nginx_conf
from sync.central.settings import CentralSettings
from sync.client import CentralClient
from sync.contract.attachment import AttachmentPart
from sync.contract.ids import Seq
from sync.contract.records import ScreeningRecord
from sync.identity import Identity
from sync.journal import Sealer, append
from sync.note import LogVerifier
from sync.policy import Policy
from sync.recipients import RecipientList
from sync.relay import Relay
from sync.roots import RootKey, RootSet
from sync.vault.cases import Cases
from tests.memory import memory_of
from tests.network import ARP, IPV4, Host, Network, Packet, possible
from tests.ports import accepts
from tests.postgres import Postgres, working_in
from tests.robustness.loss.centre import AS_ROOT, NGINX
from tests.sync.vault.conftest import screening
from tests.waiting import wait_until

BIN = Path(sys.executable).parent
NOW = datetime.now(UTC)
CANARY = "CANARY-NOBODY-SEALED-THIS-BEFORE"
STATIONS_PORT, WITNESS_PORT = 8470, 8450
DAY = 40


class Programs:
    """What runs on the hosts; all of it is ended."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.running = folder, list[subprocess.Popen[bytes]]()

    def start(self, host: Host, *command: str | Path) -> None:
        """Start a program."""
        self.running.append(host.start(command, self._folder / "programs.log"))

    def family(self) -> list[int]:
        """Return the processes of all that runs, children too."""
        groups = {process.pid for process in self.running}
        return [int(each.name) for each in Path("/proc").iterdir() if each.name.isdecimal() and _group(each) in groups]

    def end(self) -> None:
        """End all, children too."""
        for process in self.running:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def network() -> Iterator[Network]:
    if not possible():
        pytest.skip("this machine lets us make no network namespaces")
    made = Network()
    yield made
    made.end()


@pytest.fixture
def database() -> Iterator[Postgres]:
    server = Postgres("fsync=off")
    yield server
    server.end()


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[Programs]:
    made = Programs(tmp_path)
    yield made
    made.end()


def run(*words: str | Path) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 - our own


def test_a_day_without_the_world(
    tmp_path: Path,
    network: Network,
    database: Postgres,
    sessions: Callable[[], Session],
    sealer: Sealer,
    national: Identity,
    escrow: Identity,
    programs: Programs,
) -> None:
    station, centre, witness = (network.host(name) for name in ("station", "centre", "witness"))
    folder, vault, witnessing = tmp_path / "central", tmp_path / "vault", tmp_path / "witness"
    lay_centre(folder, centre.address, database.create("air_gap"), sealer)
    log = LogVerifier.from_vkey((folder / "log.vkey").read_text())
    init = ("--name", "ombudsman.example", "--log", log.vkey, "--host", witness.address)
    said = run(BIN / "garita-witness", "init", "--data", witnessing, *init)
    where = f"http://{witness.address}:{WITNESS_PORT}"
    lines = [f"log {log.vkey}", f"witness w {said} {where}", "group all all w", "quorum all", ""]
    (folder / "log.policy").write_text("\n".join(lines))
    lay_vault(vault, folder, national, escrow)
    with network.captured() as seen:
        programs.start(witness, BIN / "garita-witness", "serve", "--data", witnessing)
        programs.start(centre, BIN / "garita-central", "serve", "--data", folder)
        programs.start(centre, NGINX, "-p", folder, "-c", folder / "nginx.conf", "-e", "stderr", *AS_ROOT)
        wait_until(lambda: accepts(folder / "outside.sock"))
        held = programs.family()
        programs.start(centre, BIN / "garita-vault", "run", "--data", vault)
        with station.visited():
            policy = Policy.from_bytes((folder / "log.policy").read_bytes())
            live_a_day(sessions, sealer, policy, centre.address, tmp_path / "station-tls")
        wait_until(lambda: filed(vault) == (DAY, 0))
    neighbours = [(station, centre, STATIONS_PORT), (centre, witness, WITNESS_PORT)]
    assert {each for each in seen if each.kind == IPV4} == {
        Packet(IPV4, *way, port)
        for one, other, port in neighbours
        for way in ((one.address, other.address), (other.address, one.address))
    }
    asked = {each.target for each in seen if each.kind == ARP}
    assert asked <= {station.address, centre.address, witness.address}
    assert {each.kind for each in seen} <= {IPV4, ARP}
    held += working_in(database.data)
    for place, there in (
        (lambda: memory_of_all(held), sealer.station),
        (lambda: contents(database.folder), sealer.station),
        (lambda: contents(folder), "log.test/garita"),
    ):
        assert any(there.encode() in each for each in place()), "the search does find things"
        assert not any(CANARY.encode() in each for each in place())
    assert any(CANARY.encode() in each for each in contents(vault))


def test_the_capture_sees_who_asks_for_the_world(network: Network) -> None:
    host = network.host("talker")
    with network.captured() as seen:
        host.run([sys.executable, "-c", "import socket; socket.create_connection(('198.51.100.1', 80), 0.5)"])
    assert Packet(ARP, host.address, "192.0.2.254") in seen


def lay_centre(folder: Path, address: str, postgres: str, sealer: Sealer) -> None:
    """Make a centre behind nginx that asks a witness, and a station's certificate beside it."""
    outside = Path("outside.sock")
    settings = CentralSettings(host=address, port=STATIONS_PORT, outside_socket=outside, postgres=postgres)
    vkey = Centre.create(folder, "log.test/garita", settings)
    (folder / "log.vkey").write_text(vkey)
    centre = Centre.open(folder)
    centre.store.admit(sealer.key.card(sealer.station), NOW)
    centre.close()
    (folder / settings.FILE_NAME).unlink()
    settings.model_copy(update={"log_policy": Path("log.policy")}).write(folder)
    authority, tls = make_authority("air gap", NOW), folder.parent / "station-tls"
    issue_server(authority, address, NOW).write(folder / "tls", "server")
    authority.write(folder / "tls", "authority")
    (folder / "tls/revoked.crl").write_bytes(revocation_list(authority, [], NOW))
    issue_client(authority, sealer.station, NOW).write(tls, "client")
    (tls / "ca.crt").write_bytes((folder / "tls/authority.crt").read_bytes())
    (folder / "nginx.conf").write_text(nginx_conf(folder, settings))


def lay_vault(folder: Path, centre: Path, national: Identity, escrow: Identity) -> None:
    """Make a vault that the centre admits."""
    identity = folder.with_name("national.identity")
    identity.write_bytes(national.to_bytes())
    where = ("--identity", identity, "--central-socket", centre / "inside.sock")
    run(BIN / "garita-vault", "init", "--data", folder, *where)
    roots = [RootKey.generate() for _ in range(2)]
    listed = RecipientList(1, NOW, NOW, (national.recipient, escrow.recipient))
    (folder / "root.keys").write_bytes(RootSet(2, tuple(root.public for root in roots)).to_bytes())
    (folder / "recipients.list").write_bytes(listed.sign(roots))
    (folder / "log.vkey").write_text((centre / "log.vkey").read_text())
    run(BIN / "garita-central", "admit", "--data", centre, folder / "vault.card")


def live_a_day(sessions: Callable[[], Session], sealer: Sealer, policy: Policy, address: str, tls: Path) -> None:
    """Write records, some with an attachment, and send until each has a receipt that meets the policy."""
    context = ssl.create_default_context(cafile=str(tls / "ca.crt"))
    context.load_cert_chain(tls / "client.crt", tls / "client.key")
    with httpx.Client(base_url=f"https://{address}:{STATIONS_PORT}", verify=context, trust_env=False) as http:
        relay = Relay(sessions, CentralClient(http), sealer, policy, lambda: datetime.now(UTC), Random(1))  # noqa: S311 - pauses
        for number in range(DAY):
            with sessions() as session:
                sealed = [seal_attachment(CANARY.encode() * 1000, "photo", "image/jpeg")] if number % 10 == 0 else []
                entry = append(session, sealer, with_attachments(number % 60, [part for part, _ in sealed]).to_bytes())
                outbox.put(session, Seq(entry.seq))
                attachment_store.keep(session, sealer, Seq(entry.seq), sealed)
                session.commit()

        def sent() -> bool:
            relay.drain()
            with sessions() as session:
                return outbox.summary(session).waiting + attachment_store.waiting(session) == 0

        wait_until(sent)


def with_attachments(minute: int, parts: list[AttachmentPart]) -> ScreeningRecord:
    """Return a screening whose one reading names these."""
    record = screening(CANARY, minute)
    return record.model_copy(update={"readings": [record.readings[0].model_copy(update={"attachments": parts})]})


def filed(vault: Path) -> tuple[int, int]:
    """Return how many cases the vault has, and how many attachments are not in them."""
    cases = Cases(vault / "cases.db")
    try:
        return len(cases.cases()), len(cases.attached.missing())
    finally:
        cases.close()


def memory_of_all(processes: list[int]) -> Iterator[bytes]:
    for each in processes:
        with suppress(FileNotFoundError, ProcessLookupError):  # a worker of the database that has ended since
            yield from memory_of(each)


def contents(folder: Path) -> Iterator[bytes]:
    return (path.read_bytes() for path in folder.rglob("*") if path.is_file())


def _group(process: Path) -> int | None:
    try:
        return os.getpgid(int(process.name))
    except ProcessLookupError:
        return None
