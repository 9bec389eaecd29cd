"""The readings of one screening beside one another, in words: what each says, and what they are to one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from edge.comparisons import Compared, counted, counted_files, exhibits_of, takes_alarms_away
from edge.dossier import Dossier, Sampled
from edge.station import Station
from edge.views import ReadingView
from edge.web import forms
from edge.web.concluded import NAMED, REFERRED
from edge.web.reader import Reader
from edge.web.results import Result
from edge.web.translations import Language
from edge.web.translations import mark as _
from edge.web.words import CONCLUSIONS
from models.agreement import Outcome, Strength
from models.conclusion import Conclusion
from sync.contract.comparison import ComparisonCore, FindingPart, SaidPart
from sync.contract.ids import Seq
from sync.contract.observations import SecondTechniqueRecord
from sync.contract.seizure import SignatureRecord

ONLY_ONE = (Outcome.ONLY_ONE, Strength.ONE)
ONE_OF_SEVERAL = _("Only one reading gave a result")
SEIZURES = NOT_BEGUN, BEGUN, SIGNED = _("Open the seizure"), _("Continue the seizure"), _("Signed seizure")
SHORT: Mapping[tuple[Outcome, Strength], str] = {
    (Outcome.NOTHING, Strength.ONE): _("No reading gave a result"),
    ONLY_ONE: _("Only one reading"),
    (Outcome.AGREE, Strength.REPEATED): _("The readings agree"),
    (Outcome.AGREE, Strength.TWO_TECHNIQUES): _("Two techniques agree"),
    (Outcome.CONFLICT, Strength.ONE): _("The readings disagree"),
}
MEANING: Mapping[tuple[Outcome, Strength], str] = {
    (Outcome.NOTHING, Strength.ONE): _("No reading names anything yet."),
    ONLY_ONE: _("Only one says something; nothing else speaks for or against it."),
    (Outcome.AGREE, Strength.REPEATED): _("It was seen again in the same way: the same error could come twice."),
    (Outcome.AGREE, Strength.TWO_TECHNIQUES): _("Two techniques that err differently name the same substance."),
    (Outcome.CONFLICT, Strength.ONE): _("Conclude nothing from them. Refer a sample to the laboratory."),
}
ALARMS = _("Alarms of different substances")
ALARMS_MEAN = _("Each is an alarm, of another substance: there may be several. Refer a sample to the laboratory.")
"""Of a conflict in which each reading is an alarm."""
SOME_ALARMS = _("ALARM in %(alarms)s of %(all)s readings")
SOME_RESULTS = _("ALARM in %(alarms)s of %(all)s results")
"""The same where another reading, or a file, says nothing of the sample."""
SOME_ALARMS_MEAN = _("They contradict one another, but the alarms stand. Refer a sample to the laboratory.")
"""Of a conflict in which only some are alarms: what says otherwise takes nothing from them."""
IN_CONFLICT = _("IN CONFLICT")
"""What a conflict comes to unless all are alarms: to no conclusion, which might weaken those that stand."""
SEALED = _(
    "%(short)s. Sealed as %(word)s, as its rule calls such a conflict; that takes nothing from an alarm among them."
)
"""Of what was accepted by a rule before today's."""
GONE: Mapping[str, str] = {"void": _("Exhibit %(number)s (void)"), "undone": _("Exhibit %(number)s (taken back)")}
"""An exhibit that is none any more, by what became of it."""
OVERALL = ("alarm", "caution", "inconclusive", "no_alarm")
"""What several exhibits come to: the first of these that one does. What is still open is said before no alarm."""
MOST_NAMED = 40
"""Letters of all that the readings of a conflict name, where they are told in one line."""


@dataclass(frozen=True)
class Crosscheck:
    """What the readings of one exhibit, or of none, are to one another: in two or three words, and what that means.

    `exhibit` is its number, `of` its name, empty where no reading is of an exhibit. `together` is what they come to in
    words, `conclusion` its kind; `accepted`: an officer put just this on record;
    `void` says which readings count no more, `alarms` in a conflict how many are alarms, where not all are.
    """

    outcome: str
    count: int
    short: str
    meaning: str
    together: str
    conclusion: str
    accepted: bool
    void: str = ""
    alarms: str = ""
    exhibit: int | None = None
    of: str = ""

    @property
    def word(self) -> str:
        """What a list tells of them first."""
        return self.alarms or self.together

    @property
    def kind(self) -> str:
        """The conclusion whose picture and colour stand for them."""
        return Conclusion.ALARM if self.alarms else self.conclusion

    @property
    def contradicts(self) -> bool:
        """Whether the readings contradict one another: then nothing that all come to is there to be accepted."""
        return self.outcome == Outcome.CONFLICT and self.conclusion != Conclusion.ALARM

    @property
    def conflict(self) -> str:
        """What is said of a conflict beside one of its readings, once: that they disagree says what they come to."""
        return f"{self.short}." if self.is_told_by_short else f"{self.word}. {self.short}."

    @property
    def is_told_by_short(self) -> bool:
        """Whether `together` adds nothing to `short`."""
        return self.contradicts and not self.alarms and not self.accepted


@dataclass(frozen=True)
class Told:
    """What another instrument's file says, in its own words."""

    instrument: str
    verdict: str


class Part(NamedTuple):
    """What one reading said; `void` says that it counts no more, and why."""

    said: str
    void: str = ""


class Whole(NamedTuple):
    """What a screening came to, told alike on every screen and paper.

    `word` is the conclusion of its only reading, or of all of them together, and of several exhibits the gravest;
    `kind` is which one that is. `what` is the substance, or each of them where there is a `conflict` or several
    exhibits. `void` says which readings count no more, `unsigned` what was measured after the signature, `review` that
    what was approved was another thing; `parts` is what each reading said, `short` what they are to one another, where
    it is no conflict.
    """

    word: str
    what: str
    kind: str = ""
    short: str = ""
    conflict: str = ""
    void: str = ""
    unsigned: str = ""
    review: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def named(self) -> str:
        """What it is, or else its conclusion: for one line of a list."""
        return self.what or self.word

    @property
    def said(self) -> str:
        """The conclusion and what it is."""
        return ": ".join(filter(None, [self.word, self.what]))

    @property
    def doubt(self) -> str:
        """All that speaks against it."""
        return " ".join(filter(None, [self.conflict, self.void, self.unsigned, self.review]))


def crosscheck(station: Station, language: Language, dossier: Dossier, exhibit: int | None = None) -> Crosscheck:
    """Compare all that was told about one exhibit of a screening, or about none."""
    compared, accepted = station.comparisons.of(dossier, exhibit), station.comparisons.accepted(dossier, exhibit)
    said = _("Accepted: %(conclusion)s") if accepted else _("Together: %(conclusion)s")
    alarms = _some_alarms(language, compared)
    word = CONCLUSIONS[compared.conclusion] if compared.conclusion else IN_CONFLICT
    return Crosscheck(
        outcome=compared.agreement.outcome.value,
        count=len(compared.findings),
        short=language.say(_short(compared)),
        meaning=language.say(SOME_ALARMS_MEAN if alarms else _meaning(compared)),
        together=language.say(said, conclusion=language.say(word)),
        conclusion=compared.conclusion or Conclusion.INCONCLUSIVE,
        accepted=accepted is not None,
        void=void_readings(language, dossier),
        alarms=alarms,
        exhibit=exhibit,
        of=exhibit_name(language, exhibit) if exhibits_of(dossier) != [None] else "",
    )


def seizure_name(language: Language, dossier: Dossier) -> str:
    """Return what leads to the seizure: one that was begun or signed is not opened again."""
    if dossier.of(SignatureRecord):
        return language.say(SIGNED)
    return language.say(BEGUN if dossier.exhibits else NOT_BEGUN)


def exhibit_name(language: Language, number: int | None) -> str:
    """Return what is read: an exhibit, or what is none."""
    return language.say("Exhibit %(number)s", number=number) if number else language.say("Without exhibit")


def reading_name(language: Language, number: int, exhibit: int | None) -> str:
    """Return which reading it is, and of which exhibit, if of one."""
    if exhibit is None:
        return language.say("Reading %(number)s", number=number)
    return language.say("Reading %(number)s, exhibit %(exhibit)s", number=number, exhibit=exhibit)


def concluded(station: Station, reader: Reader, dossier: Dossier) -> Whole:
    """Return what a screening came to and what it is, and what is to be said of that."""
    whole = _now(station, reader, dossier)
    void, unsigned = void_readings(reader.language, dossier), _unsigned(reader.language, dossier)
    whole, review = whole._replace(void=void, unsigned=unsigned, parts=_parts(reader, dossier)), dossier.outdated_review
    if review is None:
        return whole
    then = _now(station, reader, dossier.before(review)).said
    again = _("The review approved: %(then)s. Changed since: it must be reviewed again.")
    return whole._replace(review=reader.language.say(again, then=then))


def _now(station: Station, reader: Reader, dossier: Dossier) -> Whole:
    exhibits, language = exhibits_of(dossier), reader.language
    told = [concluded_of(station, reader, dossier, each) for each in exhibits]
    if len(told) < 2:  # noqa: PLR2004 - several
        return told[0] if told else Whole(language.say("No reading"), "")
    kinds = {each.kind for each in told}
    kind = next((each for each in OVERALL if each in kinds), told[-1].kind)
    against = [
        f"{exhibit_name(language, exhibit)}: {each.word}. {each.conflict}"
        for exhibit, each in zip(exhibits, told, strict=True)
        if each.conflict
    ]
    names = list(dict.fromkeys(name for each in told if each.kind == kind and (name := each.what)))
    open_ = any(each.conflict and each.kind == kind for each in told) and kind not in REFERRED
    word = IN_CONFLICT if open_ else CONCLUSIONS[kind]
    return Whole(language.say(word), _together(language, names), kind, conflict=" ".join(against))


def concluded_of(station: Station, reader: Reader, dossier: Dossier, exhibit: int | None) -> Whole:
    """Return what the readings of one exhibit, or of none, came to."""
    read = [each for each in counted(dossier) if each.record and dossier.exhibit_of(each) == exhibit]
    readings, cross = [reader.result(each) for each in read], crosscheck(station, reader.language, dossier, exhibit)
    if not readings:
        return Whole(reader.language.say("No reading"), "", cross.kind)
    if cross.count < 2:  # noqa: PLR2004 - several
        return Whole(readings[-1].word, readings[-1].brief, readings[-1].kind)
    if cross.outcome == Outcome.CONFLICT:
        telling = [each for each in readings if each.kind in NAMED]
        alarms = [each for each in telling if each.kind == "alarm"] if cross.alarms else telling
        names = list(dict.fromkeys(each.brief for each in alarms))
        return Whole(cross.word, _together(reader.language, names), cross.kind, conflict=f"{cross.short}.")
    named = [each.brief for each in readings if each.kind in NAMED and each.kind == cross.conclusion]
    return Whole(cross.together, named[-1] if named else "", cross.kind, cross.short)


def accepted_words(language: Language, record: ComparisonCore) -> str:
    """Return what was accepted, as it is sealed: what the readings are to one another, and what they come to together.

    Of readings that contradict one another that is how many of them are alarms.
    """
    outcome, word = Outcome(record.outcome), language.say(CONCLUSIONS[record.conclusion or Conclusion.INCONCLUSIVE])
    all_alarms = outcome is Outcome.CONFLICT and record.conclusion == Conclusion.ALARM
    short = language.say(ALARMS if all_alarms else SHORT[outcome, Strength(record.strength)])
    if takes_alarms_away(record):
        return language.say(SEALED, short=short, word=word)
    if record.conclusion is None:
        parts = [each for each in record.findings if isinstance(each, SaidPart)]
        told = [each.conclusion for each in parts if each.names or each.family]
        return ": ".join(filter(None, [short, _count(language, told, len(parts))]))
    return f"{short}: {word}"


def compared(language: Language, sampled: Mapping[Seq, Sampled], record: ComparisonCore) -> str:
    """Return of which exhibit the readings were that were compared, or that they are of none; nothing where all are.

    What was accepted of an exhibit that is none any more stays so. `sampled` is what readings and files were of, by
    entry.
    """
    of = next((sampled[each.concerns.seq] for each in record.findings if each.concerns.seq in sampled), None)
    if of and of.gone:
        return language.say(GONE[of.gone], number=of.number)
    return exhibit_name(language, of.number if of else None) if sampled else ""


def finding_words(language: Language, part: FindingPart) -> str:
    """Return an entry that was compared, with its own conclusion where the record keeps one."""
    number = forms.number(part.concerns.seq)
    kept = isinstance(part, SaidPart) and part.conclusion
    return f"{number}: {language.say(CONCLUSIONS[kept])}" if kept else number


def numbered(dossier: Dossier) -> list[tuple[int, ReadingView]]:
    """Return the readings on record, each with its number: a void changes none of them."""
    return [(number, each) for number, each in enumerate(dossier.readings, start=1) if each.seq and each.record]


def void_readings(language: Language, dossier: Dossier) -> str:
    """Return which readings count no more; nothing where all do."""
    numbers = [str(number) for number, each in numbered(dossier) if each.seq in dossier.voids]
    said = language.say("Void and not counted: reading %(numbers)s.", numbers=", ".join(numbers))
    return said if numbers else ""


def _unsigned(language: Language, dossier: Dossier) -> str:
    """Return what was measured after the signature, readings and files; nothing where all is signed."""
    since = dossier.unsigned
    readings = [language.say("reading %(number)s", number=at) for at, each in numbered(dossier) if each.seq in since]
    files = [each.instrument for at, each in dossier.records if isinstance(each, SecondTechniqueRecord) and at in since]
    said = _("Since the signature: %(what)s. It must be signed again.")
    return language.say(said, what=", ".join([*readings, *files])) if since else ""


def parts_of(reader: Reader, dossier: Dossier) -> list[tuple[ReadingView, Part]]:
    """Return what each reading on record said, with what it may be instead."""
    return [(reading, _part(reader, dossier, number, reading)) for number, reading in numbered(dossier)]


def _parts(reader: Reader, dossier: Dossier) -> tuple[Part, ...]:
    """Return what each reading said; nothing of one alone, of no exhibit, that is told whole without."""
    told = parts_of(reader, dossier)
    several = len(told) > 1 or bool(void_readings(reader.language, dossier))
    return tuple(
        part for reading, part in told if several or dossier.exhibit_of(reading) or _is_doubtful(reader.result(reading))
    )


def _is_doubtful(result: Result) -> bool:
    return bool(_instead(result) or result.doubt)


def _instead(result: Result) -> str:
    return result.also if result.kind in REFERRED else ""


def _part(reader: Reader, dossier: Dossier, number: int, reading: ReadingView) -> Part:
    result, say = reader.result(reading), reader.language.say
    void = dossier.voids.get(reading.seq) if reading.seq else None
    name = reading_name(reader.language, number, dossier.exhibit_of(reading))
    said = f"{name}: {result.word}, {result.brief}"
    if void:
        return Part(said, say("VOID: %(reason)s", reason=void.reason))
    return Part("; ".join(filter(None, [said, _instead(result), result.doubt])))


def _together(language: Language, names: Sequence[str]) -> str:
    """Return the first names, as many as stand in one line, and how many more there are."""
    shown = names[:1]
    for name in names[1:]:
        if len(" / ".join([*shown, name])) > MOST_NAMED:
            break
        shown = [*shown, name]
    said, more = " / ".join(shown), len(names) - len(shown)
    return language.say("%(named)s and %(more)s more", named=said, more=more) if more else said


def _some_alarms(language: Language, compared: Compared) -> str:
    """Return how many of those that say something are alarms, where they conflict and some but not all are."""
    if compared.conclusion is not None:
        return ""
    told = [found.conclusion for _, found in compared.findings if found.says_something]
    return _count(language, told, len(compared.findings))


def _count(language: Language, told: Sequence[str | None], all_: int) -> str:
    """Return how many of what `told` something are alarms; nothing where none is. `all_` counts the silent too."""
    alarms = told.count(Conclusion.ALARM)
    said = SOME_ALARMS if len(told) == all_ else SOME_RESULTS
    return language.say(said, alarms=alarms, all=len(told)) if alarms else ""


def _all_alarms(compared: Compared) -> bool:
    return compared.agreement.outcome is Outcome.CONFLICT and compared.conclusion is Conclusion.ALARM


def _short(compared: Compared) -> str:
    key = compared.agreement.outcome, compared.agreement.strength
    if _all_alarms(compared):
        return ALARMS
    return ONE_OF_SEVERAL if len(compared.findings) > 1 and key == ONLY_ONE else SHORT[key]


def _meaning(compared: Compared) -> str:
    key = compared.agreement.outcome, compared.agreement.strength
    return ALARMS_MEAN if _all_alarms(compared) else MEANING[key]


def told_by_files(language: Language, dossier: Dossier, exhibit: int | None) -> list[Told]:
    """Return what the files of other instruments say of one exhibit, or of none."""
    nothing = language.say("It told no verdict of its own.")
    links = [each for each in counted_files(dossier) if dossier.exhibit_of(each) == exhibit]
    return [Told(link.instrument, link.verdict or nothing) for link in links]
