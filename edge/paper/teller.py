"""Who did what when and why, and what counts no more: the words that all papers share."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from edge.dossier import Dossier, Sampled, Voided
from edge.paper.sheet import Line
from edge.received import Received
from edge.standing import Numbered
from edge.views import OperatorView
from edge.web import amended_words, case_words, forms, words
from edge.web.lacking_words import Lists
from edge.web.translations import Language
from edge.web.translations import mark as _
from sync.contract.casework import AmendmentRecord
from sync.contract.ids import Seq
from sync.contract.record import Record, Timestamp
from sync.contract.seizure import WitnessRecord

METHODS: Mapping[str, str] = {
    "token": _("with the signer's token"),
    "hold": _("the button was held for 1.5 s in the signer's session"),
    "pin": _("with the signer's PIN"),
    "demonstration_pin": _("with the PIN of a demonstration"),
}


@dataclass(frozen=True)
class Teller:
    """Puts records into words of one language; `names` are the people of the station by id."""

    language: Language
    names: Mapping[str, OperatorView]
    voided: Mapping[Seq, Voided]
    said: Mapping[Seq, str] = field(default_factory=dict[Seq, str])
    """What each entry is and says, in one line."""
    entries: Mapping[Seq, Record] = field(default_factory=dict[Seq, Record])
    """Each entry, what was taken back too."""
    amended: Mapping[Seq, Sequence[tuple[Seq, AmendmentRecord]]] = field(
        default_factory=dict[Seq, Sequence[tuple[Seq, AmendmentRecord]]]
    )
    reviewed: Mapping[Seq, Sequence[Seq]] = field(default_factory=dict[Seq, Sequence[Seq]])
    """The corrections that each review takes in, since the signature or the review before it."""
    exhibits: Mapping[str, int] = field(default_factory=dict[str, int])
    """The numbers of the exhibits, by id."""
    answered: Mapping[WitnessRecord, str] = field(default_factory=dict[WitnessRecord, str])
    """What each answer of the person searched means."""
    unsigned: Collection[Seq] = ()
    """What was measured after the signature."""

    files: Mapping[Seq, Received] = field(default_factory=dict[Seq, Received])
    """The files of another technique, by the entries in which they were received."""
    sampled: Mapping[Seq, Sampled] = field(default_factory=dict[Seq, Sampled])
    """The exhibits that readings and files were of, by entry."""
    lacked: Mapping[Seq, Lists] = field(default_factory=dict[Seq, Lists])
    """What each signature says that was not there, and the newest would name today."""

    def counting(self, dossier: Dossier) -> Dossier:
        """Return the dossier without what was voided: for forms, which show what counts."""
        files = [replace(each, records=self._counting(each.records)) for each in dossier.exhibits]
        readings = [each for each in dossier.readings if each.seq and each.seq not in self.voided]
        return replace(dossier, readings=readings, exhibits=files, records=self._counting(dossier.records))

    def _counting(self, records: Sequence[Numbered]) -> list[Numbered]:
        return [each for each in records if each[0] not in self.voided]

    def corrected(self, seq: Seq, record: AmendmentRecord) -> Line:
        """Return what an entry should have said instead, and by which one."""
        changes = "; ".join(f"{name}: {was} → {right}" for name, was, right in self.changes(record))
        why = self.reason(record.reason)
        return Line(self.say("CORRECTED by entry %(seq)s", seq=seq), f"{changes} ({why})", "strong")

    def takes_in(self, seq: Seq) -> list[Line]:
        """Return the corrections that an entry is also about, where it is a review."""
        return [
            Line(self.say("With the correction"), f"{forms.number(each)} · {self.said.get(each, '')}")
            for each in self.reviewed.get(seq, ())
        ]

    def missing(self, seq: Seq) -> list[Line]:
        """Return what a signature says that was not there, and what it would name today; nothing of any other entry."""
        return [Line(name, "; ".join(what), "strong") for name, what in self.lacked.get(seq, ())]

    def uncovered(self, seq: Seq) -> list[Line]:
        """Return that the signature does not cover what was measured after it; nothing of any other entry."""
        said = Line(
            self.say("Signature"), self.say("This came after the signature, which does not cover it."), "strong"
        )
        return [said] if seq in self.unsigned else []

    def changes(self, record: AmendmentRecord) -> Iterator[tuple[str, str, str]]:
        """Yield each field that is amended, what it said and what it should say, as `amended_words` has them."""
        concerned = self.entries.get(record.concerns.seq)
        for each in record.changes:
            name = amended_words.field_of(self.language, concerned, each)
            yield name, *amended_words.changed(self.language, each)

    def void(self, seq: Seq) -> str:
        """Return what is said of an entry that counts no more; nothing of any other."""
        void = self.voided.get(seq)
        if void is None:
            return ""
        said = self.say("VOID: %(reason)s", reason=self.reason(void.reason))
        return f"{said} ({self.moment(void.record.recorded)}, {self.behind(void)})"

    def behind(self, void: Voided) -> str:
        """Return the two who stand behind a void, as far as the station keeps who they are."""
        named = [self.person(each) for each in void.persons]
        if len(named) < 2:  # noqa: PLR2004 - a void takes two
            named.append(self.say("a second person, whom entry %(seq)s names", seq=void.seq - 1))
        return self.say("%(first)s and %(second)s", first=named[0], second=named[1])

    def say(self, message: str, **values: object) -> str:
        """Say a message in the language of the paper."""
        return self.language.say(message, **values)

    def reason(self, text: str) -> str:
        """Return why something was done, in the language of the paper where it was picked."""
        return case_words.reason(self.language, text)

    def person(self, operator: str | None) -> str:
        """Return a person's name, role and id."""
        known = self.names.get(operator or "")
        if known is None:
            return operator or self.say("the station itself")
        return f"{known.name} ({self.role(known)}, {known.id})"

    def role(self, person: OperatorView) -> str:
        """Return what a person is here."""
        return self.say(words.ROLES[person.role])

    def moment(self, when: Timestamp) -> str:
        """Return a moment, with a word where the clock cannot be trusted."""
        said = forms.moment(self.language, forms.wall(when.wall))
        return said if when.trust == "synchronised" else f"{said} ({self.say(words.CLOCK[when.trust][0])})"

    def signed(self, record: Record) -> str:
        """Return when a record was made and by whom."""
        return f"{self.moment(record.recorded)} · {self.person(record.operator)}"
