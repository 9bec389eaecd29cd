"""`garita library`: the substances that a station identifies with, and how the state changes them."""

from pathlib import Path
from typing import Annotated

import typer

from sync.commands import say

library = typer.Typer(no_args_is_help=True, help="The reference library: what the state adds to it and takes out.")

Station = Annotated[Path, typer.Option("--data", help="The station's data directory.", file_okay=False)]
MaybeStation = Annotated[Path | None, typer.Option("--data", help="A station's data directory.", file_okay=False)]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Reference spectra, MSP.")]
MaybeFile = Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="Reference spectra, MSP.")]
Removed = Annotated[
    list[str] | None, typer.Option("--remove", help="InChIKey of a substance to take out; again for more.")
]
Keys = Annotated[
    list[Path], typer.Option("--key", exists=True, dir_okay=False, help="A root holder's private key; for each one.")
]
Signed = Annotated[
    Path | None, typer.Option("--signed", exists=True, dir_okay=False, help="Left out: FILE.signed beside the file.")
]


@library.command("add")
def library_add(data: Station, file: File, signed: Signed = None) -> None:
    """Add the substances of a file that the state's root holders signed."""
    from edge.knowledge_commands import change_library  # noqa: PLC0415 - heavy
    from edge.release_commands import beside  # noqa: PLC0415 - heavy

    say(*change_library(data, file, signed or beside(file)))


@library.command("remove")
def library_remove(
    data: Station,
    signed: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The signed release that removes.")],
) -> None:
    """Take substances out of the library, as a signed release says."""
    from edge.knowledge_commands import change_library  # noqa: PLC0415 - heavy

    say(*change_library(data, None, signed))


@library.command("list")
def library_list(data: MaybeStation = None) -> None:
    """Tell what the library is, by digest, and what the state changed in it."""
    from edge.knowledge_commands import list_library  # noqa: PLC0415 - heavy

    for line in list_library(data):
        say(line)


@library.command("diff")
def library_diff(file: MaybeFile = None, data: MaybeStation = None, remove: Removed = None) -> None:
    """Tell what the substances of a file, and taking others out, would change, and change nothing."""
    from edge.knowledge_commands import compare_library  # noqa: PLC0415 - heavy

    if not (file or remove):
        raise typer.BadParameter("nothing to compare; tell a file, or --remove INCHIKEY")
    for line in compare_library(file, remove or [], data):
        say(line)


@library.command("sign")
def library_sign(
    out: Annotated[Path, typer.Argument(help="The signed release to write.")],
    version: Annotated[int, typer.Option(min=1, max=2**53, help="Higher than that of every release before.")],
    key: Keys,
    add: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="Reference spectra, MSP.")] = None,
    remove: Removed = None,
) -> None:
    """Sign a change of the library, where the root holders' keys are."""
    from edge.knowledge_commands import sign_library  # noqa: PLC0415 - heavy

    if not (add or remove):
        raise typer.BadParameter("nothing to sign; tell --add FILE or --remove INCHIKEY")
    say(*sign_library(add, remove or [], version, key, out))


@library.command("build")
def library_build(
    folder: Annotated[
        Path, typer.Argument(help="Reference spectra: JCAMP-DX, SPC, CSV.", exists=True, file_okay=False)
    ],
    file: Annotated[Path, typer.Argument(help="The library to write, for `vibrational_library` of station.toml.")],
    title: Annotated[str, typer.Option(help="What the library is called on record, with its edition.")],
) -> None:
    """Make one library of infrared, near-infrared and Raman spectra from a folder of reference files."""
    from edge.file_commands import build_library  # noqa: PLC0415 - heavy

    say(*build_library(folder, file, title))
