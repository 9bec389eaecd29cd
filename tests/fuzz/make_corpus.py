"""Writes the seeds of Analyzer Link and transcripts: `python -m tests.fuzz.make_corpus`."""

from collections.abc import Iterable

from drivers.framing import Framer, encode
from drivers.rotation import FIRST_PREVIOUS, Segment
from drivers.transcript import Direction, Event, Transcript
from tests.fuzz.harness import HERE

VECTORS = HERE.parent / "vectors" / "frames"


def _write(name: str, seeds: Iterable[bytes]) -> None:
    folder = HERE / "corpus" / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        (folder / f"seed-{number:02}").write_bytes(seed)


def main() -> None:
    frames = [bytes.fromhex(file.read_text()) for file in sorted(VECTORS.glob("*.hex"))]
    frames += [file.read_bytes() for file in sorted(VECTORS.glob("*.frame"))]
    short = [frame for frame in frames if len(frame) <= 700]
    _write("framing", [*short, encode(b""), encode(bytes(300)), encode(b"\x01" * 254)])
    _write("messages", [payload for frame in short for payload in Framer(2000).feed(frame)])
    transcript = Transcript("nmea:/dev/ttyUSB0")
    for number, direction in enumerate(Direction):
        transcript.add(Event(number * 1000, direction, b"$GPGGA\r\n"))
    segment = Segment(0, FIRST_PREVIOUS, transcript)
    _write("transcript", [Transcript().to_bytes(), transcript.to_bytes(), segment.to_bytes()])


if __name__ == "__main__":
    main()
