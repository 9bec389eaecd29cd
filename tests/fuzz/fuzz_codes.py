"""Any bytes from a code reader, in any pieces: readings of at most 4 KiB, elements or BadElement."""

import atheris

with atheris.instrument_imports(include=["drivers"]):
    from drivers.code_reader.codes import parse
    from drivers.code_reader.frames import LONGEST, SUFFIXES, ReadingFramer
    from drivers.code_reader.gs1 import BadElement, elements

from tests.fuzz.harness import fuzz

PIECES = 16


def one_input(data: bytes) -> None:
    if not data:
        return
    framer = ReadingFramer(list(SUFFIXES.values())[data[0] % len(SUFFIXES)])
    size = len(data) // PIECES + 1
    now, readings = 0.0, list[bytes]()
    for start in range(1, len(data), size):
        readings += framer.feed(data[start : start + size], now)
        now += (data[start] % 4) * 0.02
    readings += framer.rest(now + 1)
    assert framer.unfinished == 0
    for reading in (*readings, data):
        _look_at(reading)


def _look_at(reading: bytes) -> None:
    code = parse(b"]d2" + reading[:LONGEST])
    assert code.raw.endswith(code.data)
    assert isinstance(code.text, str)
    try:
        found = elements(code)
    except BadElement:
        return
    assert all(element.ai for element in found)


if __name__ == "__main__":
    fuzz("codes", one_input)
