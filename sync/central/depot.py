"""Sealed attachments at the centre: each once, known by the SHA-256 of what is in it, with a receipt for each claim.

The centre cannot open them, and knows of each only whose it is, of which entry, and how long.
"""

from sync.central.attachments import Attachments
from sync.central.engine import Engine
from sync.central.gate import Gate
from sync.claims import Claim
from sync.contract.ids import StationId
from sync.contract.inside import SealedNames
from sync.contract.pieces import Held, Piece
from sync.errors import BadSignature, CentralRefused
from sync.keys import StationPublicKey
from sync.note import LogKey


class Depot:
    """Judges pieces. It keeps nothing between two of them: all state is in `attachments`."""

    def __init__(self, attachments: Attachments, store: Engine, key: LogKey, gate: Gate) -> None:
        self._attachments, self._store, self._key, self._gate = attachments, store, key, gate

    def take(self, piece: Piece) -> Held:
        """Add what of a piece continues what is held, and say how much is held now; raises CentralRefused.

        The bytes are durable before the receipt is answered. A whole that is not what its name says was damaged here:
        nothing of it is held then, and it is sent again. Raises Busy where the station has sent too much already: only
        what is kept counts against it.
        """
        claim = Claim(piece.station, piece.seq, piece.sealed, piece.size)
        self._check(claim, piece.claim)
        with self._gate.turn(claim.station, len(piece.data)) as spend:
            added = self._attachments.add(piece)
            spend(added.new)
        receipt = claim.receipt(self._key) if added.held == piece.size else None
        return Held(sealed=piece.sealed, held=added.held, receipt=receipt)

    def here(self, asked: SealedNames) -> SealedNames:
        """Return those of the attachments that are here whole."""
        return SealedNames(names=self._attachments.here(asked.names))

    def read(self, station: StationId, sealed: bytes) -> bytes | None:
        """Return an attachment that is here whole."""
        return self._attachments.read(station, sealed)

    def _check(self, claim: Claim, signature: bytes) -> None:
        card = self._store.card(claim.station)
        if card is None:
            raise CentralRefused("unknown_station", f"station {claim.station} is not admitted here")
        try:
            claim.verify(signature, StationPublicKey(card.public_key))
        except BadSignature as error:
            raise CentralRefused("bad_signature", str(error)) from error
        head = self._store.head(claim.station)
        if head and head.seq >= claim.seq:
            return  # also of a station that was revoked since: the log took the record before
        if revoked := self._store.revocation(claim.station):
            raise CentralRefused("revoked_station", f"{claim}: its station is revoked since {revoked.since}")
        raise CentralRefused("entry_missing", f"{claim}: its record is not here yet; records go first")
