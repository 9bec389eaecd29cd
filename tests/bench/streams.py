"""Instruments that never pause: each stream gives numbered frames for ever, and its ear says which number came."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from drivers.analyzer_link.frames import MAX_PAYLOAD, REPLIES, Advance, Event, Measured, parse
from drivers.errors import BadFrame
from drivers.framing import FrameCounts, Framer, encode
from drivers.lines import Framing, LineFramer
from drivers.nmea import frames as nmea
from drivers.nmea.sentences import Gga, read
from drivers.scales.mt_sics import parse as parse_weight
from drivers.scales.weight import Weight
from drivers.srs_rga.frames import currents, from_currents

PEAKS = 100
SPECTRUM_EVERY = 5
CURRENTS_IN_FRAME = 25
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Stream:
    """One family at full rate: endless frames for the wire, how they are cut, and the number that each carries."""

    name: str
    frames: Callable[[], Iterator[bytes]]
    framing: Callable[[], Framing]
    number: Callable[[bytes], int]


def _analyzer() -> Iterator[bytes]:
    mz = (np.arange(1, PEAKS + 1, dtype="<u4") * 30_000).tobytes()
    intensity = np.linspace(1, 20_000, PEAKS).astype("<f4").tobytes()
    for number in itertools.count():
        if number % SPECTRUM_EVERY:
            yield encode(Advance(1, number, number % 101, "measuring at 30 V").to_bytes())
        else:
            yield encode(Measured(1, number, 300, "in-source-cid", "positive", None, mz, intensity).to_bytes())


def _analyzer_number(frame: bytes) -> int:
    message = parse(frame, REPLIES, "bench")
    if not isinstance(message, Event):
        raise BadFrame("bench", f"{message.TYPE} is no event")
    return message.number


def _receiver() -> Iterator[bytes]:
    for number in itertools.count():
        at = NOON + timedelta(milliseconds=10 * number)
        text = f"GPGGA,{at:%H%M%S}.{at.microsecond // 10_000:02},3232.1234,N,11702.5678,W,1,08,0.9,{number}.0,M,,M,,"
        checksum = 0
        for byte in text.encode():
            checksum ^= byte
        yield f"${text}*{checksum:02X}\r\n".encode()


def _receiver_number(frame: bytes) -> int:
    content = read(nmea.parse(frame, "bench"), "bench")
    if not isinstance(content, Gga) or content.altitude is None:
        raise BadFrame("bench", "expected a GGA sentence")
    return round(content.altitude)


def _scale() -> Iterator[bytes]:
    for number in itertools.count():
        yield f"S S {number:>10} g\r\n".encode()


def _scale_number(frame: bytes) -> int:
    weight = parse_weight(frame, "bench")
    if not isinstance(weight, Weight) or weight.value is None:
        raise BadFrame("bench", "expected a weight")
    return int(weight.value)


class _Blocks:
    """Ion currents have no marks between them: so many bytes are a frame."""

    def __init__(self) -> None:
        self.counts = FrameCounts()
        self._buffer = bytearray()

    @property
    def unfinished(self) -> int:
        return len(self._buffer)

    def feed(self, data: bytes) -> list[bytes]:
        self._buffer += data
        size = 4 * CURRENTS_IN_FRAME
        whole = len(self._buffer) // size * size
        blocks = [bytes(self._buffer[start : start + size]) for start in range(0, whole, size)]
        del self._buffer[:whole]
        return blocks


def _gas_analyzer() -> Iterator[bytes]:
    for number in itertools.count():
        yield from_currents(np.arange(number, number + CURRENTS_IN_FRAME))


def _gas_number(frame: bytes) -> int:
    values = currents(frame)
    if not np.array_equal(np.diff(values), np.ones(CURRENTS_IN_FRAME - 1)):
        raise BadFrame("bench", "ion currents out of step")
    return int(values[0])


STREAMS = (
    Stream("analyzer-link", _analyzer, lambda: Framer(MAX_PAYLOAD), _analyzer_number),
    Stream("nmea", _receiver, nmea.SentenceFramer, _receiver_number),
    Stream("mt-sics", _scale, lambda: LineFramer(80), _scale_number),
    Stream("srs-rga", _gas_analyzer, _Blocks, _gas_number),
)
