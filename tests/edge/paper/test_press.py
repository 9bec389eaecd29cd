"""The press: what it lets in, what it keeps out, and what is left when it breaks."""

import io
import sys
from collections.abc import Callable

import pikepdf
import pytest
from PIL import UnidentifiedImageError
from weasyprint.urls import FatalURLFetchingError

from edge.errors import NotPressed
from edge.paper.press import Enclosure, Order, Press
from edge.paper.pressing import plain_picture, press
from tests.edge.paper.case import CAMERA, a_photo
from tests.edge.paper.pdfs import enclosed, pdfa_faults, texts

PAGE = """<!doctype html><html lang="es"><head><title>Prueba</title>
<style>@font-face { font-family: A; src: url("font:atkinson-hyperlegible-next-latin-400-normal.woff2"); }
body { font-family: A; }</style></head><body><p>Añil 22 nov</p>%s</body></html>"""
FILE = Enclosure(name="hechos.json", about="the facts", relation="Data", data=b'{"a": 1}')


def order(body: str = "", *files: Enclosure, **pictures: bytes) -> Order:
    return Order(page=PAGE % body, pictures=pictures, enclosures=list(files))


def test_a_page_becomes_a_pdf_that_can_be_kept() -> None:
    made = Press().print(order('<img src="picture:one" alt="one">', FILE, one=a_photo()))
    assert pdfa_faults(made) == []
    assert "Añil 22 nov" in texts(made)[0]
    assert enclosed(made) == {"hechos.json": FILE.data}


def test_the_check_of_a_pdf_finds_what_is_wrong() -> None:
    made = Press().print(order("", FILE))

    def without(spoil: Callable[[pikepdf.Pdf], None]) -> list[str]:
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(made)) as document:
            spoil(document)
            document.save(out)
        return pdfa_faults(out.getvalue())

    def no_profile(document: pikepdf.Pdf) -> None:
        del document.Root.OutputIntents

    def no_relation(document: pikepdf.Pdf) -> None:
        del document.Root.AF[0].AFRelationship

    def no_fonts(document: pikepdf.Pdf) -> None:
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary) and "/FontFile2" in item:
                del item["/FontFile2"]
            if isinstance(item, pikepdf.Dictionary) and "/FontFile3" in item:
                del item["/FontFile3"]

    def an_action(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")

    assert without(lambda _: None) == []
    for spoil in (no_profile, no_relation, no_fonts, an_action):
        assert without(spoil), spoil.__name__


def test_a_picture_says_nothing_of_its_camera() -> None:
    assert CAMERA.encode() in a_photo()
    assert CAMERA.encode() not in plain_picture(a_photo())


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1:9/x.png", "picture:other", "font:../a"])
def test_a_page_gets_nothing_from_outside(address: str) -> None:
    with pytest.raises(FatalURLFetchingError, match="nothing but its fonts"):
        press(order(f'<img src="{address}" alt="">'))


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"GIF89a"])
def test_what_is_no_photograph_is_not_drawn(data: bytes) -> None:
    with pytest.raises(UnidentifiedImageError):
        plain_picture(data)


def test_a_photograph_that_cannot_be_drawn_leaves_the_page_without_it() -> None:
    assert "Añil" in texts(Press().print(order('<img src="picture:one" alt="one">', one=b"GIF89a")))[0]


@pytest.mark.parametrize(
    "program", ["import os; os.abort()", "raise SystemExit(3)", "print('no page')", "import time; time.sleep(600)"]
)
def test_a_press_that_breaks_costs_the_print_alone(program: str) -> None:
    broken = Press([sys.executable, "-c", program], longest_s=1 if "sleep" in program else 60)
    with pytest.raises(NotPressed, match="could not be made"):
        broken.print(order())
    with pytest.raises(NotPressed, match="could not be made"):
        Press(["/no/such/program"]).print(order())
