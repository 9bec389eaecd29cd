"""Any bytes as lines of a scale: a reply or BadFrame, and a told weight that reads the same again."""

import atheris

with atheris.instrument_imports(include=["drivers"]):
    from drivers.errors import BadFrame
    from drivers.lines import LineFramer
    from drivers.scales.a_and_d import A_AND_D
    from drivers.scales.frames import LONGEST_LINE
    from drivers.scales.mt_sics import MT_SICS
    from drivers.scales.ohaus import OHAUS
    from drivers.scales.weight import Weight, WeightRefused

from tests.fuzz.harness import fuzz


def one_input(data: bytes) -> None:
    framer = LineFramer(LONGEST_LINE)
    for line in framer.feed(data):
        assert len(line) <= LONGEST_LINE
        for dialect in (MT_SICS, A_AND_D, OHAUS):
            try:
                reply = dialect.parse(line, "fuzz")
            except BadFrame:
                continue
            if isinstance(reply, Weight):
                _look_at(reply, dialect.parse(reply.raw, "fuzz"))
    assert framer.unfinished <= LONGEST_LINE


def _look_at(weight: Weight, again: object) -> None:
    assert weight == again
    try:
        assert weight.require_stable().grams.is_finite()
    except WeightRefused:
        return


if __name__ == "__main__":
    fuzz("scales", one_input)
