"""What every screen of a seizure is given: its dossier, its checklist, and what may be taken back."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from edge.access import signed_in, station_of
from edge.approvals import Proof
from edge.dossier import Dossier
from edge.encounters import may_act
from edge.errors import Locked, WrongPin
from edge.exhibit_file import ExhibitFile
from edge.station import Station
from edge.views import OperatorView
from edge.web import record_words
from edge.web.checklist import Checklist
from edge.web.screen import NotYetError, screens_of, see
from edge.web.sign_in import refusal
from sync.contract.casework import SigningMethod
from sync.contract.ids import ScreeningId

Officer = Annotated[OperatorView, Depends(signed_in)]
TheStation = Annotated[Station, Depends(station_of)]
Seen = Annotated[str, Query(pattern="^[0-9a-f]{0,64}$")]
"""The digest of what was shown to who signs: `Case.seen`."""


@dataclass(frozen=True)
class PinQuestion:
    """Whose PIN is asked for, where it goes and where one goes back, what it is about, and what the button says."""

    person: OperatorView
    action: str
    back: str
    about: str
    verb: str


@dataclass(frozen=True)
class KeysQuestion:
    """What is asked for by keys: its field and title, where it goes and where one goes back, and what the button says.

    `draft` keeps what is keyed, as it is keyed, where it is kept; a person's name takes letters, all else is a number.
    """

    title: str
    action: str
    back: str
    verb: str
    draft: str = ""
    field: str = "number"
    note: str = ""
    most: int = 64


@dataclass(frozen=True)
class Case:
    """A seizure before somebody at the screen."""

    request: Request
    operator: OperatorView
    dossier: Dossier
    checklist: Checklist

    def show(self, template: str, status: int = 200, **values: object) -> Response:
        """Draw a screen of it."""
        may_work = may_act(self.operator, "casework")
        back = self.checklist.undoable(self.operator) if may_work else None
        undo = (back[0], record_words.undone(self.checklist.language, self.dossier, *back)) if back else None
        return screens_of(self.request).show(
            self.request,
            template,
            self.operator,
            status,
            dossier=self.dossier,
            checklist=self.checklist,
            here=self.checklist.here,
            undo=undo,
            may_work=may_work,
            **values,
        )

    def ask_pin(self, question: PinQuestion, problem: str = "") -> Response:
        """Ask for a PIN, which signs as well as a hold does."""
        return self.show("prove.html", 403 if problem else 200, question=question, problem=problem)

    def ask_keys(self, station: Station, question: KeysQuestion, problem: str = "") -> Response:
        """Ask for something by keys."""
        kept = station.drafts.of(self.dossier.screening).get(question.draft, "")
        return self.show("keyed.html", 409 if problem else 200, question=question, value=kept, problem=problem)

    def prove(self, station: Station, question: PinQuestion, pin: str) -> Proof | Response:
        """Return that the PIN was this person's, or the screen that says why it was not taken."""
        try:
            return station.operators.prove(question.person.id, pin)
        except (WrongPin, Locked) as error:
            return self.ask_pin(question, refusal(self.checklist.language, error))

    def seen(self, *told: str) -> str:
        """Return the digest of what is shown to who signs: the dossier's own, or that and what else they are told."""
        digest = self.dossier.digest
        return sha256("\0".join((digest, *told)).encode()).hexdigest() if told else digest

    def exhibit(self, exhibit: str) -> ExhibitFile:
        """Return one of its exhibits."""
        return next(each for each in self.dossier.exhibits if each.id == exhibit)


def case_of(request: Request, station: TheStation, operator: Officer, screening_id: str) -> Case:
    """Return the seizure that the address names; it tells results, so what the officer sees comes first."""
    found = station.casework.dossier(ScreeningId(screening_id))
    if station.subjects.is_due(found.screening):
        last = found.readings[-1:]
        raise NotYetError(f"/readings/{last[0].id}" if last else f"/screenings/{found.screening}")
    return Case(request, operator, found, Checklist(screens_of(request).language(request), found))


def case_of_exhibit(request: Request, station: TheStation, operator: Officer, exhibit_id: str) -> Case:
    """Return the seizure of the exhibit that the address names."""
    return case_of(request, station, operator, station.casework.screening_of(exhibit_id))


TheCase = Annotated[Case, Depends(case_of)]
CaseOfExhibit = Annotated[Case, Depends(case_of_exhibit)]


def method_of(proof: Proof) -> SigningMethod:
    """Return how a record says that somebody signed who gave a PIN."""
    return "demonstration_pin" if proof.method == "demonstration_pin" else "pin"


def go_on(case: Case, station: Station, exhibit: str = "") -> Response:
    """Go to the next step as the seizure stands now: of the exhibit in hand first, which lies before the officer."""
    now = station.casework.dossier(case.dossier.screening)
    return see(Checklist(case.checklist.language, now).next(exhibit).href)


def closed(exhibit: str) -> Response:
    """Show an exhibit that is signed and closed, and say so."""
    return see(f"/exhibits/{exhibit}?closed=yes")
