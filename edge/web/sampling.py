"""Of what the next reading is: of an exhibit whose bag is open, or of none."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from edge.exhibit_file import ExhibitFile
from edge.sampling import standing
from edge.web import exhibit_words
from edge.web.case_screen import Case, TheCase
from edge.web.comparing import exhibit_name
from edge.web.screen import Page
from sync.contract.casework import ExhibitCore

NO_EXHIBIT = "none"
"""What is sent in place of an exhibit's id where the reading is of none."""
ROWS = 5

router = APIRouter(prefix="/screenings/{screening_id}/sample", route_class=Page, include_in_schema=False)


@dataclass(frozen=True)
class Row:
    """An exhibit that may be read, unless it is `sealed`: then its bag is opened first."""

    id: str
    title: str
    what: str
    sealed: bool


@router.get("")
def ask(case: TheCase, page: Annotated[int, Query(ge=1, le=1000)] = 1) -> Response:
    """Ask of what the next reading is."""
    files = standing(case.dossier.exhibits)
    pages = max(1, -(-len(files) // ROWS))
    page = min(page, pages)
    rows = [_row(case, each) for each in files[(page - 1) * ROWS : page * ROWS]]
    return case.show("sample.html", rows=rows, no_exhibit=NO_EXHIBIT, page=page, pages=pages)


def _row(case: Case, file: ExhibitFile) -> Row:
    what = "; ".join(exhibit_words.described(case.checklist.language, *each) for each in file.stood(ExhibitCore))
    return Row(file.id, exhibit_name(case.checklist.language, file.number), what, bool(file.seal_number))
