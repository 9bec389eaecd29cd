import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.contract.ids import Seq, StationId
from sync.envelope import MAX_RECORD, Envelope
from sync.errors import OpenError, SealError
from sync.identity import Identity
from sync.keys import Recipient, StationKey
from sync.opening import open_envelope
from sync.sealing import seal

STATION = StationId("MX-NLD-01")
PREV = bytes(32)


@settings(max_examples=25, deadline=None)
@given(record=st.binary(min_size=1, max_size=5000), seq=st.integers(1, 2**63 - 1))
def test_each_recipient_opens_what_was_sealed(
    record: bytes, seq: int, station_key: StationKey, national: Identity, escrow: Identity
) -> None:
    envelope = Envelope.from_bytes(
        seal(record, STATION, Seq(seq), PREV, station_key, [national.recipient, escrow.recipient])
    )
    envelope.verify(station_key.public)
    assert open_envelope(envelope, national) == open_envelope(envelope, escrow) == record
    assert (envelope.header.station, envelope.header.seq, envelope.header.prev) == (STATION, seq, PREV)


def test_a_stranger_opens_nothing(station_key: StationKey, recipients: list[Recipient], stranger: Identity) -> None:
    envelope = Envelope.from_bytes(seal(b"record", STATION, Seq(1), PREV, station_key, recipients))
    with pytest.raises(OpenError, match=stranger.recipient.kid.hex()):
        open_envelope(envelope, stranger)


def test_the_same_record_never_seals_to_the_same_bytes(station_key: StationKey, recipients: list[Recipient]) -> None:
    one, two = (Envelope.from_bytes(seal(b"record", STATION, Seq(1), PREV, station_key, recipients)) for _ in "12")
    assert one.body != two.body
    assert not set(one.wraps) & set(two.wraps)


def test_two_kilobytes_seal_into_six_even_when_nothing_compresses(
    station_key: StationKey, recipients: list[Recipient]
) -> None:
    sealed = seal(os.urandom(2048), STATION, Seq(1), PREV, station_key, recipients)
    assert len(sealed) == 2048 + 3690


def test_the_greatest_record_seals_and_opens(
    station_key: StationKey, recipients: list[Recipient], national: Identity
) -> None:
    record = os.urandom(MAX_RECORD)
    envelope = Envelope.from_bytes(seal(record, STATION, Seq(1), PREV, station_key, recipients))
    assert open_envelope(envelope, national) == record


class TestNothingIsSealed:
    def test_to_one_recipient(self, station_key: StationKey, recipients: list[Recipient]) -> None:
        with pytest.raises(SealError, match="1 recipients; the policy asks for 2"):
            seal(b"record", STATION, Seq(1), PREV, station_key, recipients[:1])

    def test_to_fewer_than_the_policy_asks(self, station_key: StationKey, recipients: list[Recipient]) -> None:
        with pytest.raises(SealError, match="asks for 3"):
            seal(b"record", STATION, Seq(1), PREV, station_key, recipients, minimum=3)

    def test_to_nobody_whatever_the_policy(self, station_key: StationKey) -> None:
        with pytest.raises(SealError, match="no recipient of purpose escrow and national"):
            seal(b"record", STATION, Seq(1), PREV, station_key, [], minimum=0)

    def test_to_the_same_key_twice(self, station_key: StationKey, national: Identity) -> None:
        again = Recipient("escrow", national.recipient.mlkem_spki, national.recipient.p384_spki)
        with pytest.raises(SealError, match="given twice"):
            seal(b"record", STATION, Seq(1), PREV, station_key, [national.recipient, again])

    @pytest.mark.parametrize("purpose", ["national", "escrow"])
    def test_without_both_purposes(self, purpose: str, station_key: StationKey, recipients: list[Recipient]) -> None:
        one, two = recipients
        changed = [Recipient(purpose, each.mlkem_spki, each.p384_spki) for each in (one, two)]  # type: ignore[arg-type]
        with pytest.raises(SealError, match="no recipient of purpose"):
            seal(b"record", STATION, Seq(1), PREV, station_key, changed)

    @pytest.mark.parametrize(
        ("station", "seq", "prev", "record"),
        [
            ("", 1, PREV, b"r"),
            ("MX 1", 1, PREV, b"r"),
            ("MX-1", 0, PREV, b"r"),
            ("MX-1", 2**63, PREV, b"r"),
            ("MX-1", 1, PREV[1:], b"r"),
            ("MX-1", 1, PREV, b""),
            ("MX-1", 1, PREV, bytes(MAX_RECORD + 1)),
        ],
        ids=["no-name", "space-in-name", "seq-0", "seq-64-bits", "short-prev", "empty-record", "record-too-big"],
    )
    def test_that_could_not_be_read_again(  # noqa: PLR0917 - the parts of a header
        self, station: str, seq: int, prev: bytes, record: bytes, station_key: StationKey, recipients: list[Recipient]
    ) -> None:
        with pytest.raises(SealError):
            seal(record, StationId(station), Seq(seq), prev, station_key, recipients)

    def test_that_does_not_verify(
        self, station_key: StationKey, other_station_key: StationKey, recipients: list[Recipient]
    ) -> None:
        broken = StationKey.from_bytes(station_key.to_bytes())
        broken.public = other_station_key.public
        with pytest.raises(SealError, match="not saved"):
            seal(b"record", STATION, Seq(1), PREV, broken, recipients)
