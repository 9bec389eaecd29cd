"""A hand-over before it is signed: what is told of it so far, who may give and who may receive, and what is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from edge.access import token_of
from edge.encounters import check_act, may_act
from edge.errors import NotAllowed
from edge.exhibit_file import ExhibitFile
from edge.hands import GIVEN
from edge.permissions import PERMISSIONS
from edge.seals_read import SealRead
from edge.station import Station
from edge.views import OperatorView
from edge.web import hand_words, seal_words
from edge.web.case_screen import Case
from edge.web.seal_reading import read_of

FIELDS = ("number", "receiver", "name", "reason")
MOST_PEOPLE = 4
OUTSIDE = "outside-"


@dataclass(frozen=True)
class Handing:
    """One exhibit about to change hands, before who is signed in."""

    station: Station
    case: Case
    file: ExhibitFile

    @classmethod
    def of(cls, station: Station, case: Case, exhibit: str) -> "Handing":
        """Return the hand-over of an exhibit; raises NotAllowed where nobody who may give it can sign here."""
        check_act(case.operator, "transfer")
        found = cls(station, case, case.exhibit(exhibit))
        if not found.may_begin:
            raise NotAllowed(f"transfer: exhibit {found.file.number} is in the hands of {found.file.holder}, not here")
        return found

    @property
    def may_begin(self) -> bool:
        """Whether who is signed in may hand it over, and somebody who may give it can sign here."""
        return may_act(self.case.operator, "transfer") and (self.is_outside or bool(self.givers))

    @property
    def here(self) -> str:
        """The address of its screens."""
        return f"/exhibits/{self.file.id}/handover"

    def draft(self, what: str) -> str:
        """Return the name of a draft of it."""
        return f"{self.file.id}_to_{what}"

    @property
    def is_outside(self) -> bool:
        """Whether who has the exhibit is not of this station."""
        return all(each.operator.name != self.file.holder for each in self.station.accounts.everybody())

    @property
    def givers(self) -> list[OperatorView]:
        """People who may sign as its giver: who has it, and a supervisor who is signed in, for them."""
        present = [each for each in self._people if each.name == self.file.holder]
        operator = self.case.operator
        return [*present, operator] if operator.role == "supervisor" and operator not in present else present

    def giver(self, person: str) -> OperatorView | None:
        """Return who may sign as its giver of this id, but not who receives it."""
        found = next((each for each in self.givers if each.id == person), None)
        return None if found and found.id == self.told.get("receiver") else found

    @property
    def receivers(self) -> Sequence[OperatorView]:
        """People of this station who may have it and do not."""
        return [each for each in self._people if each.name != self.file.holder][:MOST_PEOPLE]

    @property
    def told(self) -> dict[str, str]:
        """What is told of it, as far as it still fits; who is of this station needs no name by hand."""
        prefix, drafts, read = self.draft(""), self.station.drafts.of(self.case.dossier.screening), self.read
        told = {name.removeprefix(prefix): value for name, value in drafts.items() if name.startswith(prefix)}
        told["number"] = read.number if read else ""
        receiver, reason = told.get("receiver", ""), told.get("reason", "")
        person = self.person(receiver)
        if person:
            told["name"] = person.name
        elif receiver.removeprefix(OUTSIDE) not in hand_words.PLACES:
            told.pop("receiver", None)
        if reason not in hand_words.REASONS:
            told.pop("reason", None)
        return {field: told[field] for field in FIELDS if told.get(field)}

    @property
    def lacks(self) -> str:
        """The first field that is not told yet, or nothing."""
        told = self.told
        return next((field for field in FIELDS if field not in told), "")

    @property
    def read(self) -> SealRead | None:
        """The number that who is signed in read from the bag just now."""
        return read_of(self.station, self.case, self.file, "handover")

    @property
    def seal(self) -> str:
        """The number read from the bag, and that a person typed it where no scan tells it."""
        read, language = self.read, self.case.checklist.language
        return seal_words.read(language, read.number, typed=read.scan is None) if read else ""

    @property
    def half_given(self) -> str:
        """Who was to receive it, where who gives signed and they did not; or nothing."""
        signed = f"{self.file.id}{GIVEN}" in self.station.drafts.of(self.case.dossier.screening)
        return self.receiver if signed and self.told.keys() >= {"receiver", "name"} else ""

    @property
    def cut_off(self) -> str:
        """The same, where the signature of who gives was not kept."""
        offers, token = self.station.casework.offers, token_of(self.case.request)
        return "" if offers.of(token, self.file.id, self.seen) else self.half_given

    @property
    def seen(self) -> str:
        """The digest of what is shown to who signs: the seizure as it stands, and what is told."""
        scan = self.read.scan if self.read else None
        return self.case.seen(self.file.id, str(scan), *self.told.values())

    def person(self, receiver: str) -> OperatorView | None:
        """Return who of this station receives it."""
        return next((each for each in self._people if each.id == receiver), None)

    @property
    def receiver(self) -> str:
        """Who receives it, as the record says: a name, and where they are not of this station their place."""
        told = self.told
        place = hand_words.PLACES.get(told["receiver"].removeprefix(OUTSIDE))
        return f"{told['name']}, {self.case.checklist.language.say(place)}" if place else told["name"]

    @property
    def reason(self) -> str:
        """What for, in words."""
        why = hand_words.REASONS[self.told["reason"]]
        return self.case.checklist.language.say(why)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What both sign."""
        language = self.case.checklist.language
        say = language.say
        found = seal_words.found(language, self.file)
        return [
            *([(say("Mind:"), found)] if found else []),
            (say("Seal"), self.seal),
            (say("Gives"), hand_words.receiver(language, self.file.holder)),
            (say("Receives"), self.receiver),
            (say("What for"), self.reason),
        ]

    def about(self, signed: OperatorView | None = None) -> str:
        """Return what both sign, in one line; `signed` is who of this station signed as its giver."""
        language, file = self.case.checklist.language, self.file
        giver = hand_words.giver(language, file.holder, signed.name if signed else file.holder)
        found = seal_words.found(language, file)
        told = language.say(
            "Exhibit %(number)s, seal %(seal)s. From %(giver)s to %(receiver)s: %(why)s.",
            number=file.number,
            seal=self.seal,
            giver=giver,
            receiver=self.receiver,
            why=self.reason,
        )
        return f"{told} {language.say('Mind:')} {found}." if found else told

    @property
    def _people(self) -> list[OperatorView]:
        return [each for each in self.station.operators.list() if each.role in PERMISSIONS["transfer"].may]
