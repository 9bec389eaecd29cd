"""How a command speaks, at the station, the centre, the vault or a witness: in lines that show what they contain.

Names, texts and errors come from stations, instruments, files and other people's servers: what moves the cursor, hides
a line or turns the direction of writing is shown as JSON writes it.
"""

import json
import sys

import typer

from sync.errors import SyncError


def run(app: typer.Typer) -> None:
    """Run a command; an error that was foreseen becomes one line on stderr and exit code 1."""
    try:
        app()
    except FileNotFoundError as error:
        say(f"{app.info.name}: {error.filename} is not there: lay it there, or bring it back from the backup", err=True)
        sys.exit(1)
    except (SyncError, OSError) as error:
        say(f"{app.info.name}: {' '.join(str(error).split())}", err=True)
        sys.exit(1)


def say(*lines: str, err: bool = False) -> None:
    """Print each text as one line."""
    for line in lines:
        typer.echo(plain(line), err=err)


def say_json(value: object) -> None:
    """Print a value as JSON; bytes in hexadecimal."""
    lines = json.dumps(value, ensure_ascii=False, indent=2, default=_hexadecimal).split("\n")
    typer.echo("\n".join(map(plain, lines)))


def plain(text: str) -> str:
    """Return the text with everything that cannot be printed as JSON writes it."""
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in text)


def _hexadecimal(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"JSON has no form for {type(value).__name__}")
