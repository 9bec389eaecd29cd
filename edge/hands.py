"""Who hands an exhibit over: who has it, a supervisor where they are absent, or somebody who is not of this station.

Who has it opens its bag, and nobody else.
"""

from dataclasses import dataclass
from threading import Lock

from sqlmodel import Session, col, select

from edge.errors import BadCasework
from edge.exhibit_file import ExhibitFile
from edge.tables import Operator
from edge.views import OperatorView
from sync.contract.casework import SigningMethod
from sync.contract.ids import OperatorId

GIVEN = "_to_given"
"""The draft that who gives an exhibit signed is named by its id and this: the signature is kept in memory alone."""


@dataclass(frozen=True)
class Given:
    """How a giver signed: `by` is a person of this station; who is not drew a signature, as a PNG."""

    by: OperatorView | None
    method: SigningMethod | None = None
    drawn: bytes | None = None


class Offers:
    """What givers signed and nobody accepted yet, in memory: a restart, or the end of their session, takes it back.

    An offer counts in the session that it was signed in alone, and for what was `seen` then alone.
    """

    def __init__(self) -> None:
        self._offers: dict[str, tuple[str, str, Given]] = {}
        self._lock = Lock()

    def make(self, session: str, exhibit: str, seen: str, given: Given) -> None:
        """Keep what was signed for an exhibit, in place of any earlier offer of it."""
        with self._lock:
            self._offers[exhibit] = session, seen, given

    def of(self, session: str, exhibit: str, seen: str) -> Given | None:
        """Return how the giver signed just this in this session, if they did."""
        with self._lock:
            offer = self._offers.get(exhibit)
        return offer[2] if offer and offer[:2] == (session, seen) else None

    def forget(self, exhibit: str) -> None:
        """Take an offer back, or away once it was accepted."""
        with self._lock:
            self._offers.pop(exhibit, None)


def check_giver(session: Session, file: ExhibitFile, given: Given, accepted_by: OperatorId | None) -> None:
    """Raise BadCasework unless who has an exhibit signed, or a supervisor for them; nobody gives to themself."""
    known = session.exec(select(Operator).where(col(Operator.name) == file.holder)).first()
    if known is None:
        if not given.drawn:
            raise BadCasework(
                f"exhibit {file.number} is in the hands of {file.holder}, not of this station; they draw their"
                " signature"
            )
        return
    if given.by is None or (given.by.name != file.holder and given.by.role != "supervisor"):
        raise BadCasework(f"exhibit {file.number} is in the hands of {file.holder}; they hand it over, or a supervisor")
    if given.by.id == accepted_by:
        raise BadCasework(f"exhibit {file.number}: {given.by.name} gives it and receives it; it takes two persons")


def check_opener(file: ExhibitFile, operator: OperatorView) -> None:
    """Raise BadCasework unless who opens an exhibit's bag has it."""
    if operator.name != file.holder:
        raise BadCasework(
            f"exhibit {file.number} is in the hands of {file.holder}: put the hand-over to {operator.name} on record"
            " before the bag is opened"
        )
