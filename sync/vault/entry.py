"""The vault's one way to what is sealed: an entry opens only as that which was asked for and goes on record.

Nothing else in the vault imports `sync.opening` (`lint-imports` holds that).
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple, Self

from sync.contract.ids import Seq, StationId
from sync.contract.inside import LoggedEnvelope
from sync.envelope import Envelope
from sync.errors import LogDamaged, Malformed
from sync.identity import Opener
from sync.opening import open_with_key, unwrap


class Opened(NamedTuple):
    """What an entry has in it: its content key, and the record's bytes."""

    key: bytes
    record: bytes


@dataclass(frozen=True)
class Entry:
    """Which entry: whose, its number, and the SHA-256 of its envelope, as it was filed or is said to be."""

    station: StationId
    seq: Seq
    digest: bytes

    @classmethod
    def called(cls, logged: LoggedEnvelope) -> Self:
        """Return the entry that the centre says it gives."""
        return cls(logged.station, Seq(logged.seq), sha256(logged.envelope).digest())

    def envelope(self, data: bytes) -> Envelope:
        """Return the envelope of these bytes; raises LogDamaged for another one, Malformed where it never was one."""
        try:
            envelope = Envelope.from_bytes(data)
        except Malformed as error:
            if sha256(data).digest() != self.digest:
                raise self._another("bytes that are no envelope") from error
            raise
        self.check(envelope)
        return envelope

    def check(self, envelope: Envelope) -> None:
        """Raise LogDamaged unless an envelope is this entry, byte for byte."""
        said = Entry(envelope.header.station, envelope.header.seq, envelope.digest)
        if said != self:
            raise self._another(f"{said}, SHA-256 {said.digest.hex()}")

    def open(self, envelope: Envelope, identity: Opener) -> Opened:
        """Return what the envelope has in it; raises LogDamaged as `check` does, OpenError where it does not open."""
        self.check(envelope)
        key = unwrap(envelope, identity)
        return Opened(key, open_with_key(envelope, key))

    def __str__(self) -> str:
        return f"{self.station}/{self.seq}"

    def _another(self, came: str) -> LogDamaged:
        return LogDamaged(
            f"in the place of {self}, SHA-256 {self.digest.hex()}, came {came}; it was not opened. Was the centre"
            ' brought back from a backup? docs/centre.md, "A new key of the log". Else call the auditor'
        )
