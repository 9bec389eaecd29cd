"""Cosignatures (c2sp.org/tlog-cosignature, type 4): a witness says when it saw a checkpoint continue all before it."""

from datetime import UTC, datetime

from sync.errors import BadSignature
from sync.note import Note, NoteKey, NoteVerifier

COSIGNATURE_V1 = b"\x04"
TIME_LENGTH = 8
SIGNATURE_LENGTH = 64


class WitnessVerifier(NoteVerifier):
    """The public key of a witness."""

    KIND, WHAT = COSIGNATURE_V1, "witness"

    def check(self, signature: bytes, text: str) -> None:
        """Raise BadSignature unless this witness cosigned the checkpoint `text` at the time that `signature` says."""
        if len(signature) != TIME_LENGTH + SIGNATURE_LENGTH:
            raise BadSignature(f"a cosignature by {self.name} of {len(signature)} bytes; 72 were expected")
        time = int.from_bytes(signature[:TIME_LENGTH])
        super().check(signature[TIME_LENGTH:], _message(time, text))

    def cosigned(self, note: Note) -> bool:
        """Tell whether this witness cosigned; raises BadSignature for a line of it that does not verify."""
        mine = self.signatures(note)
        for each in mine:
            self.check(each.signature, note.text)
        return bool(mine)


class WitnessKey(NoteKey[WitnessVerifier]):
    """The key with which a witness cosigns."""

    FORMAT = "garita.witness-key/1"

    @classmethod
    def kind(cls) -> type[WitnessVerifier]:
        """Return what its public half is."""
        return WitnessVerifier

    def cosign(self, text: str, now: datetime) -> str:
        """Return the signature line under the checkpoint `text`, with the time in whole seconds."""
        time = int(now.astimezone(UTC).timestamp())
        return self.line(time.to_bytes(TIME_LENGTH) + self._private.sign(_message(time, text).encode()))


def _message(time: int, text: str) -> str:
    return f"cosignature/v1\ntime {time}\n{text}"
