"""Any payload is a message of Analyzer Link with one byte form, or a BadFrame; a spectrum is numbers or refused."""

import atheris

with atheris.instrument_imports(include=["drivers"]):
    from drivers.analyzer_link.frames import REPLIES, REQUESTS, Measured, parse
    from drivers.analyzer_link.spectra import from_wire
    from drivers.errors import BadFrame

from tests.fuzz.harness import fuzz


def one_input(data: bytes) -> None:
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
