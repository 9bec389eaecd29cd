"""`garita-central`: the national centre's command."""

import asyncio
import logging
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from sync import commands
from sync.central.centre import Centre, open_store, system_now
from sync.central.cluster import cluster_files, read_members
from sync.central.ends import ends, warnings
from sync.central.engine import Engine, Revocation, Span, StationState
from sync.central.nginx import nginx_conf
from sync.central.serving import serve as serve_centre
from sync.central.settings import CentralSettings
from sync.central.sticks import connect, import_folder
from sync.contract.aside import AsideEntry, AsideKey
from sync.contract.card import StationCard
from sync.contract.ids import StationId
from sync.contract.wall import format_wall
from sync.envelope import Envelope
from sync.errors import Malformed, UnusableKey
from sync.files import make_folder, write_whole
from sync.keys import StationPublicKey

app = typer.Typer(
    name="garita-central",
    help="Receives sealed records, logs them, and answers receipts. It cannot open them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
ASIDE_AT_ONCE, ASIDE_BYTES = 500, 16 * 1024 * 1024
LOG = logging.getLogger(__name__)
Data = Annotated[Path, typer.Option("--data", help="the centre's data folder", file_okay=False)]
DEFAULTS = CentralSettings()


@app.command()
def init(
    data: Data,
    origin: Annotated[str, typer.Option(help="the log's name, for example log.example.mx/garita")],
    host: Annotated[str, typer.Option(help="address that stations reach")] = DEFAULTS.host,
    port: Annotated[int, typer.Option(help="port that stations reach", min=0, max=65535)] = DEFAULTS.port,
    postgres: Annotated[str, typer.Option(help="libpq address of a PostgreSQL that keeps everything")] = "",
    tls_cert: Annotated[Path, typer.Option(help="the centre's certificate")] = DEFAULTS.tls_certificate,
    tls_key: Annotated[Path, typer.Option(help="the key of that certificate")] = DEFAULTS.tls_key,
    tls_authority: Annotated[Path, typer.Option(help="who certifies stations")] = DEFAULTS.tls_authority,
) -> None:
    """Make a new centre and print the log key by which stations verify receipts."""
    settings = CentralSettings(
        host=host,
        port=port,
        postgres=postgres,
        tls_certificate=tls_cert,
        tls_key=tls_key,
        tls_authority=tls_authority,
    )
    typer.echo(Centre.create(data, origin, settings))


@app.command()
def renew_log(data: Data, origin: Annotated[str, typer.Argument(help="the new name of the log")]) -> None:
    """Let the log begin again, under a new name and key, while no centre runs; print that key.

    Lay it above the old one in every station's and vault's log.vkey, and in policies: docs/centre.md.
    """
    typer.echo(Centre.renew_log(data, origin))


@app.command()
def serve(data: Data) -> None:
    """Serve stations and the vault until SIGTERM or Ctrl-C."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    centre = Centre.open(data)
    for line in warnings(data, centre.settings, system_now()):
        LOG.warning("%s", line)
    try:
        line = f"{centre.log.verifier.name}, {centre.log.size} entries"
        asyncio.run(serve_centre(centre, lambda address: typer.echo(f"garita-central: {address} ({line})")))
    finally:
        centre.close()


@app.command()
def certificates(data: Data) -> None:
    """Tell how long certificates and revocation list are good. For a daily timer.

    Status 1 where one ends within 60 days, or is not valid yet by this machine's clock.
    """
    told = list(ends(data, CentralSettings.read(data), system_now()))
    for each in told:
        typer.echo(each)
    if any(each.soon for each in told):
        raise typer.Exit(1)


@app.command()
def nginx(data: Data) -> None:
    """Print the configuration of the nginx in front; run it as the user that the centre runs as."""
    typer.echo(nginx_conf(data, CentralSettings.read(data)))


@app.command()
def cluster(
    name: Annotated[str, typer.Argument(help="the member that this host is")],
    member: Annotated[list[str], typer.Option(help="NAME=ADDRESS of a database host; again for each: three or five")],
    data: Annotated[Path, typer.Option(help="where etcd and PostgreSQL keep their data", file_okay=False)],
    tls: Annotated[Path, typer.Option(help="this member's certificates", file_okay=False)],
    out: Annotated[Path, typer.Option(help="folder for etcd.yml and patroni.yml", file_okay=False)],
) -> None:
    """Write the configuration of etcd and Patroni for one host of a PostgreSQL with a synchronous standby."""
    made = cluster_files(name, read_members(member), data, tls)
    make_folder(out)
    for file, text in made.items():
        write_whole(out / file, text.encode())
        typer.echo(out / file)


@app.command("import")
def import_(
    data: Data, folder: Annotated[Path, typer.Argument(help="the stick, or a folder on it", file_okay=False)]
) -> None:
    """Take what is on a stick in, through the running centre, and write its answers beside it; 1 unless all went."""
    all_done = True
    with connect(data / CentralSettings.read(data).inside_socket) as http:
        for told in import_folder(http, folder):
            typer.echo(told.line)
            all_done = all_done and told.done
    if not all_done:
        raise typer.Exit(1)


@app.command()
def admit(data: Data, card: Annotated[Path, typer.Argument(help="the station's card", dir_okay=False)]) -> None:
    """Admit a station by its card; a centre that is running sees it at once. A revoked one stays revoked."""
    try:
        said = StationCard.from_bytes(card.read_bytes())
    except Malformed as error:
        raise Malformed(f"{card} is no station's card: {error}") from error
    StationPublicKey(said.public_key)
    with _engine(data) as engine:
        engine.admit(said, system_now())
        if revoked := engine.revocation(said.station):
            raise UnusableKey(
                f"station {said.station} was admitted before, and is REVOKED since {revoked.since} ({revoked.reason}):"
                f" it stays so, and `garita-central reinstate {said.station}` takes it in again"
            )
    typer.echo(f"{said.station} admitted, fingerprint {said.fingerprint}")


@app.command()
def stations(data: Data) -> None:
    """List the admitted stations: fingerprint, entries held, and what is wrong.

    Wrong are gaps, equivocations, entries buried in the database, quarantine, revocation. The state publishes the
    fingerprints: docs/centre.md.
    """
    with _engine(data) as engine:
        for state in engine.stations():
            told = f"{state.station}: fingerprint {state.fingerprint}"
            typer.echo(", ".join([told, f"{state.contiguous} entries", *alarms(state)]))


def alarms(state: StationState) -> Iterator[str]:
    """Yield in words what is wrong with a station, and what to do."""
    if state.gap:
        yield f"GAP: {state.gap.expected} is missing, {state.gap.offered} was offered {state.gap.since}"
    if state.equivocations:
        yield f"{state.equivocations} EQUIVOCATIONS (see: garita-central aside)"
    if state.buried:
        yield (
            f"{state.buried.count} BURIED in the database, entry {state.buried.first} first, found {state.buried.since}"
            ": somebody kept them out of the log; keep PostgreSQL's own log and the disks as they are, and have the log"
            " audited (garita-witness audit --inside)"
        )
    if state.revocation:
        yield f"REVOKED {state.revocation.since} ({state.revocation.reason}), {state.quarantined} in quarantine"


@app.command()
def aside(data: Data) -> None:
    """List what is kept outside of the log: entries that contest those in it, and what revoked stations sent.

    `garita-vault aside` opens them, under law.
    """
    with _engine(data) as engine:
        after = AsideKey()
        while page := engine.aside(after, ASIDE_AT_ONCE, ASIDE_BYTES):
            for each in page:
                commands.say(_told_aside(each, engine))
            after = page[-1].key


def _told_aside(entry: AsideEntry, engine: Engine) -> str:
    header = Envelope.from_bytes(entry.envelope).header
    place = engine.places([Span(entry.station, header.seq, header.seq)]).get((entry.station, header.seq))
    logged = "nothing of that number is in the log" if place is None else f"the log has another at place {place}"
    if entry.kind == "quarantined":
        logged = "sent while the station was revoked"
    return (
        f"{entry.station}/{entry.seq}: {entry.kind}, {logged}; came {entry.received}, {len(entry.envelope)} bytes,"
        f" SHA-256 {entry.key.digest.hex()}, follows {header.prev.hex()}"
    )


@app.command()
def revoke(
    data: Data,
    station: str,
    reason: Annotated[str, typer.Option(help="why: stolen, lost, retired")],
) -> None:
    """Quarantine what a station sends from this moment on: it is kept, outside the log, and gets no receipt."""
    if not reason.strip():
        raise typer.BadParameter("say why: stolen, lost, retired", param_hint="--reason")
    with _engine(data) as engine:
        before = engine.revocation(StationId(station))
        revoked = before or Revocation(format_wall(system_now()), reason)
        engine.revoke(StationId(station), revoked)
    already = f" ({revoked.reason}) already; nothing was changed" if before else ""
    typer.echo(f"{station} is revoked since {revoked.since}{already}; revoke its certificate in the CRL too")


@app.command()
def reinstate(data: Data, station: str) -> None:
    """Take a station's entries into the log again; it sends again what it has no receipt for."""
    with _engine(data) as engine:
        if engine.revocation(StationId(station)) is None:
            raise UnusableKey(f"station {station} is not revoked here, so there is nothing to take back")
        engine.reinstate(StationId(station))
    typer.echo(f"{station} is taken in again")


@contextmanager
def _engine(data: Path) -> Generator[Engine]:
    settings = CentralSettings.read(data)
    engine = open_store(data, settings)
    try:
        yield engine
    finally:
        engine.close()


def main() -> None:
    """Entry point."""
    commands.run(app)
