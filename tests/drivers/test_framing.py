from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.framing import Framer, crc32c, encode, longest_frame, stuff, unstuff

LIMIT = 600
PAYLOADS = st.lists(st.binary(max_size=LIMIT), max_size=6)


def chopped(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:end] for start, end in pairwise(edges)]


@pytest.mark.parametrize(
    ("data", "checksum"),
    [
        (b"123456789", 0xE3069283),
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (b"", 0),
    ],
    ids=["check value", "rfc3720 zeros", "rfc3720 ones", "rfc3720 rising", "nothing"],
)
def test_crc32c_has_the_published_values(data: bytes, checksum: int) -> None:
    assert crc32c(data) == checksum


@pytest.mark.parametrize(
    ("data", "stuffed"),
    [
        ("", "01"),
        ("00", "01 01"),
        ("00 00", "01 01 01"),
        ("11 22 00 33", "03 11 22 02 33"),
        ("11 22 33 44", "05 11 22 33 44"),
        ("11 00 00 00", "02 11 01 01 01"),
    ],
)
def test_cobs_has_the_published_forms(data: str, stuffed: str) -> None:
    assert stuff(bytes.fromhex(data)) == bytes.fromhex(stuffed)
    assert unstuff(bytes.fromhex(stuffed)) == bytes.fromhex(data)


@pytest.mark.parametrize("size", [253, 254, 255, 508, 509])
@pytest.mark.parametrize("end", [b"", b"\x00", b"\x01"])
def test_cobs_at_the_edges_of_its_blocks(size: int, end: bytes) -> None:
    data = b"\x01" * size + end
    assert b"\x00" not in stuff(data)
    assert unstuff(stuff(data)) == data


def test_cobs_reads_a_full_block_without_its_last_code() -> None:
    assert unstuff(b"\xff" + b"\x01" * 254) == b"\x01" * 254


@given(PAYLOADS, st.lists(st.integers(0, 5000), max_size=20))
def test_any_payloads_in_any_chunks_come_out_the_same(payloads: list[bytes], cuts: list[int]) -> None:
    framer = Framer(LIMIT)
    wire = b"".join(map(encode, payloads))
    assert [payload for chunk in chopped(wire, cuts) for payload in framer.feed(chunk)] == payloads
    assert framer.counts.frames == len(payloads)
    assert framer.counts.dropped_bytes == 0


@given(PAYLOADS, st.lists(st.binary(max_size=900), min_size=6, max_size=6))
def test_frames_come_out_whatever_noise_is_between_them(payloads: list[bytes], noises: list[bytes]) -> None:
    framer = Framer(LIMIT)
    wire = b"".join(noise + encode(payload) for noise, payload in zip(noises, payloads, strict=False))
    assert framer.feed(wire) == payloads


@given(st.lists(st.binary(max_size=2000), max_size=8))
def test_any_bytes_are_bounded_and_all_accounted_for(chunks: list[bytes]) -> None:
    framer = Framer(LIMIT)
    framed = 0
    for chunk in chunks:
        framed += sum(len(stuff(payload)) + 4 for payload in framer.feed(chunk))
        assert framer.unfinished <= longest_frame(LIMIT)
    plain = sum(len(chunk) - chunk.count(0) for chunk in chunks)
    assert framer.counts.dropped_bytes + framer.unfinished + framed == plain


@given(st.binary(max_size=LIMIT), st.integers(0), st.integers(1, 255))
def test_one_changed_byte_never_gives_a_false_payload(payload: bytes, place: int, flip: int) -> None:
    framer = Framer(LIMIT)
    wire = bytearray(encode(payload))
    wire[place % len(wire)] ^= flip
    assert set(framer.feed(bytes(wire) + b"\x00")) <= {payload}


def test_the_longest_payload_comes_through_and_one_byte_more_does_not() -> None:
    framer = Framer(LIMIT)
    longest = b"\x01" * LIMIT
    assert framer.feed(encode(longest)) == [longest]
    assert framer.feed(encode(longest + b"\x01" * 4)) == []
    assert framer.counts.dropped_bytes == longest_frame(LIMIT + 4)
    assert framer.feed(encode(b"next")) == [b"next"]


def test_bytes_without_a_delimiter_are_thrown_away_and_counted() -> None:
    framer = Framer(LIMIT)
    for _ in range(100):
        assert framer.feed(b"U" * 1000) == []
        assert framer.unfinished <= longest_frame(LIMIT)
    assert framer.counts.dropped_bytes == 100_000
