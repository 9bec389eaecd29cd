"""Every component of the screens in every state: for those who build and test them, in a demonstration only."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response

from edge.web import words
from edge.web.drawn import MAX_DRAWN, read_drawn
from edge.web.screen import Page, screens_of

PARTS = ("conclusions", "buttons", "rows", "cards", "keys", "hold", "sign", "photo")

router = APIRouter(prefix="/gallery", route_class=Page, include_in_schema=False)


@router.get("")
@router.get("/{part}")
def gallery(request: Request, part: str = PARTS[0]) -> Response:
    """Show one family of components."""
    return _said(request, part if part in PARTS else PARTS[0], "")


@router.post("/hold")
def held(request: Request, held: Annotated[str, Form()] = "") -> Response:
    """Tell whether a button was held."""
    return _said(request, "hold", held or "tapped")


@router.post("/sign")
def signed(request: Request, mark: Annotated[str, Form(max_length=MAX_DRAWN)] = "") -> Response:
    """Tell what was drawn."""
    drawn = read_drawn(mark)
    return _said(request, "sign", f"{len(drawn.strokes)} / {sum(map(len, drawn.strokes))} / {len(drawn.png)}")


@router.post("/photo")
def photographed(request: Request, photo: Annotated[bytes, File()]) -> Response:
    """Tell how large the photograph is."""
    return _said(request, "photo", f"{photo[:3].hex()} {len(photo)}")


def _said(request: Request, part: str, said: str) -> Response:
    following = PARTS[(PARTS.index(part) + 1) % len(PARTS)]
    conclusions = {kind: screens_of(request).language(request).say(word) for kind, word in words.CONCLUSIONS.items()}
    return screens_of(request).show(
        request, "gallery.html", None, part=part, following=following, said=said, conclusions=conclusions
    )
