"""The readings of one screening beside one another, in words: what each says, and what they are to one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edge.dossier import Dossier
from edge.station import Station
from edge.views import ReadingView
from edge.web.results import Reader, is_held
from edge.web.translations import Language
from edge.web.translations import mark as _
from models.agreement import MASS, Agreement, Finding, Outcome, Strength, compare
from models.catalogue import Catalogue
from models.conclusion import Reason
from sync.contract.casework import VoidRecord
from sync.contract.ids import ScreeningId
from sync.contract.observations import SecondTechniqueRecord
from sync.contract.records import HitPart

AMBIGUOUS_NAMES = 2
CONCLUDED = ("alarm", "caution", "no_alarm")

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
    (Outcome.AGREE, Strength.TWO_TECHNIQUES): _("Two ways of measuring that err differently name the same."),
    (Outcome.CONFLICT, Strength.ONE): _("Conclude nothing from them. Refer a sample to the laboratory."),
}


@dataclass(frozen=True)
class Crosscheck:
    """What the readings of a screening are to one another: in two or three words, and what that means."""

    outcome: str
    count: int
    short: str
    meaning: str


@dataclass(frozen=True)
class Told:
    """What another instrument's file says, in its own words."""

    instrument: str
    verdict: str


def counted(dossier: Dossier) -> list[ReadingView]:
    """Return the readings of a screening that were not voided, oldest first."""
    voided = {record.concerns.seq for record in dossier.of(VoidRecord)}
    return [reading for reading in dossier.readings if reading.seq not in voided]


def crosscheck(station: Station, reader: Reader, screening: ScreeningId) -> Crosscheck:
    """Compare all that was told about a screening."""
    dossier = station.casework.dossier(screening)
    findings = [finding(reader.catalogue, reading) for reading in counted(dossier)]
    for link in dossier.of(SecondTechniqueRecord):
        named = reader.catalogue.named_in(link.verdict or "")
        findings.append(Finding(station.observations.technique(link), named))
    return in_words(reader.language, compare(findings), len(findings))


def in_words(language: Language, agreement: Agreement, count: int) -> Crosscheck:
    """Put an agreement into words."""
    key = (agreement.outcome, agreement.strength)
    return Crosscheck(agreement.outcome.value, count, language.say(SHORT[key]), language.say(MEANING[key]))


def told_by_files(language: Language, dossier: Dossier) -> list[Told]:
    """Return what the files of other instruments say."""
    nothing = language.say("It told no verdict of its own.")
    return [Told(link.instrument, link.verdict or nothing) for link in dossier.of(SecondTechniqueRecord)]


def finding(catalogue: Catalogue, reading: ReadingView) -> Finding:
    """Return what a reading of the analyzer names: its first hit with the isomers, several where several fit."""
    identification = reading.record.readings[0].identification if reading.record else None
    if reading.state != "done" or identification is None or is_held(reading):
        return Finding(MASS)
    if identification.conclusion not in CONCLUDED:
        return Finding(MASS)
    if Reason.FAMILY_ONLY in identification.reasons and identification.families:
        return Finding(MASS, family=identification.families[0].family)
    most = AMBIGUOUS_NAMES if Reason.AMBIGUOUS in identification.reasons else 1
    hits = identification.hits[:most]
    substance = catalogue.find(hits[0].inchikey) if hits else None
    return Finding(MASS, _skeletons(catalogue, hits), substance.family if substance else None)


def _skeletons(catalogue: Catalogue, hits: Sequence[HitPart]) -> frozenset[str]:
    isomers = {name for hit in hits for name in hit.isomers}
    same = {each.skeleton for each in catalogue.substances if each.name in isomers}
    return frozenset(same | {hit.inchikey[:14] for hit in hits})
