"""The desk: acts that wait until two persons stand behind them, each told in the same words what it is."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from fido2.webauthn import AttestedCredentialData

from edge.approvals import NONCE_BYTES, Approval, Proof
from edge.clock import Timekeeper
from edge.errors import NotAllowed, UnknownAct
from edge.operators import Operators
from edge.permissions import PERMISSIONS, Action, check, check_beside
from edge.tokens import Options, Tokens, token_part
from edge.views import OperatorView
from sync.contract.account import TokenPart
from sync.contract.approval import Statement
from sync.contract.ids import StationId

WAIT_S = 300
_NS = 10**9


@dataclass
class Act:
    """An act, who asks for it, and who proved until now that they stand behind it.

    `shown` is the subject in the asker's language, `then` the screen to go to once it is done; `new_token` is the
    credential that an act on tokens is about.
    """

    id: str
    statement: Statement
    action: Action
    asker: OperatorView
    perform: Callable[[Approval], object]
    begun_ns: int
    shown: str
    proofs: list[Proof] = field(default_factory=list[Proof])
    new_token: AttestedCredentialData | None = None
    then: str = "/"

    @property
    def subject(self) -> str:
        """What it is, as both are told and as the record says."""
        return self.statement.subject


class Desk:
    """Acts wait here in memory, for five minutes; who asks proves first, then a second person, and then it is done.

    Where the action asks for tokens, a PIN counts in a demonstration alone.
    """

    def __init__(self, station: StationId, operators: Operators, tokens: Tokens, times: Timekeeper) -> None:
        self._station = station
        self._operators = operators
        self._tokens = tokens
        self._times = times
        self._acts: dict[str, Act] = {}
        self._lock = Lock()

    def begin(
        self,
        asker: OperatorView,
        action: Action,
        subject: str,
        perform: Callable[[Approval], object],
        shown: str | None = None,
        then: str = "/",
    ) -> Act:
        """Let an act wait for two persons, the first of whom is `asker`; raises NotAllowed."""
        check(asker, action)
        nonce = secrets.token_bytes(NONCE_BYTES)
        statement = Statement(station=self._station, action=action, subject=subject, nonce=nonce)
        act = Act(
            secrets.token_urlsafe(16), statement, action, asker, perform, self._now_ns(), shown or subject, then=then
        )
        with self._lock:
            self._acts[act.id] = act
        return act

    def new_options(self, act: Act, person: OperatorView) -> Options:
        """Return what makes a token give this person a credential, for the act that adds it."""
        return self._tokens.new_options(person, act.statement.challenge)

    def new_token(self, act: Act, answer: str, subject: Callable[[TokenPart], str]) -> None:
        """Take a new token's answer for the act that gives it to a person, before anybody approves it.

        The act is of this very token from then on, as `subject` says. Raises TokenRefused, NotAllowed.
        """
        if act.new_token or act.proofs:
            raise NotAllowed("this act has its token already; begin it again for another one")
        credential = self._tokens.read_new(act.statement.challenge, answer)
        act.statement = act.statement.model_copy(update={"subject": subject(token_part(credential))})
        act.new_token = credential

    def act(self, act_id: str) -> Act:
        """Return an act that waits; raises UnknownAct."""
        with self._lock:
            oldest = self._now_ns() - WAIT_S * _NS
            self._acts = {key: act for key, act in self._acts.items() if act.begun_ns >= oldest}
            if act_id not in self._acts:
                raise UnknownAct("no such act waits for approval; begin it again")
            return self._acts[act_id]

    def beside(self, act: Act) -> list[OperatorView]:
        """Return everybody who could be its second person."""
        roles = PERMISSIONS[act.action].beside
        return [each for each in self._operators.list() if each.role in roles and each.id != act.asker.id]

    def options(self, act: Act, person: OperatorView) -> Options:
        """Return what makes this person's token sign the act; raises NotAllowed."""
        self._check_turn(act, person)
        return self._tokens.options(person, act.statement.challenge)

    def touch(self, act: Act, person: OperatorView, answer: str) -> bool:
        """Take the answer of this person's token, and return whether the act is done now.

        Raises NotAllowed, TokenRefused, and what the act itself raises.
        """
        self._check_turn(act, person)
        return self._take(act, self._tokens.prove(person, act.statement.challenge, answer))

    def enter(self, act: Act, person: OperatorView, pin: str) -> bool:
        """Take this person's PIN, and return whether the act is done now; raises as `touch` and a sign-in do."""
        self._check_turn(act, person)
        return self._take(act, self._operators.prove(person.id, pin))

    def takes_pin(self, act: Act) -> bool:
        """Tell whether a PIN counts for this act at this station."""
        return self._operators.demo or not PERMISSIONS[act.action].token

    def _check_turn(self, act: Act, person: OperatorView) -> None:
        if act.proofs:
            check_beside(person, act.action)
        if (person.id == act.asker.id) == bool(act.proofs):
            raise NotAllowed(f"{act.action}: {act.asker.name} asks for it and proves first; then somebody else does")

    def _take(self, act: Act, proof: Proof) -> bool:
        with self._lock:
            if self._acts.get(act.id) is not act:
                raise UnknownAct("it was done already, or waited too long")
            if PERMISSIONS[act.action].token and proof.method == "pin":
                raise NotAllowed(f"{act.action}: {proof.operator.name} gave a PIN; touch the token")
            act.proofs.append(proof)
            if len(act.proofs) == 1:
                return False
            del self._acts[act.id]
        first, second = act.proofs
        act.perform(Approval(act.action, act.subject, first, second, act.statement.nonce))
        return True

    def _now_ns(self) -> int:
        return self._times.moment().monotonic_ns
