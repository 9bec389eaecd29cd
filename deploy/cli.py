"""`garita-image`: the technician's command."""

import shutil
import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Annotated

import typer
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from rich.console import Console
from rich.table import Table

from deploy.certificates import Certified, named, read_certificate, read_list, renew, renew_list, serial
from deploy.cluster import write_cluster_certificates
from deploy.demo import OFFICER, PLAYS, SUPERVISOR, Demo
from deploy.drill import Row, drill
from deploy.errors import DeployError, Revoked
from deploy.register import Register
from sync.central.cluster import read_members
from sync.commands import say
from sync.errors import SyncError
from sync.expiry import list_term
from sync.files import write_whole

app = typer.Typer(
    name="garita-image",
    help="Shows the whole product on one machine, and makes certificates. It does not set up real stations yet.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
DRILL_SECONDS = 1.0
WATCH_SECONDS = 0.5


@app.command("demo")
def demo_(data: Annotated[Path, typer.Option(help="folder that keeps the demonstration")] = Path("var/demo")) -> None:
    """Run centre, vault, a station and virtual instruments until Ctrl-C."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with Demo(data) as demo:
        demo.start_all()
        demo.start_companions()
        typer.echo(_welcome(demo))
        while not stop.wait(WATCH_SECONDS):
            demo.check()
    typer.echo(f"Ended. The data stays in {data}; the next start finds it again.")


@app.command("demo-once")
def demo_once() -> None:
    """Take five readings from serial bytes to the opened case, print them, and fail unless each is as it must be."""
    root = Path(tempfile.mkdtemp(prefix="garita-demo-"))
    with Demo(root, duration=DRILL_SECONDS) as demo:
        demo.start_all()
        rows = drill(demo)
    Console(width=150).print(_table(rows))
    if not all(row.good for row in rows):
        typer.echo(f"garita-image: a row is not as it must be; logs and data are in {root}", err=True)
        raise typer.Exit(1)
    shutil.rmtree(root)


@app.command("cluster-certificates")
def cluster_certificates(
    out: Annotated[Path, typer.Option(help="a new folder", file_okay=False)],
    member: Annotated[list[str], typer.Option(help="NAME=ADDRESS of a database host; again for each")],
) -> None:
    """Make the certificates of a database cluster: a folder for each member, and `garita` for the centres."""
    write_cluster_certificates(out, read_members(member), datetime.now(UTC))
    typer.echo(f"{out}: lay each folder onto its host; authority.key goes into a safe")


@app.command("renew-certificate")
def renew_certificate(
    certificate: Annotated[Path, typer.Argument(help="the old one, of a station or the centre", dir_okay=False)],
    authority: Annotated[Path, typer.Option(help="folder of authority.key and authority.crt", file_okay=False)],
) -> None:
    """Put a certificate that is good for another year in the old one's place, for the same name and key."""
    old, register = read_certificate(certificate), Register(authority)
    register.check(old)
    made = renew(Certified.read(authority, "authority"), old, datetime.now(UTC))
    register.note([old, made])
    write_whole(certificate, made.public_bytes(serialization.Encoding.PEM))
    start, end = made.not_valid_before_utc, made.not_valid_after_utc
    typer.echo(f"{certificate}: good from {start:%Y-%m-%d} until {end:%Y-%m-%d}; lay it where the old one was")


@app.command("revocation-list")
def revocation_list_(
    file: Annotated[Path, typer.Argument(help="the list; one that is there is renewed", dir_okay=False)],
    authority: Annotated[Path, typer.Option(help="folder of authority.key and authority.crt", file_okay=False)],
    revoke: Annotated[
        list[Path] | None, typer.Option(help="a certificate that shall admit nobody any more", dir_okay=False)
    ] = None,
    new: Annotated[bool, typer.Option("--new", help="there never was a list of this authority")] = False,
) -> None:
    """Write a revocation list that is good for 400 days: who was on an old one, and whoever is revoked now.

    With a certificate all that were renewed for its key are revoked. Prints who stands on the list. The authority's
    folder keeps the newest one too.
    """
    register = Register(authority)
    old = [each for each in (register.revoked, read_list(file) if file.exists() else None) if each]
    if not old and not new:
        raise Revoked(
            f"neither {file} nor {authority} has a revocation list, and a new one would let in who was revoked: bring"
            " the last one here; with --new where there never was one"
        )
    revoked = register.of_same_key(map(read_certificate, revoke or ()))
    made = renew_list(Certified.read(authority, "authority"), old, revoked, datetime.now(UTC))
    register.note(revoked)
    register.keep(made)
    write_whole(file, made)
    told = _told(made, register)
    for line in told:
        say(line)
    start, end = list_term(file)
    typer.echo(
        f"{file}: {len(told)} certificates are revoked; good from {start:%Y-%m-%d} until {end:%Y-%m-%d}; lay it onto"
        " each host of the centre and reload nginx"
    )


def _told(made: bytes, register: Register) -> list[str]:
    """Return a line for each certificate on a list: the newest first, by name where the register has it."""
    known = {each.serial_number: named(each) for each in register.certificates}
    return [
        f"{known.get(each.serial_number) or f'serial {serial(each.serial_number)}, of a name that is not kept here'},"
        f" revoked {each.revocation_date_utc:%Y-%m-%d}"
        for each in x509.load_pem_x509_crl(made)
    ]


def _welcome(demo: Demo) -> str:
    return f"""
  Garita is running on this machine only.

  Open       {demo.address}
  Sign in    {OFFICER}, PIN {demo.pin}; {SUPERVISOR} reviews and is the second person, with the same PIN
  Then tap   "Lectura rápida" and wait for the result; "Abrir decomiso" on an alarm leads to weight, photograph, seal
             and signature; "Detalle", "Registro" shows the reading sealed, sent and receipted.
             "Agregar" on a result puts weight, place and codes on record; "Ajustes", "Equipo" shows the instruments.
  The virtual analyzer plays in turn: {", ".join(PLAYS)}.

  What the state sees:  .venv/bin/garita-vault cases --data {demo.state.vault}
  Ctrl-C ends everything.
"""


def _table(rows: list[Row]) -> Table:
    names = (
        "sample",
        "conclusion",
        "top hit",
        "probability",
        "seq",
        "log index",
        "receipt verified",
        "opened by vault",
    )
    table = Table(*names, "as it must be")
    for row in rows:
        chance = "-" if row.probability is None else f"{row.probability:.3f}"
        truths = (_word(row.receipt_verified), _word(row.opened_by_vault), _word(row.as_expected))
        place = (str(row.seq), str(row.log_index))
        table.add_row(row.sample, row.conclusion, row.top_hit or "-", chance, *place, *truths)
    return table


def _word(truth: bool) -> str:
    return "yes" if truth else "NO"


def main() -> None:
    """Entry point."""
    try:
        app()
    except (DeployError, SyncError, OSError, ValueError) as error:
        say(f"garita-image: {' '.join(str(error).split())}", err=True)
        sys.exit(1)
