"""Any file is a transcript, or a segment of one, with one byte form, or a BadFrame."""

import atheris

with atheris.instrument_imports(include=["drivers"]):
    from drivers.errors import BadFrame, PortLost
    from drivers.replay import ReplayTransport
    from drivers.rotation import Segment
    from drivers.transcript import Transcript

from tests.fuzz.harness import fuzz


def one_input(data: bytes) -> None:
    try:
        segment = Segment.from_bytes(data, "fuzz")
        assert segment.to_bytes() == data
    except BadFrame:
        pass
    try:
        transcript = Transcript.from_bytes(data, "fuzz")
    except BadFrame:
        return
    assert transcript.to_bytes() == data
    _replay(transcript)


def _replay(transcript: Transcript) -> None:
    transport = ReplayTransport(transcript, "fuzz")
    for _ in range(min(len(transcript.events), 50)):
        try:
            transport.read(0.01)
        except PortLost:
            continue


if __name__ == "__main__":
    fuzz("transcript", one_input)
