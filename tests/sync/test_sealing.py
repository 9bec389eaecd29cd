import os
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.contract.ids import Seq, StationId
from sync.envelope import MAX_RECORD, Envelope
from sync.errors import OpenError, SealError
from sync.identity import Identity
from sync.keys import Recipient, StationKey
from sync.opening import open_envelope, open_with_key, unwrap
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
    assert len(sealed) == 2048 + 3736


def test_the_second_suite_seals_and_opens_in_fewer_bytes(
    station_key: StationKey, national_768: Identity, escrow_768: Identity
) -> None:
    record, recipients = os.urandom(2048), [national_768.recipient, escrow_768.recipient]
    envelope = Envelope.from_bytes(seal(record, STATION, Seq(1), PREV, station_key, recipients))
    assert envelope.header.suite == "MLKEM768_X25519"
    assert len(envelope.data) == 2048 + 2647
    assert open_envelope(envelope, national_768) == open_envelope(envelope, escrow_768) == record


def test_what_was_sealed_before_a_change_of_suite_still_opens(
    station_key: StationKey, recipients: list[Recipient], national: Identity, national_768: Identity
) -> None:
    old = Envelope.from_bytes(seal(b"record", STATION, Seq(1), PREV, station_key, recipients))
    assert open_envelope(old, national) == b"record"
    with pytest.raises(OpenError, match="is sealed to"):
        open_envelope(old, national_768)


def test_the_content_key_alone_opens_its_own_envelope_and_no_other(
    station_key: StationKey, recipients: list[Recipient], national: Identity
) -> None:
    one, two = (Envelope.from_bytes(seal(b"r", STATION, Seq(1), PREV, station_key, recipients)) for _ in "12")
    assert open_with_key(one, unwrap(one, national)) == b"r"
    with pytest.raises(OpenError, match="not the key that its header commits to"):
        open_with_key(two, unwrap(one, national))


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
        again = replace(national.recipient, purpose="escrow")
        with pytest.raises(SealError, match="given twice"):
            seal(b"record", STATION, Seq(1), PREV, station_key, [national.recipient, again])

    def test_to_recipients_of_two_suites(
        self, station_key: StationKey, national: Identity, escrow_768: Identity
    ) -> None:
        with pytest.raises(SealError, match="all recipients of an envelope are of one suite"):
            seal(b"record", STATION, Seq(1), PREV, station_key, [national.recipient, escrow_768.recipient])

    @pytest.mark.parametrize("purpose", ["national", "escrow"])
    def test_without_both_purposes(self, purpose: str, station_key: StationKey, recipients: list[Recipient]) -> None:
        changed = [replace(each, purpose=purpose) for each in recipients]  # type: ignore[arg-type]
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
    def test_that_could_not_be_read_again(
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
