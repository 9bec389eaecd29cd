"""Any bytes as replies of an RGA, and as commands to the virtual one: a value or ValueError, and bounded memory."""

import random
from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["drivers"]):
    from drivers.srs_rga import frames
    from drivers.srs_rga.chamber import CHAMBERS, Chamber
    from drivers.srs_rga.memory import Memory
    from drivers.srs_rga.scans import Disagreement, agree
    from drivers.srs_rga.simulator import VirtualRga

from tests.fuzz.harness import fuzz

CHANCE = random.Random(1)  # noqa: S311 - noise of a simulated detector, no secret
POINTS = 12


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
    whole = data[: len(data) // POINTS * POINTS]
    values = frames.currents(whole)
    assert frames.from_currents(values) == whole.replace(b"\x00\x00\x00\x80", b"\x01\x00\x00\x80") or values.size
    if values.size:
        with suppress(Disagreement):
            agreed = agree(list(values.reshape(3, -1)))
            assert (agreed.spread >= 0).all()


def commands(data: bytes) -> None:
    memory = Memory()
    memory.values["MF"] = 3.0
    virtual = VirtualRga(Chamber(CHAMBERS["air leak"], CHANCE, noisy=False), memory, CHANCE)
    virtual.receive(data[:64], 0.0)
    assert len(virtual.poll(1.0)) <= 1 << 20
    assert 0 <= memory.status <= 0x7F
    assert memory.values["MI"] <= memory.values["MF"]


if __name__ == "__main__":
    fuzz("srs_rga", one_input)
