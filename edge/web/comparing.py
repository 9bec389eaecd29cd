"""The readings of one screening beside one another, in words: what each says, and what they are to one another."""

from collections.abc import Mapping
from dataclasses import dataclass

from edge.comparisons import counted
from edge.dossier import Dossier
from edge.station import Station
from edge.web.results import NAMED, Reader
from edge.web.translations import Language
from edge.web.translations import mark as _
from edge.web.words import CONCLUSIONS
from models.agreement import Outcome, Strength
from sync.contract.comparison import ComparisonRecord
from sync.contract.observations import SecondTechniqueRecord

ONLY_ONE = (Outcome.ONLY_ONE, Strength.ONE)
ONE_OF_SEVERAL = _("Only one says something")
SHORT: Mapping[tuple[Outcome, Strength], str] = {
    (Outcome.NOTHING, Strength.ONE): _("Nothing to compare"),
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


@dataclass(frozen=True)
class Crosscheck:
    """What the readings of a screening are to one another: in two or three words, and what that means.

    `together` is what they come to in words, `conclusion` its kind; `accepted`: an officer put just this on record.
    """

    outcome: str
    count: int
    short: str
    meaning: str
    together: str
    conclusion: str
    accepted: bool


@dataclass(frozen=True)
class Told:
    """What another instrument's file says, in its own words."""

    instrument: str
    verdict: str


def crosscheck(station: Station, language: Language, dossier: Dossier) -> Crosscheck:
    """Compare all that was told about a screening."""
    compared, accepted = station.comparisons.of(dossier), station.comparisons.accepted(dossier)
    key, several = (compared.agreement.outcome, compared.agreement.strength), len(compared.findings) > 1
    said = _("Accepted: %(conclusion)s") if accepted else _("Together: %(conclusion)s")
    return Crosscheck(
        outcome=compared.agreement.outcome.value,
        count=len(compared.findings),
        short=language.say(ONE_OF_SEVERAL if several and key == ONLY_ONE else SHORT[key]),
        meaning=language.say(MEANING[key]),
        together=language.say(said, conclusion=language.say(CONCLUSIONS[compared.conclusion])),
        conclusion=compared.conclusion.value,
        accepted=accepted is not None,
    )


def concluded(station: Station, reader: Reader, dossier: Dossier) -> tuple[str, str]:
    """Return what a screening came to and what it is: of its one reading, or of all of them together."""
    readings = [reader.result(each) for each in counted(dossier) if each.record]
    cross = crosscheck(station, reader.language, dossier)
    if not readings:
        return reader.language.say("No reading"), ""
    if cross.count < 2:  # noqa: PLR2004 - several
        return readings[-1].word, readings[-1].brief
    named = [each.brief for each in readings if each.kind in NAMED and each.kind == cross.conclusion]
    return cross.together, named[-1] if named else ""


def accepted_words(language: Language, record: ComparisonRecord) -> str:
    """Return what was accepted: what the readings are to one another, and what they come to together."""
    short = language.say(SHORT[Outcome(record.outcome), Strength(record.strength)])
    return f"{short}: {language.say(CONCLUSIONS[record.conclusion])}"


def told_by_files(language: Language, dossier: Dossier) -> list[Told]:
    """Return what the files of other instruments say."""
    nothing = language.say("It told no verdict of its own.")
    return [Told(link.instrument, link.verdict or nothing) for link in dossier.of(SecondTechniqueRecord)]
