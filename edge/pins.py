"""PINs under Argon2id: a person's own, and the one that says that they are being forced."""

import re
import secrets
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from edge.errors import BadEnrolment
from edge.guessed import is_guessed
from edge.tables import Operator

FORM = re.compile(r"[0-9]{6}")
APART = 2
Which = Literal["own", "duress"]


class Pins:
    """Makes and checks the two hashes of a row.

    Both are always there and both are always computed: neither a row nor the time of a sign-in tells who set a duress
    PIN, or used it.
    """

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher

    def hash(self, pin: str) -> str:
        """Return what is kept of a PIN; raises BadEnrolment."""
        self.check(pin)
        return self._hasher.hash(pin)

    def check(self, pin: str) -> None:
        """Raise BadEnrolment for what cannot be a PIN, and for one of those that are tried first."""
        if not FORM.fullmatch(pin):
            raise BadEnrolment("a PIN is six digits")
        if is_guessed(pin):
            raise BadEnrolment(
                "that PIN is tried first: take six digits in no row, pattern or date, unlike 123456, 147258 or 150890"
            )

    def hash_of_none(self) -> str:
        """Return a hash that no PIN opens."""
        return self._hasher.hash(secrets.token_bytes(32))

    def check_apart(self, own: str, duress: str) -> None:
        """Raise BadEnrolment unless a slip of one finger cannot turn one PIN into the other."""
        if sum(one != other for one, other in zip(own, duress, strict=False)) < APART:
            raise BadEnrolment(f"the duress PIN must differ from your own in {APART} digits or more")

    def which(self, row: Operator, pin: str) -> Which | None:
        """Return which of the person's PINs this is, if it is one."""
        own, duress = self._matches(row.pin_hash, pin), self._matches(row.duress_hash, pin)
        return "own" if own else "duress" if duress else None

    def _matches(self, kept: str, pin: str) -> bool:
        try:
            return self._hasher.verify(kept, pin)
        except VerificationError:
            return False
