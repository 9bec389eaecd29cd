"""What the commands that print do."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from edge.paper.drawing import Drawing
from edge.paper.label import try_label
from edge.paper.press import Press
from edge.paper.printer import Printer
from edge.paper.prints import PAPERS, Paper, Prints
from edge.printing import Handed
from edge.station import Station
from edge.views import OperatorView
from edge.web.confidence import Curve
from edge.web.reader import Reader
from sync.contract.ids import OperatorId, ScreeningId
from sync.files import refuse_taken, write_new


def print_test(data: Path) -> str:
    """Print a label that tells nothing, and return a line; raises NotPrinted."""
    station = Station.open(data)
    try:
        printer = Printer.at(station.settings.printer)
        printer.send(printer.label(try_label(_prints(station, None).language, station.health())))
    finally:
        station.close()
    return f"a test label went to {printer.device}; look at what came out"


def print_label(data: Path, operator: str, pin: str, exhibit: str, language: str | None) -> str:
    """Print the label of an exhibit's bag in the name of an operator, and return a line; raises NotPrinted."""
    with _signed_in(data, operator, pin) as (station, person):
        printer = Printer.at(station.settings.printer)
        case = station.casework.dossier(station.casework.screening_of(exhibit))
        made = printer.label(_prints(station, language).label_of(case, exhibit))
        station.printing.note(person, case, Handed("label", printer.language, made, way="printer", exhibit=exhibit))
        printer.send(made)
    return f"the label of {exhibit} went to {printer.device}; look at what came out"


def print_paper(
    data: Path, operator: str, pin: str, screening: str, paper: Paper, out: Path, language: str | None
) -> str:
    """Write a paper in the name of an operator, and return a line; raises NotPrinted, UnusableFile."""
    refuse_taken(out)
    with _signed_in(data, operator, pin) as (station, person):
        case = station.casework.dossier(ScreeningId(screening))
        made = Press().print(PAPERS[paper](_prints(station, language), case))
        station.printing.note(person, case, Handed(paper, "pdf", made))
    write_new(out, made)
    return f"{out}: {len(made)} bytes"


@contextmanager
def _signed_in(data: Path, operator: str, pin: str) -> Generator[tuple[Station, OperatorView]]:
    station = Station.open(data)
    try:
        token = station.operators.sign_in(OperatorId(operator), pin)
        yield station, station.operators.session(token)
        station.operators.sign_out(token)
    finally:
        station.close()


def _prints(station: Station, language: str | None) -> Prints:
    drawing, identifier = Drawing.load(), station.identifier
    said = drawing.languages[language or station.settings.language]
    curve = Curve.of(identifier.bundle)
    return Prints(station, drawing, Reader(said, identifier.catalogue, curve, identifier.reach))
