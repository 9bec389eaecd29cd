"""What instruments say on paper: weights, places and codes, a second technique, and what readings come to."""

from collections.abc import Iterator, Mapping

from edge.dossier import Dossier
from edge.exhibit_file import ExhibitFile
from edge.observation_records import code_text
from edge.paper.correction_words import concerned
from edge.paper.sheet import Line
from edge.paper.teller import Teller
from edge.web import forms
from edge.web.comparing import Whole, accepted_words, compared, finding_words, numbered, reading_name
from edge.web.file_words import held, likeness
from edge.web.scale_words import scale_words
from edge.web.sights import DOUBTS, KINDS, place, symbology, wrong_with
from edge.web.translations import mark as _
from sync.contract.comparison import ComparisonCore
from sync.contract.observations import ObservationCore, SecondTechniqueRecord

INSTRUMENTS: Mapping[str, str] = {
    "weight": _("a scale that does not say which it is"),
    "position": _("a satellite receiver that does not say which it is"),
    "code": _("a code reader that does not say which it is"),
}


def tell_observation(teller: Teller, record: ObservationCore) -> Iterator[Line]:
    if record.weight:
        yield Line(teller.say("Weight"))
        yield Line(
            teller.say("As the scale sent it"), f"{record.weight.value}{forms.SPACE}{record.weight.unit}", "strong"
        )
    elif record.position:
        yield Line(teller.say("Position"))
        yield Line(teller.say("Where"), place(teller.language, record.position), "strong")
        for doubt in record.position.doubts:
            yield Line(teller.say("Doubt"), teller.say(DOUBTS.get(doubt, doubt)))
    elif record.code:
        yield Line(teller.say("Code"))
        yield Line(symbology(teller.language, record.code), code_text(record.code), "strong")
        if known := KINDS.get(record.code.kind or ""):
            yield Line(teller.say("It is"), teller.say(known))
        if wrong := wrong_with(teller.language, record.code):
            yield Line(teller.say("What is wrong"), wrong)
    else:
        yield Line(teller.say("Observation"))
    yield Line(teller.say("Instrument"), _device(teller, record))


def _device(teller: Teller, record: ObservationCore) -> str:
    """Return who an instrument says that it is; of one that does not say, what it is, and no address of the machine."""
    device = " ".join(filter(None, (record.device.maker, record.device.model, record.device.serial_number)))
    if record.weight and device:
        return scale_words(teller.language, device)
    kind = "position" if record.position else "code" if record.code else "weight"
    return device or teller.say(INSTRUMENTS[kind])


def tell_second(teller: Teller, record: SecondTechniqueRecord) -> Iterator[Line]:
    yield Line(teller.say("Second technique"))
    yield Line(teller.say("Instrument"), record.instrument)
    if exhibit := teller.exhibits.get(record.exhibit or ""):
        yield Line(teller.say("Exhibit"), str(exhibit))
    if file := teller.files.get(record.concerns.seq):
        yield Line(teller.say("File"), file.record.file.name, "strong")
        yield Line(teller.say("Format"), file.record.format or forms.NOTHING)
        for told in held(teller.language, file):
            yield Line(teller.say("What it holds"), told)
        if alike := likeness(file):
            yield Line(teller.say("Like, in the state's library"), alike)
        yield Line(teller.say("Received"), teller.signed(file.record))
        yield Line("SHA-256", forms.digest(file.record.file.digest.hex()), "hash")
    yield Line(teller.say("In its own words"), record.verdict or forms.NOTHING)
    yield from concerned(teller, record.concerns)


def tell_comparison(teller: Teller, record: ComparisonCore) -> Iterator[Line]:
    yield Line(teller.say("Comparison of readings"))
    if of := compared(teller.language, teller.sampled, record):
        yield Line(teller.say("Readings of"), of)
    yield Line(teller.say("Accepted"), accepted_words(teller.language, record), "strong")
    yield Line(teller.say("Entries"), ", ".join(finding_words(teller.language, each) for each in record.findings))
    yield Line(teller.say("Rule"), record.rule)


def readings_of(teller: Teller, dossier: Dossier, file: ExhibitFile) -> list[str]:
    """Return which readings are of an exhibit and when each began; one that counts no more says so."""
    told = [(number, each) for number, each in numbered(dossier) if dossier.exhibit_of(each) == file.number]
    return [
        f"{reading_name(teller.language, number, None)}, {teller.moment(each.started)}"
        + (f" ({teller.say('VOID')})" if each.seq in dossier.voids else "")
        for number, each in told
    ]


def together(teller: Teller, whole: Whole) -> list[Line]:
    """Return what the readings come to where there is more to say than the only one does."""
    if len(whole.parts) < 2 and not whole.doubt:  # noqa: PLR2004 - the only one is told by itself
        return []
    said = " ".join(filter(None, [f"{whole.said}.", whole.doubt]))
    parts = [(f"{each.said} ({each.void})" if each.void else each.said, each.void) for each in whole.parts]
    return [
        Line(teller.say("What the readings come to"), said, "strong"),
        *(Line("", text, "struck" if void else "") for text, void in parts),
    ]
