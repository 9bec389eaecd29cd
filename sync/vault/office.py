"""The vault's parts, opened from its data folder: who opens, with which key, and where each opening is noted first."""

import os
import pwd
import sqlite3
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy.exc import DBAPIError

from sync.contract.card import StationCard
from sync.contract.inside import LoggedEnvelope
from sync.contract.names import seen, shows, twice
from sync.errors import UnusableDatabase, UnusableKey
from sync.files import read_as, write_whole
from sync.identity import Identity, Opener
from sync.journal import Sealer
from sync.keys import StationKey
from sync.note import LogVerifier, read_log_keys
from sync.policy import Policy
from sync.recipients import RecipientList
from sync.roots import RootSet
from sync.vault.cases import Cases
from sync.vault.held import LONGEST_NAME, HeldIdentity, read_identity
from sync.vault.openings import Openings
from sync.vault.settings import VaultSettings
from sync.vault.shares import check_threshold
from sync.vault.source import connect
from sync.vault.token import TokenIdentityFile, unlock

CARD = Path("vault.card")
Ask = Callable[[str], str]
"""Asks a holder, by name, for their passphrase; an empty answer is that this one does not release."""


@dataclass(frozen=True)
class Released:
    """The key that opens, and the persons who released it."""

    identity: Opener
    persons: list[str]


def account() -> str:
    """Return the account that runs this program, by the system's word: the environment may say anything."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"account {os.getuid()}"


def release(file: Path, ask: Ask) -> Released:
    """Return the identity in a file, after asking its holders, or for its token's PIN; raises UnusableKey."""
    found = read_as(file, read_identity)
    if isinstance(found, TokenIdentityFile):
        return Released(unlock(found, ask(f"token {found.token}")), [account()])
    if isinstance(found, Identity):
        return Released(found, [account()])
    given, persons = dict[str, str](), list[str]()
    for place, holder in enumerate(found.holders, start=1):
        if len(given) < found.threshold and (passphrase := ask(holder.name)):
            given[holder.name] = passphrase
            persons.append(holder.name if shows(holder.name) else f"holder {place}, whose name shows nothing")
    return Released(found.release(given), persons)


def hold(identity: Identity, threshold: int, holders: Iterable[str], ask: Ask) -> HeldIdentity:
    """Return the file in which these holders hold an identity; each is asked for a new passphrase.

    Raises UnusableKey, before anybody is asked, for a name that looks like another or that the file cannot have, and
    for a threshold that cannot be met; for a passphrase that is short, or another holder's too; Malformed for a name
    that shows nothing.
    """
    names = seen("a holder's name", list(holders))
    if (again := twice(names)) is not None:
        raise UnusableKey(f"a holder stands twice: {again}; give each a name that looks like no other")
    if any(not 1 <= len(name) <= LONGEST_NAME for name in names):
        raise UnusableKey(f"a holder's name has 1 to {LONGEST_NAME} characters")
    check_threshold(threshold, len(names))
    return HeldIdentity.hold(identity, threshold, {name: ask(name) for name in names})


def files_of(settings: VaultSettings) -> tuple[Path, ...]:
    """Return the names of the files that `lay_files` makes."""
    return settings.key, CARD, settings.openings, settings.cases


def lay_files(folder: Path, settings: VaultSettings) -> None:
    """Make a vault's files: the key that signs what it opened, its card for the centre, its two empty databases.

    Raises UnusableDatabase, or OSError, where a disk has no room for them.
    """
    key = StationKey.generate()
    write_whole(folder / settings.key, key.to_bytes(), mode=0o600)
    write_whole(folder / CARD, key.card(settings.station).to_bytes())
    try:
        Openings.create(folder / settings.openings)
    except DBAPIError as error:
        raise UnusableDatabase(f"{folder / settings.openings} cannot be made: {error.orig}") from error
    Cases(folder / settings.cases, new=True).close()


@contextmanager
def openings(folder: Path, settings: VaultSettings, http: httpx.Client) -> Generator[Openings]:
    """Open the journal of what is opened.

    Raises UnusableKey, RefusedList, UnusableDatabase, or OSError where its files are not there.
    """
    roots = RootSet.from_bytes((folder / settings.roots).read_bytes())
    listed = RecipientList.read((folder / settings.recipients).read_bytes(), roots)
    key = StationKey.from_bytes((folder / settings.key).read_bytes())
    log, file = read_trust(folder, settings), folder / settings.openings
    sealer = Sealer(settings.station, key, listed.for_records)
    try:
        opened = Openings(file, sealer, log, http, lambda: datetime.now(UTC))
        try:
            yield opened
        finally:
            opened.close()
    except DBAPIError as error:
        raise UnusableDatabase(f"{file}: the journal of openings cannot be used: {error.orig}") from error


def read_logs(folder: Path, settings: VaultSettings) -> tuple[LogVerifier, ...]:
    """Return the national log's verifier keys, the newest first; raises UnusableKey."""
    return read_log_keys((folder / settings.log_key).read_bytes().decode(errors="replace"))


def read_policy(folder: Path, settings: VaultSettings) -> Policy | None:
    """Return the state's policy of logs and witnesses, where one is set; raises Malformed."""
    return Policy.from_bytes((folder / settings.log_policy).read_bytes()) if settings.log_policy else None


def read_trust(folder: Path, settings: VaultSettings) -> Policy:
    """Return who is believed: the log with the witnesses of the policy, where one is set; raises UnusableKey."""
    return read_policy(folder, settings) or Policy(read_logs(folder, settings))


def own_card(folder: Path, settings: VaultSettings) -> StationCard:
    """Return the card of the vault itself; raises UnusableKey."""
    return StationKey.from_bytes((folder / settings.key).read_bytes()).card(settings.station)


def page_note(
    noted: Openings, settings: VaultSettings, persons: list[str], reason: str, signed: Callable[[int], None]
) -> Callable[[list[LoggedEnvelope]], None]:
    """Return what notes the opening of a page; the vault's own records open nothing new, and are not noted again.

    `signed` is told how many entries the log has by the receipt.
    """

    def note(page: list[LoggedEnvelope]) -> None:
        if any(each.station != settings.station for each in page):
            places = [f"log {first} to {last}" for first, last in _runs(page)]
            signed(noted.note("project", persons, reason, places).size)

    return note


def _runs(page: list[LoggedEnvelope]) -> list[tuple[int, int]]:
    """Return the first and last index of each run of entries that follow one another in the log."""
    runs = list[tuple[int, int]]()
    for each in page:
        first = runs.pop()[0] if runs and runs[-1][1] + 1 == each.index else each.index
        runs.append((first, each.index))
    return runs


@contextmanager
def noting(data: Path) -> Generator[tuple[httpx.Client, Openings]]:
    """Speak to the centre, with the list at it on which each opening is noted first."""
    settings = VaultSettings.read(data)
    with connect(data / settings.central_socket) as http, openings(data, settings, http) as noted:
        yield http, noted


def note_look(data: Path, person: list[str] | None, reason: str, what: str) -> int:
    """Put on record who looks at what was opened before, and return how long the log is; nothing is shown before."""
    with noting(data) as (_, noted):
        return noted.note("show", person or [account()], reason, [what]).size


@contextmanager
def opened_cases(data: Path) -> Generator[Cases]:
    """Open the case database; raises UnusableDatabase also for what is found while it is used."""
    file = data / VaultSettings.read(data).cases
    try:
        database = Cases(file)
        try:
            yield database
        finally:
            database.close()
    except sqlite3.DatabaseError as error:
        raise UnusableDatabase(f"{file}: the case database cannot be used: {error}") from error
