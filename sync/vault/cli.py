"""`garita-vault`: opens sealed records with the state's key and keeps the national case database."""

import re
import signal
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sync import commands
from sync.contract.aside import AsideKey
from sync.contract.card import StationCard
from sync.contract.ids import STATION_PATTERN, StationId
from sync.contract.letter import Post
from sync.contract.wall import format_wall
from sync.court import CourtBundle, Export
from sync.errors import (
    BadReceipt,
    CentralRefused,
    CentralUnreachable,
    LogDamaged,
    Malformed,
    OpenError,
    UnusableDatabase,
    UnusableKey,
)
from sync.files import make_folder, open_to_others, refuse_taken, write_new, write_whole
from sync.identity import Identity
from sync.keys import Purpose
from sync.letters_opening import open_letter
from sync.vault.again import begin_again
from sync.vault.aside import Aside, open_aside
from sync.vault.cases import Case, Cases
from sync.vault.disclose import Believed
from sync.vault.disclose import disclose as disclose_bundle
from sync.vault.drill import open_everything
from sync.vault.export import export_entries
from sync.vault.held import read_identity
from sync.vault.logged import LoggedSource, Remembered
from sync.vault.missing import tell_missing
from sync.vault.office import (
    account,
    hold,
    lay_files,
    openings,
    own_card,
    page_note,
    read_logs,
    read_policy,
    read_trust,
    release,
)
from sync.vault.openings import Openings
from sync.vault.post import posts
from sync.vault.settings import VaultSettings
from sync.vault.source import Source, connect
from sync.vault.token import make, unlock
from sync.vault.vault import Vault
from sync.vault.voids import Void

app = typer.Typer(
    name="garita-vault",
    help="Opens sealed records with the state's key and files what they say.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
Data = Annotated[Path, typer.Option("--data", help="the vault's data folder", file_okay=False)]
Persons = Annotated[list[str] | None, typer.Option("--person", help="who opens; again for each; default: the user")]
Reason = Annotated[str, typer.Option(help="why: the case file, the court's order")]
TOLD = ("schema", "conclusion", "event", "reason")
"""Fields of a record that a list names; all of it is in the JSON."""
MOST_SEQ = 2**63 - 1
OneSeq = Annotated[int, typer.Argument(min=1, max=MOST_SEQ, help="the entry's number in its journal")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]


@app.command()
def init(
    data: Data,
    identity: Annotated[Path, typer.Option(help="the private key that opens envelopes")],
    central_socket: Annotated[Path, typer.Option(help="the centre's Unix socket for the vault")],
    station: Annotated[str, typer.Option(help="the vault's own name among the stations")] = "VAULT",
) -> None:
    """Make a new vault; the identity stays where it is."""
    read_identity(identity.read_bytes())
    if not re.fullmatch(STATION_PATTERN, station):
        raise typer.BadParameter(f"{station!r} is no station's name; it follows {STATION_PATTERN}")
    make_folder(data, mode=0o700)
    settings = VaultSettings(
        identity=identity.absolute(), central_socket=central_socket.absolute(), station=StationId(station)
    )
    settings.write(data)
    lay_files(data, settings)
    files = f"{settings.log_key}, {settings.roots} and {settings.recipients}"
    typer.echo(f"lay {files} into {data}; let the centre admit {data / 'vault.card'}: openings go on record")


@app.command()
def pin(
    data: Data,
    cards: Annotated[list[Path], typer.Argument(help="cards as the stations gave them", exists=True, dir_okay=False)],
) -> None:
    """Believe these stations by their own cards, whatever cards the centre shows; do so before their first record."""
    with _cases(data) as database:
        for path in cards:
            card = StationCard.from_bytes(path.read_bytes())
            if not database.stations.lay(card):
                raise UnusableKey(f"{path}: {card.station} is believed by another card already; call the auditor")
            commands.say(f"{card.station} is believed by {path}, fingerprint {card.fingerprint}")


@app.command("begin-again")
def begin_again_(data: Data) -> None:
    """Make the case database anew, from the log's first entry, after a restore of the centre or where it was lost.

    Cards that were laid by hand and the list of exports go over; the old database is kept beside it.
    """
    file = data / VaultSettings.read(data).cases
    kept = begin_again(file)
    with _cases(data) as database:
        laid = ", ".join(card.station for card in database.by_hand().cards) or "none; lay them with `garita-vault pin`"
    before = f"the old one is {kept}" if kept else "there was none: lay cards with `garita-vault pin` before `run`"
    commands.say(f"{file} is empty now, `garita-vault run` reads the log again; {before}. Cards laid by hand: {laid}")


@app.command("hold")
def hold_(
    identity: Annotated[Path, typer.Argument(help="an identity in plain; destroy it afterwards", dir_okay=False)],
    out: Annotated[Path, typer.Option(help="the held identity to write", dir_okay=False)],
    threshold: Annotated[int, typer.Option(help="how many holders must release it together")],
    holder: Annotated[list[str], typer.Option(help="a holder's name; again for each")],
) -> None:
    """Put an identity into the hands of holders, each with a passphrase of their own; one of one is a passphrase."""
    refuse_taken(out)
    held = hold(Identity.from_bytes(identity.read_bytes()), threshold, holder, _ask_new)
    write_new(out, held.to_bytes(), mode=0o600)
    typer.echo(f"{out}: {threshold} of {len(holder)} holders release key {held.kid.hex()}")


@app.command()
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
    pin = _ask(f"token {device}")
    made = make(str(module), device, label, purpose, pin)
    write_new(out, made.to_bytes(), mode=0o600)
    unlocked = unlock(made, pin)
    write_new(recipient, unlocked.recipient.to_bytes())
    unlocked.close()
    typer.echo(f"{out}: key {made.kid.hex()} ({purpose}), one half in token {device}")


@app.command()
def run(data: Data, reason: Reason = "projection into the national case database") -> None:
    """Open and file what the centre holds, and then what comes, until SIGTERM or Ctrl-C; each page is noted first."""
    settings = VaultSettings.read(data)
    released = release((data / settings.identity).read_bytes(), _ask)
    identity = released.identity
    for line in open_to_others([data / settings.identity, data / settings.key]):
        commands.say(f"garita-vault: {line}", err=True)
    stop = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    with _noted(data) as (http, noted), _cases(data) as cases:
        source = LoggedSource(http, read_trust(data, settings), cases.trees)
        note = page_note(noted, settings, released.persons, reason, source.signed)
        cases.stations.lay(own_card(data, settings))
        vault = Vault(source, cases, identity, lambda: datetime.now(UTC), note)
        typer.echo(f"garita-vault: opening with key {identity.recipient.kid.hex()} ({identity.recipient.purpose})")
        aside = 0
        while not stop.is_set():
            aside = _pull(vault, source, aside)
            stop.wait(settings.pause_seconds)


@app.command()
def cases(data: Data, person: Persons = None, reason: Reason = "inspection", as_json: AsJson = False) -> None:
    """List the screenings, in log order, once it is on record who looks."""
    with _cases(data) as database:
        found, filed = database.cases(), database.progress()
    size = _note_look(data, person, reason, f"cases, log 0 to {filed}")
    if as_json:
        commands.say_json([asdict(case) for case in found])
    else:
        _print_cases(found)
    _tell_filed(data, filed, size)


def _print_cases(found: list[Case]) -> None:
    table = Table("entry", "log index", "conclusion", "top hit", "recorded", "void")
    for case in found:
        entry, top_hit = f"{case.station}/{case.seq}", commands.plain(case.top_hit or "-")
        columns = [entry, str(case.log_index), case.conclusion, top_hit, case.recorded[:19]]
        style = "strike" if case.void and case.void.proven else ""
        table.add_row(*(Text(each, style) for each in columns), _told(case.void))
    Console(markup=False, emoji=False).print(table)


def _told(void: Void | None) -> str:
    if void is None:
        return "-"
    return commands.plain(f"{'void' if void.proven else 'not proven to be void, see alerts'}: {void.reason}")


@app.command()
def problems(data: Data, as_json: AsJson = False) -> None:
    """List the envelopes that could not be believed or opened, and the attachments that are not here, with where."""
    with _cases(data) as database:
        found, missing = database.problems.list(), database.attached.missing()
    if as_json:
        commands.say_json([asdict(problem) for problem in found])
        return
    for problem in found:
        commands.say(
            f"log index {problem.log_index}, {problem.station}/{problem.seq}: {problem.code}: {problem.detail}"
        )
    with connect(data / VaultSettings.read(data).central_socket) as http:
        for line in tell_missing(missing, Source(http)):
            commands.say(line)


@app.command()
def alerts(data: Data, person: Persons = None, reason: Reason = "inspection", as_json: AsJson = False) -> None:
    """List what somebody must look at, once it is on record who does.

    Duress, acts without two persons, readings taken again, clocks turned back, voids that name another entry than they
    say, stations whose card nobody brought, witnesses changed or taken out of a station's settings.
    """
    with _cases(data) as database:
        found, filed = database.alerts.list(), database.progress()
    size = _note_look(data, person, reason, f"alerts, log 0 to {filed}")
    if as_json:
        commands.say_json([asdict(alert) for alert in found])
    else:
        for alert in found:
            commands.say(f"{alert.station}/{alert.seq}: {alert.kind}: {alert.detail}")
    _tell_filed(data, filed, size)


@app.command()
def aside(data: Data, person: Persons = None, reason: Reason = "inspection", as_json: AsJson = False) -> None:
    """Open what the centre keeps outside of its log, once that is on record: contested entries and quarantine.

    Nothing of it is filed as a case. A station whose journal forked may have measured truly on either branch.
    """
    settings = VaultSettings.read(data)
    released = release((data / settings.identity).read_bytes(), _ask)
    with _noted(data) as (http, noted), _cases(data) as database:

        def note(entries: list[str]) -> None:
            noted.note("show", person or released.persons, reason, entries)

        for each in open_aside(Source(http), database, released.identity, note):
            if as_json:
                commands.say_json(asdict(each))
            else:
                commands.say(_told_aside(each))


def _told_aside(entry: Aside) -> str:
    place = f", leaves the journal behind entry {entry.seq - 1}" if entry.leaves else ""
    said = entry.problem or ", ".join(str(entry.record[key]) for key in TOLD if entry.record and key in entry.record)
    return f"{entry.station}/{entry.seq}: {entry.kind}, came {entry.received}{place}: {said}"


@app.command()
def post(data: Data, out: Annotated[Path, typer.Option(help="the file for the outside body", dir_okay=False)]) -> None:
    """Write every letter to the outside body, as it came: sealed to that body alone, blank ones among them.

    What does not go into one file goes into more: OUT.2, OUT.3 and so on.
    """
    refuse_taken(out)
    with _cases(data) as database:
        for number, letters in enumerate(posts(database.letters()), start=1):
            path = out if number == 1 else out.with_name(f"{out.name}.{number}")
            write_new(path, letters.to_bytes(), mode=0o600)
            typer.echo(f"{path}: the letters of {len(letters.deliveries)} records")


@app.command()
def letters(
    files: Annotated[list[Path], typer.Argument(help="what `post` wrote", exists=True, dir_okay=False)],
    identity: Annotated[Path, typer.Option(help="the outside body's private key", exists=True, dir_okay=False)],
) -> None:
    """Read the letters, at the outside body; a station without one a day has had some held back."""
    opener = Identity.from_bytes(identity.read_bytes())
    for delivery in (each for file in files for each in Post.from_bytes(file.read_bytes()).deliveries):
        texts = [text for text in (open_letter(letter, opener) for letter in delivery.letters) if text]
        typer.echo(f"{delivery.station}/{delivery.seq}, {delivery.recorded[:10]}: {len(texts)} letters")
        for line in (line for text in texts for line in text.splitlines()):
            commands.say(f"  {line}")


@app.command()
def show(data: Data, station: str, seq: OneSeq, person: Persons = None, reason: Reason = "inspection") -> None:
    """Print one opened record as JSON, once it is on record who looks; bytes are shown in hexadecimal."""
    with _cases(data) as database:
        record = database.record(station, seq)
    if record is None:
        raise OpenError(f"no opened record {station}/{seq} here; `problems` lists those that did not open")
    _note_look(data, person, reason, f"{station}/{seq}")
    commands.say_json(record.model_dump(by_alias=True))


@app.command()
def attachments(
    data: Data,
    station: str,
    seq: OneSeq,
    out: Annotated[Path, typer.Option(help="an empty folder for the files", file_okay=False)],
    person: Persons = None,
    reason: Reason = "inspection",
) -> None:
    """Write the attachments of one opened record as files, and say which have not come yet."""
    with _cases(data) as database:
        named = database.attached.of_entry(station, seq)
    _note_look(data, person, reason, f"{station}/{seq}, attachments")
    make_folder(out, mode=0o700)
    for each in named:
        path = out / f"{station}-{seq}-{each.place}-{each.part.digest.hex()[:16]}"
        if each.data is not None:
            write_whole(path, each.data, mode=0o600)
        commands.say(
            f"{each.part.name}, {each.part.size} bytes, {each.part.media}: {path if each.data else 'not here yet'}"
        )


@app.command()
def export(
    data: Data,
    station: str,
    seqs: Annotated[list[int], typer.Argument(metavar="SEQ...", min=1, max=MOST_SEQ, help="the entries to disclose")],
    out: Annotated[Path, typer.Option(help="the court bundle to write", dir_okay=False)],
    person: Annotated[list[str], typer.Option(help="who exports; two persons, so give it twice")],
    reason: Annotated[str, typer.Option(help="why: the case file, the court's order")],
) -> None:
    """Write a court bundle: the entries asked for with their keys, those between them sealed, all with receipts."""
    settings, made = VaultSettings.read(data), _leaving(out, person, reason)
    identity = release((data / settings.identity).read_bytes(), _ask).identity
    logs = read_logs(data, settings)
    with _noted(data) as (http, noted), _cases(data) as database:
        noted.note("export", person, reason, [f"{station}/{seq}" for seq in seqs])
        exported = export_entries(
            Source(http),
            database,
            identity,
            logs,
            export=made,
            station=StationId(station),
            seqs=seqs,
            policy=read_policy(data, settings),
        )
    bundle = exported.bundle
    write_new(out, bundle, mode=0o600)
    for seq in exported.left_out:
        commands.say(f"{station}/{seq} is left out: the station did not sign it; see `problems`")
    typer.echo(f"{out}: {len(bundle)} bytes, SHA-256 {sha256(bundle).hexdigest()}; check it with garita-verify")


@app.command()
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

    Stations are believed by the cards that this vault knows, never by those in the bundle.
    """
    settings, made = VaultSettings.read(data), _leaving(out, person, reason)
    identity = release((data / settings.identity).read_bytes(), _ask).identity
    logs, policy = read_logs(data, settings), read_policy(data, settings)
    with bundle.open("rb") as file:
        sealed = file.read(CourtBundle.MAX_BYTES + 1)
    with _noted(data) as (_, noted), _cases(data) as database:

        def note(found: list[str]) -> None:
            missing = set(entries) - set(found)
            if missing:
                raise OpenError(f"not in the bundle: {', '.join(sorted(missing))}; ask for what it has, as STATION/SEQ")
            noted.note("disclose", person, reason, found)

        believed = Believed(logs, database.stations.card, policy, unlogged)
        disclosed = disclose_bundle(sealed, identity, believed, made, set(entries).__contains__, note)
        database.note_export(made.time, made.persons, made.reason, sorted(set(entries)), sha256(disclosed).digest())
    write_new(out, disclosed, mode=0o600)
    typer.echo(f"{out}: {len(disclosed)} bytes, SHA-256 {sha256(disclosed).hexdigest()}; check it with garita-verify")


@app.command()
def drill(
    data: Data,
    identity: Annotated[Path, typer.Option(help="the key that must open everything: the escrow's", exists=True)],
    person: Persons = None,
    reason: Reason = "restore drill",
) -> None:
    """Open every envelope of the centre with one key and show none; exit code 1 unless all open, and to the same."""
    released = release(identity.read_bytes(), _ask)
    with _noted(data) as (http, noted), _cases(data) as database:
        settings = VaultSettings.read(data)
        source = LoggedSource(http, read_trust(data, settings), Remembered())
        source.signed(noted.note("drill", person or released.persons, reason, ["everything"]).size)
        report = open_everything(source, database, released.identity, settings.station)
    for problem in report.problems:
        commands.say(problem)
    opened = f"{report.opened} of {report.size} open with key {released.identity.recipient.kid.hex()}"
    typer.echo(f"{'FAIL' if report.problems else 'PASS'}: {opened}, {report.same} as they were filed here")
    raise typer.Exit(1 if report.problems else 0)


def _leaving(out: Path, persons: list[str], reason: str) -> Export:
    """Return who lets a bundle out and why; raises, before anything is on record, for what could not be written."""
    refuse_taken(out)
    if len(set(persons)) < len(persons):
        raise Malformed(f"a person stands twice: {', '.join(persons)}; two different persons let a bundle out")
    return Export.from_value({"time": format_wall(datetime.now(UTC)), "persons": persons, "reason": reason})


def _ask(holder: str) -> str:
    question = f"passphrase of {holder} (empty: does not release)"
    return typer.prompt(question, default="", hide_input=True, show_default=False)


def _ask_new(holder: str) -> str:
    return typer.prompt(f"new passphrase of {holder}", hide_input=True, confirmation_prompt=True)


def _note_look(data: Path, person: list[str] | None, reason: str, what: str) -> int:
    """Put on record who looks at what was opened before, and return how long the log is; nothing is shown before."""
    with _noted(data) as (_, noted):
        return noted.note("show", person or [account()], reason, [what]).size


def _tell_filed(data: Path, filed: int, size: int) -> None:
    """Say of how much of the log a list is; status 1 where the centre has more of others than the vault's own looks."""
    commands.say(f"{filed + 1} of {size} entries of the log are filed here", err=True)
    settings = VaultSettings.read(data)
    with connect(data / settings.central_socket) as http:
        behind = Source(http).page(filed).envelopes
    if any(each.station != settings.station for each in behind):
        commands.say("garita-vault: the centre has more than is listed; let `garita-vault run` file it", err=True)
        raise typer.Exit(1)


@contextmanager
def _noted(data: Path) -> Generator[tuple[httpx.Client, Openings]]:
    settings = VaultSettings.read(data)
    with connect(data / settings.central_socket) as http, openings(data, settings, http) as noted:
        yield http, noted


def _pull(vault: Vault, source: Source, aside: int) -> int:
    """File what is new; return how many entries the centre keeps aside, after telling of more than `aside`."""
    try:
        report = vault.pull()
        if report.seen:
            typer.echo(f"garita-vault: {report.seen} envelopes, {report.problems} problems")
        kept = source.aside(AsideKey(), 1).size
    except (CentralUnreachable, CentralRefused, BadReceipt, LogDamaged) as error:
        commands.say(f"garita-vault: {error}", err=True)
        return aside
    if kept > aside:
        typer.echo(f"garita-vault: {kept} entries stand outside of the log; see: garita-vault aside")
    return kept


@contextmanager
def _cases(data: Path) -> Generator[Cases]:
    file = data / VaultSettings.read(data).cases
    try:
        database = Cases(file)
        try:
            yield database
        finally:
            database.close()
    except sqlite3.DatabaseError as error:
        raise UnusableDatabase(f"{file}: the case database cannot be used: {error}") from error


def main() -> None:
    """Entry point."""
    commands.run(app)
