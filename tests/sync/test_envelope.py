import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.contract import canonical
from sync.cose import EDDSA, protected
from sync.envelope import COSE_SIGN1, Envelope, to_be_signed
from sync.errors import BadSignature, Malformed, OpenError, SyncError
from sync.identity import Identity
from sync.keys import StationKey
from sync.opening import open_envelope

VECTORS = Path(__file__).parents[1] / "vectors" / "envelope"
INDEX = json.loads((VECTORS / "index.json").read_text(encoding="utf-8"))
GOOD = (VECTORS / "good.envelope").read_bytes()
RECORD = b"a record, as far as an envelope knows"


def outcome(data: bytes, station_key: StationKey, *identities: Identity) -> str:
    """Name the first error on the way from bytes to a record, or say `opens`."""
    try:
        envelope = Envelope.from_bytes(data)
        envelope.verify(station_key.public)
        identity = next(each for each in identities if each.suite == envelope.header.suite)
        assert open_envelope(envelope, identity) == RECORD
    except SyncError as error:
        return type(error).__name__
    return "opens"


def resigned(parts: list[Any], key: StationKey) -> bytes:
    head, payload = protected(EDDSA, key.public.kid), canonical.encode(parts)
    return COSE_SIGN1 + canonical.encode([head, {}, payload, key.sign(to_be_signed(head, payload))])


def flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize("case", INDEX, ids=[case["file"] for case in INDEX])
def test_vector(case: dict[str, str], station_key: StationKey, national: Identity, national_768: Identity) -> None:
    assert outcome((VECTORS / case["file"]).read_bytes(), station_key, national, national_768) == case["expect"]


def test_every_vector_is_in_the_index() -> None:
    assert {case["file"] for case in INDEX} == {path.name for path in VECTORS.glob("*.envelope")}


def test_every_flipped_byte_is_refused_at_parsing_or_by_the_signature(station_key: StationKey) -> None:
    for at in range(len(GOOD)):
        with pytest.raises((Malformed, BadSignature)):
            Envelope.from_bytes(flip(GOOD, at)).verify(station_key.public)


def test_every_truncation_is_malformed() -> None:
    for end in range(len(GOOD)):
        with pytest.raises(Malformed):
            Envelope.from_bytes(GOOD[:end])


def test_what_the_station_changes_after_sealing_does_not_open(station_key: StationKey, national: Identity) -> None:
    good = Envelope.from_bytes(GOOD)
    head, own, other, body = good.header_bytes, *good.wraps, good.body
    for at in range(0, len(own), 7):
        with pytest.raises(OpenError):
            open_envelope(Envelope.from_bytes(resigned([head, [flip(own, at), other], body], station_key)), national)
    for at in range(len(body)):
        with pytest.raises(OpenError):
            open_envelope(Envelope.from_bytes(resigned([head, [own, other], flip(body, at)], station_key)), national)
    for at in range(len(head)):
        with pytest.raises((Malformed, OpenError)):
            open_envelope(Envelope.from_bytes(resigned([flip(head, at), [own, other], body], station_key)), national)


@settings(max_examples=200)
@given(st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(COSE_SIGN1.__add__)))
def test_any_bytes_are_malformed_or_an_envelope(data: bytes) -> None:
    with pytest.raises(Malformed):
        Envelope.from_bytes(data)


@settings(max_examples=200)
@given(at=st.integers(0, len(GOOD) - 1), cut=st.integers(0, 40), put=st.binary(max_size=40))
def test_any_splice_is_refused(at: int, cut: int, put: bytes, station_key: StationKey) -> None:
    data = GOOD[:at] + put + GOOD[at + cut :]
    if data != GOOD:
        with pytest.raises((Malformed, BadSignature)):
            Envelope.from_bytes(data).verify(station_key.public)


def test_an_envelope_of_17_mib_is_not_read() -> None:
    with pytest.raises(Malformed, match="at most"):
        Envelope.from_bytes(COSE_SIGN1 + bytes(17 * 1024 * 1024))


def test_errors_name_the_entry(other_station_key: StationKey) -> None:
    with pytest.raises(BadSignature, match="envelope MX-NLD-01/1 is signed by key"):
        Envelope.from_bytes(GOOD).verify(other_station_key.public)
