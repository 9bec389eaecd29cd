"""The real nginx in front of the real centre: who gets in, what is overwritten, what there is not."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from types import MappingProxyType
from urllib.parse import quote

import httpx
import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import Encoding

from deploy.certificates import Certified, issue_client, issue_server, make_authority, renew_list, revocation_list
from sync.central.centre import Centre
from sync.central.nginx import nginx_conf
from sync.central.serving import unix_socket
from sync.central.settings import CentralSettings
from sync.claims import Claim
from sync.client import CentralClient
from sync.contract.ids import Seq
from sync.contract.pieces import Held, Piece
from sync.contract.standing import Standings
from sync.contract.submission import BATCH_TYPE, MEDIA_TYPE, Answer
from sync.envelope import Envelope
from sync.errors import CentralRefused, UnusableSettings
from sync.journal import Sealer
from tests.ports import HOST, kept_port
from tests.postgres import Postgres
from tests.sync.batches import batch_of

COMMAND = Path(sys.executable).with_name("garita-central")
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
NOW = datetime.now(UTC)
AS_ROOT = ("-g", "user root;") if os.geteuid() == 0 else ()  # else its workers become nobody, and see no socket


@pytest.fixture
def port() -> Iterator[int]:
    with kept_port() as port:
        yield port


@pytest.fixture(scope="module")
def authority() -> Certified:
    return make_authority("test authority", NOW)


@pytest.fixture
def folder(tmp_path: Path, authority: Certified, sealer: Sealer, port: int) -> Path:
    """Make a centre behind nginx, one good, one revoked and one foreign certificate; its path is an odd one."""
    made = tmp_path / r'n "x\{;y#'
    Centre.create(made, "log.test/garita", CentralSettings(port=port, outside_socket=Path("outside.sock")))
    centre = Centre.open(made)
    centre.store.admit(sealer.key.card(sealer.station), NOW)
    centre.close()
    issue_server(authority, HOST, NOW).write(made / "tls", "server")
    authority.write(made / "tls", "authority")
    stolen = issue_client(authority, "stolen", NOW)
    for name, certified in {
        "station": issue_client(authority, sealer.station, NOW),
        "stolen": stolen,
        "rogue": issue_client(make_authority("test authority", NOW), sealer.station, NOW),
    }.items():
        certified.write(tmp_path / name, "client")
    (made / "tls/revoked.crl").write_bytes(revocation_list(authority, [stolen.certificate], NOW))
    return made


@contextmanager
def running(folder: Path, *, app: bool = True) -> Iterator[str]:
    """Run nginx, and the centre behind it; give the address."""
    (folder / "nginx.conf").write_text(nginx_conf(folder, CentralSettings.read(folder)))
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr", *AS_ROOT]
    programs = [subprocess.Popen(command, stderr=subprocess.DEVNULL)]  # noqa: S603 - Debian's own program
    if app:
        central = [COMMAND, "serve", "--data", folder]
        programs.append(subprocess.Popen(central, stdout=subprocess.PIPE))  # noqa: S603 - our own command
        assert programs[1].stdout
        assert programs[1].stdout.readline()
    settings = CentralSettings.read(folder)
    try:
        wait_for_port(settings.port)
        yield f"https://{HOST}:{settings.port}"
    finally:
        for program in programs:
            program.send_signal(signal.SIGTERM)
            program.communicate(timeout=30)


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not listen")


def client(
    address: str, folder: Path, certificate: str | None, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
) -> httpx.Client:
    context = ssl.create_default_context(cafile=str(folder / "tls/authority.crt"))
    context.minimum_version = context.maximum_version = version
    if certificate:
        at = folder.parent / certificate
        context.load_cert_chain(at / "client.crt", at / "client.key")
    return httpx.Client(base_url=address, verify=context)


def refused(http: httpx.Client) -> bool:
    """Tell whether nothing of the centre was seen: no connection, or nginx's own 400."""
    with http:
        try:
            return http.get("/v1/health").status_code == 400
        except httpx.TransportError:
            return True


def test_who_gets_in(folder: Path, entries: list[Envelope]) -> None:
    with running(folder) as address:
        with client(address, folder, "station") as http:
            body, headers = batch_of(entries[:3]), {"Content-Type": BATCH_TYPE}
            answer = http.post("/v1/batches", content=body, headers=headers).raise_for_status()
            assert Answer.from_bytes(answer.content).contiguous == 3
            assert http.post("/v1/batches", content=bytes(65 * 2**20), headers=headers).status_code == 413
        with client(address, folder, "stolen") as http, pytest.raises(CentralRefused, match="or one of the two clocks"):
            CentralClient(http).submit(entries[0].header.station, b"a batch")
        assert refused(client(address, folder, None))
        assert refused(client(address, folder, "rogue"))
        assert refused(client(address, folder, "stolen"))
        assert refused(client(address, folder, "station", ssl.TLSVersion.TLSv1_2))


def test_a_list_that_names_the_authority_lets_stations_in_again_once_it_is_renewed(
    folder: Path, authority: Certified
) -> None:
    """An older `garita-image` let the authority itself be revoked; a list names whom it named, but for that one."""
    listed, odd = folder / "tls/revoked.crl", x509.load_pem_x509_crl((folder / "tls/revoked.crl").read_bytes())
    builder = x509.CertificateRevocationListBuilder().issuer_name(odd.issuer)
    builder = builder.last_update(odd.last_update_utc).next_update(NOW + timedelta(days=400))
    for serial in (authority.certificate.serial_number, *(each.serial_number for each in odd)):
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(NOW)
        builder = builder.add_revoked_certificate(entry.build())
    listed.write_bytes(builder.sign(authority.key, SHA384()).public_bytes(Encoding.PEM))
    with running(folder) as address:
        assert refused(client(address, folder, "station"))
    listed.write_bytes(renew_list(authority, [listed.read_bytes()], [], NOW))
    with running(folder) as address:
        assert not refused(client(address, folder, "station"))
        assert refused(client(address, folder, "stolen"))


@pytest.fixture
def shared_folder(
    folder: Path, postgres: Postgres, sealer: Sealer, other_sealer: Sealer, authority: Certified, port: int
) -> Path:
    """Make the same centre with PostgreSQL and two stations, and an auditor's certificate."""
    (folder / "central.toml").unlink()
    address = postgres.create(f"t{token_hex(8)}")
    made = CentralSettings(port=port, outside_socket=Path("outside.sock"), postgres=address)
    for file in (folder / "log.key", *folder.glob("central.db*")):
        file.unlink()
    Centre.create(folder, "log.test/garita", made)
    centre = Centre.open(folder)
    for each in (sealer, other_sealer):
        centre.store.admit(each.key.card(each.station), NOW)
    centre.close()
    issue_client(authority, other_sealer.station, NOW).write(folder.parent / "other", "client")
    issue_client(authority, "auditor.example", NOW).write(folder.parent / "auditor", "client")
    return folder


def test_what_a_stations_certificate_is_good_for(
    shared_folder: Path, sealer: Sealer, entries: list[Envelope], other_entries: list[Envelope]
) -> None:
    """Who has the certificate of MX-MEX-02 has batches and a claim of MX-TIJ-01 too, from a stick that was lost."""
    first, sealed = batch_of(entries[:3]), bytes(100)
    claim = Claim(sealer.station, Seq(1), sha256(sealed).digest(), len(sealed))
    piece = Piece(
        station=claim.station,
        seq=claim.seq,
        sealed=claim.sealed,
        size=claim.size,
        claim=claim.sign(sealer.key),
        offset=0,
        data=sealed,
    ).to_bytes()
    pretended = first.replace(sealer.key.public.kid, bytes(8))
    with running(shared_folder) as address:
        with client(address, shared_folder, "station") as http:
            assert Answer.from_bytes(post(http, "/v1/batches", first).content).contiguous == 3
        pem = quote((shared_folder.parent / "station/client.crt").read_text())
        with client(address, shared_folder, "other") as http:
            for forged in ({}, {"X-SSL-Client-Cert": pem}, {"x_ssl_client_cert": pem}):
                for path, body in (("/v1/batches", first), ("/v1/batches", pretended), ("/v1/attachments", piece)):
                    answer = post(http, path, body, forged)
                    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_certificate")
                    assert answer.json()["detail"].startswith("the certificate names MX-MEX-02, and this is said to be")
            assert http.get("/v1/log/stations").json()["code"] == "wrong_certificate"
            assert http.get("/v1/log/checkpoint").status_code == 200
            assert Answer.from_bytes(post(http, "/v1/batches", batch_of(other_entries[:2])).content).contiguous == 2
        with client(address, shared_folder, "auditor") as http:
            shown = Standings.from_bytes(http.get("/v1/log/stations").raise_for_status().content).standings
            assert [each.card.station for each in shown] == ["MX-MEX-02", "MX-TIJ-01"]
            assert post(http, "/v1/batches", first).json()["code"] == "wrong_certificate"
        with client(address, shared_folder, "station") as http:
            assert Held.from_bytes(post(http, "/v1/attachments", piece).content).held == len(sealed)


def post(
    http: httpx.Client, path: str, body: bytes, headers: Mapping[str, str] = MappingProxyType({})
) -> httpx.Response:
    media = BATCH_TYPE if path == "/v1/batches" else MEDIA_TYPE
    return http.post(path, content=body, headers={"Content-Type": media, **headers})


def test_the_app_listens_on_its_sockets_only(folder: Path) -> None:
    """No socket of the centre's process listens in TCP."""
    central = [COMMAND, "serve", "--data", folder]
    with subprocess.Popen(central, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own command
        assert process.stdout
        assert process.stdout.readline()
        mine, tcp = sockets_of(process.pid), listening_in_tcp()
        process.terminate()
    assert mine
    assert not mine & tcp


def sockets_of(pid: int) -> set[str]:
    """Return the inodes of a process's sockets."""
    links: list[str] = []
    for path in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since it was listed
            links.append(str(path.readlink()))
    return {link[8:-1] for link in links if link.startswith("socket:[")}


def listening_in_tcp() -> set[str]:
    """Return the inodes of all sockets that listen in TCP."""
    lines = [
        line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    return {line[9] for line in lines if line[3] == "0A"}


FORGED = {
    "X-SSL-Client-Verify": "SUCCESS",
    "X-SSL-Client-Fingerprint": "forged",
    "X-SSL-Client-Cert": "forged",
    "X-Forwarded-For": "10.0.0.1",
    "X-Real-IP": "10.0.0.1",
    "Forwarded": "for=10.0.0.1",
}


def test_forged_identity_headers_are_overwritten(folder: Path) -> None:
    """An app that only repeats what it is told stands behind nginx here."""
    told: list[dict[str, str]] = []

    async def repeat(scope: dict, _receive: object, send: object) -> None:
        told.append({name.decode(): value.decode() for name, value in scope["headers"]})
        await send({"type": "http.response.start", "status": 204, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]

    listening_socket = unix_socket(folder / "outside.sock")
    server = uvicorn.Server(uvicorn.Config(repeat, lifespan="off", log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, args=([listening_socket],))
    thread.start()
    try:
        with running(folder, app=False) as address, client(address, folder, "station") as http:
            http.get("/", headers=FORGED).raise_for_status()
            http.get("/", headers={name.replace("-", "_"): value for name, value in FORGED.items()}).raise_for_status()
    finally:
        server.should_exit = True
        thread.join()
    for headers in told:
        assert headers["x-ssl-client-verify"] == "SUCCESS"
        assert len(headers["x-ssl-client-fingerprint"]) == 40
        assert headers["x-ssl-client-cert"].startswith("-----BEGIN%20CERTIFICATE")
        assert not {"x-forwarded-for", "x-real-ip", "forwarded"} & headers.keys()
        assert not [value for value in headers.values() if "forged" in value or "10.0.0.1" in value]


@pytest.mark.parametrize("name", ["$host", "two\nlines"])
def test_a_path_that_nginx_cannot_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnusableSettings, match="cannot name it"):
        nginx_conf(tmp_path / name, CentralSettings(outside_socket=Path("outside.sock")))


def test_without_a_socket_there_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(UnusableSettings, match="set outside_socket"):
        nginx_conf(tmp_path, CentralSettings())
