"""The readings of one screening beside one another, in words: what each says, and what they are to one another."""

from collections.abc import Mapping
from dataclasses import dataclass

from edge.dossier import Dossier
from edge.station import Station
from edge.web.translations import Language
from edge.web.translations import mark as _
from edge.web.words import CONCLUSIONS
from models.agreement import Outcome, Strength
from sync.contract.comparison import ComparisonRecord
from sync.contract.observations import SecondTechniqueRecord

SHORT: Mapping[tuple[Outcome, Strength], str] = {
    (Outcome.NOTHING, Strength.ONE): _("Nothing to compare"),
    (Outcome.ONLY_ONE, Strength.ONE): _("Only one reading"),
    (Outcome.AGREE, Strength.REPEATED): _("The readings agree"),
    (Outcome.AGREE, Strength.TWO_TECHNIQUES): _("Two techniques agree"),
    (Outcome.CONFLICT, Strength.ONE): _("The readings disagree"),
}
MEANING: Mapping[tuple[Outcome, Strength], str] = {
    (Outcome.NOTHING, Strength.ONE): _("No reading names anything yet."),
    (Outcome.ONLY_ONE, Strength.ONE): _("Only one says something; nothing else speaks for or against it."),
    (Outcome.AGREE, Strength.REPEATED): _("It was seen again in the same way: the same error could come twice."),
    (Outcome.AGREE, Strength.TWO_TECHNIQUES): _("Two techniques that err differently name the same substance."),
    (Outcome.CONFLICT, Strength.ONE): _("Conclude nothing from them. Refer a sample to the laboratory."),
}


@dataclass(frozen=True)
class Crosscheck:
    """What the readings of a screening are to one another: in two or three words, and what that means.

    `together` is what they come to; `accepted`: an officer put just this on record.
    """

    outcome: str
    count: int
    short: str
    meaning: str
    together: str
    accepted: bool


@dataclass(frozen=True)
class Told:
    """What another instrument's file says, in its own words."""

    instrument: str
    verdict: str


def crosscheck(station: Station, language: Language, dossier: Dossier) -> Crosscheck:
    """Compare all that was told about a screening."""
    compared, accepted = station.comparisons.of(dossier), station.comparisons.accepted(dossier)
    key = (compared.agreement.outcome, compared.agreement.strength)
    said = _("Accepted: %(conclusion)s") if accepted else _("Together: %(conclusion)s")
    return Crosscheck(
        outcome=compared.agreement.outcome.value,
        count=len(compared.findings),
        short=language.say(SHORT[key]),
        meaning=language.say(MEANING[key]),
        together=language.say(said, conclusion=language.say(CONCLUSIONS[compared.conclusion])),
        accepted=accepted is not None,
    )


def accepted_words(language: Language, record: ComparisonRecord) -> str:
    """Return what was accepted: what the readings are to one another, and what they come to together."""
    short = language.say(SHORT[Outcome(record.outcome), Strength(record.strength)])
    return f"{short}: {language.say(CONCLUSIONS[record.conclusion])}"


def told_by_files(language: Language, dossier: Dossier) -> list[Told]:
    """Return what the files of other instruments say."""
    nothing = language.say("It told no verdict of its own.")
    return [Told(link.instrument, link.verdict or nothing) for link in dossier.of(SecondTechniqueRecord)]
