"""Reads a PDF as strangers do: its text by page, its codes as a camera sees them, and what PDF/A-3b asks of it."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2
import zxingcpp

PDFA_ID = "{http://www.aiim.org/pdfa/ns/id/}"
SCALE = 3
FORBIDDEN = {"/JavaScript", "/JS", "/AA", "/OpenAction", "/RichMediaContent"}
ACTIONS = ("/JavaScript", "/Launch", "/ImportData", "/Movie", "/Sound", "/ResetForm")
RELATIONS = ("/Source", "/Data", "/Alternative", "/Supplement", "/Unspecified")


def texts(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_bounded() for page in document]


def codes(pdf: bytes, page: int = 0) -> list[str]:
    """Return what the codes on a page say, read from its picture."""
    picture = pypdfium2.PdfDocument(pdf)[page].render(scale=SCALE).to_pil()
    return [each.text for each in zxingcpp.read_barcodes(picture)]


def enclosed(pdf: bytes) -> dict[str, bytes]:
    """Return the files inside."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {name: each.get_file().read_bytes() for name, each in document.attachments.items()}


def pdfa_faults(pdf: bytes) -> list[str]:
    """Return what keeps a PDF from being PDF/A-3b, of what can be told without a whole validator."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return list(_faults(document))


def _faults(document: pikepdf.Pdf) -> Iterator[str]:
    if document.is_encrypted or "/ID" not in document.trailer:
        yield "encrypted, or without an identifier"
    with document.open_metadata() as metadata:
        said = (metadata.get(f"{PDFA_ID}part"), metadata.get(f"{PDFA_ID}conformance"))
        if said != ("3", "B"):
            yield f"its metadata say {said}"
        if metadata.get("dc:title") != document.docinfo.get("/Title"):
            yield "two titles"
    intents = document.Root.get("/OutputIntents", [])
    if [(str(each.S), "/DestOutputProfile" in each) for each in intents] != [("/GTS_PDFA1", True)]:
        yield "no colour profile of its own"
    if "/Metadata" not in document.Root or "/Filter" in document.Root.Metadata:
        yield "metadata that not every reader finds"
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            yield from _in_object(item)
    files = document.Root.get("/AF", [])
    yield from (f"a file without its relation: {each.get('/F')}" for each in files if not _is_related(each))
    if len(files) < len(document.attachments):
        yield "a file that the document does not name"


def _in_object(item: Any) -> Iterator[str]:
    if item.get("/Type") == "/FontDescriptor" and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(item.keys()):
        yield f"a font that is not embedded: {item.get('/FontName')}"
    if item.get("/Type") == "/Annot" and not int(item.get("/F", 0)) & 4:
        yield "an annotation that is not printed"
    if item.get("/S") in ACTIONS or FORBIDDEN & set(item.keys()):
        yield f"an action: {item.get('/S')} {sorted(item.keys())}"
    if item.get("/Filter") == "/LZWDecode":
        yield "LZW"


def _is_related(file: Any) -> bool:
    return str(file.get("/AFRelationship")) in RELATIONS and "/UF" in file and "/Subtype" in file.EF.F
