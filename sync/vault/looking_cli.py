"""`garita-vault`: what shows what was opened, once it is on record who looks."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sync import commands
from sync.contract.aside import AsideKey
from sync.contract.ids import StationId
from sync.files import make_folder, write_whole
from sync.vault.aside import Aside, open_aside
from sync.vault.cases import Case
from sync.vault.cli_options import AsJson, Data, OneSeq, Persons, Reason, ask
from sync.vault.missing import tell_missing
from sync.vault.office import note_look, noting, opened_cases, release
from sync.vault.settings import VaultSettings
from sync.vault.source import Source, connect
from sync.vault.voids import Void

looking = typer.Typer()
TOLD = ("schema", "conclusion", "event", "reason")
"""Fields of a record that a list names; all of it is in the JSON."""


@looking.command()
def cases(data: Data, person: Persons = None, reason: Reason = "inspection", as_json: AsJson = False) -> None:
    """List the screenings, in log order, once it is on record who looks."""
    with opened_cases(data) as database:
        found, filed = database.cases(), database.progress()
    size = note_look(data, person, reason, f"cases, log 0 to {filed}")
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


@looking.command()
def problems(data: Data, as_json: AsJson = False) -> None:
    """List the envelopes that could not be believed or opened, and the attachments that are not here, with where.

    Also whether anything stands outside of the log, and of how much of the log this tells.
    """
    with opened_cases(data) as database:
        found, missing = database.problems.list(), database.attached.missing()
        filed = database.progress()
    if as_json:
        commands.say_json([asdict(problem) for problem in found])
    else:
        for problem in found:
            commands.say(
                f"log index {problem.log_index}, {problem.station}/{problem.seq}: {problem.code}: {problem.detail}"
            )
    with connect(data / VaultSettings.read(data).central_socket) as http:
        source = Source(http)
        if not as_json:
            for line in tell_missing(missing, source):
                commands.say(line)
        if aside := source.aside(AsideKey(), 1).size:
            commands.say(f"{aside} entries stand outside of the log; see: garita-vault aside", err=True)
        size = source.page(filed).size
    _tell_filed(data, filed, size)


@looking.command()
def alerts(data: Data, person: Persons = None, reason: Reason = "inspection", as_json: AsJson = False) -> None:
    """List what somebody must look at, once it is on record who does.

    Duress, acts without two persons, readings taken again, clocks turned back, voids that name another entry than they
    say, stations whose card nobody brought, witnesses changed or taken out of a station's settings.
    """
    with opened_cases(data) as database:
        found, filed = database.alerts.list(), database.progress()
    size = note_look(data, person, reason, f"alerts, log 0 to {filed}")
    if as_json:
        commands.say_json([asdict(alert) for alert in found])
    else:
        for alert in found:
            commands.say(f"{alert.station}/{alert.seq}: {alert.kind}: {alert.detail}")
    _tell_filed(data, filed, size)


@looking.command()
def aside(data: Data, person: Persons = None, reason: Reason = "inspection", as_json: AsJson = False) -> None:
    """Open what the centre keeps outside of its log, once that is on record: contested entries and quarantine.

    Nothing of it is filed as a case. A station whose journal forked may have measured truly on either branch.
    """
    settings = VaultSettings.read(data)
    released = release(data / settings.identity, ask)
    with noting(data) as (http, noted), opened_cases(data) as database:

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


@looking.command()
def show(data: Data, station: str, seq: OneSeq, person: Persons = None, reason: Reason = "inspection") -> None:
    """Print one opened record as JSON, once it is on record who looks; bytes are shown in hexadecimal.

    What voids, amends or takes it back is named behind it, on stderr.
    """
    with opened_cases(data) as database:
        record = database.opened(station, seq)
        corrections = list(database.corrections.of(StationId(station), [seq]))
    note_look(data, person, reason, f"{station}/{seq}")
    commands.say_json(record.model_dump(by_alias=True))
    for each in corrections:
        commands.say(f"garita-vault: {each}", err=True)


@looking.command()
def attachments(
    data: Data,
    station: str,
    seq: OneSeq,
    out: Annotated[Path, typer.Option(help="an empty folder for the files", file_okay=False)],
    person: Persons = None,
    reason: Reason = "inspection",
) -> None:
    """Write the attachments of one opened record as files, and say which have not come yet."""
    with opened_cases(data) as database:
        database.opened(station, seq)
        named = database.attached.of_entry(station, seq)
    note_look(data, person, reason, f"{station}/{seq}, attachments")
    if not named:
        commands.say(f"{station}/{seq} names no attachments")
        return
    make_folder(out, mode=0o700)
    for each in named:
        path = out / f"{station}-{seq}-{each.place}-{each.part.digest.hex()[:16]}"
        if each.data is not None:
            write_whole(path, each.data, mode=0o600)
        commands.say(
            f"{each.part.name}, {each.part.size} bytes, {each.part.media}: {path if each.data else 'not here yet'}"
        )


def _tell_filed(data: Path, filed: int, size: int) -> None:
    """Say of how much of the log a list is; status 1 where the centre has more of others than the vault's own looks."""
    commands.say(f"{filed + 1} of {size} entries of the log are filed here", err=True)
    settings = VaultSettings.read(data)
    with connect(data / settings.central_socket) as http:
        behind = Source(http).page(filed).envelopes
    if any(each.station != settings.station for each in behind):
        commands.say("garita-vault: the centre has more than is listed; let `garita-vault run` file it", err=True)
        raise typer.Exit(1)
