"""Uploads carry sealed attachments to the centre in pieces, after their records, for as long as it takes."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

from sqlmodel import Session

from sync import attachment_store as store
from sync import losses
from sync.attachment_store import Waiting
from sync.client import CentralClient
from sync.contract.pieces import MAX_PIECE, Held, Piece
from sync.errors import BadReceipt, CentralRefused, CentralUnreachable
from sync.journal import Sealer
from sync.note import LogVerifier
from sync.outbox import LONGEST_PAUSE, backoff

LOG = logging.getLogger(__name__)

SMALLEST_PIECE = 4 * 1024
FIRST_PIECE = 128 * 1024


class Uploads:
    """Sends what is due, one piece a step; the centre says from where on. Only a receipt that verifies ends it.

    After a failure a piece is half as long, after a success twice. Behind what waits it asks for what arrived long ago.
    """

    def __init__(
        self,
        sessions: Callable[[], Session],
        client: CentralClient,
        sealer: Sealer,
        logs: Sequence[LogVerifier],
        now: Callable[[], datetime],
        random: Random,
    ) -> None:
        self._sessions, self._client, self._sealer = sessions, client, sealer
        self._logs, self._now, self._random = logs, now, random
        self._piece = FIRST_PIECE
        self._held: tuple[bytes, int] = (b"", 0)
        """Which attachment is under way, and how much of it the centre said to hold."""

    def step(self) -> bool:
        """Send one piece; tell whether there may be more to do now."""
        with self._sessions() as session:
            waiting = store.due(session, self._sealer, self._now())
        return waiting is not None and self._send(waiting)

    def pause(self) -> timedelta | None:
        """Return how long until there is something to do, or None when nothing waits."""
        with self._sessions() as session:
            return store.pause(session, self._now())

    def _send(self, waiting: Waiting) -> bool:
        sealed, held = self._held
        offset = held if sealed == waiting.claim.sealed else 0
        try:
            piece = waiting.piece(0, 0) if waiting.asks else self._cut(waiting, offset)
            said = self._client.upload(piece)
            if waiting.asks:
                self._hear_again(waiting, said)
            else:
                self._note(waiting, piece, said)
        except CentralRefused as error:
            return self._postpone(waiting, str(error), LONGEST_PAUSE, refused=True)
        except (CentralUnreachable, BadReceipt) as error:
            self._piece = max(self._piece // 2, SMALLEST_PIECE)
            limit = backoff(waiting.attempts, error.wait if isinstance(error, CentralUnreachable) else 0)
            return self._postpone(waiting, str(error), limit * self._random.random(), refused=False)
        self._piece = min(self._piece * 2, MAX_PIECE)
        return True

    def _cut(self, waiting: Waiting, offset: int) -> Piece:
        """Cut the next piece; the first of a long attachment is empty, and asks how much of it is there already."""
        claim = waiting.claim
        length = 0 if offset == 0 and self._held[0] != claim.sealed and claim.size > self._piece else self._piece
        return waiting.piece(offset, length)

    def _note(self, waiting: Waiting, piece: Piece, said: Held) -> None:
        if said.held < piece.offset:
            raise BadReceipt(f"{waiting.claim}: the centre held {piece.offset} bytes and says {said.held} now")
        if piece.data and said.held == piece.offset:
            raise BadReceipt(f"{waiting.claim}: the centre took none of {len(piece.data)} bytes, and does not say why")
        self._held = (waiting.claim.sealed, said.held)
        if said.receipt is None:
            return
        waiting.claim.verify_receipt(said.receipt, self._logs)
        with self._sessions() as session:
            store.arrive(session, waiting.claim.sealed, said.receipt, self._now())
            session.commit()

    def _hear_again(self, waiting: Waiting, said: Held) -> None:
        """Take the answer about an attachment that arrived long ago; one that the centre lost is sent again."""
        if said.receipt is not None:
            waiting.claim.verify_receipt(said.receipt, self._logs)
        with self._sessions() as session:
            if said.receipt is not None:
                store.confirm(session, waiting.claim.sealed)
            else:
                LOG.warning("%s", losses.notice_attachment(session, waiting.claim, self._now()))
            session.commit()

    def _postpone(self, waiting: Waiting, problem: str, pause: timedelta, *, refused: bool) -> bool:
        LOG.warning("%s", problem)
        self._held = (b"", 0)
        with self._sessions() as session:
            store.postpone(session, waiting.claim.sealed, problem, self._now() + pause, refused=refused)
            session.commit()
        return False
