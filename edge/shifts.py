"""What one operator did in a shift: their readings, and what they put on record. Practice is none of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlmodel import col, select

from edge.clock import parse_wall
from edge.database import Database
from edge.reading_views import reading_view
from edge.standing import Numbered
from edge.tables import CaseRecord, Reading, Screening
from edge.views import ReadingView
from sync.contract.ids import OperatorId, ScreeningId, Seq
from sync.contract.records import parse_record


@dataclass(frozen=True)
class Shift:
    """What was done since a moment, oldest first; each record with the screening that it is about."""

    since: datetime
    readings: Sequence[ReadingView]
    records: Sequence[tuple[ScreeningId, Numbered]]


class Shifts:
    """Looks back over a shift."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, operator: OperatorId, since: datetime) -> Shift:
        """Return what an operator did since a moment; it reads back to the first entry that is older."""
        own = select(Reading).join(Screening).where(Reading.operator == operator, ~col(Screening.training))
        kept = select(CaseRecord).join(Screening).where(~col(Screening.training)).order_by(col(CaseRecord.seq).desc())
        with self._database.read() as session:
            rows = session.exec(own.order_by(col(Reading.number).desc()))
            views = (reading_view(session, row, None) for row in rows)
            readings = list(takewhile(lambda each: parse_wall(each.started.wall) >= since, views))
            told = ((row, parse_record(row.record)) for row in session.exec(kept))
            recent = takewhile(lambda each: parse_wall(each[1].recorded.wall) >= since, told)
            records = [
                (ScreeningId(row.screening), (Seq(row.seq), record))
                for row, record in recent
                if record.operator == operator
            ]
        return Shift(since, readings[::-1], records[::-1])
