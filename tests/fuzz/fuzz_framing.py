"""Any bytes on a wire: good frames or counted losses, the same however they are cut; and every payload comes back."""

import atheris

with atheris.instrument_imports(include=["drivers"]):
    from drivers.framing import Framer, encode, longest_frame, stuff, unstuff

from tests.fuzz.harness import fuzz

MAX_PAYLOAD = 200
MAX_INPUT = 300
"""Longer than a whole block of COBS and than the longest frame: more would only cost time."""


def one_input(data: bytes) -> None:
    data = data[:MAX_INPUT]
    cut = data[0] if data else 0
    whole, parts = Framer(MAX_PAYLOAD), Framer(MAX_PAYLOAD)
    at_once = whole.feed(data)
    in_parts = [*parts.feed(data[:cut]), *parts.feed(data[cut:])]
    assert at_once == in_parts
    assert whole.counts == parts.counts
    assert whole.unfinished <= longest_frame(MAX_PAYLOAD)
    assert all(len(payload) <= MAX_PAYLOAD + 1 for payload in at_once)
    _there_and_back(data)


def _there_and_back(data: bytes) -> None:
    assert unstuff(stuff(data)) == data
    if len(data) <= MAX_PAYLOAD:
        framer = Framer(MAX_PAYLOAD)
        assert framer.feed(encode(data)) == [data]
    try:
        unstuff(data)
    except ValueError:
        return


if __name__ == "__main__":
    fuzz("framing", one_input)
