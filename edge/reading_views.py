"""A stored reading as a screen sees it: the row, its place in the outbox, and its progress while it runs."""

from collections.abc import Mapping
from typing import cast

from sqlmodel import Session, select

from edge.tables import Reading, SampledExhibit, Screening
from edge.views import Interruption, ReadingState, ReadingView, SyncState
from sync.contract.ids import OperatorId, ReadingId, ScreeningId, Seq
from sync.contract.records import Timestamp, parse_reading
from sync.outbox import OutboxEntry

Latest = Mapping[str, str | float]
"""What the newest progress event of a running reading says."""


def reading_view(session: Session, row: Reading, latest: Latest | None) -> ReadingView:
    """Return the view of `row`; `latest` is None where the reading does not run."""
    encounter = session.exec(select(Screening).where(Screening.id == row.screening)).one()
    entry = session.get(OutboxEntry, row.seq) if row.seq else None
    state, problem = _state(row, running=latest is not None)
    percent, stage = _progress(latest if state == "measuring" else None)
    return ReadingView(
        id=ReadingId(row.id),
        screening=ScreeningId(row.screening),
        operator=OperatorId(row.operator),
        state=state,
        percent=percent,
        stage=stage,
        started=Timestamp.from_bytes(row.started),
        problem=problem,
        record=parse_reading(row.record) if row.record else None,
        seq=Seq(row.seq) if row.seq else None,
        sync=_sync(entry),
        receipt=entry.receipt if entry else None,
        log_index=entry.log_index if entry else None,
        training=encounter.training,
        exhibit=sampled(session, row.id),
    )


def sampled(session: Session, reading: str) -> str | None:
    """Return the id of the exhibit that a reading is of."""
    row = session.get(SampledExhibit, reading)
    return row.exhibit if row else None


def _state(row: Reading, *, running: bool) -> tuple[ReadingState, Interruption | None]:
    if row.state == "measuring" and not running:
        return "failed", Interruption.NOT_SEALED
    return cast("ReadingState", row.state), Interruption(row.problem) if row.problem else None


def _progress(latest: Latest | None) -> tuple[float, str]:
    if latest is None:
        return 100, "finished"
    return float(latest.get("percent", 0)), str(latest.get("stage", "connecting"))


def _sync(entry: OutboxEntry | None) -> SyncState | None:
    if entry is None:
        return None
    if entry.released:
        return "sent"
    return "refused" if entry.refused else "waiting"
