"""Approvals: two persons stand behind one act, and each proved a moment ago who they are."""

import secrets
from dataclasses import dataclass, field
from typing import Literal

from edge.errors import NotAllowed
from edge.permissions import PERMISSIONS, Action, check, check_beside
from edge.views import OperatorView
from sync.contract.approval import AssertionPart

NONCE_BYTES = 32
Method = Literal["pin", "token", "demonstration_pin"]
"""How a person proved it. A demonstration has no tokens, so it takes a PIN for one, and its records say so."""


@dataclass(frozen=True)
class Proof:
    """A person, and how they proved just now who they are; made by Operators alone."""

    operator: OperatorView
    method: Method
    token: AssertionPart | None = None


@dataclass(frozen=True)
class Approval:
    """Who asks for an act and who allows it; `subject` is what both of them were told it is.

    Raises NotAllowed where the two are one person, where the act is not theirs by the table of permissions, or where
    it asks for a token and a PIN came.
    """

    action: Action
    subject: str
    first: Proof
    second: Proof
    nonce: bytes = field(default_factory=lambda: secrets.token_bytes(NONCE_BYTES))

    def __post_init__(self) -> None:
        if self.first.operator.id == self.second.operator.id:
            raise NotAllowed(f"{self.action}: {self.first.operator.name} stands there twice; two persons are needed")
        check(self.first.operator, self.action)
        check_beside(self.second.operator, self.action)
        for proof in (self.first, self.second):
            if PERMISSIONS[self.action].token and proof.method == "pin":
                raise NotAllowed(f"{self.action}: {proof.operator.name} gave a PIN; touch the token")

    def of(self, action: Action, subject: str) -> tuple[OperatorView, OperatorView]:
        """Return who asks and who allows; raises NotAllowed unless this very act was approved."""
        if (self.action, self.subject) != (action, subject):
            raise NotAllowed(f"{self.action} of {self.subject!r} was approved, not {action} of {subject!r}")
        return self.first.operator, self.second.operator
