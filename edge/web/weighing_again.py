"""An exhibit that is weighed, and one that was weighed before: a second weight that says otherwise is asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from fastapi import Depends, Form, Response

from edge.exhibit_file import ExhibitFile
from edge.station import Station
from edge.web import forms, weight_words
from edge.web.case_screen import Case, CaseOfExhibit, go_on
from edge.web.masses import Mass, grams, masses, openings
from edge.web.screen import see
from edge.weighing import Kind
from sync.contract.casework import Occasion, WeightCore
from sync.contract.ids import Seq

REFUSED = 409
Way = Literal["", "instead", "besides"]
"""What becomes of an earlier weight that says otherwise: not told yet, it is taken back, or both stand."""


@dataclass(frozen=True)
class Weighing:
    """Which weight of an exhibit is asked for, and on which occasion."""

    case: Case
    exhibit_id: str
    kind: Kind
    occasion: Occasion

    @property
    def exhibit(self) -> ExhibitFile:
        """The exhibit, as it was when the request came."""
        return self.case.exhibit(self.exhibit_id)

    @property
    def is_closed(self) -> bool:
        """Whether it cannot be weighed on this occasion: it is signed for, or its bag is closed."""
        return bool(self.case.checklist.signature if self.occasion == "found" else self.exhibit.seal_number)

    @property
    def place(self) -> str:
        """The address of the weight that a scale shows."""
        return f"/exhibits/{self.exhibit_id}/weight"

    @property
    def query(self) -> str:
        """As an address tells it."""
        return f"kind={self.kind}&occasion={self.occasion}"

    @property
    def fields(self) -> dict[str, str]:
        """As a form tells it."""
        return {"kind": self.kind, "occasion": self.occasion}

    def is_of(self, record: WeightCore) -> bool:
        """Whether a record is such a weight."""
        of = Mass.of(record)
        return (of.kind, of.occasion) == (self.kind, self.occasion)

    def go_on(self, station: Station) -> Response:
        """Go on: with the seizure, or with a bag that was opened for sampling."""
        if self.occasion == "found":
            return go_on(self.case, station, self.exhibit_id)
        return see(f"/exhibits/{self.exhibit_id}")


def _of_address(case: CaseOfExhibit, exhibit_id: str, kind: Kind = "gross", occasion: Occasion = "found") -> Weighing:
    return Weighing(case, exhibit_id, kind, occasion)


def _of_form(
    case: CaseOfExhibit,
    exhibit_id: str,
    kind: Annotated[Kind, Form()] = "gross",
    occasion: Annotated[Occasion, Form()] = "found",
) -> Weighing:
    return Weighing(case, exhibit_id, kind, occasion)


Asked = Annotated[Weighing, Depends(_of_address)]
Sent = Annotated[Weighing, Depends(_of_form)]
"""What an address asks for, and what a form brings."""


@dataclass(frozen=True)
class Again:
    """A weight of an exhibit that was weighed before: what it is now, and which others do not fit it."""

    weighing: Weighing
    now: tuple[str, str]
    others: Sequence[tuple[Seq, WeightCore]]

    @classmethod
    def of(cls, weighing: Weighing, now: tuple[str, str]) -> Self:
        """Look for weights of the exhibit that say otherwise, or that cannot stand beside this one."""
        exhibit = weighing.exhibit
        known = masses(exhibit)
        new = Mass(weighing.kind, weighing.occasion, grams(*now), openings(exhibit))
        unfit = {seq for seq, of in known.items() if new.differs(of) or new.contradicts(of, known.values())}
        return cls(weighing, now, [(seq, each) for seq, each in exhibit.counting(WeightCore) if seq in unfit])

    @property
    def why(self) -> list[str]:
        """Why they cannot both be right, where the others are of another kind or occasion."""
        kind, others = self.weighing.kind, [each for _, each in self.others if not self.weighing.is_of(each)]
        heavy = [weight_words.TOO_HEAVY] if any(each.kind != kind for each in others) else []
        return [*heavy, *([weight_words.GREW] if any(each.kind == kind for each in others) else [])]

    @property
    def may_replace(self) -> bool:
        """Whether the others may be taken back: nothing is signed, and this officer made them."""
        case = self.weighing.case
        return all(each.operator == case.operator.id for _, each in self.others) and not case.checklist.signature

    def ask(self, fields: Mapping[str, str], *, typed: bool = False) -> Response:
        """Ask what becomes of them."""
        weighing, case = self.weighing, self.weighing.case
        at = f"{weighing.place}/typed" if typed else weighing.place
        language, amended = case.checklist.language, weighing.exhibit.amended
        say = language.say
        return case.show(
            "weight_again.html",
            REFUSED,
            exhibit=weighing.exhibit,
            action=at,
            back=f"{at}?{weighing.query}",
            fields={**weighing.fields, **fields},
            before=[weight_words.weight(language, each, amended=seq in amended) for seq, each in self.others],
            now=f"{forms.SPACE.join(self.now)} {say(weight_words.WEIGHTS[weighing.kind])}",
            why="; ".join(map(say, self.why)),
            may_replace=self.may_replace,
            signed=case.checklist.signature is not None,
        )

    def take_back(self, station: Station, way: Way) -> None:
        """Take them back, where the officer said so and may."""
        if way == "instead" and self.may_replace:
            for seq, _ in reversed(self.others):
                station.seizures.undo(self.weighing.case.operator, self.weighing.case.dossier.screening, seq)
