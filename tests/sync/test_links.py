from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.chain import Head, check_next, empty, verify_chain
from sync.contract.ids import Seq, StationId
from sync.envelope import Envelope
from sync.errors import BrokenChain
from sync.identity import Identity
from sync.journal import Sealer
from sync.keys import StationKey
from sync.links import Links

STATION = StationId("MX-NLD-01")


@pytest.fixture(scope="module")
def sealer(station_key: StationKey, national: Identity, escrow: Identity) -> Sealer:
    return Sealer(STATION, station_key, [national.recipient, escrow.recipient])


@pytest.fixture(scope="module")
def chain(sealer: Sealer) -> list[bytes]:
    head, sealed = empty(STATION, sealer.key.public), list[bytes]()
    for number in range(30):
        envelope = sealer.seal_after(head, bytes([number]) * (1 + number * 40))
        sealed.append(envelope.data)
        head = check_next(head, envelope)
    return sealed


def follow(chain: Iterable[bytes], sealer: Sealer) -> Head:
    links = Links(STATION, empty(STATION, sealer.key.public))
    for data in chain:
        links.add(data)
    return links.head


def test_it_ends_where_the_slow_way_ends(chain: list[bytes], sealer: Sealer) -> None:
    slow = verify_chain(map(Envelope.from_bytes, chain), STATION, sealer.key.public)
    assert follow(chain, sealer) == slow == Head(Seq(30), Envelope.from_bytes(chain[-1]).digest)


@pytest.mark.parametrize("seq", [1, 23, 24, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**63 - 1])
@pytest.mark.parametrize("size", [1, 300, 70_000])
def test_any_seq_and_size_is_followed(seq: int, size: int, sealer: Sealer) -> None:
    before = Head(Seq(seq - 1), bytes(32))
    envelope = sealer.seal_after(before, bytes(range(256)) * (size // 256) + b"x")
    links = Links(STATION, before)
    links.add(envelope.data)
    assert links.head == Head(Seq(seq), envelope.digest)


def test_the_second_suite_is_followed(station_key: StationKey, national_768: Identity, escrow_768: Identity) -> None:
    sealer = Sealer(STATION, station_key, [national_768.recipient, escrow_768.recipient])
    envelope = sealer.seal_after(empty(STATION, station_key.public), b"record")
    assert follow([envelope.data], sealer).digest == envelope.digest


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ([0, 2], "entries 2 to 2 are missing"),
        ([1], "entries 1 to 1 are missing"),
        ([0, 1, 1], "it comes after entry 2"),
    ],
    ids=["gap", "no-first", "twice"],
)
def test_what_does_not_come_next_is_named(order: list[int], words: str, chain: list[bytes], sealer: Sealer) -> None:
    with pytest.raises(BrokenChain, match=words):
        follow([chain[place] for place in order], sealer)


def test_an_entry_of_another_station_or_another_branch_is_named(chain: list[bytes], sealer: Sealer) -> None:
    head = Head(Seq(1), Envelope.from_bytes(chain[0]).digest)
    guest = replace(sealer, station=StationId("MX-NLD-02")).seal_after(head, b"record")
    with pytest.raises(BrokenChain, match="it stands in the journal of MX-NLD-01"):
        follow([chain[0], guest.data], sealer)
    with pytest.raises(BrokenChain, match="it does not continue entry 1"):
        follow([chain[0], sealer.seal_after(Head(Seq(1), bytes(32)), b"record").data], sealer)


def test_every_flipped_byte_breaks_the_next_link_or_its_own(chain: list[bytes], sealer: Sealer) -> None:
    first, second = chain[:2]
    for at in range(len(first)):
        with pytest.raises(BrokenChain):
            follow([first[:at] + bytes([first[at] ^ 1]) + first[at + 1 :], second], sealer)


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, 250), cut=st.integers(0, 12), put=st.binary(max_size=12))
def test_what_the_fast_look_accepts_has_this_seq_prev_and_station(
    at: int, cut: int, put: bytes, chain: list[bytes]
) -> None:
    data = chain[3][:at] + put + chain[3][at + cut :]
    before = Head(Seq(3), Envelope.from_bytes(chain[2]).digest)
    links = Links(STATION, before)
    try:
        links.add(data)
    except BrokenChain:
        return
    assert links.head.seq == 4
    assert data.count(before.digest) == 1


@settings(max_examples=100)
@given(data=st.binary(max_size=600))
def test_any_bytes_are_no_entry(data: bytes, sealer: Sealer) -> None:
    with pytest.raises(BrokenChain):
        follow([data], sealer)
