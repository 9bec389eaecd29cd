"""The chain of a station's journal: each entry names the digest of the one before. Pure: envelopes in, a head out."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from sync.contract.ids import Seq, StationId
from sync.envelope import Envelope
from sync.errors import BadSignature, BrokenChain
from sync.keys import StationPublicKey


@dataclass(frozen=True)
class Head:
    """Where a journal ends: the last entry's seq and the SHA-256 of its envelope; seq 0 and the genesis when empty."""

    seq: Seq
    digest: bytes

    @property
    def next_seq(self) -> Seq:
        """The seq of the entry that comes next."""
        return Seq(self.seq + 1)


def genesis(station: StationId, public: StationPublicKey) -> bytes:
    """Return what entry 1 names as the digest before it: it ties the journal to its station and key."""
    return sha256(b"garita/journal/1\0" + station.encode() + b"\0" + public.raw).digest()


def empty(station: StationId, public: StationPublicKey) -> Head:
    """Return the head of a journal without entries."""
    return Head(Seq(0), genesis(station, public))


def check_next(head: Head, envelope: Envelope) -> Head:
    """Return the head after `envelope`; raises BrokenChain unless it comes next, by seq and by digest."""
    seq = envelope.header.seq
    if seq > head.next_seq:
        raise BrokenChain(f"{envelope}: entries {head.next_seq} to {seq - 1} are missing before it")
    if seq < head.next_seq:
        raise BrokenChain(f"{envelope}: it comes after entry {head.seq}; it is out of order, or the journal has a fork")
    if envelope.header.prev != head.digest:
        raise BrokenChain(f"{envelope}: it does not continue entry {head.seq}; one of the two was changed or forked")
    return Head(seq, envelope.digest)


def verify_chain(
    envelopes: Iterable[Envelope], station: StationId, public: StationPublicKey, after: Head | None = None
) -> Head:
    """Return the head of the journal; raises BrokenChain naming the first entry that is not what it must be.

    Checks station, signature, seq and digest of each. `after` is a head already verified; by default the empty journal.
    A journal cut off at its end is whole in itself: compare the head with one that was anchored elsewhere.
    """
    head = after or empty(station, public)
    for envelope in envelopes:
        if envelope.header.station != station:
            raise BrokenChain(f"{envelope}: it stands in the journal of {station}")
        head = check_next(head, envelope)
        try:
            envelope.verify(public)
        except BadSignature as error:
            raise BrokenChain(f"{envelope}: it was changed, or another key signed it: {error}") from error
    return head
