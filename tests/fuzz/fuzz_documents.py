"""Any text as a number or zone of a document: a value that reads the same again, or BadDocument that names a field."""

import atheris

with atheris.instrument_imports(include=["drivers"]):
    from drivers.documents.cas import parse_cas
    from drivers.documents.container import parse_container
    from drivers.documents.faults import BadDocument
    from drivers.documents.locode import parse_locode
    from drivers.documents.mrz import read_mrz
    from drivers.documents.mrz_layouts import MrzField
    from drivers.documents.pedimento import parse_pedimento
    from drivers.documents.postal import parse_postal_item
    from drivers.documents.recognition import recognise
    from drivers.documents.trade_items import parse_gtin, parse_sscc

from tests.fuzz.harness import fuzz

PARSERS = (parse_cas, parse_container, parse_locode, parse_pedimento, parse_postal_item, parse_gtin, parse_sscc)


def one_input(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    for parser in PARSERS:
        try:
            value = parser(text)
        except BadDocument as error:
            _look_at(error)
            continue
        assert parser(str(value)) == value
    known = recognise(text)
    assert known is None or known.kind
    try:
        assert read_mrz(text, list(MrzField)).fields
    except BadDocument as error:
        _look_at(error)


def _look_at(error: BadDocument) -> None:
    assert error.faults
    assert all(fault.field and fault.position >= 1 for fault in error.faults)


if __name__ == "__main__":
    fuzz("documents", one_input)
