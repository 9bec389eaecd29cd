"""Fields are saved as they change, before any button is touched."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from edge.drafts import MAX_VALUE
from edge.web.case_screen import TheCase, TheStation
from edge.web.screen import Page

_OF_EXHIBIT = r"e-[0-9a-f]{16}_(weight|weight_unit|seal|to_spelt)"
OF_HANDOVER = "_to_spelt"
TYPED = rf"^({_OF_EXHIBIT}|witness_[a-z_]{{1,16}}|amend_[0-9]{{1,18}}_[a-z_]{{1,16}}_typed)$"
"""Fields that a key or a finger fills; what was answered by a touch is saved by its own screen."""

router = APIRouter(route_class=Page, include_in_schema=False)


@router.post("/screenings/{screening_id}/drafts", status_code=204)
def keep(
    case: TheCase,
    station: TheStation,
    name: Annotated[str, Form(pattern=TYPED)],
    value: Annotated[str, Form(max_length=MAX_VALUE)] = "",
) -> Response:
    """Save one field as it stands now."""
    act = "transfer" if name.endswith(OF_HANDOVER) else "casework"
    station.drafts.keep(case.operator, case.dossier.screening, act, **{name: value})
    return Response(status_code=204)
