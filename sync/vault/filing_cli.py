"""`garita-vault`: what opens everything, to file it or as a drill."""

import re
import signal
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Annotated

import typer

from sync import commands
from sync.contract.aside import AsideKey
from sync.errors import BadReceipt, CentralRefused, CentralUnreachable, LogDamaged, SyncError
from sync.files import open_to_others
from sync.vault.cli_options import Data, Persons, Reason, ask
from sync.vault.drill import open_everything
from sync.vault.logged import LoggedSource, Remembered
from sync.vault.office import noting, opened_cases, own_card, page_note, read_trust, release
from sync.vault.settings import VaultSettings
from sync.vault.source import Source
from sync.vault.vault import Vault

filing = typer.Typer()
AGAIN_SECONDS = 3600
"""How long a fault that lasts is said once."""
MOST_FAULTS = 64
"""How many faults are told apart in that time; all that come then are one more."""
OTHERS = "others"
NUMBERS = re.compile(r"[0-9a-f]{16,}|\d+")


@filing.command()
def run(data: Data, reason: Reason = "projection into the national case database") -> None:
    """Open and file what the centre holds, and then what comes, until SIGTERM or Ctrl-C; each page is noted first."""
    settings = VaultSettings.read(data)
    released = release(data / settings.identity, ask)
    identity = released.identity
    for line in open_to_others([data / settings.identity, data / settings.key]):
        commands.say(f"garita-vault: {line}", err=True)
    stop = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    with noting(data) as (http, noted), opened_cases(data) as cases:
        source = LoggedSource(http, read_trust(data, settings), cases.trees)
        note = page_note(noted, settings, released.persons, reason, source.signed)
        cases.stations.lay(own_card(data, settings))
        vault = Vault(source, cases, identity, lambda: datetime.now(UTC), note)
        typer.echo(f"garita-vault: opening with key {identity.recipient.kid.hex()} ({identity.recipient.purpose})")
        told = Told()
        while not stop.is_set():
            _pull(vault, source, told)
            stop.wait(settings.pause_seconds)


@dataclass
class Told:
    """What was said already: why nothing is filed, and when (seconds of any clock); how many entries stand aside."""

    faults: dict[str, float] = field(default_factory=dict[str, float])
    aside: int = 0

    def is_news(self, fault: SyncError, now: float) -> bool:
        """Tell whether to say a fault: in these words, numbers and digests aside, it was not said for an hour.

        That there is no answer is one fault, whatever words the system has for it.
        """
        self.faults = {words: said for words, said in self.faults.items() if now - said < AGAIN_SECONDS}
        words = "" if isinstance(fault, CentralUnreachable) else NUMBERS.sub("", str(fault))
        if words not in self.faults and len(self.faults) >= MOST_FAULTS:
            words = OTHERS
        news = words not in self.faults
        self.faults.setdefault(words, now)
        return news


def _pull(vault: Vault, source: Source, told: Told) -> None:
    """File what is new, and say what was not said yet."""
    try:
        report = vault.pull()
        if report.seen:
            typer.echo(f"garita-vault: {report.seen} envelopes, {report.problems} problems")
        kept = source.aside(AsideKey(), 1).size
    except (CentralUnreachable, CentralRefused, BadReceipt, LogDamaged) as error:
        if told.is_news(error, time.monotonic()):
            commands.say(f"garita-vault: {error}", err=True)
        return
    if told.faults:
        typer.echo("garita-vault: goes on")
        told.faults.clear()
    if kept > told.aside:
        typer.echo(f"garita-vault: {kept} entries stand outside of the log; see: garita-vault aside")
    told.aside = kept


@filing.command()
def drill(
    data: Data,
    identity: Annotated[
        Path, typer.Option(help="the key that must open everything: the escrow's", exists=True, dir_okay=False)
    ],
    person: Persons = None,
    reason: Reason = "restore drill",
) -> None:
    """Open every envelope of the centre with one key and show none; exit code 1 unless all open, and to the same."""
    released = release(identity, ask)
    with noting(data) as (http, noted), opened_cases(data) as database:
        settings = VaultSettings.read(data)
        source = LoggedSource(http, read_trust(data, settings), Remembered())
        source.signed(noted.note("drill", person or released.persons, reason, ["everything"]).size)
        report = open_everything(source, database, released.identity, settings.station)
    for problem in report.problems:
        commands.say(problem)
    opened = f"{report.opened} of {report.size} open with key {released.identity.recipient.kid.hex()}"
    typer.echo(f"{'FAIL' if report.problems else 'PASS'}: {opened}, {report.same} as they were filed here")
    raise typer.Exit(1 if report.problems else 0)
