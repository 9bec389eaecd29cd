"""The press itself: reads an order from stdin, writes a PDF/A-3b to stdout. `python -m edge.paper.pressing`."""

import io
import resource
import sys
from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageOps
from weasyprint import HTML, Attachment  # pyright: ignore[reportMissingTypeStubs]
from weasyprint.urls import (  # pyright: ignore[reportMissingTypeStubs]
    FatalURLFetchingError,
    URLFetcher,
    URLFetcherResponse,
)

from edge.paper.press import Order

FONTS = Path(__file__).parents[1] / "web" / "static" / "vendor"
MOST_MEMORY = 2 * 1024**3
PHOTO_PIXELS = (1600, 1600)
PHOTO_QUALITY = 85
Image.MAX_IMAGE_PIXELS = 64_000_000


class Own(URLFetcher):
    """Gives the page its fonts and the order's pictures, and refuses every other address."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=("font", "picture"))  # pyright: ignore[reportUnknownMemberType]
        self._pictures = pictures

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002 - WeasyPrint's own
        """Return a font or a picture."""
        kind, _, name = url.partition(":")
        if kind == "font" and "/" not in name:
            data, media = (FONTS / name).read_bytes(), "font/woff2"
        elif kind == "picture" and name in self._pictures:
            data, media = plain_picture(self._pictures[name]), "image/jpeg"
        else:
            raise FatalURLFetchingError(f"{url}: a page asks for nothing but its fonts and its own pictures")
        return URLFetcherResponse(url, io.BytesIO(data), {"Content-Type": media})


def plain_picture(data: bytes) -> bytes:
    """Return a photograph upright, no larger than paper shows, with nothing of the camera's own words in it."""
    taken = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
    upright = ImageOps.exif_transpose(taken).convert("RGBA")
    upright.thumbnail(PHOTO_PIXELS)
    bare = Image.new("RGB", upright.size, "white")
    bare.paste(upright, mask=upright)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=PHOTO_QUALITY)
    return out.getvalue()


def press(order: Order) -> bytes:
    """Return the PDF/A-3b of an order."""
    enclosures = [
        Attachment(string=each.data, name=each.name, description=each.about, relationship=each.relation)
        for each in order.enclosures
    ]
    page = HTML(string=order.page, url_fetcher=Own(order.pictures), base_url="")
    made = page.write_pdf(attachments=enclosures, pdf_variant="pdf/a-3b", pdf_tags=True)  # pyright: ignore[reportUnknownMemberType]
    assert made is not None  # noqa: S101 - it writes to no file
    return made


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    sys.stdout.buffer.write(press(Order.from_bytes(sys.stdin.buffer.read())))
