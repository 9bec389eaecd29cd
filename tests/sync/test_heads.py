from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.chain import Head
from sync.contract import canonical
from sync.contract.ids import Seq, StationId
from sync.cose import COSE_SIGN, Statement
from sync.errors import BadSignature, Malformed, RolledBack, UnusableKey
from sync.file_anchor import FileAnchor
from sync.heads import WHAT, SignedHead, check_anchor
from sync.keys import StationKey

STATION = StationId("MX-NLD-01")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def signed(station_key: StationKey) -> SignedHead:
    return SignedHead.sign(station_key, STATION, Head(Seq(9), bytes(range(32))), NOON, 4, "file")


@pytest.fixture(scope="module")
def old(station_key: StationKey) -> SignedHead:
    """Sign a head as before 27 November 2026: with a counter, of whatever anchor."""
    return SignedHead.sign(station_key, STATION, Head(Seq(9), bytes(range(32))), NOON, 4)


def resigned(signed: SignedHead, key: StationKey, **changes: object) -> bytes:
    body = canonical.decode(Statement.from_bytes(signed.data, WHAT).payload, WHAT)
    return key.sign_statement(canonical.encode(body | changes)).to_bytes()


def test_a_head_reads_as_it_was_signed(signed: SignedHead, old: SignedHead, station_key: StationKey) -> None:
    for head in (signed, old):
        assert SignedHead.read(head.data, STATION, station_key.dual) == head
        assert len(head.data) < 3600


def test_which_format_says_what(signed: SignedHead, old: SignedHead) -> None:
    said, before = (canonical.decode(Statement.from_bytes(each.data, WHAT).payload, WHAT) for each in (signed, old))
    assert before == {
        "format": "garita.head/1",
        "station": "MX-NLD-01",
        "seq": 9,
        "digest": bytes(range(32)),
        "time": "2026-11-22T12:00:00.000000Z",
        "counter": 4,
    }
    assert said == before | {"format": "garita.head/2", "anchor": "file"}


def test_each_half_must_have_signed(signed: SignedHead, station_key: StationKey) -> None:
    statement = Statement.from_bytes(signed.data, WHAT)
    for kept in statement.signatures:
        with pytest.raises(BadSignature, match="there is no signature by key"):
            SignedHead.read(replace(statement, signatures=(kept,)).to_bytes(), STATION, station_key.dual)


def test_another_station_or_key_is_refused(
    signed: SignedHead, station_key: StationKey, other_station_key: StationKey
) -> None:
    with pytest.raises(BadSignature, match="is of the journal of MX-NLD-01"):
        SignedHead.read(signed.data, StationId("MX-NLD-02"), station_key.dual)
    with pytest.raises(BadSignature):
        SignedHead.read(signed.data, STATION, other_station_key.dual)


def test_a_third_signature_is_refused(
    signed: SignedHead, station_key: StationKey, other_station_key: StationKey
) -> None:
    statement = Statement.from_bytes(signed.data, WHAT)
    more = other_station_key.sign_statement(statement.payload).signatures[:1]
    with pytest.raises(Malformed, match="3 signatures"):
        SignedHead.read(
            replace(statement, signatures=statement.signatures + more).to_bytes(), STATION, station_key.dual
        )


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 0},
        {"digest": bytes(31)},
        {"time": "now"},
        {"counter": -1},
        {"format": "garita.head/1"},
        {"anchor": ""},
        {"more": 1},
    ],
    ids=["seq-0", "short-digest", "no-time", "counter-below-0", "format-1", "no-anchor", "unknown-field"],
)
def test_a_signed_field_that_is_wrong_is_refused(
    change: dict[str, object], signed: SignedHead, station_key: StationKey
) -> None:
    with pytest.raises(Malformed):
        SignedHead.read(resigned(signed, station_key, **change), STATION, station_key.dual)


def test_a_head_of_format_2_names_its_anchor(old: SignedHead, station_key: StationKey) -> None:
    with pytest.raises(Malformed):
        SignedHead.read(resigned(old, station_key, format="garita.head/2"), STATION, station_key.dual)


def test_every_flipped_byte_is_refused(signed: SignedHead, station_key: StationKey) -> None:
    for at in range(len(signed.data)):
        flipped = signed.data[:at] + bytes([signed.data[at] ^ 1]) + signed.data[at + 1 :]
        with pytest.raises((Malformed, BadSignature)):
            SignedHead.read(flipped, STATION, station_key.dual)


@settings(max_examples=100)
@given(data=st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(COSE_SIGN.__add__)))
def test_any_bytes_are_no_head(data: bytes, station_key: StationKey) -> None:
    with pytest.raises((Malformed, BadSignature)):
        SignedHead.read(data, STATION, station_key.dual)


class TestAnchor:
    @pytest.mark.parametrize("shown", [4, 3], ids=["as-signed", "power-cut-before-it-advanced"])
    def test_the_newest_head_is_taken(self, shown: int, signed: SignedHead) -> None:
        check_anchor(signed, "file", shown)

    @pytest.mark.parametrize(("shown", "words"), [(5, "older journal"), (2, "another anchor")])
    def test_any_other_is_refused(self, shown: int, words: str, signed: SignedHead) -> None:
        with pytest.raises(RolledBack, match=words):
            check_anchor(signed, "file", shown)

    def test_a_head_of_a_time_before_the_anchor_is_refused(self, signed: SignedHead) -> None:
        with pytest.raises(RolledBack, match="signed without the anchor"):
            check_anchor(replace(signed, counter=None, anchor=None), "file", 0)

    def test_the_same_number_of_another_anchor_is_refused(self, signed: SignedHead) -> None:
        with pytest.raises(RolledBack, match="anchored by file, and tpm:0x01500017 answers"):
            check_anchor(signed, "tpm:0x01500017", 4)

    def test_a_head_that_does_not_say_of_which_anchor_is_refused(self, old: SignedHead) -> None:
        with pytest.raises(RolledBack, match=r"let two persons do so \(garita keys anchor --index N\)"):
            check_anchor(old, "file", 4)

    def test_an_empty_database_fits_an_untouched_anchor_only(self) -> None:
        check_anchor(None, "file", 0)
        with pytest.raises(RolledBack, match="older journal"):
            check_anchor(None, "file", 1)

    def test_a_file_counts_and_survives(self, tmp_path: Path) -> None:
        assert FileAnchor(tmp_path / "anchor").read() == 0
        assert [FileAnchor(tmp_path / "anchor").advance() for _ in "12"] == [1, 2]
        assert FileAnchor(tmp_path / "anchor").read() == 2

    def test_a_file_without_a_number_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "anchor").write_text("many")
        with pytest.raises(UnusableKey, match="one decimal number"):
            FileAnchor(tmp_path / "anchor").read()
