"""Envelopes that a centre cannot tell from sealed ones, made fast: random bytes for the sealed keys and the body."""

from collections.abc import Iterator
from hashlib import sha256
from secrets import token_bytes

from sync.batch import write_batch
from sync.chain import Head, empty
from sync.contract import canonical
from sync.contract.ids import KeyId, Seq, StationId
from sync.cose import EDDSA, protected
from sync.envelope import COSE_SIGN1, Header, to_be_signed
from sync.keys import StationKey
from sync.suites import SUITES

SUITE = SUITES["MLKEM1024_P384"]
KIDS = [KeyId(token_bytes(8)) for _ in range(2)]


class Writer:
    """A station that writes and sends without end; nobody can open what it writes."""

    def __init__(self, station: StationId, body: int = 2048) -> None:
        self.station, self.key, self._body = station, StationKey.generate(), body
        self.head = empty(station, self.key.public)

    def batch(self, count: int) -> bytes:
        """Return the next batch of `count` entries."""
        before, first = self.head.digest, self.head.next_seq
        return write_batch(self.key, self.station, first, before, list(self._entries(count)))

    def _entries(self, count: int) -> Iterator[bytes]:
        for _ in range(count):
            seq = self.head.next_seq
            header = Header(
                suite=SUITE.name,
                station=self.station,
                seq=seq,
                prev=self.head.digest,
                commitment=bytes(32),
                recipients=KIDS,
            )
            wraps = [token_bytes(SUITE.wrap_length) for _ in KIDS]
            payload = canonical.encode([header.to_bytes(), wraps, token_bytes(self._body)])
            head = protected(EDDSA, self.key.public.kid)
            signed = [head, {}, payload, self.key.sign(to_be_signed(head, payload))]
            data = COSE_SIGN1 + canonical.encode(signed)
            self.head = Head(Seq(seq), sha256(data).digest())
            yield data
