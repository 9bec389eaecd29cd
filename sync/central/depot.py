"""Sealed attachments at the centre: files named by the SHA-256 of what is in them, each with the receipt for it.

The centre cannot open them, and knows of each only whose it is, of which entry, and how long.
"""

import fcntl
import os
from hashlib import file_digest
from io import BufferedRandom
from pathlib import Path

from sync.central.engine import Engine
from sync.central.gate import Gate
from sync.claims import Claim
from sync.contract.ids import StationId
from sync.contract.pieces import Held, Piece
from sync.errors import BadSignature, CentralRefused
from sync.files import make_folder, sync_folder, write_whole
from sync.keys import StationPublicKey
from sync.note import LogKey


class Depot:
    """A folder for each station. It keeps nothing between two pieces: all state is in the files."""

    def __init__(self, folder: Path, store: Engine, key: LogKey, gate: Gate) -> None:
        self._folder, self._store, self._key, self._gate = folder, store, key, gate

    def take(self, piece: Piece) -> Held:
        """Add what of a piece continues what is held, and say how much is held now; raises CentralRefused.

        The bytes and their receipt are on the disk before the receipt is answered. A whole that is not what its name
        says was damaged here: nothing of it is held then, and it is sent again. Raises Busy where the station has sent
        too much already: only what it signed counts against it.
        """
        claim = Claim(piece.station, piece.seq, piece.sealed, piece.size)
        self._check(claim, piece.claim)
        with self._gate.turn(claim.station, len(piece.data)):
            return self._take(piece, claim)

    def _take(self, piece: Piece, claim: Claim) -> Held:
        path = self.path(piece.station, piece.sealed)
        if not path.exists():
            make_folder(path.parent, mode=0o700)
            held = self._append(piece, path)
            if held < piece.size:
                return Held(sealed=piece.sealed, held=held, receipt=None)
        return Held(sealed=piece.sealed, held=piece.size, receipt=self._receipt(claim, path))

    def path(self, station: StationId, sealed: bytes) -> Path:
        """Return where an attachment lies, or will."""
        return self._folder / station / sealed.hex()

    def _check(self, claim: Claim, signature: bytes) -> None:
        card = self._store.card(claim.station)
        if card is None:
            raise CentralRefused("unknown_station", f"station {claim.station} is not admitted here")
        try:
            claim.verify(signature, StationPublicKey(card.public_key))
        except BadSignature as error:
            raise CentralRefused("bad_signature", str(error)) from error
        if revoked := self._store.revocation(claim.station):
            raise CentralRefused("revoked_station", f"{claim}: its station is revoked since {revoked.since}")
        head = self._store.head(claim.station)
        if head is None or head.seq < claim.seq:
            raise CentralRefused("entry_missing", f"{claim}: its record is not here yet; records go first")

    def _append(self, piece: Piece, path: Path) -> int:
        part = path.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if path.exists():  # another request has ended it meanwhile
                return piece.size
            held = file.seek(0, os.SEEK_END)
            new = piece.data[max(held - piece.offset, 0) :]
            if held >= piece.offset and held + len(new) <= piece.size:
                file.write(new)
                file.flush()
                held += len(new)
            return held if held < piece.size else _finish(file, part, path, piece)

    def _receipt(self, claim: Claim, path: Path) -> str:
        kept = path.with_suffix(".receipt")
        if not kept.exists():
            write_whole(kept, claim.receipt(self._key).encode(), mode=0o600)
        return kept.read_text("utf-8")


def _finish(file: BufferedRandom, part: Path, path: Path, piece: Piece) -> int:
    file.seek(0)
    if file_digest(file, "sha256").digest() != piece.sealed:
        return file.truncate(0)
    os.fsync(file.fileno())
    part.rename(path)
    sync_folder(path.parent)
    return piece.size
