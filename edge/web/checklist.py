"""What a seizure still needs, in the order in which an officer does it; the order is the same for every exhibit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from edge.consent import witnesses
from edge.dossier import Dossier
from edge.exhibit_file import ExhibitFile
from edge.undoing import undoable
from edge.views import OperatorView
from edge.web import case_words as words
from edge.web import exhibit_words, seal_words, weight_words, witness_words
from edge.web.consent_words import answered, to_ask
from edge.web.translations import Language
from sync.contract.casework import ExhibitCore, PhotoRecord, SealCore, WeightCore
from sync.contract.ids import Seq
from sync.contract.record import Record
from sync.contract.seizure import ReviewRecord, SignatureRecord


@dataclass(frozen=True)
class Item:
    """One line of the checklist: what it is, where it is done, and what is on record of it."""

    name: str
    title: str
    href: str
    done: bool
    said: str = ""
    earlier: tuple[str, ...] = ()
    """What stood there before it was amended or made void."""


@dataclass(frozen=True)
class Checklist:
    """A seizure as a list of steps."""

    language: Language
    dossier: Dossier

    @property
    def here(self) -> str:
        """The address of the screening."""
        return f"/screenings/{self.dossier.screening}"

    @property
    def signature(self) -> SignatureRecord | None:
        """The signature, once there is one; the newest where a review returned the seizure."""
        signatures = self.dossier.of(SignatureRecord)
        return signatures[-1] if signatures else None

    @property
    def is_returned(self) -> bool:
        """Whether a review returned it and it was not signed again since."""
        steps = [each for _, each in self.dossier.records if isinstance(each, SignatureRecord | ReviewRecord)]
        return bool(steps) and isinstance(steps[-1], ReviewRecord) and steps[-1].decision == "returned"

    @property
    def awaits_signature(self) -> bool:
        """Whether it waits for another signature: it was returned, or something was measured since."""
        return self.is_returned or bool(self.dossier.unsigned)

    def of(self, exhibit: ExhibitFile) -> list[Item]:
        """Return the steps of one exhibit."""
        at, language = f"/exhibits/{exhibit.id}", self.language
        what = "; ".join(exhibit_words.described(language, *each) for each in exhibit.stood(ExhibitCore))
        weights = ", ".join(weight_words.weights(language, exhibit))
        photos = len(exhibit.stood(PhotoRecord))
        before = (exhibit_words.described(language, each, each) for each in exhibit.earlier(ExhibitCore))
        weighed = (weight_words.weight(language, each) for each in exhibit.earlier(WeightCore))
        seals = (seal_words.seal(language, each) for each in exhibit.earlier(SealCore))
        taken = language.count("%(number)s photograph", "%(number)s photographs", photos) if photos else ""
        return [
            self._item("exhibit", at, what, before),
            self._item("weight", f"{at}/weight", weights, weighed),
            self._item("photo", f"{at}/photo", taken),
            self._sealing(exhibit, f"{at}/seal", seals),
        ]

    def ending(self) -> list[Item]:
        """Return the steps of the whole seizure."""
        told = answered(self.language, self.dossier)
        stood = [witness_words.witness(self.language, record, told) for record in witnesses(self.dossier)]
        ask = to_ask(self.language, self.dossier)
        beside = self._item("witnesses", f"{self.here}/witnesses", "; ".join([*([ask] if ask else []), *stood]))
        signature = self.signature.name if self.signature else ""
        return [
            replace(beside, done=beside.done and not ask),
            self._item("review", f"{self.here}/review", signature),
        ]

    def everything(self) -> list[Item]:
        """Return every step; where there is no exhibit yet, those of the first."""
        exhibits = [item for exhibit in self.dossier.exhibits for item in self._steps(exhibit)]
        return [*(exhibits or self._of_none()), *self.ending()]

    def shown(self) -> list[Item]:
        """Return the lines of the hub: each step of the only exhibit, or one line for each of several."""
        if len(self.dossier.exhibits) < 2:  # noqa: PLR2004 - several
            return self.everything()
        return [*(self._whole(each) for each in self.dossier.exhibits), *self.ending()]

    def next(self, exhibit: str = "") -> Item:
        """Return the first step that is not done, of the exhibit in hand before all others; signing is the last."""
        in_hand = [item for each in self.dossier.exhibits if each.id == exhibit for item in self._steps(each)]
        steps = [*in_hand, *self.everything()]
        return next((item for item in steps if not item.done), steps[-1])

    def undoable(self, operator: OperatorView) -> tuple[Seq, Record] | None:
        """Return the newest thing on record, where this person may take it back."""
        return None if self.signature else undoable(self.dossier, operator)

    def _item(self, name: str, href: str, said: str, earlier: Iterable[str] = ()) -> Item:
        return Item(name, self.language.say(words.STEPS[name]), href, bool(said), said, tuple(earlier))

    def _sealing(self, exhibit: ExhibitFile, href: str, earlier: Iterable[str]) -> Item:
        """Return the step of its seal; of a bag that lies open, which one was broken."""
        language = self.language
        said = seal_words.closing(language, exhibit) or seal_words.broken(language, exhibit)
        return replace(self._item("seal", href, said, earlier), done=bool(exhibit.seal_number))

    def _of_none(self) -> Sequence[Item]:
        new = self._item("exhibit", f"{self.here}/exhibits/new", "")
        return [new, *(self._item(name, new.href, "") for name in ("weight", "photo", "seal"))]

    def _steps(self, exhibit: ExhibitFile) -> list[Item]:
        """Return the steps of one exhibit, which say of which where it is one of several."""
        items, say = self.of(exhibit), self.language.say
        if len(self.dossier.exhibits) < 2:  # noqa: PLR2004 - several
            return items
        named = "%(what)s of exhibit %(number)s"
        return [replace(item, title=say(named, what=item.title, number=exhibit.number)) for item in items]

    def _whole(self, exhibit: ExhibitFile) -> Item:
        steps = self.of(exhibit)
        done = sum(item.done for item in steps)
        title = self.language.say("Exhibit %(number)s", number=exhibit.number)
        said = self.language.say("%(done)s of %(all)s: %(what)s", done=done, all=len(steps), what=steps[0].said)
        return Item("exhibit", title, f"/exhibits/{exhibit.id}", done == len(steps), said)
