"""A PIN is taken: counted, looked at, and told to nobody but the journal."""

from typing import cast

from sqlmodel import Session

from edge.attempts import LockPolicy, locked
from edge.clock import Moment, Timekeeper
from edge.database import Database
from edge.duress import Duress
from edge.errors import Locked, UnknownOperator, WrongPin
from edge.pins import Pins, Which
from edge.recorder import Recorder
from edge.records import OperatorEvent, operator_event
from edge.tables import Operator
from edge.views import OperatorView, Role
from sync.contract.ids import OperatorId


class PinPad:
    """Tells whose PIN was entered. Every failure and lock is a sealed record; `pins` makes what is kept of a PIN."""

    def __init__(self, database: Database, recorder: Recorder, times: Timekeeper, pins: Pins, duress: Duress) -> None:
        self.pins = pins
        self._database = database
        self._recorder = recorder
        self._times = times
        self._duress = duress
        self._policy = LockPolicy()

    def take(self, operator_id: OperatorId, pin: str, event: OperatorEvent | None = None) -> tuple[OperatorView, Which]:
        """Return the person and which of their PINs came, and record `event`.

        Raises UnknownOperator, WrongPin or Locked.
        """
        moment = self._times.moment()
        with self._database.write() as session:
            row = row_of(session, operator_id)
            lock = self._policy.count(row, moment)
        if lock:
            raise lock
        which = self.pins.which(row, pin)
        if which is None:
            raise self._refusal(operator_id, moment)
        self._duress.note(operator_id, forced=which == "duress")
        with self._database.write() as session:
            row = row_of(session, operator_id)
            self._policy.forgive(row)
            if event:
                self._recorder.record(session, operator_event(self._recorder.header(operator_id), event))
        return view_of(row), which

    def _refusal(self, operator_id: OperatorId, moment: Moment) -> WrongPin | Locked:
        header = self._recorder.header(operator_id)
        with self._database.write() as session:
            row = row_of(session, operator_id)
            self._recorder.record(session, operator_event(header, "sign_in_failed"))
            if row.lock_boot is None:
                return WrongPin(self._policy.attempts - row.failures)
            self._recorder.record(session, operator_event(header, "locked"))
        return locked(moment, self._policy.seconds(row.locks))


def row_of(session: Session, operator_id: OperatorId) -> Operator:
    """Return the row of a person who may sign in; raises UnknownOperator."""
    row = session.get(Operator, operator_id)
    if row is None or row.left:
        raise UnknownOperator("nobody of that id is enrolled at this station")
    return row


def view_of(row: Operator) -> OperatorView:
    """Return what a screen is told of a person."""
    return OperatorView(OperatorId(row.id), row.name, cast("Role", row.role))
