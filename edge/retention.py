"""Plaintext lives no longer than it must: after receipt and retention time a reading keeps what a list of it shows."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from edge.explanations import FIELD as EXPLANATION
from edge.raw import forget
from edge.tables import Reading, RetentionMark
from sync.contract.records import CheckRecord, ReadingPart, ScreeningRecord, parse_reading
from sync.outbox import OutboxEntry

BATCH = 100


def reduce_readings(session: Session, now: datetime, retention: timedelta) -> int:
    """Reduce readings whose receipt was verified longer than `retention` ago; return how many.

    In the order of their seq, as receipts come, so one mark says how far it went. What has no receipt is not touched,
    and the sealed envelope of what is reduced stays in the journal.
    """
    mark = session.get(RetentionMark, 1) or RetentionMark(seq=0)
    rows = session.exec(
        select(Reading)
        .join(OutboxEntry, col(OutboxEntry.seq) == col(Reading.seq))
        .where(col(Reading.seq) > mark.seq, col(OutboxEntry.released) <= now - retention)
        .order_by(col(Reading.seq))
        .limit(BATCH)
    ).all()
    for row in rows:
        if row.record is None or row.seq is None:
            continue
        row.record = reduced(parse_reading(row.record)).to_bytes()
        mark.seq = row.seq
        session.add(row)
    session.add(mark)
    return len(rows)


def reduced(record: ScreeningRecord | CheckRecord) -> ScreeningRecord | CheckRecord:
    """Return of a record what lists show: conclusion, best hit and family, and the digests of the bytes that go."""
    return record.model_copy(update={"readings": [_reduced(reading) for reading in record.readings]})


def is_reduced(reading: ReadingPart) -> bool:
    """Tell whether it keeps no more: one that is whole names its instrument, or tells what problem it had."""
    return reading.instrument is None and reading.problem is None


def _reduced(reading: ReadingPart) -> ReadingPart:
    found = reading.identification
    first = found and {"hits": found.hits[:1], "families": found.families[:1], EXPLANATION: None}
    best = found and found.model_copy(update=first)
    return forget(reading).model_copy(update={"instrument": None, "problem": None, "identification": best})
