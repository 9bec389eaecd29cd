"""`garita-vault`: opens sealed records with the state's key and keeps the national case database."""

import typer

from sync import commands
from sync.vault.filing_cli import filing
from sync.vault.leaving_cli import leaving
from sync.vault.looking_cli import looking
from sync.vault.setup_cli import setup

app = typer.Typer(
    name="garita-vault",
    help="Opens sealed records with the state's key and files what they say.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for group in (setup, filing, looking, leaving):
    app.add_typer(group)


def main() -> None:
    """Entry point."""
    commands.run(app)
