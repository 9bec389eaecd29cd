"""What the station does by itself between two taps: anchor the journal, watch the disk, let plaintext go."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from sqlmodel import Session

from edge.errors import EdgeError
from edge.recorder import Recorder
from edge.records import fact
from edge.retention import reduce_readings
from edge.space import Space
from edge.views import SpaceState
from sync import anchoring, attachment_store, losses, outbox
from sync.contract.facts import Fact
from sync.errors import SyncError
from sync.files import alone
from sync.heads import Anchor
from sync.journal import Sealer, head

LOG = logging.getLogger(__name__)

EVERY_S = 60
ANCHOR_EVERY = timedelta(minutes=5)
"""An older database shows when it is restored later than this after it was copied. A TPM's counter wears by use."""

_SPACE_FACTS: dict[SpaceState, tuple[Fact, str]] = {
    "low": ("space_low", "the disk is nearly full; send what waits, or make room"),
    "full": ("space_full", "the disk has no room for another screening"),
    "ok": ("space_back", "the disk has room again"),
}

Write = Callable[[], AbstractContextManager[Session]]


class Housekeeping:
    """One round of small duties, each by itself: one that fails is logged and tried again in the next round."""

    def __init__(
        self,
        write: Write,
        recorder: Recorder,
        sealer: Sealer,
        space: Space,
        *,
        retention: timedelta,
        now: Callable[[], datetime],
        anchor: Anchor | None,
        lock: Path,
        send_letters: Callable[[], None],
    ) -> None:
        self._write, self._recorder, self._sealer, self._space = write, recorder, sealer, space
        self._retention, self._now, self._anchor, self._lock = retention, now, anchor, lock
        self._send_letters = send_letters
        self._said: SpaceState = "ok"
        self._anchored: tuple[int, datetime] | None = None

    def run(self, stop: Event) -> None:
        """Do a round now and then until `stop` is set."""
        while not stop.wait(EVERY_S):
            self.round()

    def round(self) -> None:
        """Do each duty once."""
        for duty in (self.watch_space, self.tell_losses, self.let_go, self._send_letters, self.anchor_when_due):
            try:
                duty()
            except (EdgeError, SyncError):
                LOG.exception("housekeeping could not do %s; it tries again", duty.__name__)

    def watch_space(self) -> None:
        """Put on record when the disk becomes nearly full, full, or has room again."""
        self._space.restore()
        state = self._space.state()
        if state != self._said:
            name, words = _SPACE_FACTS[state]
            with self._write() as session:
                self._recorder.record(session, fact(self._recorder.header(), name, words))
            self._said = state

    def tell_losses(self) -> None:
        """Put on record that the centre lost what it had confirmed, with the receipt that proves it."""
        with self._write() as session:
            for loss, receipt in losses.unrecorded(session):
                values = {"first": str(loss.first), "last": str(loss.last), "receipt": receipt}
                told = fact(self._recorder.header(), "centre_went_back", str(loss), **values)
                self._recorder.record(session, told)

    def let_go(self) -> None:
        """Reduce readings whose retention time is over, and delete attachments that are that long at the centre.

        An attachment stays until the centre has confirmed an entry after that time, and said again that it has it: one
        that went back meanwhile is found to have by then.
        """
        with self._write() as session:
            reduce_readings(session, self._now(), self._retention)
            heard = outbox.last_release(session)
            if heard:
                attachment_store.let_go(session, min(heard, self._now()) - self._retention, self._now())

    def anchor_when_due(self) -> None:
        """Sign and anchor the head, once the journal has grown and the last time is long enough ago."""
        if self._anchored is None or self._now() - self._anchored[1] >= ANCHOR_EVERY:
            self.anchor_now()

    def anchor_now(self) -> None:
        """Sign and anchor the journal's head, where it has grown; `lock` keeps other programs of the station away.

        Before each reading too: then nobody can take its start away again without an older head showing.
        """
        with alone(self._lock):
            with self._write() as session:
                last = head(session)
            if last is None or (self._anchored and self._anchored[0] == last.seq):
                return
            if self._anchor:
                signed = anchoring.anchor_head(self._write, self._sealer, self._now(), self._anchor)
            else:
                with self._write() as session:
                    signed = anchoring.sign_head(session, self._sealer, self._now())
            self._anchored = (signed.head.seq, self._now())
