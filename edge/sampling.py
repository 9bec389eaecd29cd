"""What a reading is of: an exhibit of its screening whose bag is open."""

from collections.abc import Sequence

from sqlmodel import Session

from edge.dossier import exhibit_files
from edge.errors import BadCasework
from edge.exhibit_file import ExhibitFile
from edge.tables import SampledExhibit
from sync.contract.ids import ReadingId, ScreeningId


def standing(files: Sequence[ExhibitFile]) -> list[ExhibitFile]:
    """Return the exhibits that count."""
    return [each for each in files if not each.is_void]


def take_sample(session: Session, screening: ScreeningId, reading: ReadingId, exhibit: str) -> None:
    """Note that a reading which begins is of an exhibit; raises BadCasework where none of it can be."""
    files = standing(exhibit_files(session, screening))
    file = next((each for each in files if each.id == exhibit), None)
    if file is None:
        raise BadCasework(f"screening {screening} has no exhibit {exhibit}; begin the reading from the exhibit's page")
    if file.seal_number:
        raise BadCasework(f"exhibit {file.number} is under seal {file.seal_number}; open its bag first, on record")
    session.add(SampledExhibit(reading=reading, exhibit=exhibit))
