from collections.abc import Sequence

import pytest

from sync.chain import Head, check_next, empty, genesis, verify_chain
from sync.contract.ids import Seq, StationId
from sync.envelope import Envelope
from sync.errors import BrokenChain
from sync.journal import Sealer
from sync.keys import Recipient, StationKey, StationPublicKey

STATION = StationId("MX-NLD-01")


@pytest.fixture(scope="module")
def sealer(station_key: StationKey, recipients: list[Recipient]) -> Sealer:
    return Sealer(STATION, station_key, recipients)


@pytest.fixture(scope="module")
def chain(sealer: Sealer) -> list[Envelope]:
    return chain_of(sealer, empty(STATION, sealer.key.public), 5)


def chain_of(sealer: Sealer, last: Head, length: int) -> list[Envelope]:
    envelopes: list[Envelope] = []
    for _ in range(length):
        envelopes.append(sealer.seal_after(last, b"record"))
        last = check_next(last, envelopes[-1])
    return envelopes


def refuses(envelopes: Sequence[Envelope], sealer: Sealer, words: str) -> None:
    with pytest.raises(BrokenChain, match=words):
        verify_chain(envelopes, STATION, sealer.key.public)


def test_a_whole_chain_gives_its_head(chain: list[Envelope], sealer: Sealer) -> None:
    head = verify_chain(chain, STATION, sealer.key.public)
    assert head == Head(Seq(5), chain[-1].digest)
    assert verify_chain(chain[:2], STATION, sealer.key.public) == Head(Seq(2), chain[1].digest)


def test_a_chain_goes_on_from_a_verified_head(chain: list[Envelope], sealer: Sealer) -> None:
    head = verify_chain(chain[:3], STATION, sealer.key.public)
    assert verify_chain(chain[3:], STATION, sealer.key.public, after=head).seq == 5


def test_an_empty_chain_ends_at_its_genesis(station_key: StationKey) -> None:
    assert verify_chain([], STATION, station_key.public) == Head(Seq(0), genesis(STATION, station_key.public))


def test_the_genesis_is_this_hash() -> None:
    digest = genesis(StationId("MX-NLD-01"), StationPublicKey(bytes(range(32))))
    assert digest.hex() == "23ab3d50f3a8a0080b114a69643c301664272a41bac1e156beafca9854afdc71"


def test_a_removed_entry_leaves_a_gap(chain: list[Envelope], sealer: Sealer) -> None:
    refuses([*chain[:2], *chain[3:]], sealer, "01/4: entries 3 to 3 are missing")
    refuses(chain[2:], sealer, "01/3: entries 1 to 2 are missing")


def test_reordered_entries_are_named(chain: list[Envelope], sealer: Sealer) -> None:
    refuses([chain[0], chain[2], chain[1], *chain[3:]], sealer, "01/3: entries 2 to 2 are missing")


def test_a_repeated_entry_is_named(chain: list[Envelope], sealer: Sealer) -> None:
    refuses([*chain[:2], chain[1], *chain[2:]], sealer, "01/2: it comes after entry 2")


def test_a_fork_breaks_where_the_branches_meet(chain: list[Envelope], sealer: Sealer) -> None:
    branch = chain_of(sealer, Head(Seq(2), chain[1].digest), 1)
    refuses([*chain[:2], *branch, *chain[3:]], sealer, "01/4: it does not continue entry 3")
    refuses(
        [*chain[:3], *branch], sealer, "01/3: it comes after entry 3; it is out of order, or the journal has a fork"
    )


def test_a_resealed_entry_breaks_the_next(chain: list[Envelope], sealer: Sealer) -> None:
    again = sealer.seal_after(empty(STATION, sealer.key.public), b"another record")
    refuses([again, *chain[1:]], sealer, "01/2: it does not continue entry 1")


def test_an_entry_of_another_station_is_named(chain: list[Envelope], sealer: Sealer) -> None:
    guest = Sealer(StationId("MX-NLD-02"), sealer.key, sealer.recipients)
    entry = guest.seal_after(Head(Seq(5), chain[-1].digest), b"record")
    refuses([*chain, entry], sealer, "02/6: it stands in the journal of MX-NLD-01")


def test_an_entry_signed_by_another_key_is_named(
    chain: list[Envelope], sealer: Sealer, other_station_key: StationKey
) -> None:
    forger = Sealer(STATION, other_station_key, sealer.recipients)
    entry = forger.seal_after(Head(Seq(5), chain[-1].digest), b"record")
    refuses([*chain, entry], sealer, "01/6: it was changed, or another key signed it")


def test_a_chain_of_another_key_does_not_start(chain: list[Envelope], other_station_key: StationKey) -> None:
    with pytest.raises(BrokenChain, match="01/1: it does not continue entry 0"):
        verify_chain(chain, STATION, other_station_key.public)
