"""`garita print`: papers and labels from the command line."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from edge.unlock import ask_for_secret
from sync.commands import say

prints = typer.Typer(no_args_is_help=True, help="Papers and labels.")
Data = Annotated[Path, typer.Option(help="The station's data directory, with its station.toml.", file_okay=False)]
Who = Annotated[str, typer.Option(help="The id of the operator who prints.")]
Language = Annotated[Literal["es", "en"] | None, typer.Option(help="Another language than the station's.")]


@prints.command("test")
def print_test(data: Data) -> None:
    """Print a label that says nothing but that the station's printer prints."""
    from edge.paper.commands import print_test as test  # noqa: PLC0415 - heavy

    say(test(data))


@prints.command("label")
def print_label(
    data: Data,
    exhibit: Annotated[str, typer.Argument(help="The exhibit's id.")],
    operator: Who,
    language: Language = None,
) -> None:
    """Print the label of an exhibit's bag; asks for the operator's PIN."""
    from edge.paper.commands import print_label as label  # noqa: PLC0415 - heavy

    say(label(data, operator, ask_for_secret(f"PIN of {operator}"), exhibit, language))


@prints.command("paper")
def print_paper(
    data: Data,
    screening: Annotated[str, typer.Argument(help="The screening's id.")],
    paper: Annotated[Literal["acta", "custody", "annex", "slip"], typer.Argument(help="Which paper.")],
    out: Annotated[Path, typer.Argument(help="The PDF to write.", dir_okay=False)],
    operator: Who,
    language: Language = None,
) -> None:
    """Write one paper of a screening as PDF; asks for the operator's PIN."""
    from edge.paper.commands import print_paper as write  # noqa: PLC0415 - heavy

    pin = ask_for_secret(f"PIN of {operator}")
    say(write(data, operator, pin, screening, paper, out, language))
