"""Sentences against shared vectors, a stranger's reader (pynmea2), and any bytes at all."""

import json
from pathlib import Path
from typing import Any

import pynmea2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import BadFrame
from drivers.nmea.frames import LONGEST, SentenceFramer, checksum, parse, to_bytes
from drivers.nmea.sentences import Content, Gga, Gsa, Rmc, Zda, read

VECTORS = json.loads(Path("tests/vectors/nmea/sentences.json").read_text(encoding="utf-8"))
GOOD = [case for case in VECTORS if case["outcome"] != "BadFrame"]
GGA = b"$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47"
RMC = b"$GPRMC,225446,A,4916.45,N,12311.12,W,000.5,054.7,191194,020.3,E*68"

# What pynmea2 takes and we refuse: it checks the checksum only where one stands, and no field before it is asked for.
PEER_TAKES = {
    "no checksum", "half a sentence", "latitude beyond the pole", "sixty minutes of arc", "no side", "quality nine",
    "status neither A nor V", "too few fields", "position without comma", "no such hour", "no such day",
    "satellites below zero", "hdop below zero", "speed below zero",
}  # fmt: skip


def told(kind: str, content: Content | None) -> dict[str, Any]:
    match content:
        case Gga():
            place = content.place
            found = {"latitude": place and place.latitude, "longitude": place and place.longitude}
            return {"kind": kind, "quality": int(content.quality), **found}
        case Rmc():
            place, day = content.place, content.day and content.day.isoformat()
            found = {"latitude": place and place.latitude, "longitude": place and place.longitude}
            return {"kind": kind, "valid": content.valid, "day": day, **found}
        case Gsa():
            return {"kind": kind, "dimensions": content.dimensions}
        case Zda():
            return {"kind": kind, "at": content.at and content.at.isoformat()}
        case None:
            return {"kind": kind}


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_vectors(case: dict[str, Any]) -> None:
    data = case["sentence"].encode()
    if case["outcome"] == "BadFrame":
        with pytest.raises(BadFrame):
            read(parse(data, "port"), "port")
        return
    sentence = parse(data, "port")
    found = told(sentence.kind, read(sentence, "port"))
    for key, value in case["outcome"].items():
        assert found[key] == (pytest.approx(value, abs=1e-9) if isinstance(value, float) else value)


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case["name"])
def test_peer_reads_the_same(case: dict[str, Any]) -> None:
    sentence = parse(case["sentence"].encode(), "port")
    content = read(sentence, "port")
    peer = pynmea2.parse(case["sentence"], check=True)
    if isinstance(content, Gga | Rmc) and content.place:
        assert (peer.latitude, peer.longitude) == pytest.approx((content.place.latitude, content.place.longitude))
    if isinstance(content, Gga):
        assert peer.gps_qual == content.quality
    if isinstance(content, Rmc):
        assert (peer.status == "A") == content.valid
        assert (peer.datestamp or None) == content.day
    if isinstance(content, Gsa):
        assert int(peer.mode_fix_type) == content.dimensions
    if isinstance(content, Zda):
        assert (peer.year, peer.month, peer.day) == content.at.timetuple()[:3]  # type: ignore[union-attr]


def peer_takes(text: str) -> bool:
    try:
        pynmea2.parse(text)
    except pynmea2.ParseError:
        return False
    return True


@pytest.mark.parametrize("case", [case for case in VECTORS if case not in GOOD], ids=lambda case: case["name"])
def test_where_the_peer_disagrees_is_known(case: dict[str, Any]) -> None:
    assert peer_takes(case["sentence"]) == (case["name"] in PEER_TAKES)


def test_peer_gives_a_place_of_zero_for_no_fix_and_we_give_none() -> None:
    void = to_bytes("GP", "RMC", "", "V", *[""] * 9, "N").decode().strip()
    assert (pynmea2.parse(void).latitude, pynmea2.parse(void).longitude) == (0.0, 0.0)
    content = read(parse(void.encode(), "port"), "port")
    assert isinstance(content, Rmc)
    assert content.place is None


def framed(*chunks: bytes) -> tuple[list[bytes], SentenceFramer]:
    framer = SentenceFramer()
    return [sentence for chunk in chunks for sentence in framer.feed(chunk)], framer


@pytest.mark.parametrize(
    ("chunks", "expected", "dropped"),
    [
        ([GGA + b"\r\n" + RMC + b"\r\n"], [GGA, RMC], 0),
        ([GGA + RMC], [GGA, RMC], 0),
        ([GGA[:30], GGA[30:] + b"\r\n"], [GGA], 0),
        ([GGA[:-1], GGA[-1:]], [GGA], 0),
        ([GGA[30:] + b"\r\n" + RMC + b"\r\n"], [RMC], len(GGA) - 30),
        ([b"\x00\xff\xb5\x62" + GGA + b"\x80\x81" + RMC], [GGA, RMC], 6),
        ([b"$GPGGA,1234$" + RMC[1:]], [b"$GPGGA,1234", RMC], 0),
        ([b"$GP" + b"x" * 400, RMC], [RMC], 403),
        ([b"!AIVDM,1,1*00\r\n" + RMC], [RMC], 13),
    ],
    ids=[
        "two lines", "glued", "in pieces", "cut in the checksum", "begun in the middle", "binary between",
        "cut and glued", "without end", "AIS between",
    ],
)  # fmt: skip
def test_framing(chunks: list[bytes], expected: list[bytes], dropped: int) -> None:
    found, framer = framed(*chunks)
    assert found == expected
    assert framer.counts.dropped_bytes == dropped


def test_longer_than_the_standard_is_fine_up_to_twice() -> None:
    digits = "0" * 90
    long = to_bytes("GN", "GGA", f"120000.{digits}", "").strip()
    assert 82 < len(long) < LONGEST
    assert framed(long)[0] == [long]


@given(st.lists(st.binary(max_size=300), max_size=10))
def test_any_bytes_are_sentences_or_bad_frames(chunks: list[bytes]) -> None:
    found, framer = framed(*chunks)
    assert framer.unfinished <= LONGEST
    for data in found:
        try:
            read(parse(data, "port"), "port")
        except BadFrame:
            continue


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="$*"), max_size=80))
def test_any_fields_with_a_good_checksum_are_read_or_refused(fields: str) -> None:
    for kind in ("GGA", "RMC", "GSA", "ZDA"):
        try:
            read(parse(to_bytes("GP", kind, fields).strip(), "port"), "port")
        except BadFrame as error:
            assert kind in error.problem  # noqa: PT017 - both are fine


@given(st.sampled_from([case["sentence"].encode() for case in GOOD]), st.data())
@settings(max_examples=200)
def test_one_flipped_bit_never_passes(data: bytes, draw: st.DataObject) -> None:
    at, bit = draw.draw(st.integers(1, len(data) - 1)), draw.draw(st.integers(0, 7))
    flipped = data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
    if flipped.upper() == data.upper():
        return  # the checksum's letters may be large or small
    with pytest.raises(BadFrame):
        parse(flipped, "port")


def test_checksum_is_the_exclusive_or() -> None:
    assert checksum(b"GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,") == 0x47
