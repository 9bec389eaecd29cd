"""A screening with everything that paper can show: two readings, an exhibit and its whole way, an amendment."""

import io

from PIL import Image

from edge.dossier import Dossier
from edge.paper.drawing import Drawing
from edge.paper.prints import Prints
from edge.station import Station
from edge.subject_records import Told
from edge.views import OperatorView
from edge.web.confidence import Curve
from edge.web.reader import Reader
from sync.contract.papers import DeclaredPart
from tests.edge.bench import finished

CAMERA = "Serial 90125 of the camera"


def a_case(station: Station, officer: OperatorView) -> Dossier:
    """Put a whole case on record."""
    screening = station.screenings.open(officer, "vehicle")
    station.subjects.tell(officer, screening, Told("land", "dog", ("ABC-12-34",)))
    first = finished(station, station.screenings.start(officer, screening=screening))
    station.subjects.saw(officer, first.id, "powder")
    finished(station, station.screenings.start(officer, screening=screening))
    papers = DeclaredPart.model_validate(dict.fromkeys(DeclaredPart.model_fields, "") | {"permit": "COFEPRIS 7"})
    station.subjects.declare(officer, screening, papers, (first.id, "Cocaine"), ["substance-differs"])
    casework = station.casework
    exhibit = casework.add_exhibit(officer, screening, "tres bolsas, polvo blanco", "powder", 3, "bag")
    misread = casework.weigh(officer, exhibit, ("12.40", "g"), "gross", "MT XS204")
    station.seizures.undo(officer, screening, casework.weigh(officer, exhibit, ("99", "g"), "tare"))
    casework.weigh(officer, exhibit, ("11.9", "g"), "net")
    casework.photograph(officer, exhibit, a_photo(), "image/jpeg", "como se halló")
    casework.apply_seal(officer, exhibit, "FGR-0042", "cerrada en la garita")
    station.seizures.witness(officer, screening, "searched", "agreed")
    station.seizures.refer(officer, screening, "case_file", "FED/2026/77")
    station.seizures.sign(officer, screening, "hold")
    casework.transfer(officer, exhibit, "Laboratorio", "análisis", "FGR-0042")
    casework.amend(officer, misread, "un dígito mal leído", [("value", "12.40", "12.41")])
    return casework.dossier(screening)


def a_photo() -> bytes:
    """Return a picture as a camera makes it, which says which camera it was."""
    exif = Image.Exif()
    exif[0xA431] = exif[0x010E] = CAMERA
    out = io.BytesIO()
    Image.effect_noise((640, 480), 40).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


def prints(station: Station, language: str) -> Prints:
    """Return who makes papers in a language."""
    drawing, identifier = Drawing.load(), station.identifier
    reader = Reader(drawing.languages[language], identifier.catalogue, Curve.of(identifier.bundle), identifier.reach)
    return Prints(station, drawing, reader)
