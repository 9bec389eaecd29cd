"""A file of another instrument in words: what it is called, its format and technique, and what it tells."""

from collections.abc import Iterator, Mapping

from edge.dossier import Dossier
from edge.received import Received
from edge.web import case_words, forms
from edge.web.sheets import RUN, Line
from edge.web.translations import Language
from edge.web.translations import mark as _
from sync.contract.ids import Seq
from sync.contract.imports import SamplePart
from sync.contract.observations import SecondTechniqueRecord

MOST_NAMED = 4
"""Readings of a file that are named where there are more."""
TECHNIQUES: Mapping[str, str] = {
    "in-source-cid": _("mass spectrum, CID in the source"),
    "cid": _("mass spectrum, CID"),
    "ei": _("mass spectrum, electron ionisation"),
    "infrared": _("infrared"),
    "near-infrared": _("near infrared"),
    "raman": _("Raman"),
}


def held(language: Language, file: Received) -> list[str]:
    """Return what was read of a file: each of its readings with its technique, the first where there are many."""
    record = file.record
    named = [*(_sample(language, each) for each in record.samples)]
    named += [_named(each.name, technique(language, each.method)) for each in record.traces]
    if not named:
        return [language.say("Not read: %(why)s", why=record.problem or language.say("nothing in it could be read"))]
    count = language.count("%(number)s spectrum", "%(number)s spectra", file.mass_spectra + file.traces)
    return [*named[:MOST_NAMED], *([count] if len(named) > MOST_NAMED else [])]


def likeness(file: Received) -> str:
    """Return what in the state's library a file resembles most, or nothing."""
    hits = file.record.comparison.hits if file.record.comparison else []
    best = max(hits, key=lambda hit: hit.derivative, default=None)
    return f"{best.name} ({best.derivative:.2f})" if best else ""


def technique(language: Language, code: str) -> str:
    """Return what a technique is called."""
    return language.say(TECHNIQUES[code]) if code in TECHNIQUES else code


def attached(language: Language, dossier: Dossier, files: Mapping[Seq, Received]) -> Iterator[Line]:
    """Yield a line for each file that is a second technique of a case: what who signs is shown of it."""
    for seq, link in dossier.records:
        if isinstance(link, SecondTechniqueRecord):
            file, verdict = files.get(link.concerns.seq), link.verdict
            own = language.say("It says: %(verdict)s", verdict=verdict) if verdict else language.say("no verdict")
            told = [file.record.file.name, file.record.format or "", *held(language, file)] if file else []
            digest = f"SHA-256 {file.record.file.digest.hex()[:16]}" if file else ""
            said = RUN.join(each for each in (link.instrument, *told, own, digest) if each)
            void = dossier.voids.get(seq)
            yield Line(case_words.reason(language, void.reason), said) if void else Line(said)


def _sample(language: Language, sample: SamplePart) -> str:
    spectrum = sample.spectra[0] if sample.spectra else None
    if spectrum is None:
        return _named(sample.name, sample.problem or "")
    precursor = f"m/z{forms.SPACE}{spectrum.precursor_mz:.4f}" if spectrum.precursor_mz else ""
    return _named(sample.name, ", ".join(filter(None, (technique(language, spectrum.technique), precursor))))


def _named(name: str, told: str) -> str:
    return f"{name}: {told}" if name and told else name or told
