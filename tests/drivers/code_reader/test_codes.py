"""Readings against shared vectors and two strangers (biip and python-stdnum), framing, and any bytes at all."""

import json
from pathlib import Path
from typing import Any

import biip
import pytest
import stdnum.gs1_128
from biip.gs1_messages import GS1Message
from biip.symbology import SymbologyIdentifier
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.exceptions import ValidationError

from drivers.code_reader.codes import Code, Symbology, parse
from drivers.code_reader.frames import CR, CR_LF, GIVE_UP_S, IDLE_S, LF, LONGEST, REST_S, SUFFIXES, ReadingFramer
from drivers.code_reader.gs1 import BadElement, elements

VECTORS = json.loads(Path("tests/vectors/codes/readings.json").read_text(encoding="utf-8"))
GS1 = [case for case in VECTORS if isinstance(case["elements"], list)]
BAD = [case for case in VECTORS if isinstance(case["elements"], str)]


def code_of(case: dict[str, Any]) -> Code:
    return parse(case["reading"].encode("latin-1"))


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["name"])
def test_vectors(case: dict[str, Any]) -> None:
    code = code_of(case)
    assert code.symbology == case["symbology"]
    assert code.raw == code.aim.encode() + code.data
    if isinstance(case["elements"], list):
        assert code.is_gs1
        assert [[element.ai, element.value] for element in elements(code)] == case["elements"]
    elif case["elements"] is not None:
        with pytest.raises(BadElement) as raised:
            elements(code)
        assert raised.value.ai == case["elements"]


@pytest.mark.parametrize("case", GS1, ids=lambda case: case["name"])
def test_biip_finds_the_same_elements(case: dict[str, Any]) -> None:
    found = biip.parse(case["reading"])
    assert found.gs1_message is not None
    assert [[each.ai.ai, each.value] for each in found.gs1_message.element_strings] == case["elements"]


@pytest.mark.parametrize("case", GS1, ids=lambda case: case["name"])
def test_stdnum_finds_the_same_elements(case: dict[str, Any]) -> None:
    data = code_of(case).data.decode().removeprefix("\x1d")
    assert list(stdnum.gs1_128.info(data, "\x1d")) == [ai for ai, _ in case["elements"]]


# Where biip does not object: it notes a wrong check digit beside the element, and reads on where a separator is lost.
BIIP_TAKES = {"gtin digit wrong", "sscc digit wrong", "gln digit wrong", "separator lost, lot swallows serial"}
STDNUM_TAKES = {"gln digit wrong", "sscc digit wrong", "separator lost, lot swallows serial"}


@pytest.mark.parametrize("case", BAD, ids=lambda case: case["name"])
def test_where_strangers_disagree_is_known(case: dict[str, Any]) -> None:
    data = code_of(case).data.decode()
    assert _takes(lambda: GS1Message.parse(data)) == (case["name"] in BIIP_TAKES)
    assert _takes(lambda: stdnum.gs1_128.info(data, "\x1d")) == (case["name"] in STDNUM_TAKES)


def _takes(read: Any) -> bool:
    try:
        found = read()
    except (biip.ParseError, ValidationError, ValueError):
        return False
    return bool(found.element_strings if isinstance(found, GS1Message) else found)


@pytest.mark.parametrize(
    ("aim", "ours", "theirs"),
    [
        ("]A0", Symbology.CODE_39, "CODE_39"), ("]C1", Symbology.CODE_128, "CODE_128"),
        ("]E0", Symbology.EAN_UPC, "EAN_UPC"), ("]F0", Symbology.CODABAR, "CODABAR"),
        ("]G0", Symbology.CODE_93, "CODE_93"), ("]I1", Symbology.ITF, "ITF"), ("]L2", Symbology.PDF417, "PDF417"),
        ("]U0", Symbology.MAXICODE, "MAXICODE"), ("]Q3", Symbology.QR, "QR_CODE"),
        ("]d2", Symbology.DATA_MATRIX, "DATA_MATRIX"), ("]z0", Symbology.AZTEC, "AZTEC_CODE"),
        ("]e0", Symbology.DATABAR, "RSS_EAN_UCC_COMPOSITE"),
    ],
)  # fmt: skip
def test_biip_knows_the_same_identifiers(aim: str, ours: Symbology, theirs: str) -> None:
    assert parse(aim.encode() + b"123").symbology is ours
    assert SymbologyIdentifier.extract(aim + "123").iso_symbology.name == theirs


def test_biip_does_not_know_dot_code() -> None:
    assert parse(b"]J1123").symbology is Symbology.DOT_CODE
    with pytest.raises(biip.ParseError):
        SymbologyIdentifier.extract("]J1123")


def readings(framer: ReadingFramer, *timed: tuple[float, bytes]) -> list[bytes]:
    found = [reading for at, data in timed for reading in framer.feed(data, at)]
    return found + framer.rest(timed[-1][0] + 10)


@pytest.mark.parametrize(
    ("suffix", "timed", "expected"),
    [
        ("any", [(0, b"ABC\r")], [b"ABC"]),
        ("any", [(0, b"ABC\n")], [b"ABC"]),
        ("any", [(0, b"ABC\r\n")], [b"ABC"]),
        ("any", [(0, b"ABC\t")], [b"ABC"]),
        ("any", [(0, b"ABC\r"), (0.04, b"\n")], [b"ABC"]),
        ("any", [(0, b"ABC\r"), (0.06, b"\n"), (1, b"DEF\r")], [b"ABC", b"DEF"]),
        ("cr-lf", [(0, b"ABC\r"), (0.01, b"\n")], [b"ABC"]),
        ("lf", [(0, b"ABC\n"), (1, b"DEF\n")], [b"ABC", b"DEF"]),
        ("tab", [(0, b"A\rC\t")], [b"A\rC"]),
        ("none", [(0, b"AB"), (0.01, b"C"), (1, b"DEF")], [b"ABC", b"DEF"]),
        ("any", [(0, b"]L0one\rtwo\r")], [b"]L0one\rtwo"]),
        ("any", [(0, b"]d201"), (0.04, b"\x1d21\r"), (0.2, b"]C0X\r")], [b"]d201\x1d21", b"]C0X"]),
        ("any", [(0, b"AB"), (0.3, b"C\r")], [b"ABC"]),
        ("any", [(0, b"\r"), (1, b"A\r")], [b"A"]),
        ("any", [(0, b"x" * (LONGEST + 1)), (0.01, b"y\r"), (3, b"A\r")], [b"A"]),
        ("cr", [(0, b"one\r\r")], [b"one\r"]),
        ("cr", [(0, b"ABC\n")], []),
        ("any", [(0, b"]C0ABC")], []),
    ],
    ids=[
        "CR", "LF", "CR LF", "TAB", "CR LF in two reads", "CR LF in two reads, far apart", "CR LF alone", "two codes",
        "TAB alone", "no suffix", "CR inside", "GS kept", "a pause inside", "empty code", "too long",
        "CR at the end of the data", "another suffix than the one set", "no suffix where one is due",
    ],
)  # fmt: skip
def test_framing(suffix: str, timed: list[tuple[float, bytes]], expected: list[bytes]) -> None:
    assert readings(ReadingFramer(SUFFIXES[suffix]), *timed) == expected


@pytest.mark.parametrize(
    ("timed", "expected"),
    [
        ([(0, b"]C0SEAL-1\r"), (0.02, b"]C0SEAL-2\r")], []),
        ([(0, b"SEAL-1\r"), (0.02, b"SEAL-2\r")], []),
        ([(0, b"]C0SEAL-1\r]C0SEAL-2\r")], []),
        ([(0, b"]C0SEAL-1\r\n]C0SEAL-2\r\n")], []),
        ([(0, b"]C0SEAL-1\r"), (0.06, b"]C0SEAL-2\r")], [b"]C0SEAL-1", b"]C0SEAL-2"]),
        ([(0, b"]C0SEAL-1\r"), (0.02, b"]C0SEAL-2\r"), (0.5, b"]C0SEAL-2\r")], [b"]C0SEAL-2"]),
    ],
    ids=[
        "20 ms apart", "20 ms apart, without identifiers", "at once", "at once, CR LF", "60 ms apart", "scanned again",
    ],
)  # fmt: skip
def test_two_codes_are_never_one(timed: list[tuple[float, bytes]], expected: list[bytes]) -> None:
    framer = ReadingFramer()
    assert readings(framer, *timed) == expected
    assert framer.counts.checksum_failures == (len(expected) < 2)


@pytest.mark.parametrize(
    ("timed", "expected"),
    [
        ([(0, b"]C0HALF"), (0.7, b"-OTHER\r")], []),
        ([(0, b"HALF"), (0.7, b"-OTHER\r")], []),
        ([(0, b"HALF"), (0.7, b"-OTH"), (1.4, b"ER\r")], []),
        ([(0, b"]L0one\r"), (0.7, b"two\r")], [b"]L0one"]),
        ([(0, b"]C0HALF"), (0.7, b"]C0WHOLE\r")], [b"]C0WHOLE"]),
        ([(0, b"HALF"), (0.7, b"-OTHER\r"), (REST_S + 0.1, b"WHOLE\r")], [b"WHOLE"]),
        ([(0, b"x" * (LONGEST + 1)), (0.1, b"rest\r")], []),
    ],
    ids=[
        "a pause", "a pause, without identifiers", "two pauses", "a pause after a CR inside", "scanned again",
        "scanned again, without identifiers", "the rest of one too long",
    ],
)  # fmt: skip
def test_the_rest_of_a_code_is_no_code(timed: list[tuple[float, bytes]], expected: list[bytes]) -> None:
    framer = ReadingFramer()
    assert readings(framer, *timed) == expected
    assert framer.counts.checksum_failures
    assert framer.counts.dropped_bytes


def test_a_reading_tells_when_its_first_byte_came() -> None:
    framer = ReadingFramer()
    assert readings(framer, (1, b"]C0"), (1.2, b"A\r")) == [b"]C0A"]
    assert framer.began == 1


def test_what_never_ends_is_counted() -> None:
    framer = ReadingFramer()
    assert readings(framer, (0, b"half"), (GIVE_UP_S + REST_S, b"whole\r")) == [b"whole"]
    assert (framer.counts.frames, framer.counts.checksum_failures, framer.counts.dropped_bytes) == (1, 1, 4)


def test_complaint_8_reads_of_64_bytes_and_a_cr_inside_make_one_code() -> None:
    """WebSerialBarcodeScanner#1, node-hid-stream#5: partial reads, and CR inside a code."""
    raw = b"]L0" + b"first line\r" * 30 + b"end"
    timed = [(at / 64 * 0.005, (raw + CR)[at : at + 64]) for at in range(0, len(raw) + 1, 64)]
    assert readings(ReadingFramer(), *timed) == [raw]


def test_complaint_9_the_separator_survives_and_batch_does_not_swallow_the_serial() -> None:
    """odoo#99730, inventree-app#542: GS lost in a keyboard wedge. On a serial port it comes through, or is missed."""
    with_separator = b"]d2010950600013435210ABC\x1d21XYZ"
    reading = readings(ReadingFramer(), (0, with_separator + CR))[0]
    assert [element.value for element in elements(parse(reading))] == ["09506000134352", "ABC", "XYZ"]
    swallowed = elements(parse(with_separator.replace(b"\x1d", b"")))
    assert [element.value for element in swallowed] == ["09506000134352", "ABC21XYZ"]  # nobody can tell: see the page


@given(
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=300)), min_size=1, max_size=20),
    st.sampled_from(sorted(SUFFIXES)),
)
def test_any_bytes_are_bounded_readings(pieces: list[tuple[float, bytes]], suffix: str) -> None:
    framer, now = ReadingFramer(SUFFIXES[suffix]), 0.0
    for pause, data in pieces:
        now += pause
        assert all(0 < len(reading) <= LONGEST for reading in framer.feed(data, now))
        assert framer.unfinished <= LONGEST
    framer.rest(now + 10)
    assert framer.unfinished == 0


@given(st.binary(min_size=1, max_size=200), st.integers(1, 20), st.sampled_from([CR, CR_LF, LF]))
def test_a_code_in_pieces_is_the_same_code(data: bytes, size: int, suffix: bytes) -> None:
    sent = data + suffix
    timed = [(at * IDLE_S / 400, sent[at : at + size]) for at in range(0, len(sent), size)]
    assert readings(ReadingFramer((suffix,)), *timed) == [data]


@given(st.binary(max_size=300))
def test_any_reading_is_a_code(raw: bytes) -> None:
    code = parse(raw)
    assert code.raw == raw
    assert isinstance(code.text, str)


@given(st.one_of(st.binary(max_size=80), st.from_regex(rb"[0-9]{2,6}[0-9A-Z\x1d]{0,40}", fullmatch=True)))
@settings(max_examples=200)
def test_any_data_are_elements_or_a_bad_element(data: bytes) -> None:
    try:
        found = elements(Code(Symbology.DATA_MATRIX, "]d2", data, data))
    except BadElement as error:
        assert error.position >= 0  # noqa: PT017 - both are fine
        return
    assert "".join(element.ai + element.value for element in found) == data.decode().replace("\x1d", "")


def test_text_is_utf_8_or_latin_1() -> None:
    assert parse("]Q1Bodega ñ".encode()).text == "Bodega ñ"
    assert parse("]Q1Bodega ñ".encode("latin-1")).text == "Bodega ñ"


def test_elements_are_looked_for_only_where_the_reader_says_gs1() -> None:
    with pytest.raises(BadElement, match="does not say GS1"):
        elements(parse(b"00106141411234567897"))
