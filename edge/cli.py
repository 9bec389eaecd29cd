"""`garita`: the station's command line. Heavy parts are imported by the command that needs them."""

import random
import sys
from pathlib import Path
from typing import Annotated

import typer

from drivers.errors import DriverError
from edge.bundle_cli import bundle
from edge.errors import EdgeError
from edge.instruments_cli import instruments
from edge.knowledge_cli import library
from edge.print_cli import prints
from edge.schedules_cli import schedules
from edge.settings import ProtectorName
from edge.unlock import ask_for_secret
from models.errors import ModelError
from sync.commands import say
from sync.contract.ids import Seq
from sync.errors import SyncError

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="The station at a checkpoint.")
operators = typer.Typer(no_args_is_help=True, help="The people of this station.")
journal = typer.Typer(no_args_is_help=True, help="The chain of sealed records.")
sync = typer.Typer(no_args_is_help=True, help="The way to the national centre.")
keys = typer.Typer(no_args_is_help=True, help="Those to whom records are sealed, and who keeps this station's own key.")
for name, group in (
    ("operators", operators),
    ("journal", journal),
    ("keys", keys),
    ("sync", sync),
    ("instruments", instruments),
    ("library", library),
    ("bundle", bundle),
    ("schedules", schedules),
    ("print", prints),
):
    app.add_typer(group, name=name)

Data = Annotated[Path, typer.Option(help="The station's data directory, with its station.toml.", file_okay=False)]
Persons = Annotated[
    list[str] | None,
    typer.Option("--person", help="Ids of who asks and of who allows it; give it twice, once anybody is enrolled."),
]
NV_INDEXES = range(0x01000000, 0x01FFFFFF)


def _tell_version(asked: bool) -> None:
    if asked:
        from edge.software import software  # noqa: PLC0415 - reads what it names

        say(software())
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_tell_version, is_eager=True, help="Say version and digest, as each record does."
        ),
    ] = False,
) -> None:
    """Run the station at a checkpoint."""


@app.command()
def serve(data: Data) -> None:
    """Run the station and serve its screens on its own loopback address."""
    from edge.commands import serve_station  # noqa: PLC0415 - heavy

    serve_station(data)


@app.command()
def identify(
    files: Annotated[list[Path], typer.Argument(help="Mass spectra: MSP, MGF, JCAMP-DX, SPC, MassBank, mzML, CSV.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each reading.")] = False,
    bundle: Annotated[
        Path | None, typer.Option(help="Another bundle than the one that came with Garita.", dir_okay=False)
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="A station's data directory: its bundle, its library.", file_okay=False)
    ] = None,
) -> None:
    """Say what the readings in files presumptively are.

    One reading are the records of an MSP or MGF with the same `Sample:`, and an mzML's scans that follow each other at
    different energies.
    """
    from edge.identify_files import identify_files, open_identifier  # noqa: PLC0415 - heavy

    unreadable = identify_files(files, open_identifier(bundle, data), as_json=as_json)
    for problem in unreadable:
        say(f"garita: {problem}", err=True)
    if unreadable:
        raise typer.Exit(1)


@app.command("import")
def import_(
    data: Data,
    files: Annotated[
        list[Path], typer.Argument(help="Files of an instrument: JCAMP-DX, SPC, MSP, MGF, MassBank, mzML, CSV.")
    ],
    operator: Annotated[str, typer.Option(help="The id of the operator who brings them.")],
    instrument: Annotated[str, typer.Option(help="The instrument, as people call it: TruNarc 12.")],
    verdict: Annotated[str | None, typer.Option(help="What the instrument itself said, in its words.")] = None,
) -> None:
    """Put files on record as they are, sealed, whatever can be read of them; asks for the operator's PIN."""
    from edge.file_commands import Origin, import_files  # noqa: PLC0415 - heavy

    refused, pin = False, ask_for_secret(f"PIN of {operator}")
    for said in import_files(data, files, operator, pin, Origin("command", instrument, verdict)):
        if isinstance(said, EdgeError):
            refused = True
            say(f"garita: {said}", err=True)
        else:
            say(*said)
    if refused:
        raise typer.Exit(1)


@app.command()
def simulate(
    family: Annotated[str, typer.Argument(help="analyzer-link, srs-rga, nmea, ...; see docs/instruments.")],
    pty: Annotated[Path | None, typer.Option("--pty", "--link", help="Where the port shall appear.")] = None,
    sample: Annotated[str | None, typer.Option(help="What is measured, weighed, read or where it stands.")] = None,
    fault: Annotated[str | None, typer.Option(help="What goes wrong: unplug, stall, bit-flip, drift, ...")] = None,
    play: Annotated[
        str | None, typer.Option(help="Analyzers: samples and faults in turn, cocaine,caffeine,detector-fault.")
    ] = None,
    samples: Annotated[Path | None, typer.Option(help="Spectra for --play, other than those of Garita.")] = None,
    duration: Annotated[float, typer.Option(min=0.01, help="Length of one acquisition of --play in seconds.")] = 3.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same noise.")] = 1,
    cycle: Annotated[bool, typer.Option("--cycle/--once", help="Start over after the last play, or end.")] = True,
) -> None:
    """Put a simulated instrument on a real port, until Ctrl-C."""
    import edge.simulate as simulated  # noqa: PLC0415 - heavy

    if play is not None and family != "analyzer-link":
        raise typer.BadParameter("--play is for analyzer-link; other families take --sample and --fault")
    rng = random.Random(seed)  # noqa: S311 - noise of a made-up instrument
    if play is None:
        simulated.simulate(family, pty, sample, fault, rng)
    else:
        plays = simulated.choose_plays(play.split(","), samples or simulated.SAMPLES)
        simulated.simulate_plays(plays, pty, duration, rng, cycle=cycle)


@operators.command("add")
def operators_add(
    data: Data,
    name: Annotated[
        str, typer.Option(prompt=True, help="The person's name, as the screens show it; no two have the same.")
    ],
    role: Annotated[
        str, typer.Option(help="officer, supervisor, technician, laboratory, auditor or admin.")
    ] = "officer",
) -> None:
    """Enrol a person; the enrolment is a sealed record. Asks for their new PIN.

    It is six digits in no row, no figure on the keys and no date, unlike 123456, 147258 or 150890.
    """
    from edge.commands import add_operator  # noqa: PLC0415 - heavy

    pin = ask_for_secret(f"new PIN of {name}, six digits")
    if sys.stdin.isatty() and ask_for_secret("the same PIN again") != pin:
        raise typer.BadParameter("the two PINs differ; nobody was enrolled")
    say(add_operator(data, name, role, pin))


@operators.command("list")
def operators_list(data: Data) -> None:
    """List who may sign in, with the ids that --person and --operator take."""
    from edge.commands import list_operators  # noqa: PLC0415 - heavy

    say(*list_operators(data))


@app.command("export-evidence")
def export_evidence(
    data: Data,
    out: Annotated[Path, typer.Argument(help="The court bundle to write.", dir_okay=False)],
    first: Annotated[int, typer.Option(min=1, help="The first entry of the journal that leaves.")],
    receiver: Annotated[str, typer.Option(help="Who gets it.")],
    reason: Annotated[str, typer.Option(help="Why: the case file, the court's order.")],
    person: Annotated[list[str], typer.Option(help="Ids of who asks and of who allows it; give it twice.")],
    last: Annotated[int, typer.Option(min=0, help="The last entry; 0: all that there are.")] = 0,
) -> None:
    """Write entries with receipts, attachments and a signed head into one file, sealed; two persons stand behind it."""
    from edge.commands import export_evidence as export  # noqa: PLC0415 - heavy
    from edge.export import Leaving  # noqa: PLC0415 - heavy

    say(export(data, out, Leaving(Seq(first), Seq(last), receiver, reason), person))


@operators.command("token")
def operators_token(data: Data, person: Annotated[str, typer.Option(help="The person's id.")]) -> None:
    """Give a person the FIDO2 token that is plugged in, when a station is provisioned; a sealed record says so."""
    from edge.persons_commands import add_token  # noqa: PLC0415 - heavy

    say(add_token(data, person))


@journal.command("verify")
def journal_verify(data: Data) -> None:
    """Check every entry of the stored journal: signature, order, and the entry before it."""
    from edge.commands import verify_journal  # noqa: PLC0415 - heavy

    say(verify_journal(data))


@keys.command("update")
def keys_update(
    data: Data,
    file: Annotated[
        Path, typer.Argument(help="The new list, signed by the root holders.", exists=True, dir_okay=False)
    ],
    person: Persons = None,
) -> None:
    """Bring a newer recipient list; an older or unsigned one is refused."""
    from edge.keys_commands import update_recipients  # noqa: PLC0415 - heavy

    say(update_recipients(data, file, person or ()))


Stick = Annotated[Path, typer.Argument(help="A folder on the stick.", file_okay=False)]


@sync.command("export")
def sync_export(data: Data, folder: Stick) -> None:
    """Write what waits onto a stick, for a centre that cannot be reached. Doing it again goes on where it stopped."""
    from edge.commands import export_batches  # noqa: PLC0415 - heavy

    _tell(*export_batches(data, folder))


@sync.command("import-receipts")
def sync_import_receipts(data: Data, folder: Stick) -> None:
    """Read the centre's answers from a stick; only receipts that verify release anything."""
    from edge.commands import import_receipts  # noqa: PLC0415 - heavy

    _tell(*import_receipts(data, folder))


@sync.command("status")
def sync_status(data: Data) -> None:
    """Tell what waits to be sent, and why."""
    from edge.commands import sync_status as status  # noqa: PLC0415 - heavy

    say(*status(data))


@keys.command("protect")
def keys_protect(
    data: Data,
    to: Annotated[ProtectorName, typer.Option(help="Who keeps the key from now on.")],
    person: Persons = None,
) -> None:
    """Move the station's key to another protector; nothing is encrypted again, and the old file is destroyed last."""
    from edge.keys_commands import protect_key  # noqa: PLC0415 - heavy

    say(protect_key(data, to, person or ()))


@keys.command("policy")
def keys_policy(
    data: Data,
    file: Annotated[Path, typer.Argument(help="The state's policy of log and witnesses.", exists=True, dir_okay=False)],
    person: Persons = None,
) -> None:
    """Let another policy of log and witnesses be in force: nothing else takes the witnesses away."""
    from edge.keys_commands import change_policy  # noqa: PLC0415 - heavy

    say(change_policy(data, file, person or ()))


def _nv_index(typed: str | int) -> int:
    """Read an NV index as the messages write it, 0x01500016, or as a decimal number."""
    try:
        index = int(str(typed), 0)
    except ValueError:
        index = 0
    if index not in NV_INDEXES:
        raise typer.BadParameter(f"{typed!r}: expected an NV index of {NV_INDEXES[0]:#010x} to {NV_INDEXES[-1]:#010x}")
    return index


@keys.command("anchor")
def keys_anchor(
    data: Data,
    index: Annotated[
        int,
        typer.Option(
            parser=_nv_index, metavar="INDEX", show_default="0x01500016", help="A free NV index: 0x01500017, say."
        ),
    ] = 0x01500016,
    person: Persons = None,
) -> None:
    """Let a counter of the TPM anchor the journal: an older database is found at the next start."""
    from edge.keys_commands import anchor_journal  # noqa: PLC0415 - heavy

    say(anchor_journal(data, index, person or ()))


def _tell(said: str, problems: list[str]) -> None:
    for problem in problems:
        say(f"garita: {problem}", err=True)
    say(said)
    if problems:
        raise typer.Exit(1)


def main() -> None:
    """Run a command; an expected error is one line on stderr and exit status 1."""
    try:
        app()
    except (EdgeError, DriverError, ModelError, SyncError, OSError) as error:
        say(f"garita: {' '.join(str(error).split())}", err=True)
        sys.exit(1)
