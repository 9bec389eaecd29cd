"""Why a reading came to what it came to, in plain words and as a picture: the reading above, the library below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from edge.web import forms, words
from edge.web.mirror import mirror_plot
from edge.web.naming import Naming
from edge.web.translations import Language
from edge.web.translations import mark as _
from models.explanation import Doubt
from sync.contract.explanation import EvidencePart, ExplanationPart
from sync.contract.records import ComponentPart, HitPart

CARRIERS = 3
DOUBTS_TOLD = 2
MOST_TOLD, LEAST_NEEDED = 5, 3
"""Paragraphs that find room, and which of them gives way where there are more."""
THOUSAND = 1000
LEAST_TOLD = 5
LEAST_SHIFT = 200
"""Thousandths of a mass unit from which the error of the m/z scale is told."""

DOUBTS: Mapping[str, str] = {
    Doubt.SATURATED_SPECTRUM: _("Spectra with too strong a signal were left out."),
    Doubt.EMPTY_SPECTRUM: _("Spectra with nothing of the sample were left out."),
    Doubt.ONE_ENERGY: _("A reading at several energies would tell more."),
    Doubt.ENERGIES_NOT_TOLD: _("The analyzer did not tell its energies."),
    Doubt.NO_WHOLE_ION: _("The unbroken ion is not seen: a softer energy would show it."),
    Doubt.MUCH_UNEXPLAINED: _("Much of the reading is something else: it may be a mixture."),
    Doubt.MUCH_MISSING: _("Strong peaks of the library are missing in the reading."),
    Doubt.CLOSE_SECOND: _("A second substance fits almost as well."),
}

REMOVED: Mapping[str, str] = {
    "baseline": _("baseline and noise between the peaks"),
    "out-of-range": _("beyond the range that is compared"),
    "noise": _("noise: small peaks alike at all masses"),
    "under-floor": _("too weak to count"),
    "carbon-13-isotope": _("isotopes of stronger peaks"),
}


@dataclass(frozen=True)
class Why:
    """What the screen shows: the picture, whose spectrum is below, and paragraphs with their headings."""

    svg: Markup
    below: str
    said: tuple[tuple[str, str], ...]


def why_of(naming: Naming, part: ExplanationPart, named: Sequence[HitPart | ComponentPart], *, concluded: bool) -> Why:
    """Put an explanation into words; `named` are the first hit and the components of a mixture.

    `concluded`: they are what the reading came to. Else what fits the first carries no conclusion, and the family,
    which may be one, comes before.
    """
    language = naming.language
    names = {each.inchikey: naming.name(each) for each in named}
    called = names.get(part.against, part.against)
    fits = language.say("What carries it") if concluded else language.say("What fits %(name)s", name=called)
    of_substance = (
        (fits, _carried(part)),
        (language.say("Unexplained by %(name)s", name=" + ".join(names.values())), _unexplained(language, part)),
    )
    of_family = ((language.say("Family"), _family(naming, part.families[0]) if part.families else ""),)
    paragraphs = (
        *((*of_substance, *of_family) if concluded else (*of_family, *of_substance)),
        (language.say("Left out before"), _removed(language, part)),
        (language.say("What would change it"), _doubts(language, part)),
        (language.say("Stereoisomers"), _in_the_laboratory(language, part)),
    )
    title = language.say("The reading above, %(name)s of the library below", name=called)
    said = [each for each in paragraphs if each[1]]
    if len(said) > MOST_TOLD:
        said.remove(paragraphs[LEAST_NEEDED])
    return Why(mirror_plot(part.peaks, title), called, tuple(said))


def _doubts(language: Language, part: ExplanationPart) -> str:
    told = DOUBTS_TOLD - (Doubt.STEREOISOMERS in part.doubts)
    return " ".join([language.say(DOUBTS[code]) for code in part.doubts if code in DOUBTS][:told])


def _in_the_laboratory(language: Language, part: ExplanationPart) -> str:
    """Say what tells apart that no other reading would."""
    if Doubt.STEREOISOMERS not in part.doubts:
        return ""
    return language.say("chiral chromatography or polarimetry in a laboratory tells them.")


def _carried(part: ExplanationPart) -> str:
    best = sorted(part.peaks, key=lambda peak: -peak[3])[:CARRIERS]
    told = [f"{peak[0]} ({_share(peak[3])})" for peak in best if peak[3] >= LEAST_TOLD]
    return f"m/z {', '.join(told)}" if told else ""


def _unexplained(language: Language, part: ExplanationPart) -> str:
    if part.unexplained_part < LEAST_TOLD:
        return language.say("nothing")
    strongest = ", ".join(str(mz) for mz, _height in part.unexplained[:CARRIERS])
    return f"{_share(part.unexplained_part)}: m/z {strongest}"


def _family(naming: Naming, evidence: EvidencePart) -> str:
    say, name = naming.language.say, words.family(naming.language, evidence.family)
    fitting, nearest = ([naming.by_name(each) for each in told[:1]] for told in (evidence.predicted, evidence.nearest))
    calculated = [say("its structure would fit: %(name)s (calculated)", name=each) for each in fitting]
    told = "; ".join([*_ions_told(evidence), *calculated] or nearest)
    return f"{name}: {told}" if told else name


def _ions_told(evidence: EvidencePart) -> list[str]:
    """Tell the strongest pattern and its source."""
    if not evidence.patterns:
        return []
    ions = ", ".join(str(member) if member > 0 else f"M-{-member}" for member in evidence.patterns[0])
    return [f"m/z {ions} ({evidence.sources[0]})"]


def _removed(language: Language, part: ExplanationPart) -> str:
    told = [
        f"{language.say(REMOVED[why])} {_share(share)}"
        for why, share in part.removed.items()
        if why in REMOVED and share >= LEAST_TOLD
    ]
    return ", ".join([*told, *_scale(language, part)])


def _scale(language: Language, part: ExplanationPart) -> list[str]:
    shift = max(part.shift, key=abs, default=0)
    if abs(shift) < LEAST_SHIFT:
        return []
    error = f"{'+' if shift > 0 else '-'}{forms.number(abs(shift) / THOUSAND, 1)}"
    return [language.say("an error of the m/z scale of %(error)s: have it calibrated", error=error)]


def _share(thousandths: int) -> str:
    return forms.share(thousandths / THOUSAND)
