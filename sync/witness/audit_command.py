"""`garita-witness audit`: where an audit's inputs come from, and how it tells what it found."""

import ssl
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from sync.asking import log_name
from sync.contract.ids import KeyId
from sync.contract.inside import Page
from sync.contract.standing import Standing, Standings
from sync.errors import CentralUnreachable, Malformed, SyncError, UnusableFile
from sync.files import make_folder, write_whole
from sync.policy import Policy
from sync.recipients import RecipientList
from sync.roots import RootSet
from sync.witness.audit import Report, Seen, audit, read_seen
from sync.witness.published import Address, Folder, Published
from sync.witness.rows import audit_rows
from sync.witness.stations import Memory, audit_stations

TIMEOUT_SECONDS = 60.0
LAST, STATIONS = "last.checkpoint", "stations"


@dataclass(frozen=True)
class Inside:
    """The way to the centre's rows, for who audits inside the walls; `recipients` are all keys ever sealed to."""

    socket: Path
    recipients: frozenset[KeyId] = frozenset()


def published(log: str, tls: Path | None) -> Published:
    """Return the log at an address, with the certificate in `tls`, or a copy of it; raises UnusableFile."""
    if not log.startswith(("http://", "https://")):
        return Folder(Path(log))
    context = _context(tls) if tls else ssl.create_default_context()
    address = log.rstrip("/") + "/"
    return Address(httpx.Client(base_url=address, verify=context, timeout=TIMEOUT_SECONDS, trust_env=False))


def _context(tls: Path) -> ssl.SSLContext:
    """Return what the files in a folder make of a connection; raises UnusableFile with their names."""
    try:
        context = ssl.create_default_context(cafile=str(tls / "ca.crt"))
        context.load_cert_chain(tls / "client.crt", tls / "client.key")
    except OSError as error:
        raise UnusableFile(
            f"{tls}: expected ca.crt, client.crt and its client.key there, in PEM form ({error.strerror or error})"
        ) from error
    return context


def run_audit(
    log: Published, policy: Policy, memory: Path, seen: list[Path], inside: Inside | None, silent_after: timedelta
) -> Report:
    """Audit; the stations are remembered in any case, the checkpoint if nothing but silence and new ones was found."""
    shown = [*_remembered(memory), *(read_seen(str(path), _text(path)) for path in seen), *_witnessed(policy)]
    report = audit(log, policy, shown)
    if inside and report.size:
        with _unread(report), _connect(inside.socket) as http:
            for finding in audit_rows(log, lambda after: _page(http, after), report.size, inside.recipients):
                report.findings.append(finding)
    make_folder(memory, mode=0o700)
    with _unread(report):
        _audit_stations(log, memory / STATIONS, report, silent_after)
    if {finding.code for finding in report.findings} <= {"silent", "new"}:
        write_whole(memory / LAST, report.note.encode())
    return report


def _audit_stations(log: Published, path: Path, report: Report, silent_after: timedelta) -> None:
    """Look at the stations; where their list is withheld, or cannot be read, those that are remembered are missed."""
    memory = Memory.from_bytes(path.read_bytes()) if path.exists() else None
    standings = list[Standing]()
    with _unread(report):
        shown = log.read("stations")
        standings = Standings.from_bytes(shown).standings if shown is not None else []
    roll = audit_stations(log, report.size, standings, memory, datetime.now(UTC), silent_after)
    report.findings.extend(roll.findings)
    report.stations = len(standings)
    write_whole(path, roll.memory.to_bytes())


@contextmanager
def _unread(report: Report) -> Generator[None]:
    """Let what cannot be looked at be a finding, so that it hides none of the others."""
    try:
        yield
    except (SyncError, OSError) as error:
        report.add("unread", str(error))


def allowed_recipients(lists: list[Path], roots: Path) -> frozenset[KeyId]:
    """Return the keys of all recipient lists that the state's roots signed; raises RefusedList, UnusableKey."""
    trusted = RootSet.from_bytes(roots.read_bytes())
    read = [RecipientList.read(path.read_bytes(), trusted) for path in lists]
    return frozenset(recipient.kid for each in read for recipient in each.recipients)


def _remembered(memory: Path) -> Iterator[Seen]:
    path = memory / LAST
    if path.exists():
        yield Seen("the last audit", _text(path))


def _text(path: Path) -> str:
    return path.read_bytes().decode(errors="replace")


def _witnessed(policy: Policy) -> Iterator[Seen]:
    """Ask each witness that has an address what it cosigned last; one that does not answer is left out."""
    for witness in policy.witnesses.values():
        for log in policy.logs if witness.url else ():
            answer = _get(f"{witness.url}/checkpoint/{log_name(log.name)}")
            if answer:
                yield Seen(f"witness {witness.name}", answer)


def _get(url: str) -> str | None:
    try:
        response = httpx.get(url, timeout=TIMEOUT_SECONDS, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL):
        return None
    return response.text if response.is_success else None


def _connect(socket: Path) -> httpx.Client:
    transport = httpx.HTTPTransport(uds=str(socket))
    return httpx.Client(transport=transport, base_url="http://central", timeout=TIMEOUT_SECONDS, trust_env=False)


def _page(http: httpx.Client, after: int) -> Page:
    try:
        return Page.from_bytes(http.get("/v1/envelopes", params={"after": after}).raise_for_status().content)
    except (httpx.HTTPError, Malformed) as error:
        raise CentralUnreachable(f"no rows from the centre behind entry {after}: {error}") from error
