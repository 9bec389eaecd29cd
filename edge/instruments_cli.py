"""`garita instruments`: for technicians, and for makers of instruments. Heavy parts are imported by the command."""

from pathlib import Path
from typing import Annotated

import typer

from sync.commands import say

instruments = typer.Typer(no_args_is_help=True, help="Serial ports and what is on them.")

Address = Annotated[str, typer.Argument(help="Family and port: analyzer-link:/dev/ttyACM0, nmea:usb:1546:01a8, ...")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on each line.")]


@instruments.command("list")
def list_ports(
    roles: Annotated[Path | None, typer.Option(help="A table of roles of your own, which comes first.")] = None,
) -> None:
    """Show every serial port: path, USB identity, what it says it is, its role, and the address to write down."""
    import edge.instruments as work  # noqa: PLC0415 - heavy

    for line in work.list_ports(roles):
        say(line)


@instruments.command()
def probe(address: Address) -> None:
    """Ask who is there."""
    import edge.instruments as work  # noqa: PLC0415 - heavy

    say(work.probe(address))


@instruments.command()
def doctor(address: Address, as_json: AsJson = False) -> None:
    """Say in words what is wrong with a port. Exit status 1 where something is."""
    import edge.instruments as work  # noqa: PLC0415 - heavy

    ill = False
    for finding in work.examine(address):
        ill |= not finding.well
        mark = "well " if finding.well else "WRONG"
        say(work.as_json(finding) if as_json else f"{mark}  {finding.name}: {finding.words}")
    if ill:
        raise typer.Exit(1)


@instruments.command()
def record(
    address: Address,
    file: Annotated[Path, typer.Argument(help="Where the transcript goes.", dir_okay=False)],
    seconds: Annotated[float, typer.Option(min=0, help="How long to listen after the greeting.")] = 10.0,
    measure: Annotated[str, typer.Option(help="Analyzers: measure once at these energies in V, as 15,30,50.")] = "",
) -> None:
    """Keep every byte of a session, with its time and direction."""
    import edge.instruments as work  # noqa: PLC0415 - heavy

    say(work.record(address, file, seconds, _volts(measure)))


@instruments.command()
def measure(
    address: Address,
    file: Annotated[Path, typer.Argument(help="Where the reading goes, behind those that are there.", dir_okay=False)],
    name: Annotated[str, typer.Option(help="The substance that is measured.")],
    inchikey: Annotated[str, typer.Option(help="Its InChIKey, as a result or `garita library list` tells it.")],
    energies: Annotated[str, typer.Option(help="Energies in V, those of the post.")] = "15,30,50",
) -> None:
    """Measure a known substance once and keep the reading as MSP, for `garita bundle calibrate`."""
    from edge.known_readings import measure_known  # noqa: PLC0415 - heavy

    say(measure_known(address, _volts(energies), name, inchikey, file))


@instruments.command()
def replay(file: Annotated[Path, typer.Argument(help="A transcript.", exists=True, dir_okay=False)]) -> None:
    """Show a recorded session, and play it through the driver as if live."""
    import edge.instruments as work  # noqa: PLC0415 - heavy

    for line in work.replay(file):
        say(line)


@instruments.command()
def conformance(
    port: Annotated[str, typer.Argument(help="Port of the device under test: /dev/ttyACM0 or usb:0483:5740:SERIAL.")],
    energies: Annotated[str, typer.Option(help="Energies in V that the device can set, at least two.")] = "15,30,50",
    as_json: AsJson = False,
) -> None:
    """Test a device against Analyzer Link 1, check by check; put a sample in. Exit status 1 where a check fails."""
    import edge.instruments as work  # noqa: PLC0415 - heavy

    failed = False
    for outcome in work.conform(port, _volts(energies)):
        failed |= outcome.verdict != "pass"
        line = f"{outcome.verdict:<7}  {outcome.name}: {outcome.words or outcome.rule}"
        say(work.as_json(outcome) if as_json else line)
    if failed:
        raise typer.Exit(1)


def _volts(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise typer.BadParameter(f"{text!r}: expected energies in V with commas, as 15,30,50") from error
