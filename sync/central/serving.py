"""The centre's two servers in one process: stations by TLS 1.3 with certificates, the vault by a Unix socket."""

import asyncio
import os
import resource
import signal
import socket
import ssl
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import uvicorn
from fastapi import FastAPI

from sync.central.app import create_app
from sync.central.attachments_app import give_attachments, take_attachments
from sync.central.centre import Centre
from sync.central.certified import CertifiedProtocol
from sync.central.gate import WAITING
from sync.central.handshakes import Refusals, told_to
from sync.central.inside import create_inside_app
from sync.central.settings import CentralSettings
from sync.central.speakers import Speakers, anybody, by_nginx, by_tls
from sync.errors import UnusableSettings

CONNECTIONS = 8 * WAITING
"""Beyond that not even a refusal is read; before, the gate asks the station to come later."""
LAST_REQUESTS_SECONDS = 3


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave the signals to `serve`, which ends both servers."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell when connections are taken."""
        await super().startup(sockets)
        self.up.set()


async def serve(centre: Centre, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; `ready` gets the address that stations reach."""
    _allow_connections()
    settings, folder = centre.settings, centre.folder
    context, outside_socket = _outside(folder, settings)
    inside_socket = unix_socket(folder / settings.inside_socket)
    speakers = Speakers(by_tls if context else by_nginx, lambda station: centre.store.card(station) is not None)
    outside_app = create_app(
        centre.ingest, centre.log, centre.gate, centre.store.standings, speakers.may_send, speakers.may_audit
    )
    inside_app = create_inside_app(centre.store, centre.log, centre.stick_ingest, centre.gate)
    take_attachments(outside_app, centre.depot, centre.gate, speakers.may_send)
    take_attachments(inside_app, centre.stick_depot, centre.gate, anybody)
    give_attachments(inside_app, centre.depot)
    outside, inside = _Server(_config(outside_app, context)), _Server(_config(inside_app, None))

    def end() -> None:
        outside.should_exit = inside.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(inside.serve([inside_socket]))
        tasks.create_task(outside.serve([outside_socket]))
        await inside.up.wait()
        await outside.up.wait()
        name = outside_socket.getsockname()
        ready(f"https://{settings.host}:{name[1]}" if context else str(name))


def _allow_connections() -> None:
    """Let this process open as many files as it may: 1,024, what a system gives at first, are fewer than may wait."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _outside(folder: Path, settings: CentralSettings) -> tuple[ssl.SSLContext | None, socket.socket]:
    """Return TLS and a port of our own, or a Unix socket and nothing else where nginx stands in front."""
    if settings.outside_socket:
        return None, unix_socket(folder / settings.outside_socket)
    context = tls_context(folder, settings)
    context.sslobject_class = told_to(Refusals(monotonic))
    return context, socket.create_server((settings.host, settings.port))


def tls_context(folder: Path, settings: CentralSettings) -> ssl.SSLContext:
    """Return the side of TLS that stations meet: 1.3 only, and only with a certificate from the state's authority.

    Where its revocation list lies in the folder at the start, none that stands on it.
    """
    certificate, key, authority, revoked = (
        folder / path
        for path in (settings.tls_certificate, settings.tls_key, settings.tls_authority, settings.tls_revoked)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    with _named(f"{certificate} and {key}"):
        context.load_cert_chain(certificate, key)
    with _named(str(authority)):
        context.load_verify_locations(authority)
    if revoked.exists():
        with _named(str(revoked), "bring the newest list there, from the authority's folder"):
            context.load_verify_locations(revoked)
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    return context


@contextmanager
def _named(files: str, way: str = "provision the centre's certificates, or bring them back") -> Generator[None]:
    """Raise UnusableSettings with the names of files that TLS cannot use."""
    try:
        yield
    except OSError as error:
        raise UnusableSettings(f"TLS cannot use {files}: {error.strerror or error}; {way}") from error


def unix_socket(path: Path) -> socket.socket:
    """Return a listening socket whose file only its owner may use; one that a dead process left is replaced.

    Raises UnusableSettings where a living process answers there, or none can be made.
    """
    if _answers(path):
        raise UnusableSettings(f"{path}: a program serves there already; stop it, or give this one its own folder")
    path.unlink(missing_ok=True)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        server.bind(str(path))
    except OSError as error:
        raise UnusableSettings(f"no Unix socket can be made at {path}: {error}") from error
    finally:
        os.umask(mask)
    server.listen()
    return server


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        try:
            asking.connect(str(path))
        except OSError:
            return False
        return True


def _config(app: FastAPI, context: ssl.SSLContext | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=CertifiedProtocol if context else "auto",
        ssl_context_factory=(lambda _config, _default: context) if context else None,
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=LAST_REQUESTS_SECONDS,
    )
