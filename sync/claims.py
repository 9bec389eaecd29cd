"""What a station says of a sealed attachment, and what the centre says when it has it. See docs/formats/attachment.md.

A claim keeps strangers from filling a station's room at the centre. A receipt is a note by the log's own key: the
record, which is in the log, names the same SHA-256, so the centre can neither change the bytes nor deny that it had
them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.contract.ids import StationId
from sync.errors import BadReceipt, BadSignature, Malformed
from sync.keys import StationKey, StationPublicKey
from sync.note import LogKey, LogVerifier, signer_of

FIRST_LINE = "garita.attachment/1"
"""No log may be called so: that keeps these notes and checkpoints apart."""


@dataclass(frozen=True)
class Claim:
    """Attachment of entry `seq` of `station`: SHA-256 and length of its sealed bytes."""

    station: StationId
    seq: int
    sealed: bytes
    size: int

    def sign(self, key: StationKey) -> bytes:
        """Return the station's signature."""
        return key.sign(self._bytes())

    def verify(self, signature: bytes, key: StationPublicKey) -> None:
        """Raise BadSignature unless the station signed this."""
        try:
            key.verify(signature, self._bytes())
        except BadSignature as error:
            raise BadSignature(f"{self}: the station did not sign for it: {error}") from error

    def receipt(self, key: LogKey) -> str:
        """Return the centre's note that it holds these bytes."""
        return key.sign(self._text(key.verifier))

    def verify_receipt(self, note: str, logs: Sequence[LogVerifier]) -> None:
        """Raise BadReceipt unless the centre of one of `logs` says that it holds these very bytes."""
        try:
            log = signer_of(note, logs)
            if log is None:
                raise BadReceipt(f"{self}: no log that is believed here says to hold it: {note[:80]!r}")
            text = log.verify(note)
        except (Malformed, BadSignature) as error:
            raise BadReceipt(f"{self}: {error}") from error
        if text != self._text(log):
            raise BadReceipt(f"{self}: the receipt is of something else: {text.splitlines()[:5]}")

    def _bytes(self) -> bytes:
        place = self.seq.to_bytes(8, "big") + self.size.to_bytes(8, "big")
        return b"garita/attachment/1\0" + self.station.encode() + b"\0" + place + self.sealed

    def _text(self, log: LogVerifier) -> str:
        return f"{FIRST_LINE}\n{log.name}\n{self.station}/{self.seq}\n{self.size}\n{self.sealed.hex()}\n"

    def __str__(self) -> str:
        """Name it in errors."""
        return f"attachment {self.sealed.hex()[:16]} of {self.station}/{self.seq}"
