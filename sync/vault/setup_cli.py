"""`garita-vault`: what makes a vault and its key, and brings the stations' cards."""

import re
from pathlib import Path
from typing import Annotated

import typer

from sync import commands
from sync.contract.card import StationCard
from sync.contract.ids import STATION_PATTERN, StationId
from sync.errors import Malformed, UnusableKey
from sync.files import make_folder, read_as, refuse_taken, write_new
from sync.identity import Identity
from sync.keys import Purpose
from sync.vault.again import begin_again
from sync.vault.cli_options import Data, ask, ask_new
from sync.vault.held import read_identity
from sync.vault.office import files_of, hold, lay_files, opened_cases
from sync.vault.settings import VaultSettings
from sync.vault.token import make, unlock

setup = typer.Typer()


@setup.command()
def init(
    data: Data,
    identity: Annotated[Path, typer.Option(help="the private key that opens envelopes", dir_okay=False)],
    central_socket: Annotated[Path, typer.Option(help="the centre's Unix socket for the vault")],
    station: Annotated[str, typer.Option(help="the vault's own name among the stations")] = "VAULT",
) -> None:
    """Make a new vault; the identity stays where it is."""
    read_as(identity, read_identity)
    if not re.fullmatch(STATION_PATTERN, station):
        raise typer.BadParameter(f"{station!r} is no station's name; it follows {STATION_PATTERN}")
    settings = VaultSettings(
        identity=identity.absolute(), central_socket=central_socket.absolute(), station=StationId(station)
    )
    settings.check_new(data, files_of(settings))
    make_folder(data, mode=0o700)
    settings.write(data)
    lay_files(data, settings)
    files = f"{settings.log_key}, {settings.roots} and {settings.recipients}"
    typer.echo(f"lay {files} into {data}; let the centre admit {data / 'vault.card'}: openings go on record")


@setup.command()
def pin(
    data: Data,
    cards: Annotated[list[Path], typer.Argument(help="cards as the stations gave them", exists=True, dir_okay=False)],
) -> None:
    """Believe these stations by their own cards, whatever cards the centre shows; do so before their first record.

    All of them or none.
    """
    read = {path: _card(path) for path in cards}
    with opened_cases(data) as database, database.transaction():
        for path, card in read.items():
            if not database.stations.lay(card):
                said = f"{path}: {card.station} is believed by another card already; call the auditor"
                raise UnusableKey(f"{said}. No card was laid")
    for path, card in read.items():
        commands.say(f"{card.station} is believed by {path}, fingerprint {card.fingerprint}")


def _card(path: Path) -> StationCard:
    try:
        return StationCard.from_bytes(path.read_bytes())
    except Malformed as error:
        raise Malformed(f"{path} is no station's card; no card was laid: {error}") from error


@setup.command("begin-again")
def begin_again_(data: Data) -> None:
    """Make the case database anew, from the log's first entry, after a restore of the centre or where it was lost.

    Cards that were laid by hand and the list of exports go over; the old database is kept beside it.
    """
    file = data / VaultSettings.read(data).cases
    kept = begin_again(file)
    with opened_cases(data) as database:
        laid = ", ".join(card.station for card in database.by_hand().cards) or "none; lay them with `garita-vault pin`"
    before = f"the old one is {kept}" if kept else "there was none: lay cards with `garita-vault pin` before `run`"
    commands.say(f"{file} is empty now, `garita-vault run` reads the log again; {before}. Cards laid by hand: {laid}")


@setup.command("hold")
def hold_(
    identity: Annotated[Path, typer.Argument(help="an identity in plain; destroy it afterwards", dir_okay=False)],
    out: Annotated[Path, typer.Option(help="the held identity to write", dir_okay=False)],
    threshold: Annotated[int, typer.Option(help="how many holders must release it together")],
    holder: Annotated[list[str], typer.Option(help="a holder's name; again for each")],
) -> None:
    """Put an identity into the hands of holders, each with a passphrase of their own; one of one is a passphrase."""
    refuse_taken(out)
    held = hold(read_as(identity, Identity.from_bytes), threshold, holder, ask_new)
    write_new(out, held.to_bytes(), mode=0o600)
    typer.echo(f"{out}: {threshold} of {len(holder)} holders release key {held.kid.hex()}")


@setup.command()
def token(
    module: Annotated[Path, typer.Option(help="the library of the token's maker", exists=True, dir_okay=False)],
    out: Annotated[Path, typer.Option(help="the identity to write; its P-384 half stays in the token", dir_okay=False)],
    recipient: Annotated[Path, typer.Option(help="the public half to write, for the recipient list", dir_okay=False)],
    device: Annotated[str, typer.Option("--token", help="the token's label")] = "garita",
    label: Annotated[str, typer.Option(help="the label of the new key pair")] = "national",
    purpose: Annotated[Purpose, typer.Option(help="what the key is for")] = "national",
) -> None:
    """Make an identity whose P-384 half is born in a PKCS#11 token and never leaves it."""
    refuse_taken(out)
    refuse_taken(recipient)
    pin = ask(f"token {device}")
    made = make(str(module), device, label, purpose, pin)
    write_new(out, made.to_bytes(), mode=0o600)
    unlocked = unlock(made, pin)
    write_new(recipient, unlocked.recipient.to_bytes())
    unlocked.close()
    typer.echo(f"{out}: key {made.kid.hex()} ({purpose}), one half in token {device}")
