"""What the commands on files from instruments do."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from edge.errors import EdgeError
from edge.import_records import Origin
from edge.imports import ImportView
from edge.incoming import read_incoming
from edge.station import Station
from models.formats.references import read_references
from models.vibrational_library import Entry, VibrationalLibrary
from sync.contract.ids import OperatorId
from sync.files import refuse_taken, write_new


def import_files(
    data: Path, files: Sequence[Path], operator: str, pin: str, origin: Origin
) -> Iterator[list[str] | EdgeError]:
    """Receive files in the name of an operator who signs in, and yield lines or the error for each."""
    station = Station.open(data)
    try:
        token = station.operators.sign_in(OperatorId(operator), pin)
        for file in files:
            yield _receive(station, file, origin, OperatorId(operator))
        station.operators.sign_out(token)
    finally:
        station.close()


def _receive(station: Station, path: Path, origin: Origin, operator: OperatorId) -> list[str] | EdgeError:
    try:
        return describe(station.imports.receive(read_incoming(path), origin, operator))
    except EdgeError as error:
        return error


def describe(view: ImportView) -> list[str]:
    """Say in one line, or a few, what became of a file."""
    again = f", the same bytes as entry {view.same_as}" if view.same_as else ""
    head = f"{view.name}: entry {view.seq}{again}, SHA-256 {view.digest}"
    read = f"{view.format}: {view.mass_spectra} mass spectra, {view.traces} infrared, near-infrared or Raman"
    return [
        head,
        f"  not read: {view.problem}" if view.problem else f"  {read}",
        *(f"  {each}" for each in view.remarks),
    ]


def build_library(folder: Path, file: Path, title: str) -> list[str]:
    """Make a library of a folder's spectra and return lines on it; raises UnusableBundle where there are none.

    Raises UnusableFile where `file` is there already.
    """
    refuse_taken(file)
    parts = list(read_references(folder))
    entries = [part for part in parts if isinstance(part, Entry)]
    library = VibrationalLibrary.of(title, entries)
    write_new(file, library.to_bytes())
    left_out = [f"  left out: {part}" for part in parts if isinstance(part, str)]
    return [f"{file}: {len(entries)} spectra, SHA-256 {library.digest}", *left_out]
