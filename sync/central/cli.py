"""`garita-central`: the national centre's command."""

import asyncio
import logging
from pathlib import Path
from typing import Annotated

import typer

from sync import commands
from sync.central.centre import Centre, system_now
from sync.central.serving import serve as serve_centre
from sync.central.settings import CentralSettings
from sync.central.sticks import connect, import_folder
from sync.central.store import Store
from sync.contract.card import StationCard
from sync.keys import StationPublicKey

app = typer.Typer(
    name="garita-central",
    help="Receives sealed records, logs them, and answers receipts. It cannot open them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
Data = Annotated[Path, typer.Option("--data", help="the centre's data folder", file_okay=False)]
DEFAULTS = CentralSettings()


@app.command()
def init(
    data: Data,
    origin: Annotated[str, typer.Option(help="the log's name, for example log.example.mx/garita")],
    host: Annotated[str, typer.Option(help="address that stations reach")] = DEFAULTS.host,
    port: Annotated[int, typer.Option(help="port that stations reach")] = DEFAULTS.port,
    tls_cert: Annotated[Path, typer.Option(help="the centre's certificate")] = DEFAULTS.tls_certificate,
    tls_key: Annotated[Path, typer.Option(help="the key of that certificate")] = DEFAULTS.tls_key,
    tls_authority: Annotated[Path, typer.Option(help="who certifies stations")] = DEFAULTS.tls_authority,
) -> None:
    """Make a new centre and print the log key by which stations verify receipts."""
    settings = CentralSettings(
        host=host, port=port, tls_certificate=tls_cert, tls_key=tls_key, tls_authority=tls_authority
    )
    typer.echo(Centre.create(data, origin, settings))


@app.command()
def serve(data: Data) -> None:
    """Serve stations and the vault until SIGTERM or Ctrl-C."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    centre = Centre.open(data)
    try:
        line = f"{centre.log.verifier.name}, {centre.log.size} entries"
        asyncio.run(serve_centre(centre, lambda address: typer.echo(f"garita-central: {address} ({line})")))
    finally:
        centre.close()


@app.command("import")
def import_(data: Data, folder: Annotated[Path, typer.Argument(help="the stick: *.batch", file_okay=False)]) -> None:
    """Take the batches on a stick in, through the running centre, and write its answers beside them."""
    with connect(data / CentralSettings.read(data).inside_socket) as http:
        for line in import_folder(http, folder):
            typer.echo(line)


@app.command()
def admit(data: Data, card: Annotated[Path, typer.Argument(help="the station's card")]) -> None:
    """Admit a station by its card; a centre that is running sees it at once."""
    said = StationCard.from_bytes(card.read_bytes())
    key = StationPublicKey(said.public_key)
    store = _store(data)
    store.admit(said, system_now())
    store.close()
    typer.echo(f"{said.station} admitted with key {key.kid.hex()}")


@app.command()
def stations(data: Data) -> None:
    """List the admitted stations: key, entries held, equivocations (two different entries with the same number)."""
    store = _store(data)
    for state in store.stations():
        key = StationPublicKey(state.key).kid.hex()
        alarm = f", {state.equivocations} EQUIVOCATIONS" if state.equivocations else ""
        typer.echo(f"{state.station}: key {key}, {state.contiguous} entries{alarm}")
    store.close()


def _store(data: Path) -> Store:
    return Store(data / CentralSettings.read(data).database)


def main() -> None:
    """Entry point."""
    commands.run(app)
