"""`garita schedules`: what the law lists, as a station judges by it, and how the state changes it."""

from pathlib import Path
from typing import Annotated

import typer

from sync.commands import say

schedules = typer.Typer(no_args_is_help=True, help="The schedules: what is controlled or watched, on which day.")

Station = Annotated[Path, typer.Option("--data", help="The station's data directory.", file_okay=False)]
MaybeStation = Annotated[Path | None, typer.Option("--data", help="A station's data directory.", file_okay=False)]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Schedules, JSON.")]
MaybeFile = Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="Left out: those in use.")]
Keys = Annotated[
    list[Path], typer.Option("--key", exists=True, dir_okay=False, help="A root holder's private key; for each one.")
]
Signed = Annotated[
    Path | None, typer.Option("--signed", exists=True, dir_okay=False, help="Left out: FILE.signed beside the file.")
]


@schedules.command("show")
def show(file: MaybeFile = None, data: MaybeStation = None) -> None:
    """Tell which schedules these are, by version, day and digest, and what they list."""
    from edge.schedules_commands import show_schedules  # noqa: PLC0415 - heavy

    for line in show_schedules(file, data):
        say(line)


@schedules.command("diff")
def diff(file: File, data: MaybeStation = None) -> None:
    """Tell what a file would change, and change nothing."""
    from edge.schedules_commands import compare_schedules  # noqa: PLC0415 - heavy

    for line in compare_schedules(file, data):
        say(line)


@schedules.command("sign")
def sign(
    file: File,
    key: Keys,
    out: Annotated[Path | None, typer.Option(help="Left out: FILE.signed beside the file.")] = None,
) -> None:
    """Sign schedules, as the version that they state, where the root holders' keys are."""
    from edge.release_commands import beside  # noqa: PLC0415 - heavy
    from edge.schedules_commands import sign_schedules  # noqa: PLC0415 - heavy

    say(sign_schedules(file, key, out or beside(file)))


@schedules.command("install")
def install(data: Station, file: File, signed: Signed = None) -> None:
    """Bring newer schedules that the state's root holders signed."""
    from edge.release_commands import beside  # noqa: PLC0415 - heavy
    from edge.schedules_commands import install_schedules  # noqa: PLC0415 - heavy

    say(install_schedules(data, file, signed or beside(file)))
