"""The letterbox: what somebody tells an outside body, so that nobody at the station can see that they did.

Each start, and each day after it, one record carries LETTERS letters of one size; blank ones fill what nobody wrote.
A letter waits among blanks, sealed, and writing one makes no record. Which are blank is known in memory alone, and
after a start, when it is not known any more, all that wait go out. No operator, no time, no count is kept.
"""

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlmodel import Session, col, select

from edge.clock import Timekeeper
from edge.errors import BadLetter
from edge.recorder import Recorder
from edge.records import letter_record
from edge.tables import Letter
from sync.contract.letter import LETTERS, MAX_TEXT
from sync.keys import Recipient
from sync.letters import seal_letter

EVERY_NS = 24 * 3600 * 10**9
Write = Callable[[], AbstractContextManager[Session]]


class Letterbox:
    """Takes letters, and sends as many each day; `outside` is the outside body's key, None where there is none."""

    def __init__(self, write: Write, recorder: Recorder, times: Timekeeper, outside: Recipient | None) -> None:
        self._write, self._recorder, self._times, self._outside = write, recorder, times, outside
        self._blank: set[int] = set()
        self._sent_ns: int | None = None

    @property
    def is_there(self) -> bool:
        """Tell whether the state named an outside body."""
        return self._outside is not None

    def put(self, text: str) -> None:
        """Take a letter; raises BadLetter."""
        size = len(text.strip().encode())
        if self._outside is None or not 0 < size <= MAX_TEXT:
            raise BadLetter(f"a letter of {size} bytes, to an outside body that the state named; 1 to {MAX_TEXT} fit")
        sealed = seal_letter(text.strip(), self._outside)
        with self._write() as session:
            blank = session.get(Letter, self._blank.pop()) if self._blank else None
            row = blank or Letter(sealed=b"")
            row.sealed = sealed
            session.add(row)

    def send(self) -> None:
        """Put the oldest letters on record, and blank ones in their place."""
        if self._outside is None:
            return
        with self._write() as session:
            rows = session.exec(select(Letter).order_by(col(Letter.id)).limit(LETTERS)).all()
            letters = [row.sealed for row in rows]
            letters += [seal_letter("", self._outside) for _ in range(LETTERS - len(letters))]
            secrets.SystemRandom().shuffle(letters)
            self._recorder.record(session, letter_record(self._recorder.header(), letters))
            for row in rows:
                session.delete(row)
            blanks = [Letter(sealed=seal_letter("", self._outside)) for _ in range(LETTERS)]
            session.add_all(blanks)
            session.flush()
            gone, new = ({row.id for row in each if row.id is not None} for each in (rows, blanks))
        self._blank = (self._blank - gone) | new
        self._sent_ns = self._times.moment().monotonic_ns

    def send_when_due(self) -> None:
        """Send, once a day has gone since the last time."""
        if self._sent_ns is None or self._times.moment().monotonic_ns - self._sent_ns >= EVERY_NS:
            self.send()
