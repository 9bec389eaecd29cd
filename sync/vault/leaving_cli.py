"""`garita-vault`: what lets something out: bundles for a court, letters for the outside body."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from sync import commands
from sync.contract.ids import StationId
from sync.contract.letter import Post
from sync.contract.names import seen, twice
from sync.contract.wall import format_wall
from sync.court import CourtBundle, Export
from sync.errors import Malformed, OpenError
from sync.files import ROOM, read_as, refuse_taken, write_new
from sync.identity import Identity
from sync.letters_opening import open_letter
from sync.vault.cases import Cases
from sync.vault.cli_options import MOST_SEQ, Data, ask
from sync.vault.corrections import Correction
from sync.vault.disclose import Believed
from sync.vault.disclose import disclose as disclose_bundle
from sync.vault.export import export_entries
from sync.vault.office import noting, opened_cases, read_logs, read_policy, release
from sync.vault.post import posts
from sync.vault.settings import VaultSettings
from sync.vault.source import Source

leaving = typer.Typer()


@leaving.command()
def export(
    data: Data,
    station: str,
    seqs: Annotated[list[int], typer.Argument(metavar="SEQ...", min=1, max=MOST_SEQ, help="the entries to disclose")],
    out: Annotated[Path, typer.Option(help="the court bundle to write", dir_okay=False)],
    person: Annotated[list[str], typer.Option(help="who exports; two persons, so give it twice")],
    reason: Annotated[str, typer.Option(help="why: the case file, the court's order")],
) -> None:
    """Write a court bundle: the entries asked for with their keys, those between them sealed, all with receipts.

    What voids, amends or takes back one of them is disclosed with it, and what else they name is told. It goes on
    record once the centre gave just what was filed here; until then nothing is opened.
    """
    settings, made = VaultSettings.read(data), _leaving(out, person, reason)
    identity = release(data / settings.identity, ask).identity
    logs = read_logs(data, settings)
    with noting(data) as (http, noted), opened_cases(data) as database:

        def note(entries: list[str]) -> None:
            noted.note("export", made.persons, made.reason, entries)

        corrections = list(database.corrections.of(StationId(station), seqs))
        exported = export_entries(
            Source(http),
            database,
            identity,
            logs,
            export=made,
            station=StationId(station),
            seqs=[*seqs, *(seq for each in corrections for seq in each.entries)],
            policy=read_policy(data, settings),
            note=note,
        )
    bundle = exported.bundle
    write_new(out, bundle, mode=0o600)
    for each in corrections:
        commands.say(f"{each}: disclosed with it")
    for seq in exported.left_out:
        commands.say(f"{station}/{seq}, between them, is left out: the station did not sign it; see `problems`")
    for line in exported.named.lines():
        commands.say(line)
    typer.echo(f"{out}: {len(bundle)} bytes, SHA-256 {sha256(bundle).hexdigest()}; check it with garita-verify")


@leaving.command()
def disclose(
    data: Data,
    bundle: Annotated[Path, typer.Argument(help="what `garita export-evidence` wrote", exists=True, dir_okay=False)],
    entries: Annotated[list[str], typer.Argument(metavar="STATION/SEQ...", help="the entries to disclose")],
    out: Annotated[Path, typer.Option(help="the court bundle to write", dir_okay=False)],
    person: Annotated[list[str], typer.Option(help="who discloses; two persons, so give it twice")],
    reason: Annotated[str, typer.Option(help="why: the case file, the court's order")],
    unlogged: Annotated[
        bool, typer.Option("--unlogged", help="also what no receipt proves to be in the national log")
    ] = False,
) -> None:
    """Open entries of a station's own bundle, with what they attach, once it is on record who does.

    Stations are believed by the cards that this vault knows, never by those in the bundle. What was filed here that
    voids, amends or takes back one of them is named, and so is what they name and nobody would see.
    """
    settings, made = VaultSettings.read(data), _leaving(out, person, reason, room=bundle.stat().st_size)
    sealed = _read(bundle)
    identity = release(data / settings.identity, ask).identity
    logs, policy = read_logs(data, settings), read_policy(data, settings)
    with noting(data) as (_, noted), opened_cases(data) as database:

        def note(found: list[str]) -> None:
            missing = set(entries) - {each.partition(",")[0] for each in found}
            if missing:
                raise OpenError(f"not in the bundle: {', '.join(sorted(missing))}; ask for what it has, as STATION/SEQ")
            noted.note("disclose", made.persons, made.reason, found)
            told.extend(each for each in found if each not in entries)

        believed = Believed(logs, database.stations.card, database.digest_filed, policy, unlogged)
        told = list[str]()
        disclosed, named = disclose_bundle(sealed, identity, believed, made, set(entries).__contains__, note)
        database.note_export(made.time, made.persons, made.reason, sorted(set(entries)), sha256(disclosed).digest())
        corrections = _corrections(database, entries)
    write_new(out, disclosed, mode=0o600)
    for line in told:
        commands.say(f"{line} here; see `problems` and `aside`")
    for each in corrections:
        commands.say(f"{each}: {_whether_disclosed(each, entries)}")
    for line in named.lines():
        commands.say(line)
    typer.echo(f"{out}: {len(disclosed)} bytes, SHA-256 {sha256(disclosed).hexdigest()}; check it with garita-verify")


def _read(file: Path) -> CourtBundle:
    with file.open("rb") as opened:
        data = opened.read(CourtBundle.MAX_BYTES + 1)
    try:
        return CourtBundle.from_bytes(data)
    except Malformed as error:
        raise Malformed(f"{file} was cut, or is no court bundle; fetch it again, or give another: {error}") from error


def _corrections(cases: Cases, entries: list[str]) -> list[Correction]:
    by_station = dict[StationId, list[int]]()
    for station, _, seq in (each.rpartition("/") for each in entries):
        by_station.setdefault(StationId(station), []).append(int(seq))
    return [each for station, seqs in by_station.items() for each in cases.corrections.of(station, seqs)]


def _whether_disclosed(correction: Correction, entries: list[str]) -> str:
    left = [name for seq in correction.entries if (name := f"{correction.record.station}/{seq}") not in entries]
    return f"NOT disclosed; ask for {' and '.join(left)} too, or use `export`" if left else "disclosed with it"


def _leaving(out: Path, persons: list[str], reason: str, room: int = ROOM) -> Export:
    """Return who lets a bundle out and why; raises, before anything is on record, for what could not be written."""
    refuse_taken(out, room)
    said = {"persons": seen("the person", persons), "reason": seen("the reason", [reason])[0]}
    if (again := twice(said["persons"])) is not None:
        raise Malformed(f"a person stands twice: {again}; two different persons let a bundle out")
    return Export.from_value({"time": format_wall(datetime.now(UTC)), **said})


@leaving.command()
def post(data: Data, out: Annotated[Path, typer.Option(help="the file for the outside body", dir_okay=False)]) -> None:
    """Write every letter to the outside body, as it came: sealed to that body alone, blank ones among them.

    What does not go into one file goes into more: OUT.2, OUT.3 and so on.
    """
    refuse_taken(out)
    with opened_cases(data) as database:
        for number, letters in enumerate(posts(database.letters()), start=1):
            path = out if number == 1 else out.with_name(f"{out.name}.{number}")
            write_new(path, letters.to_bytes(), mode=0o600)
            typer.echo(f"{path}: the letters of {len(letters.deliveries)} records")


@leaving.command()
def letters(
    files: Annotated[list[Path], typer.Argument(help="what `post` wrote", exists=True, dir_okay=False)],
    identity: Annotated[Path, typer.Option(help="the outside body's private key", exists=True, dir_okay=False)],
) -> None:
    """Read the letters, at the outside body; a station without one a day has had some held back."""
    opener = read_as(identity, Identity.from_bytes)
    for delivery in (each for file in files for each in read_as(file, Post.from_bytes).deliveries):
        texts = [text for text in (open_letter(letter, opener) for letter in delivery.letters) if text]
        typer.echo(f"{delivery.station}/{delivery.seq}, {delivery.recorded[:10]}: {len(texts)} letters")
        for line in (line for text in texts for line in text.splitlines()):
            commands.say(f"  {line}")
