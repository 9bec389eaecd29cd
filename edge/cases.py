"""Seizures as a list: those that are not signed first, then the newest; found by any text of their records."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, text
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from edge.database import Database
from edge.dossier import Dossier, dossier, exhibit_files
from edge.hands import GIVEN
from edge.seals_read import Way
from edge.tables import CaseRecord, CaseState, Draft, Exhibit, Screening, UsedSeal
from edge.views import OperatorView
from sync.contract.ids import ScreeningId

BEGUN = "exhibit_"
"""Drafts of an exhibit that is being picked are named so: from then on there is a seizure."""


@dataclass(frozen=True)
class LooseBag:
    """An exhibit that is in nobody's sure hands: one signed to give it and nobody received it, or its bag lies open."""

    screening: ScreeningId
    exhibit: str
    way: Way


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

    def begun(self, operator: OperatorView) -> ScreeningId | None:
        """Return the newest seizure that this operator began and nobody signed: it is gone on with."""
        rows = select(Screening.id).outerjoin(CaseState, col(CaseState.screening) == col(Screening.id))
        rows = rows.where(_is_case(), col(CaseState.signature).is_(None), Screening.operator == operator.id)
        rows = rows.where(col(Screening.training).is_(operator.training)).order_by(text("screening.rowid DESC"))
        with self._database.read() as session:
            found = session.exec(rows.limit(1)).first()
        return ScreeningId(found) if found else None

    def loose(self, *, training: bool) -> Sequence[LooseBag]:
        """Return the exhibits whose hand-over was cut off, then those of signed seizures that lie open, newest first.

        None that was voided is among them. They are everybody's: who is signed in after a power cut may be another.
        """
        half = select(Exhibit).join(Draft, col(Draft.name) == col(Exhibit.id) + GIVEN)
        opened = select(Exhibit).join(CaseState, col(CaseState.screening) == col(Exhibit.screening))
        opened = opened.where(col(CaseState.signature).is_not(None), col(Exhibit.seal_number).is_(None))
        opened = opened.where(col(Exhibit.id).in_(select(UsedSeal.exhibit)))
        kinds: tuple[tuple[Way, SelectOfScalar[Exhibit]], ...] = (("handover", half), ("open", opened))
        found = list[LooseBag]()
        with self._database.read() as session:
            for way, rows in kinds:
                here = rows.join(Screening, col(Screening.id) == col(Exhibit.screening))
                here = here.where(col(Screening.training).is_(training)).order_by(text("exhibit.rowid DESC"))
                counted = (row for row in session.exec(here).all() if _is_loose(session, row, way))
                found += [LooseBag(ScreeningId(row.screening), row.id, way) for row in counted]
        return found

    def find(self, limit: int, offset: int = 0, said: str = "", *, unapproved: bool = False) -> Sequence[CaseLine]:
        """Return seizures that say `said` anywhere: a seal, a plate, a number; or those that nobody approved."""
        state, screening = CaseState, Screening
        rows = select(screening, state).outerjoin(state, col(state.screening) == col(screening.id)).where(_is_case())
        if said:
            says = func.instr(CaseRecord.record, said.encode()) > 0
            rows = rows.where(col(screening.id).in_(select(CaseRecord.screening).where(says)))
        if unapproved:
            rows = rows.where(col(state.signature).is_not(None), col(state.decision).is_distinct_from("approved"))
        rows = rows.order_by(col(state.signature).is_not(None), text("screening.rowid DESC"))
        with self._database.read() as session:
            return [
                CaseLine(dossier(session, row), bool(case and case.signature), case.decision if case else None)
                for row, case in session.exec(rows.limit(limit).offset(offset))
            ]


def _is_loose(session: Session, row: Exhibit, way: Way) -> bool:
    """Tell whether it is an exhibit that counts; one that lies open, where that is meant."""
    [file] = [each for each in exhibit_files(session, ScreeningId(row.screening)) if each.id == row.id]
    return not file.is_void and (way == "handover" or file.broken is not None)


def _is_case() -> ColumnElement[bool]:
    picked = select(Draft.screening).where(col(Draft.name).startswith(BEGUN, autoescape=True))
    return or_(col(CaseState.screening).is_not(None), col(Screening.id).in_(picked))
