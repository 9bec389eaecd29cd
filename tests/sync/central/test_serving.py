"""The real process: who gets in, what its files allow, how it ends, and that kill -9 loses nothing."""

import signal
import socket
import ssl
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import PIPE
from threading import Timer
from time import monotonic, sleep
from urllib.parse import quote

import httpx
import pytest

from deploy.certificates import Certified, issue_client, issue_server, make_authority, revocation_list
from sync.central.centre import Centre
from sync.central.handshakes import Refusals
from sync.central.serving import tls_context, unix_socket
from sync.central.settings import CentralSettings
from sync.client import CentralClient
from sync.contract.submission import BATCH_TYPE, MAX_BODY, Answer
from sync.envelope import Envelope
from sync.errors import CentralUnreachable, UnusableSettings
from sync.journal import Sealer
from sync.receipts import verify
from tests.memory import memory_of
from tests.sync.batches import batch_of
from tests.waiting import wait_until

COMMAND = Path(sys.executable).with_name("garita-central")
NOW = datetime.now(UTC)
HOST = "127.0.0.1"
FEW, HEAD = 8, 2.0


@pytest.fixture(scope="session")
def authority() -> Certified:
    return make_authority("test authority", NOW)


@pytest.fixture
def folder(centre_folder: Path, authority: Certified, sealer: Sealer) -> Path:
    """Lay certificates into a centre's folder and admit a station."""
    issue_server(authority, HOST, NOW).write(centre_folder / "tls", "server")
    authority.write(centre_folder / "tls", "authority")
    issue_client(authority, sealer.station, NOW).write(centre_folder / "station", "client")
    issue_client(make_authority("test authority", NOW), sealer.station, NOW).write(centre_folder / "rogue", "client")
    centre = Centre.open(centre_folder)
    centre.store.admit(sealer.key.card(sealer.station), NOW)
    centre.close()
    return centre_folder


def serve_in_vain(folder: Path) -> str:
    """Run `garita-central serve`, which must end at once with one line, and give that line."""
    command = [COMMAND, "serve", "--data", folder]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)  # noqa: S603 - our own command
    assert ended.returncode == 1
    [line] = ended.stderr.splitlines()
    return line


@contextmanager
def serving(folder: Path, command: Sequence[str | Path] = (COMMAND,)) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `garita-central serve`; give the process and its address."""
    process = subprocess.Popen([*command, "serve", "--data", folder], stdout=PIPE, stderr=PIPE, text=True)  # noqa: S603 - our own command
    try:
        assert process.stdout
        yield process, process.stdout.readline().split()[1]
    finally:
        process.kill()
        process.communicate()


def context(folder: Path, certificate: str | None, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    made = ssl.create_default_context(cafile=str(folder / "tls/authority.crt"))
    made.minimum_version = made.maximum_version = version
    if certificate:
        made.load_cert_chain(folder / certificate / "client.crt", folder / certificate / "client.key")
    return made


def submit(address: str, folder: Path, entries: list[Envelope]) -> Answer:
    with httpx.Client(base_url=address, verify=context(folder, "station")) as client:
        response = client.post("/v1/batches", content=batch_of(entries), headers={"Content-Type": BATCH_TYPE})
    return Answer.from_bytes(response.raise_for_status().content)


def test_who_gets_in(folder: Path, entries: list[Envelope]) -> None:
    with serving(folder) as (_, address):
        assert submit(address, folder, entries[:2]).contiguous == 2
        rogues = {
            "no certificate": context(folder, None),
            "a certificate of another authority with the same name": context(folder, "rogue"),
            "TLS 1.2": context(folder, "station", ssl.TLSVersion.TLSv1_2),
        }
        for name, settings in rogues.items():
            assert refused(f"{address}/v1/health", settings), name
        assert refused(f"{address.replace('https', 'http')}/v1/health", context(folder, "station"))


def test_a_station_speaks_for_itself_alone(folder: Path, authority: Certified, entries: list[Envelope]) -> None:
    issue_client(authority, "MX-MEX-02", NOW).write(folder / "other", "client")
    headers = {"Content-Type": BATCH_TYPE, "X-SSL-Client-Cert": quote((folder / "station/client.crt").read_text())}
    with serving(folder) as (_, address), httpx.Client(base_url=address, verify=context(folder, "other")) as http:
        answer = http.post("/v1/batches", content=batch_of(entries[:1]), headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_certificate")
        assert http.get("/v1/log/stations").status_code == 200, "MX-MEX-02 is no station of this centre"
        with httpx.Client(base_url=address, verify=context(folder, "station")) as own:
            assert own.get("/v1/log/stations").json()["code"] == "wrong_certificate"


def test_bodies_that_never_come_take_nobody_s_room(folder: Path, authority: Certified, entries: list[Envelope]) -> None:
    issue_client(authority, "auditor.example", NOW).write(folder / "auditor", "client")
    said = f"POST /v1/batches HTTP/1.1\r\nHost: x\r\nContent-Type: {BATCH_TYPE}\r\nContent-Length: {MAX_BODY}\r\n\r\nx"
    with serving(folder) as (_, address), ExitStack() as idle:
        lines = [idle.enter_context(connected(address, context(folder, "auditor"))) for _ in range(4)]
        told = dict.fromkeys(lines, b"")
        for line in lines:
            line.sendall(said.encode())
            line.setblocking(False)

        def refused() -> int:
            for line in lines:
                with suppress(OSError):  # nothing came, or it was cut off
                    told[line] += line.recv(4096)
            return sum(b" 429 " in each for each in told.values())

        wait_until(lambda: refused() == 2)
        assert submit(address, folder, entries[:2]).contiguous == 2


def test_two_certificates_do_not_fill_the_room(folder: Path, authority: Certified, entries: list[Envelope]) -> None:
    said = f"POST /v1/batches HTTP/1.1\r\nHost: x\r\nContent-Type: {BATCH_TYPE}\r\nContent-Length: {MAX_BODY}\r\n\r\n"
    with serving(folder) as (_, address), ExitStack() as held:
        for thief in ("one", "two"):
            issue_client(authority, f"{thief}.example", NOW).write(folder / thief, "client")
            for _ in range(2):
                line = held.enter_context(connected(address, context(folder, thief)))
                with suppress(OSError):  # who is refused is cut off while it sends
                    line.sendall(said.encode() + bytes(MAX_BODY - 1))
        assert submit(address, folder, entries[:2]).contiguous == 2


def test_connections_that_say_nothing_shut_nobody_out(
    folder: Path, authority: Certified, entries: list[Envelope]
) -> None:
    issue_client(authority, "auditor.example", NOW).write(folder / "auditor", "client")
    with few(folder) as (_, address), ExitStack() as idle:
        lines = [idle.enter_context(connected(address, context(folder, "auditor"))) for _ in range(FEW)]
        assert [line.recv(4096)[:13] for line in lines[4:]] == [b"HTTP/1.1 429 "] * (FEW - 4)
        assert submit(address, folder, entries[:2]).contiguous == 2
        http = httpx.Client(base_url=address, verify=context(folder, "auditor"))
        with http, pytest.raises(CentralUnreachable, match="status 429") as told:
            CentralClient(http).submit(entries[0].header.station, b"a batch")
        assert told.value.wait == 10
        for line in lines:
            line.close()
        wait_until(lambda: answers(address, context(folder, "auditor")))


def test_a_head_that_does_not_end_is_not_waited_for(folder: Path, entries: list[Envelope]) -> None:
    with few(folder) as (_, address):
        with connected(address, context(folder, "station")) as line:
            line.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
            assert line.recv(4096).startswith(b"HTTP/1.1 200 ")
            started = monotonic()
            with suppress(OSError):
                while monotonic() - started < 10 * HEAD:
                    line.sendall(b"GET /v1/health HTTP/1.1\r\n" if monotonic() - started < 0.1 else b"X: y\r\n")
                    sleep(HEAD / 10)
            assert HEAD <= monotonic() - started < 5 * HEAD
        body = batch_of(entries[:2])
        said = f"Host: x\r\nContent-Type: {BATCH_TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
        with connected(address, context(folder, "station")) as line:
            line.sendall(f"POST /v1/batches HTTP/1.1\r\n{said}".encode() + body[:1])
            sleep(2 * HEAD)
            line.sendall(body[1:])
            assert line.recv(4096).startswith(b"HTTP/1.1 200 "), "a body takes its own time"


def answers(address: str, settings: ssl.SSLContext) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"{address}/v1/health", verify=settings).status_code == 200
    return False


@contextmanager
def few(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """As `serving`, by a centre that takes few connections in all and waits only shortly for a head."""
    code = (
        "import sync.central.serving as s, sync.central.certified as c, sync.central.cli as cli\n"
        f"s.CONNECTIONS, c.HEAD_SECONDS = {FEW}, {HEAD}\ncli.main()"
    )
    with serving(folder, [sys.executable, "-c", code]) as served:
        yield served


def connected(address: str, settings: ssl.SSLContext) -> ssl.SSLSocket:
    line = socket.create_connection((HOST, int(address.rpartition(":")[2])), timeout=20)
    return settings.wrap_socket(line, server_hostname=HOST)


@pytest.mark.parametrize("name", ["server.crt", "server.key", "authority.crt", "revoked.crl"])
def test_the_file_that_tls_cannot_use_is_named_alone(folder: Path, authority: Certified, name: str) -> None:
    (folder / "tls/revoked.crl").write_bytes(revocation_list(authority, [], NOW))
    (folder / "tls" / name).write_bytes(b"garbage")
    with pytest.raises(UnusableSettings) as told:
        tls_context(folder, CentralSettings(port=0))
    names = {each for each in ("server.crt", "server.key", "authority.crt", "revoked.crl") if each in str(told.value)}
    assert names == ({"server.crt", "server.key"} if name.startswith("server") else {name})


def test_a_certificate_on_the_revocation_list_admits_nobody(folder: Path, authority: Certified) -> None:
    stolen = Certified.read(folder / "station", "client").certificate
    issue_client(authority, "MX-MEX-02", NOW).write(folder / "other", "client")
    (folder / "tls/revoked.crl").write_bytes(revocation_list(authority, [stolen], NOW))
    with serving(folder) as (_, address):
        assert refused(f"{address}/v1/health", context(folder, "station"))
        assert httpx.get(f"{address}/v1/health", verify=context(folder, "other")).status_code == 200


def test_who_is_shut_out_is_told_at_both_ends(folder: Path, authority: Certified, sealer: Sealer) -> None:
    """A certificate that was revoked, one of tomorrow (so one of the clocks is wrong), and no certificate at all."""
    stolen = issue_client(authority, "MX-MEX-02", NOW)
    stolen.write(folder / "stolen", "client")
    issue_client(authority, sealer.station, NOW + timedelta(days=3)).write(folder / "tomorrow", "client")
    (folder / "tls/revoked.crl").write_bytes(revocation_list(authority, [stolen.certificate], NOW))
    with serving(folder) as (process, address):
        for certificate in ("stolen", "tomorrow", None, "stolen"):
            http = httpx.Client(base_url=address, verify=context(folder, certificate))
            with http, pytest.raises(CentralUnreachable) as told:
                CentralClient(http).submit(sealer.station, b"a batch")
            assert "it refuses this certificate: revoked, ended, or one of the two clocks is wrong" in str(told.value)
        assert httpx.get(f"{address}/v1/health", verify=context(folder, "station")).status_code == 200
        process.terminate()
        _, logged = process.communicate(timeout=20)
    assert [line.partition("a client is refused: ")[2] for line in logged.splitlines()] == [
        "certificate revoked (1 since the start)",
        "certificate is not yet valid (1 since the start)",
        "PEER_DID_NOT_RETURN_A_CERTIFICATE (1 since the start)",
    ]


def test_a_reason_is_logged_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    seconds = iter((0, 59, 61, 62))
    refusals = Refusals(lambda: next(seconds))
    for _ in range(4):
        refusals.note("certificate revoked")
    assert [each.message for each in caplog.records] == [
        "a client is refused: certificate revoked (1 since the start)",
        "a client is refused: certificate revoked (3 since the start)",
    ]


def refused(url: str, settings: ssl.SSLContext) -> bool:
    try:
        httpx.get(url, verify=settings)
    except httpx.TransportError:
        return True
    return False


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_ends_cleanly_and_leaves_private_files(ending: signal.Signals, folder: Path) -> None:
    with serving(folder) as (process, _):
        for name in ("inside.sock", "log.key", "central.toml"):
            assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name
        process.send_signal(ending)
        _, complaints = process.communicate(timeout=20)
    assert (process.returncode, complaints) == (0, "")


def test_a_second_process_for_the_same_log_is_refused(folder: Path) -> None:
    with serving(folder):
        assert "another garita-central writes this log" in serve_in_vain(folder)


def test_without_certificates_nothing_is_served(centre_folder: Path) -> None:
    assert "provision the centre's certificates" in serve_in_vain(centre_folder)


def test_a_socket_that_cannot_be_made(folder: Path) -> None:
    settings = folder / CentralSettings.FILE_NAME
    settings.write_text(settings.read_text().replace("inside.sock", "x" * 200))
    assert "no Unix socket can be made" in serve_in_vain(folder)


def test_settings_say_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / CentralSettings.FILE_NAME).write_text("port = 99999\ncolour = 'red'\n")
    line = serve_in_vain(tmp_path)
    assert "port" in line
    assert "colour" in line


@pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")
def test_kill_9_loses_nothing_and_doubles_nothing(folder: Path, entries: list[Envelope]) -> None:
    """Python 3.11.7 does not close a TLS socket that is reset before its handshake; collecting it does."""
    acknowledged = 0
    for delay in (0.02, 0.05, 0.09, 0.14):
        with serving(folder) as (process, address):
            Timer(delay, process.kill).start()
            for upto in range(acknowledged + 1, len(entries) + 1):
                try:
                    acknowledged = submit(address, folder, entries[max(0, upto - 3) : upto]).contiguous
                except httpx.TransportError:
                    break
            process.wait(20)
    centre = Centre.open(folder)
    held = centre.store.size()
    assert acknowledged <= held <= acknowledged + 1
    assert [logged.envelope for logged in centre.store.envelopes(0, held, 2**40)] == [e.data for e in entries[:held]]
    for entry, proof in zip(entries, centre.log.receipts(range(held)), strict=False):
        verify(proof, entry.digest, centre.log.verifier)
    centre.close()


def test_neither_memory_nor_disk_holds_what_was_sealed(folder: Path, entries: list[Envelope]) -> None:
    """Each of these entries seals a record with a canary; the scan finds the station's name, so it does look."""
    with serving(folder) as (process, address):
        assert submit(address, folder, entries).contiguous == len(entries)
        memory = list(memory_of(process.pid))
    disk = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    for place in (memory, disk):
        assert any(b"MX-TIJ-01" in each for each in place)
        assert not any(b"CANARY" in each for each in place)


def test_a_socket_at_which_somebody_answers_is_left_to_them(tmp_path: Path) -> None:
    path = tmp_path / "inside.sock"
    first = unix_socket(path)
    with pytest.raises(UnusableSettings, match="a program serves there already"):
        unix_socket(path)
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(str(path))
    first.close()
    unix_socket(path).close()
