"""Any bytes as replies of an RGA, and as commands to the virtual one: a value or ValueError, and bounded memory."""

from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["drivers"]):
    from drivers.srs_rga import frames
    from drivers.srs_rga.memory import Memory
    from drivers.srs_rga.scans import Disagreement, agree

from tests.fuzz.harness import fuzz

POINTS = 12
LONGEST_REPLY = 64


def one_input(data: bytes) -> None:
    replies(data)
    currents(data)
    commands(data)


def replies(data: bytes) -> None:
    buffer = bytearray(data)
    with suppress(ValueError):
        while (line := frames.take_line(buffer)) is not None:
            assert len(line) <= frames.LONGEST_LINE
            for read in (frames.number, frames.byte, frames.identity):
                with suppress(ValueError):
                    read(line)


def currents(data: bytes) -> None:
    values = frames.currents(data[: len(data) // POINTS * POINTS])
    assert abs(values).max(initial=0) <= frames.OVERLOAD + 1
    if values.size and data[-1] % 8 == 0:  # the slowest part, for some inputs only
        with suppress(Disagreement):
            assert (agree(list(values.reshape(3, -1))).spread >= 0).all()


def commands(data: bytes) -> None:
    memory = Memory()
    for line in data[:256].decode("latin-1").split("\r"):
        with suppress(ValueError):
            reply = memory.obey(line[:2], line[2:])
            assert reply is None or len(reply) <= LONGEST_REPLY
    assert memory.status < 1 << 7
    assert memory.values["MI"] <= memory.values["MF"] <= memory.mass_max


if __name__ == "__main__":
    fuzz("srs_rga", one_input)
