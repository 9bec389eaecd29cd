"""`garita bundle`: what a station identifies with, in one signed file, and how a state makes its own."""

from pathlib import Path
from typing import Annotated

import typer

from edge.knowledge_cli import Keys, MaybeStation, Signed, Station
from sync.commands import say

bundle = typer.Typer(no_args_is_help=True, help="The bundle: library, networks, calibration in one signed file.")

BundleFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A bundle.")]
MaybeBundle = Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="Left out: Garita's own.")]
Version = Annotated[int, typer.Option(min=1, max=2**53, help="Higher than that of every bundle before.")]
Out = Annotated[Path, typer.Option(dir_okay=False, help="The bundle to write.")]
MaybeKeys = Annotated[
    list[Path] | None,
    typer.Option("--key", exists=True, dir_okay=False, help="A root holder's private key, to sign it too; for each."),
]


@bundle.command("build")
def bundle_build(
    trained: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A bundle of `make train`.")],
    golden: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="Readings that prove it: MSP, each under one `Sample:`.")
    ],
    version: Version,
    out: Out,
    key: MaybeKeys = None,
) -> None:
    """Make a state's bundle of a trained one: with its version and golden set, and signed where keys are told."""
    from edge.bundle_commands import build_bundle  # noqa: PLC0415 - heavy

    for line in build_bundle(trained, golden, version, key or (), out):
        say(line)


@bundle.command("calibrate")
def bundle_calibrate(
    readings: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Readings of known substances: MSP with InChIKey.")
    ],
    instrument: Annotated[str, typer.Option(help="The instrument that measured them, as people call it.")],
    version: Version,
    out: Out,
    key: MaybeKeys = None,
    bundle: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The bundle to calibrate; else Garita's own.")
    ] = None,
    data: MaybeStation = None,
) -> None:
    """Calibrate a bundle for an instrument, judge it on substances held back, and write it if it is better."""
    from edge.bundle_commands import calibrate_bundle  # noqa: PLC0415 - heavy
    from edge.settings import Settings  # noqa: PLC0415 - heavy
    from models.identification import DEFAULT_BUNDLE  # noqa: PLC0415 - heavy

    if bundle and data:
        raise typer.BadParameter("--bundle or --data, not both: a station has its own bundle")
    of = Settings.load(data) if data else bundle or DEFAULT_BUNDLE
    for line in calibrate_bundle(readings, instrument, version, of, key or (), out):
        say(line)


@bundle.command("show")
def bundle_show(file: MaybeBundle = None) -> None:
    """Tell what a bundle is, was made from, is for, and where it fails."""
    from edge.bundle_commands import show_bundle  # noqa: PLC0415 - heavy

    for line in show_bundle(file):
        say(line)


@bundle.command("verify")
def bundle_verify(file: MaybeBundle = None, data: MaybeStation = None, signed: Signed = None) -> None:
    """Check every part, run the golden set, and with --data check the state's signatures."""
    from edge.bundle_commands import verify_bundle  # noqa: PLC0415 - heavy

    say(verify_bundle(file, data, signed))


@bundle.command("sign")
def bundle_sign(
    file: BundleFile,
    key: Keys,
    out: Annotated[Path | None, typer.Option(help="Left out: FILE.signed beside the file.")] = None,
) -> None:
    """Sign a bundle, where the root holders' keys are."""
    from edge.bundle_commands import sign_bundle  # noqa: PLC0415 - heavy
    from edge.release_commands import beside  # noqa: PLC0415 - heavy

    say(sign_bundle(file, key, out or beside(file)))


@bundle.command("install")
def bundle_install(data: Station, file: BundleFile, signed: Signed = None) -> None:
    """Bring a newer bundle that the state's root holders signed, after its golden set was run."""
    from edge.bundle_commands import install_bundle  # noqa: PLC0415 - heavy
    from edge.release_commands import beside  # noqa: PLC0415 - heavy

    say(install_bundle(data, file, signed or beside(file)))
