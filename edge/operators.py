"""Operators: who may work here, and how a PIN lets them in."""

from datetime import datetime

from sqlmodel import Session, col, select

from edge.accounts import Accounts
from edge.approvals import Proof
from edge.database import Database
from edge.permissions import check
from edge.pin_pad import PinPad, view_of
from edge.recorder import Recorder
from edge.records import operator_event
from edge.sessions import Sessions
from edge.tables import Operator
from edge.views import OperatorView
from sync.contract.ids import OperatorId


class Operators:
    """The people of this station and their sessions. Every sign-in, failure and lock is a sealed record."""

    def __init__(
        self,
        database: Database,
        recorder: Recorder,
        *,
        pin_pad: PinPad,
        sessions: Sessions,
        accounts: Accounts,
        demo: bool = False,
    ) -> None:
        self._database = database
        self._recorder = recorder
        self._pin_pad = pin_pad
        self._sessions = sessions
        self._accounts = accounts
        self.demo = demo

    def list(self) -> list[OperatorView]:
        """Return everybody who may sign in, by name."""
        with self._database.read() as session:
            return enrolled(session)

    def enrol(self, name: str, role: str, pin: str) -> OperatorView:
        """Add a person as provisioning does, with the station's key in hand; raises BadEnrolment."""
        return self._accounts.provision(name, role, pin)

    def sign_in(self, operator_id: OperatorId, pin: str) -> str:
        """Return a session token; raises UnknownOperator, WrongPin or Locked."""
        operator, _ = self._pin_pad.take(operator_id, pin, "signed_in")
        return self._sessions.open(operator)

    def prove(self, operator_id: OperatorId, pin: str) -> Proof:
        """Return that this person gave their PIN just now, for an approval; raises as `sign_in` does."""
        operator, _ = self._pin_pad.take(operator_id, pin)
        return Proof(operator, "demonstration_pin" if self.demo else "pin")

    def session(self, token: str) -> OperatorView:
        """Return who is behind `token`; raises NotSignedIn."""
        return self._sessions.operator(token)

    def signed_in_at(self, token: str) -> datetime:
        """Return when who is behind `token` signed in; raises NotSignedIn."""
        return self._sessions.began(token)

    def train(self, token: str, *, training: bool) -> None:
        """Begin or end practice in this session; raises NotSignedIn, NotAllowed."""
        operator = self._sessions.operator(token)
        check(operator, "train")
        with self._database.write() as session:
            event = "training_began" if training else "training_ended"
            self._recorder.record(session, operator_event(self._recorder.header(operator.id), event))
        self._sessions.train(token, training=training)

    def sign_out(self, token: str) -> None:
        """End a session; raises NotSignedIn where there is none."""
        operator = self._sessions.operator(token)
        self._sessions.close(token)
        with self._database.write() as session:
            self._recorder.record(session, operator_event(self._recorder.header(operator.id), "signed_out"))


def enrolled(session: Session) -> list[OperatorView]:
    """Return everybody who may sign in, by name."""
    rows = select(Operator).where(col(Operator.left).is_(False)).order_by(Operator.name)
    return [view_of(row) for row in session.exec(rows)]
