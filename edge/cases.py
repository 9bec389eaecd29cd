"""Seizures as a list: those that are not signed first, then the newest; found by any text of their records."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import col, func, or_, select

from edge.database import Database
from edge.dossier import Dossier, dossier
from edge.tables import CaseRecord, CaseState, Draft, Screening

BEGUN = "exhibit_"
"""Drafts of an exhibit that is being picked are named so: from then on there is a seizure."""


@dataclass(frozen=True)
class CaseLine:
    """One seizure of the list; `decision` is what its review came to."""

    dossier: Dossier
    signed: bool
    decision: str | None


class Cases:
    """Finds seizures. It only reads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, limit: int, offset: int = 0, said: str = "", *, unreviewed: bool = False) -> Sequence[CaseLine]:
        """Return seizures that say `said` anywhere: a seal, a plate, a number; or those that wait for a review."""
        state, screening = CaseState, Screening
        picked = select(Draft.screening).where(col(Draft.name).startswith(BEGUN, autoescape=True))
        rows = select(screening, state).outerjoin(state, col(state.screening) == col(screening.id))
        rows = rows.where(or_(col(state.screening).is_not(None), col(screening.id).in_(picked)))
        if said:
            says = func.instr(CaseRecord.record, said.encode()) > 0
            rows = rows.where(col(screening.id).in_(select(CaseRecord.screening).where(says)))
        if unreviewed:
            rows = rows.where(col(state.signature).is_not(None), col(state.decision).is_(None))
        rows = rows.order_by(col(state.signature).is_not(None), text("screening.rowid DESC"))
        with self._database.read() as session:
            return [
                CaseLine(dossier(session, row), bool(case and case.signature), case.decision if case else None)
                for row, case in session.exec(rows.limit(limit).offset(offset))
            ]
