"""Any bytes from a receiver: sentences or BadFrame, and never a place off the globe."""

from datetime import date

import atheris

with atheris.instrument_imports(include=["drivers"]):
    from drivers.errors import BadFrame
    from drivers.nmea.fix import NoFix
    from drivers.nmea.frames import LONGEST, SentenceFramer, checksum, parse
    from drivers.nmea.sentences import read
    from drivers.nmea.tracker import Tracker

from tests.fuzz.harness import fuzz

TODAY = date(2026, 11, 22)
NS = 1_000_000_000


def one_input(data: bytes) -> None:
    framer, tracker = SentenceFramer(), Tracker("fuzz", TODAY, lambda: TODAY)
    half = len(data) // 2
    for second, found in enumerate([*framer.feed(data[:half]), *framer.feed(data[half:])]):
        for sentence in (found, _with_checksum(found)):
            _take(tracker, sentence, second * NS)
    assert framer.unfinished <= LONGEST


def _with_checksum(found: bytes) -> bytes:
    body = found[1:].partition(b"*")[0]
    return b"$%s*%02X" % (body, checksum(body))


def _take(tracker: Tracker, data: bytes, now_ns: int) -> None:
    try:
        sentence = parse(data, "fuzz")
        tracker.take(sentence, read(sentence, "fuzz"), now_ns)
        fix = tracker.fix(now_ns)
    except (BadFrame, NoFix):
        return
    assert abs(fix.latitude) <= 90
    assert abs(fix.longitude) <= 180
    assert fix.raw


if __name__ == "__main__":
    fuzz("nmea", one_input)
