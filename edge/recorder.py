"""The one way into evidence: sealed, journalled and queued in the caller's transaction, or not at all."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Event

from sqlalchemy import event, insert
from sqlmodel import Session, col, select

from edge.clock import Clock, Day, Heard, PutRight, Timekeeper, format_wall, is_back, parse_wall
from edge.duress import Duress
from edge.records import Header, fact, station_event
from edge.tables import CentralTime, ClockAgreed, ClockMark
from edge.views import EnvelopeView
from sync import attachment_store, journal, outbox
from sync.attachment_store import SealedAttachment
from sync.contract.facts import FactRecord
from sync.contract.ids import OperatorId, Seq
from sync.contract.records import Record
from sync.contract.training import TrainingRecord
from sync.envelope import Envelope
from sync.journal import JournalEntry, Sealer

_MARK = select(ClockMark.latest, ClockMark.highest).where(col(ClockMark.id) == 1)
_NOTE = insert(ClockMark).prefix_with("OR REPLACE")


class Recorder:
    """Turns records into journal entries of this station. `committed` is set whenever there is something new to send.

    Before each record it compares the wall clock with the newest record's: a clock that was turned back is a record
    too, once for each time it happens, and stops nothing.
    """

    def __init__(self, sealer: Sealer, times: Timekeeper, software: str, duress: Duress) -> None:
        self.sealer = sealer
        self._duress = duress
        self._times = times
        self._software = software
        self.committed = Event()

    def header(self, operator: OperatorId | None = None) -> Header:
        """Return what a record made now says of itself."""
        return Header(self.sealer.station, operator, self._times.now(), self._software)

    def day(self) -> Day:
        """Return the day whose law judges what is measured now."""
        return self._times.day()

    def record(
        self, session: Session, record: Record, attachments: Sequence[SealedAttachment] = (), *, training: bool = False
    ) -> Seq:
        """Seal `record` as the next journal entry and queue it, and what it names; the caller commits.

        What was practice is wrapped, so that it never is the record that it looks like. Raises SealError.
        """
        self._note_clock(session, record.recorded.wall)
        event.listen(session, "after_commit", self._wake, once=True)
        seq = self._append(session, self._duress.mark(TrainingRecord.wrap(record) if training else record))
        attachment_store.keep(session, self.sealer, seq, attachments)
        return seq

    def envelope(self, session: Session, seq: Seq) -> EnvelopeView:
        """Return what can be told of a sealed entry without opening it."""
        envelope = Envelope.from_bytes(session.get_one(JournalEntry, seq).envelope)
        purposes = {recipient.kid: recipient.purpose for recipient in self.sealer.recipients}
        sealed_to = tuple((purposes.get(kid, ""), kid.hex()) for kid in envelope.header.recipients)
        return EnvelopeView(envelope.digest.hex(), sealed_to)

    def _append(self, session: Session, record: Record) -> Seq:
        seq = Seq(journal.append(session, self.sealer, record.to_bytes()).seq)
        outbox.put(session, seq)
        return seq

    def _note_clock(self, session: Session, now: str) -> None:
        mark = session.exec(_MARK).first()
        latest, highest = (now, now) if mark is None else mark
        put_right = self._times.take_put_right()
        highest = now if put_right else max(highest, now)
        session.exec(_NOTE, params={"id": 1, "latest": now, "highest": highest})
        if self._times.agreed:
            session.merge(ClockAgreed(wall=format_wall(self._times.agreed)))
        if is_back(parse_wall(now), parse_wall(latest)):
            detail = f"the clock showed {latest} at the record before this one and shows {now} now"
            self._append(session, station_event(self.header(), "clock_turned_back", detail))
        if put_right:
            self._append(session, _clock_put_right(self.header(), put_right))
        jump = self._times.take_jump()
        if jump and jump > timedelta(0):
            words = f"the clock was set forward by {jump.total_seconds():.1f} s while the station ran"
            header = self.header()
            self._append(session, fact(header, "clock_changed", words, now=now, source=header.recorded.source or ""))

    def _wake(self, _: Session) -> None:
        self.committed.set()


def _clock_put_right(header: Header, put_right: PutRight) -> FactRecord:
    was, now, sources = format_wall(put_right.was), format_wall(put_right.now), ", ".join(put_right.sources)
    words = f"{sources} agree on {now}; an earlier record was ahead, at {was}, and that time rules no more"
    return fact(header, "clock_put_right", words, was=was, now=now, sources=sources)


def timekeeper(session: Session, clock: Clock, gnss: Callable[[], datetime | None]) -> Timekeeper:
    """Return who stamps this station's records, with what it remembers of the time."""
    mark, agreed, heard = session.get(ClockMark, 1), session.get(ClockAgreed, 1), session.get(CentralTime, 1)
    return Timekeeper(
        clock,
        parse_wall(mark.highest) if mark else None,
        Heard(parse_wall(heard.time), heard.monotonic_ns, heard.boot) if heard else None,
        gnss,
        parse_wall(agreed.wall) if agreed else None,
    )


def keep_central(session: Session, heard: Heard) -> None:
    """Remember the centre's time at the last receipt."""
    session.merge(CentralTime(time=format_wall(heard.time), monotonic_ns=heard.monotonic_ns, boot=heard.boot))
