"""Any payload is a message of Analyzer Link with one byte form, or a BadFrame; a spectrum is numbers or refused."""

from contextlib import suppress

import atheris
import cbor2

with atheris.instrument_imports(include=["drivers"]):
    from drivers import canonical
    from drivers.analyzer_link.frames import REPLIES, REQUESTS, Measured, parse
    from drivers.analyzer_link.spectra import from_wire
    from drivers.errors import BadFrame

from tests.fuzz.harness import fuzz


def one_input(data: bytes) -> None:
    _take(data)
    with suppress(Exception):  # any CBOR at all, brought into its one form: so fields and shapes are reached too
        data = canonical.encode(cbor2.loads(data))
    _take(data)


def _take(data: bytes) -> None:
    for kinds in (REQUESTS, REPLIES):
        try:
            message = parse(data, kinds, "fuzz")
            assert message.to_bytes() == data
            if isinstance(message, Measured):
                from_wire(message, "fuzz")
        except BadFrame:
            continue


if __name__ == "__main__":
    fuzz("messages", one_input)
