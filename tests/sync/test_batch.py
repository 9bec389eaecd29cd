"""Batches: there and back, cut at every byte, changed at any byte, and what a centre makes of them."""

from contextlib import suppress

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import frames
from sync.batch import MAGIC, Batch, BatchHeader, Statement, write_batch
from sync.central.centre import Centre
from sync.contract.ids import Seq, StationId
from sync.envelope import Envelope
from sync.errors import BadSignature, Malformed
from sync.keys import StationKey
from sync.note import LogVerifier
from sync.receipts import verify
from tests.sync.batches import batch_of

STATION = StationId("MX-TIJ-01")


def test_there_and_back(entries: list[Envelope], station_key: StationKey) -> None:
    batch = Batch.from_bytes(batch_of(entries[2:7]))
    header = batch.statement.header
    assert (header.station, header.first, header.count, batch.whole) == (STATION, 3, 5, True)
    assert (header.before, header.head.digest, header.head.seq) == (entries[1].digest, entries[6].digest, 7)
    assert batch.envelopes == [each.data for each in entries[2:7]]
    batch.statement.verify(station_key.public)


def test_another_key_did_not_sign(entries: list[Envelope], other_station_key: StationKey) -> None:
    with pytest.raises(BadSignature, match="not signed by its key"):
        Batch.from_bytes(batch_of(entries[:1])).statement.verify(other_station_key.public)


def test_cut_at_every_byte_the_first_entries_remain(entries: list[Envelope]) -> None:
    data = batch_of(entries[:3])
    found = dict[int, int]()
    for length in range(len(data)):
        try:
            batch = Batch.from_bytes(data[:length])
        except Malformed:
            continue
        assert batch.envelopes == [each.data for each in entries[: len(batch.envelopes)]]
        assert not batch.whole
        found[len(batch.envelopes)] = found.get(len(batch.envelopes), 0) + 1
    assert set(found) == {0, 1, 2}


@settings(max_examples=300, deadline=None)
@given(place=st.integers(0, 10**6), change=st.integers(1, 255))
def test_a_changed_byte_never_passes_for_the_same(
    place: int, change: int, entries: list[Envelope], station_key: StationKey
) -> None:
    data = bytearray(batch_of(entries[:2]))
    data[place % len(data)] ^= change
    with suppress(Malformed, BadSignature):
        batch = Batch.from_bytes(bytes(data))
        batch.statement.verify(station_key.public)
        assert batch.envelopes == [each.data for each in entries[: len(batch.envelopes)]]


@given(data=st.binary(max_size=400))
def test_any_bytes_are_a_batch_or_malformed(data: bytes) -> None:
    for each in (data, MAGIC + data):
        with suppress(Malformed):
            Batch.from_bytes(each)


@given(items=st.lists(st.binary(min_size=1, max_size=300), max_size=6))
def test_frames_there_and_back(items: list[bytes]) -> None:
    assert [each.unpack() for each in frames.split(frames.pack(items), "t", 300, 6, 1800)] == items


def frame(data: bytes) -> bytes:
    return len(data).to_bytes(4) + data


LYING = frames.pack([bytes(90)]).replace(b"\x24\x5a", b"\x24\x0a")
"""Its header says 10 bytes; it would unpack to 90."""


def test_the_lying_frame_lies() -> None:
    assert zstandard.get_frame_parameters(LYING[4:]).content_size == 10


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        pytest.param(frame(b"not zstd"), "not one whole zstd frame", id="not zstd"),
        pytest.param(frame(b""), "not one whole zstd frame", id="nothing"),
        pytest.param(frames.pack([bytes(101)]), "101 bytes; 1 to 100", id="too long"),
        pytest.param(frames.pack([bytes(2**30)]), "1073741824 bytes", id="a bomb"),
        pytest.param(frames.pack([b"a", b"b", b"c"]), "more than 2 frames", id="too many"),
        pytest.param(frames.pack([bytes(100), bytes(51)]), "more than 150 bytes together", id="too long together"),
        pytest.param(LYING, "not one whole zstd frame", id="longer than it says"),
        pytest.param(
            frame(zstandard.ZstdCompressor(write_content_size=False).compress(b"x" * 50)), "1 to 100", id="size unsaid"
        ),
        pytest.param(frame(frames.pack([b"a"])[4:] + b"more"), "not one whole zstd frame", id="bytes behind"),
        pytest.param(frame(frames.pack([b"a"])[4:-1] + b"\0"), "not one whole zstd frame", id="wrong checksum"),
    ],
)
def test_frames_that_are_none(data: bytes, problem: str) -> None:
    with pytest.raises(Malformed, match=problem):
        [each.unpack() for each in frames.split(data, "t", 100, 2, 150)]


def stated(header: BatchHeader, key: StationKey, entries: list[Envelope]) -> bytes:
    statement = Statement.sign(header, key).data
    return MAGIC + len(statement).to_bytes(2) + statement + frames.pack([each.data for each in entries])


def test_the_last_entry_is_the_stated_head(entries: list[Envelope], station_key: StationKey) -> None:
    first = entries[0].header
    header = BatchHeader(station=STATION, first=first.seq, count=1, before=first.prev, after=bytes(32))
    with pytest.raises(Malformed, match="not the head that it states"):
        Batch.from_bytes(stated(header, station_key, entries[:1])).envelopes  # noqa: B018 - it reads them


@pytest.mark.parametrize("change", [{"before": b"\7" * 32}, {"first": Seq(2)}], ids=["before", "first"])
@pytest.mark.parametrize("count", [2, 3], ids=["whole", "cut"])
def test_the_centre_keeps_no_statement_of_another_beginning(
    centre: Centre, entries: list[Envelope], station_key: StationKey, change: dict[str, object], count: int
) -> None:
    true = Batch.from_bytes(batch_of(entries[:count])).statement.header
    data = stated(true.model_copy(update=change), station_key, entries[:2])
    with pytest.raises(Malformed, match="does not continue the head that it states"):
        centre.ingest.take(Batch.from_bytes(data))
    assert (centre.store.size(), centre.store.standings().standings) == (0, [])


def test_the_centre_takes_a_batch_and_keeps_its_statement(
    centre: Centre, entries: list[Envelope], log: LogVerifier
) -> None:
    answer = centre.ingest.take(Batch.from_bytes(batch_of(entries[:5])))
    assert (answer.contiguous, answer.refusal) == (5, None)
    verify(answer.receipts[4].proof, entries[4].digest, log)
    [standing] = centre.store.standings().standings
    assert (standing.index, standing.card.station) == (4, STATION)
    assert Statement.from_bytes(standing.statement).header.head.digest == entries[4].digest
    centre.ingest.take(Batch.from_bytes(batch_of(entries[:2])))
    assert centre.store.standings().standings == [standing]


def test_the_centre_takes_what_came_of_a_batch(centre: Centre, entries: list[Envelope]) -> None:
    whole = batch_of(entries[:5])
    cut = Batch.from_bytes(whole[: len(whole) // 2])
    assert 0 < centre.ingest.take(cut).contiguous < 5
    assert centre.store.standings().standings == []
    assert centre.ingest.take(Batch.from_bytes(whole)).contiguous == 5


def test_the_centre_keeps_nothing_of_a_stranger(
    centre: Centre, entries: list[Envelope], station_key: StationKey
) -> None:
    stranger = StationId("XX-XXX-99")
    batch = Batch.from_bytes(write_batch(station_key, stranger, Seq(1), entries[0].header.prev, [entries[0].data]))
    answer = centre.ingest.take(batch)
    assert answer.refusal
    assert answer.refusal.code == "unknown_station"
    assert stranger not in centre.gate._spent


def test_the_centre_refuses_a_batch_that_the_station_did_not_sign(
    centre: Centre, entries: list[Envelope], other_station_key: StationKey
) -> None:
    forged = write_batch(other_station_key, STATION, Seq(1), entries[0].header.prev, [entries[0].data])
    answer = centre.ingest.take(Batch.from_bytes(forged))
    assert answer.refusal
    assert (answer.refusal.code, answer.contiguous) == ("bad_signature", 0)
