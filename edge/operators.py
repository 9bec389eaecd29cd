"""Operators: who may work here, and how a PIN lets them in."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import cast, get_args

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlmodel import Session, select

from edge.approvals import Method, Proof
from edge.clock import Moment, Timekeeper
from edge.database import Database
from edge.errors import BadEnrolment, Locked, UnknownOperator, WrongPin
from edge.recorder import Recorder
from edge.records import operator_event
from edge.sessions import Sessions
from edge.tables import Operator
from edge.views import OperatorView, Role
from sync.contract.ids import OperatorId

PIN_FORM = re.compile(r"[0-9]{6}")
MAX_NAME = 60


@dataclass(frozen=True)
class LockPolicy:
    """So many wrong PINs lock an operator out; each lock in a row lasts twice as long as the one before."""

    attempts: int = 5
    first_s: float = 60
    longest_s: float = 3600

    def seconds(self, locks: int) -> float:
        """Return how long the lock number `locks` in a row lasts."""
        return min(self.longest_s, self.first_s * 2.0 ** (locks - 1))


class Operators:
    """The people of this station. Every sign-in, failure and lock is a sealed record.

    An attempt is counted before the PIN is looked at, so cutting the power in between gives no free guess. A lock is
    counted on the boot's own counter and begins anew after a reboot: setting the clock ends no lock.
    """

    def __init__(
        self,
        database: Database,
        recorder: Recorder,
        *,
        times: Timekeeper,
        sessions: Sessions,
        hasher: PasswordHasher,
        policy: LockPolicy | None = None,
        demo: bool = False,
    ) -> None:
        self._database = database
        self._recorder = recorder
        self._times = times
        self._sessions = sessions
        self._hasher = hasher
        self._policy = policy or LockPolicy()
        self._method: Method = "demonstration_pin" if demo else "pin"

    def list(self) -> list[OperatorView]:
        """Return everybody enrolled, by name."""
        with self._database.read() as session:
            return [_view(row) for row in session.exec(select(Operator).order_by(Operator.name))]

    def enrol(self, name: str, role: str, pin: str) -> OperatorView:
        """Add a person; raises BadEnrolment."""
        if not 0 < len(name.strip()) <= MAX_NAME:
            raise BadEnrolment(f"a name of 1 to {MAX_NAME} letters is needed")
        if role not in get_args(Role):
            raise BadEnrolment(f"role {role!r}: expected one of {', '.join(get_args(Role))}")
        if not PIN_FORM.fullmatch(pin) or len(set(pin)) == 1:
            raise BadEnrolment("a PIN is six digits, not all the same")
        row = Operator(id=f"op-{secrets.token_hex(4)}", name=name.strip(), role=role, pin_hash=self._hasher.hash(pin))
        with self._database.write() as session:
            session.add(row)
            self._recorder.record(session, operator_event(self._recorder.header(OperatorId(row.id)), "enrolled"))
        return _view(row)

    def sign_in(self, operator_id: OperatorId, pin: str) -> str:
        """Return a session token; raises UnknownOperator, WrongPin or Locked."""
        self._check_pin(operator_id, pin)
        with self._database.write() as session:
            row = _admit(session, operator_id)
            self._recorder.record(session, operator_event(self._recorder.header(operator_id), "signed_in"))
        return self._sessions.open(_view(row))

    def prove(self, operator_id: OperatorId, pin: str) -> Proof:
        """Return that this person gave their PIN just now, for an approval; raises as `sign_in` does."""
        self._check_pin(operator_id, pin)
        with self._database.write() as session:
            row = _admit(session, operator_id)
        return Proof(_view(row), self._method)

    def session(self, token: str) -> OperatorView:
        """Return who is behind `token`; raises NotSignedIn."""
        return self._sessions.operator(token)

    def sign_out(self, token: str) -> None:
        """End a session; raises NotSignedIn where there is none."""
        operator = self._sessions.operator(token)
        self._sessions.close(token)
        with self._database.write() as session:
            self._recorder.record(session, operator_event(self._recorder.header(operator.id), "signed_out"))

    def _check_pin(self, operator_id: OperatorId, pin: str) -> None:
        moment = self._times.moment()
        with self._database.write() as session:
            row = _row(session, operator_id)
            wait = self._lock_left(row, moment)
            if not wait:
                self._count_attempt(row, moment)
        if wait:
            raise Locked(moment.wall + timedelta(seconds=wait), wait)
        try:
            self._hasher.verify(row.pin_hash, pin)
        except VerificationError:
            raise self._refusal(operator_id, moment) from None

    def _lock_left(self, row: Operator, moment: Moment) -> float:
        if row.lock_boot is None or row.lock_started_ns is None:
            return 0
        if row.lock_boot != moment.boot:
            row.lock_boot, row.lock_started_ns = moment.boot, moment.monotonic_ns
        gone = (moment.monotonic_ns - row.lock_started_ns) / 1e9
        return max(0.0, self._policy.seconds(row.locks) - gone)

    def _count_attempt(self, row: Operator, moment: Moment) -> None:
        if row.lock_boot is not None:
            row.lock_boot, row.lock_started_ns, row.failures = None, None, 0
        row.failures += 1
        if row.failures >= self._policy.attempts:
            row.locks += 1
            row.lock_boot, row.lock_started_ns = moment.boot, moment.monotonic_ns

    def _refusal(self, operator_id: OperatorId, moment: Moment) -> WrongPin | Locked:
        header = self._recorder.header(operator_id)
        with self._database.write() as session:
            row = _row(session, operator_id)
            self._recorder.record(session, operator_event(header, "sign_in_failed"))
            if row.lock_boot is None:
                return WrongPin(self._policy.attempts - row.failures)
            self._recorder.record(session, operator_event(header, "locked"))
        wait = self._policy.seconds(row.locks)
        return Locked(moment.wall + timedelta(seconds=wait), wait)


def _row(session: Session, operator_id: OperatorId) -> Operator:
    row = session.get(Operator, operator_id)
    if row is None:
        raise UnknownOperator("nobody of that id is enrolled at this station")
    return row


def _admit(session: Session, operator_id: OperatorId) -> Operator:
    row = _row(session, operator_id)
    row.failures, row.locks, row.lock_boot, row.lock_started_ns = 0, 0, None, None
    return row


def _view(row: Operator) -> OperatorView:
    return OperatorView(OperatorId(row.id), row.name, cast("Role", row.role))
