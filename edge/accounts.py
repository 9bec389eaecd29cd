"""Accounts: who may work here, in which role, with which PINs. Nobody is deleted; every change is a record."""

import secrets
from collections import Counter
from typing import get_args

from fido2.webauthn import AttestedCredentialData
from sqlmodel import Session, col, select

from edge.approvals import Approval
from edge.database import Database
from edge.errors import BadEnrolment, NameTaken, UnknownOperator, UnseenLetter
from edge.pin_pad import PinPad, row_of, view_of
from edge.recorder import Recorder
from edge.records import account_event, approval_record
from edge.sessions import Sessions
from edge.tables import Operator, Token
from edge.tokens import drop_tokens, keep_token
from edge.views import AccountView, OperatorView, Role
from sync.contract.account import AccountEvent, TokenPart
from sync.contract.acts import account_subject
from sync.contract.ids import OperatorId
from sync.contract.names import alike, unseen

MAX_NAME = 60


class Accounts:
    """What an administrator does with a second person beside, and what everybody does with their own PINs.

    The methods that take an approval raise NotAllowed unless it is of that very change: see `account_subject`.
    """

    def __init__(self, database: Database, recorder: Recorder, pin_pad: PinPad, sessions: Sessions) -> None:
        self._database = database
        self._recorder = recorder
        self._pin_pad = pin_pad
        self._sessions = sessions

    def check_new(self, name: str, role: str, pin: str) -> None:
        """Raise BadEnrolment for a name, a role or a PIN that cannot be taken."""
        self.check_name(name)
        self.check_role(role)
        self.check_pin(pin)

    def check_name(self, name: str) -> None:
        """Raise BadEnrolment for what is no name, UnseenLetter, NameTaken for that of somebody who works here."""
        if letter := unseen(name):
            raise UnseenLetter(f"the name has {letter} in it, which nobody sees; type it anew, without copying it")
        if not 0 < len(name.strip()) <= MAX_NAME or not name.isprintable():
            raise BadEnrolment(f"a name of 1 to {MAX_NAME} letters is needed")
        self.check_apart(name)

    def check_apart(self, name: str) -> None:
        """Raise NameTaken for the name of somebody who works here."""
        with self._database.read() as session:
            _check_apart(session, name)

    def check_pin(self, pin: str) -> None:
        """Raise BadEnrolment for what cannot be a PIN."""
        self._pin_pad.pins.check(pin)

    def check_role(self, role: str) -> None:
        """Raise BadEnrolment for a role that there is not."""
        if role not in get_args(Role):
            raise BadEnrolment(f"role {role!r}: expected one of {', '.join(get_args(Role))}")

    def everybody(self) -> list[AccountView]:
        """Return every account there ever was, by name."""
        with self._database.read() as session:
            tokens = Counter(session.exec(select(Token.operator)))
            rows = session.exec(select(Operator).order_by(Operator.name)).all()
        here = Counter(alike(row.name) for row in rows if not row.left)
        shared = {row.id for row in rows if not row.left and here[alike(row.name)] > 1}
        return [AccountView(view_of(row), row.left, tokens[row.id], row.id in shared) for row in rows]

    def provision(self, name: str, role: str, pin: str) -> OperatorView:
        """Add a person without an approval: for provisioning, where nobody is there yet. Raises BadEnrolment."""
        row = self._new_row(name, role, pin)
        with self._database.write() as session:
            _check_apart(session, row.name)
            session.add(row)
            self._note(session, "enrolled", row, None)
        return view_of(row)

    def enrol(self, approval: Approval, name: str, role: str, pin: str) -> OperatorView:
        """Add a person; raises BadEnrolment."""
        row = self._new_row(name, role, pin)
        with self._database.write() as session:
            _check_apart(session, row.name)
            session.add(row)
            self._note_approved(session, approval, "enrolled", row)
        return view_of(row)

    def change_role(self, approval: Approval, person: OperatorId, role: str) -> None:
        """Give a person another role, and end their sessions; raises BadEnrolment, UnknownOperator."""
        self.check_role(role)
        with self._database.write() as session:
            row = row_of(session, person)
            if role != "admin":
                _keep_an_administrator(session, row)
            row.role = role
            self._note_approved(session, approval, "role_changed", row)
        self._sessions.close_all(person)

    def replace_pin(self, approval: Approval, person: OperatorId, pin: str) -> None:
        """Give a person a new PIN and take the duress PIN away, as when one is forgotten; raises BadEnrolment."""
        own, none = self._pin_pad.pins.hash(pin), self._pin_pad.pins.hash_of_none()
        with self._database.write() as session:
            row = row_of(session, person)
            row.pin_hash, row.duress_hash = own, none
            self._note_approved(session, approval, "pin_replaced", row)
        self._sessions.close_all(person)

    def leave(self, approval: Approval, person: OperatorId) -> None:
        """Let a person sign in no more, and end their sessions; raises BadEnrolment, UnknownOperator."""
        with self._database.write() as session:
            row = row_of(session, person)
            _keep_an_administrator(session, row)
            row.left = True
            self._note_approved(session, approval, "left", row)
        self._sessions.close_all(person)

    def come_back(self, approval: Approval, person: OperatorId) -> None:
        """Let a person who left sign in again; raises UnknownOperator, NameTaken."""
        with self._database.write() as session:
            row = session.get(Operator, person)
            if row is None or not row.left:
                raise UnknownOperator("nobody of that id has left this station")
            _check_apart(session, row.name)
            row.left = False
            self._note_approved(session, approval, "returned", row)

    def add_token(self, approval: Approval, person: OperatorId, credential: AttestedCredentialData) -> None:
        """Give a person a FIDO2 token; raises UnknownOperator, TokenRefused."""
        with self._database.write() as session:
            row = row_of(session, person)
            token = keep_token(session, person, credential)
            self._note_approved(session, approval, "token_added", row, token)

    def provision_token(self, person: OperatorId, credential: AttestedCredentialData) -> None:
        """Give a person a FIDO2 token without an approval, as provisioning does; raises as `add_token`."""
        with self._database.write() as session:
            row = row_of(session, person)
            self._note(session, "token_added", row, None, keep_token(session, person, credential))

    def remove_tokens(self, approval: Approval, person: OperatorId) -> None:
        """Take a person's tokens away, as when one is lost; raises UnknownOperator."""
        with self._database.write() as session:
            row = row_of(session, person)
            drop_tokens(session, person)
            self._note_approved(session, approval, "token_removed", row)

    def change_pin(self, operator: OperatorView, current: str, new: str) -> None:
        """Put `new` in the place of the PIN that `current` is. Raises as a sign-in does, BadEnrolment.

        Who is being forced and gives the duress PIN changes that one: what they are made to do looks done.
        """
        kept = self._pin_pad.pins.hash(new)
        _, which = self._pin_pad.take(operator.id, current)
        with self._database.write() as session:
            row = row_of(session, operator.id)
            if which == "own" and self._pin_pad.pins.which(row, new) == "duress":
                raise BadEnrolment("that is your duress PIN; choose another one")
            if which == "own":
                row.pin_hash = kept
            else:
                row.duress_hash = kept
            self._note(session, "pin_changed", row, operator.id)

    def set_duress_pin(self, operator: OperatorView, current: str, duress: str) -> None:
        """Keep a PIN that opens like the other one and says that its owner is being forced.

        Who is being forced already keeps the one they have, and sees no difference.
        """
        self._pin_pad.pins.check_apart(current, duress)
        kept = self._pin_pad.pins.hash(duress)
        _, which = self._pin_pad.take(operator.id, current)
        with self._database.write() as session:
            row = row_of(session, operator.id)
            if which == "own":
                row.duress_hash = kept
            self._note(session, "duress_pin_set", row, operator.id)

    def _new_row(self, name: str, role: str, pin: str) -> Operator:
        self.check_new(name, role, pin)
        own, none = self._pin_pad.pins.hash(pin), self._pin_pad.pins.hash_of_none()
        return Operator(id=f"op-{secrets.token_hex(4)}", name=name.strip(), role=role, pin_hash=own, duress_hash=none)

    def _note_approved(
        self,
        session: Session,
        approval: Approval,
        event: AccountEvent,
        row: Operator,
        token: TokenPart | None = None,
    ) -> None:
        by, _ = approval.of("accounts", account_subject(event, row.name, row.role, token))
        self._recorder.record(session, approval_record(self._recorder.header(by.id), approval))
        self._note(session, event, row, by.id, token)

    def _note(
        self,
        session: Session,
        event: AccountEvent,
        row: Operator,
        by: OperatorId | None,
        token: TokenPart | None = None,
    ) -> None:
        self._recorder.record(session, account_event(self._recorder.header(by), event, view_of(row), token))


def _check_apart(session: Session, name: str) -> None:
    """Raise NameTaken where somebody who works here has this name: tiles, records and papers show names alone."""
    here = session.exec(select(Operator.name).where(~col(Operator.left)))
    if alike(name) in map(alike, here):
        raise NameTaken(f"{name.strip()}: somebody of that name works here already; add the badge number to the name")


def _keep_an_administrator(session: Session, row: Operator) -> None:
    """Raise BadEnrolment where `row` is the last administrator: without one nobody can change an account again."""
    administrators = session.exec(select(Operator).where(Operator.role == "admin", ~col(Operator.left))).all()
    if [each.id for each in administrators] == [row.id]:
        raise BadEnrolment(f"{row.name} is the last administrator here; give the role to somebody else first")
