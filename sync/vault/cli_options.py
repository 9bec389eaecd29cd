"""What the commands of `garita-vault` take and ask alike."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[Path, typer.Option("--data", help="the vault's data folder", file_okay=False)]
Persons = Annotated[list[str] | None, typer.Option("--person", help="who opens; again for each; default: the user")]
Reason = Annotated[str, typer.Option(help="why: the case file, the court's order")]
MOST_SEQ = 2**63 - 1
OneSeq = Annotated[int, typer.Argument(min=1, max=MOST_SEQ, help="the entry's number in its journal")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON")]


def ask(holder: str) -> str:
    """Ask a holder for their passphrase; an empty answer is that this one does not release."""
    question = f"passphrase of {holder} (empty: does not release)"
    return typer.prompt(question, default="", hide_input=True, show_default=False)


def ask_new(holder: str) -> str:
    """Ask a holder for a new passphrase, twice."""
    return typer.prompt(f"new passphrase of {holder}", hide_input=True, confirmation_prompt=True)
