"""How a command of the centre or the vault ends: in success, or in one clear line."""

import sys

import typer

from sync.errors import SyncError


def run(app: typer.Typer) -> None:
    """Run a command; an error that was foreseen becomes one line on stderr and exit code 1."""
    try:
        app()
    except (SyncError, OSError) as error:
        line = " ".join(str(error).split())
        print(f"{app.info.name}: {line}", file=sys.stderr)  # noqa: T201 - the command's voice
        sys.exit(1)
