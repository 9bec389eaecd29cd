"""The bag label: what it says, whichever printer prints it."""

from collections.abc import Sequence
from dataclasses import dataclass

from edge.dossier import Dossier
from edge.errors import BadCasework
from edge.exhibit_file import ExhibitFile
from edge.paper.exhibit_words import amount, closing, weighed
from edge.paper.teller import Teller
from edge.views import HealthView
from edge.web import forms
from edge.web.exhibit_words import described
from edge.web.translations import Language
from sync.contract.casework import ExhibitCore

LONGEST = 60


@dataclass(frozen=True)
class Label:
    """A heading, lines below it, the code's text, and what stands at the foot: each in one line."""

    heading: str
    lines: Sequence[str]
    code: str
    foot: str


def bag_label(teller: Teller, station: HealthView, dossier: Dossier, exhibit: str, warning: str) -> Label:
    """Return the label of an exhibit's bag; raises BadCasework where the dossier has no such exhibit."""
    say = teller.say
    file = next((each for each in teller.counting(dossier).exhibits if each.id == exhibit), None)
    if file is None:
        raise BadCasework(f"screening {dossier.screening} has no exhibit {exhibit}")
    made = file.stood(ExhibitCore)[:1]
    lines = [
        warning,
        f"{station.station} · {station.post}",
        dossier.screening,
        f"{say('Seal')}: {closing(teller, file)}" if file.seal_number else "",
        *(described(teller.language, *each) for each in made),
        *(f"{weighed(teller, each)}: {amount(teller, each, amended=amended)}" for each, amended in file.weights[-2:]),
        *(teller.moment(each.recorded) for each, _ in made),
    ]
    return Label(
        heading=say("Exhibit %(number)s", number=file.number),
        lines=[one_line(each) for each in lines if each],
        code=exhibit_code(station.station, file),
        foot=say("Presumptive: requires laboratory confirmation"),
    )


def try_label(language: Language, station: HealthView) -> Label:
    """Return a label that tells nothing but that the printer prints: for technicians."""
    return Label(
        heading=language.say("Test of the printer"),
        lines=[f"{station.station} · {station.post}", forms.moment(language, station.now), "ÁÉÍÓÚ ñ ü ¿? ^~_\\"],
        code=f"GARITA:{station.station}:TEST",
        foot=language.say("This is no evidence"),
    )


def exhibit_code(station: str, file: ExhibitFile) -> str:
    """Return what the code on a bag says: the exhibit, and the seal that closes the bag."""
    return ":".join(["GARITA", station, file.id, *([file.seal_number] if file.seal_number else [])])


def one_line(text: str) -> str:
    """Return printable text that fits a line of a label."""
    plain = "".join(each if each.isprintable() else " " for each in text.replace(forms.SPACE, " "))
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 3]}..."
