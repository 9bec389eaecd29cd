"""`garita-witness`: what a body outside the centre runs, to cosign the log and to audit it."""

import logging
import socket
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from sync import commands
from sync.contract.ids import KeyId
from sync.cosignature import WitnessKey
from sync.errors import Malformed, UnusableSettings
from sync.files import make_folder, read_as, write_whole
from sync.note import LogVerifier
from sync.policy import Policy
from sync.witness.app import create_app
from sync.witness.audit_command import Inside, allowed_recipients, published, run_audit
from sync.witness.book import Book
from sync.witness.settings import WitnessSettings
from sync.witness.witness import WitnessOffice, own_checkpoint

app = typer.Typer(
    name="garita-witness",
    help="Cosigns the national log's checkpoints and audits the log. It sees sizes and hashes, no content.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
Data = Annotated[Path, typer.Option("--data", help="the witness's data folder", file_okay=False)]
DEFAULTS = WitnessSettings()
LAST_REQUESTS_SECONDS = 3
LONGEST_SILENCE = 100 * 366 * 24


@app.command()
def init(
    data: Data,
    name: Annotated[str, typer.Option(help="the witness's name, for example ombudsman.example.mx")],
    log: Annotated[list[str], typer.Option(help="verifier key of a log; may be given again")],
    host: Annotated[str, typer.Option(help="address that logs reach")] = DEFAULTS.host,
    port: Annotated[int, typer.Option(help="port that logs reach", min=0, max=65535)] = DEFAULTS.port,
) -> None:
    """Make a new witness and print its verifier key, for the state's policy."""
    settings = WitnessSettings(host=host, port=port)
    settings.check_new(data, (settings.key, settings.logs, settings.book))
    logs = [LogVerifier.from_vkey(vkey).vkey for vkey in log]
    key = WitnessKey.generate(name)
    make_folder(data, mode=0o700)
    write_whole(data / settings.key, key.to_bytes(), mode=0o600)
    write_whole(data / settings.logs, "".join(f"{vkey}\n" for vkey in logs).encode())
    Book(data / settings.book, new=True).close()
    settings.write(data)
    typer.echo(key.verifier.vkey)


@app.command("add-log")
def add_log(data: Data, vkey: Annotated[str, typer.Argument(help="the log's verifier key")]) -> None:
    """Cosign a further log: a centre's under a new name and key. A witness that serves is to be restarted."""
    settings, log = WitnessSettings.read(data), LogVerifier.from_vkey(vkey)
    logs = _logs(data, settings)
    if any(each.name == log.name for each in logs):
        raise UnusableSettings(f"a log {log.name} is cosigned here already; one that begins again has another name")
    write_whole(data / settings.logs, "".join(f"{each.vkey}\n" for each in [*logs, log]).encode())
    typer.echo(f"{log.name} is cosigned from the next start of `garita-witness serve` on")


@app.command()
def recall(
    data: Data,
    checkpoints: Annotated[list[Path], typer.Argument(help="what this witness cosigned", exists=True, dir_okay=False)],
) -> None:
    """Give a book that was lost, or is an older copy, the newest checkpoints back that carry this witness's signature.

    Ask everybody for theirs: the centre, who publishes one, the auditors, the other witnesses. The largest counts.
    """
    settings = WitnessSettings.read(data)
    file, notes = data / settings.book, [read_as(path, _note) for path in checkpoints]
    key, logs = read_as(data / settings.key, WitnessKey.from_bytes), _logs(data, settings)
    told = {own_checkpoint(key, logs, note).origin for note in notes}
    lost = not file.is_file() or not file.stat().st_size
    if lost and (unknown := {log.name for log in logs} - told):
        raise UnusableSettings(f"the book is lost, and nothing cosigned of {', '.join(sorted(unknown))} was given")
    with closing(Book(file, new=lost)) as book:
        office = WitnessOffice(key, logs, book, lambda: datetime.now(UTC))
        for note in notes:
            office.recall(note)
        for log in logs:
            size, _ = book.newest(log.name) or (0, b"")
            typer.echo(f"{log.name}: {size} entries were cosigned")


def _note(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Malformed("no checkpoint: expected text; give a file that this witness cosigned") from error


def _logs(data: Path, settings: WitnessSettings) -> list[LogVerifier]:
    return [LogVerifier.from_vkey(vkey) for vkey in (data / settings.logs).read_text().split()]


@app.command()
def serve(data: Data) -> None:
    """Cosign what logs ask, until SIGTERM or Ctrl-C."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings = WitnessSettings.read(data)
    key = read_as(data / settings.key, WitnessKey.from_bytes)
    logs = _logs(data, settings)
    book = Book(data / settings.book)
    office = WitnessOffice(key, logs, book, lambda: datetime.now(UTC))
    with socket.create_server((settings.host, settings.port)) as listening:
        typer.echo(f"garita-witness: http://{settings.host}:{listening.getsockname()[1]} ({key.verifier.vkey})")
        config = uvicorn.Config(
            create_app(office, book, logs),
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=LAST_REQUESTS_SECONDS,
        )
        uvicorn.Server(config).run([listening])
    book.close()


@app.command()
def refused(data: Data) -> None:
    """Print each pair of checkpoints that the log signed and that cannot both be true: evidence against it."""
    book = Book(data / WitnessSettings.read(data).book)
    for each in book.refused():
        typer.echo(f"cosigned here before\n{each.before}\nrefused {each.time}\n{each.claim}\n\n{each.note}")
    book.close()


@app.command()
def audit(
    log: Annotated[str, typer.Option(help="the log's address (https://CENTRE/v1/log) or a folder with a copy of it")],
    policy: Annotated[Path, typer.Option(help="tlog-policy: the log's key, witnesses, quorum")],
    memory: Annotated[Path, typer.Option(help="folder where the last good checkpoint is remembered")],
    seen: Annotated[list[Path] | None, typer.Option(help="a checkpoint or receipt somebody was given; again")] = None,
    tls: Annotated[Path | None, typer.Option(help="folder with client.crt, client.key and ca.crt")] = None,
    inside: Annotated[Path | None, typer.Option(help="the centre's inside socket: look at its rows too")] = None,
    recipients: Annotated[list[Path] | None, typer.Option(help="recipient list in force then or now; again")] = None,
    silent_hours: Annotated[
        float, typer.Option(help="a station is silent after so many hours without a new entry")
    ] = 48,
    roots: Annotated[Path | None, typer.Option(help="the root keys that signed those lists")] = None,
) -> None:
    """Replay the whole log and compare it with what was shown elsewhere; exit code 1 where anything is wrong."""
    if not 0 <= silent_hours <= LONGEST_SILENCE:
        raise typer.BadParameter(f"{silent_hours} hours of silence; from 0 to {LONGEST_SILENCE} can be asked for")
    if recipients and not (roots and inside):
        raise typer.BadParameter("--recipients needs --roots (who signed the lists) and --inside (where the rows are)")
    allowed = allowed_recipients(recipients, roots) if recipients and roots else frozenset[KeyId]()
    rows = Inside(inside, allowed) if inside else None
    believed = Policy.from_bytes(policy.read_bytes())
    report = run_audit(published(log, tls), believed, memory, seen or [], rows, timedelta(hours=silent_hours))
    for finding in report.findings:
        commands.say(f"{finding.code}: {finding.detail}")
    looked = (
        f"{report.size} entries replayed, compared with {report.compared} checkpoints seen elsewhere,"
        f" {report.stations} stations looked at"
    )
    typer.echo(f"{'WRONG' if report.findings else 'all good'}: {looked}")
    raise typer.Exit(1 if report.findings else 0)


def main() -> None:
    """Entry point."""
    commands.run(app)
