"""The record on paper: what was measured and done in a screening, as it stands in the journal, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edge.dossier import Dossier, Proof
from edge.exhibit_file import ExhibitFile
from edge.marks import mark_of
from edge.observation_records import code_text
from edge.paper.exhibit_words import closing
from edge.paper.inspection_words import number
from edge.paper.observation_words import readings_of, together
from edge.paper.sheet import Block, Line
from edge.paper.teller import Teller
from edge.paper.telling import CORRECTIONS, block_of, corrections_of
from edge.retention import is_reduced
from edge.seals import scans
from edge.views import HealthView, ReadingView
from edge.web import forms, subject_words
from edge.web.comparing import Whole, numbered, reading_name
from edge.web.exhibit_words import doubts
from edge.web.hand_words import receiver
from edge.web.papers import own_words, technical_facts
from edge.web.possibilities import Possibility
from edge.web.reader import Reader
from edge.web.results import Result
from edge.web.translations import mark as _
from sync.contract.casework import PhotoRecord, SealCore, WeightCore
from sync.contract.ids import StationId
from sync.contract.imports import ImportRecord
from sync.contract.observations import ObservationCore, SecondTechniqueRecord
from sync.contract.record import Record
from sync.contract.records import ScreeningRecord
from sync.contract.subject import NumberPart, SubjectRecord

LACKING: Mapping[str, type[Record]] = {_("Weight"): WeightCore, _("Photograph"): PhotoRecord, _("Seal"): SealCore}
"""What a whole exhibit has on record."""


@dataclass(frozen=True)
class Measured:
    """One reading: its conclusion, what it named, how sure, what else it may be, and by what it was measured.

    `found` is what a mixture is made of; `resembles` says what `others` are beside what was concluded.
    """

    title: str
    when: str
    word: str
    substance: str
    also: str
    lines: Sequence[Line]
    found: Sequence[Possibility]
    resembles: str
    others: Sequence[Possibility]
    technical: Sequence[Line]
    void: str


@dataclass(frozen=True)
class Things:
    """An exhibit, where it stands now, and all that was done with it, oldest first."""

    title: str
    now: Sequence[Line]
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Entry:
    """A sealed entry: its number, what it is, its digest, and its place in the national log."""

    seq: str
    kind: str
    digest: str
    log: str


@dataclass(frozen=True)
class Acta:
    """All that the record says on paper."""

    folio: str
    practice: bool
    head: Sequence[Line]
    whole: Sequence[Line]
    readings: Sequence[Measured]
    others: Sequence[Block]
    things: Sequence[Things]
    corrections: Sequence[Block]
    undone: Sequence[Block]
    entries: Sequence[Entry]
    gaps: bool
    code: str


def acta(teller: Teller, reader: Reader, station: HealthView, dossier: Dossier, whole: Whole) -> Acta:
    """Return the record of a screening for paper."""
    of_things = {seq for file in dossier.exhibits for seq, _ in file.records}
    told = [(record, block_of(teller, seq, record)) for seq, record in dossier.records if seq not in of_things]
    mark = mark_of(StationId(station.station), dossier)
    return Acta(
        folio=dossier.screening,
        practice=dossier.training,
        head=_head(teller, station, dossier),
        whole=together(teller, whole),
        readings=[_measured(teller, reader, dossier, *each) for each in numbered(dossier)],
        others=[block for record, block in told if block and not isinstance(record, CORRECTIONS)],
        things=[_things(teller, dossier, each) for each in dossier.exhibits],
        corrections=corrections_of(teller, dossier),
        undone=[block for block in (block_of(teller, seq, each) for seq, each in dossier.undone) if block],
        entries=_entries(teller, dossier),
        gaps=bool(dossier.proofs) and max(dossier.proofs) - min(dossier.proofs) >= len(dossier.proofs),
        code=mark.text if mark else "",
    )


def codes(dossier: Dossier) -> list[str]:
    """Return the codes that were scanned, each once; the number of a seal is told with its exhibit."""
    ours = scans(dict((*dossier.records, *dossier.undone)))
    told = [each for seq, each in dossier.records if seq not in ours]
    found = (each.code for each in told if isinstance(each, ObservationCore))
    return list(dict.fromkeys(code_text(code) for code in found if code))


def numbers(dossier: Dossier) -> Sequence[NumberPart]:
    """Return the numbers that the subject carries, as they were told last."""
    told = dossier.of(SubjectRecord)
    return told[-1].numbers if told else []


def _head(teller: Teller, station: HealthView, dossier: Dossier) -> list[Line]:
    say = teller.say
    lines = [
        Line(say("Post"), station.post),
        Line(say("Station"), station.station),
        Line(say("Screening"), dossier.screening),
        Line(say("Opened by"), teller.person(dossier.operator)),
        Line(say("What was screened"), subject_words.kind(teller.language, dossier.subject_kind)),
        *(number(teller, each) for each in numbers(dossier)),
        *(Line(say("Code"), each) for each in codes(dossier)),
    ]
    times = [each.started for each in dossier.readings] + [record.recorded for _, record in dossier.records]
    if times:
        times.sort(key=lambda each: each.wall)
        lines += [Line(say("Begun"), teller.moment(times[0])), Line(say("Last entry"), teller.moment(times[-1]))]
    return lines


def _measured(teller: Teller, reader: Reader, dossier: Dossier, number: int, reading: ReadingView) -> Measured:
    say, exhibit = teller.say, dossier.exhibit_of(reading)
    result = reader.result(reading)
    lines = [Line(result.why.title, " ".join(result.why.lines))]
    if own := own_words(reading):
        lines.append(Line(say("The analyzer's own words"), own))
    if result.sure:
        lines.insert(0, Line(say("How sure?"), f"{result.sure.word}. {result.sure.tested}", "strong"))
    if result.doubt:
        lines.insert(0, Line(say("Daily check"), result.doubt, "strong"))
    heads = [say("Legal status"), *[""] * len(result.law)]
    lines += [Line(*each) for each in zip(heads, result.law, strict=False)]
    if result.stereo:
        lines.append(Line(say("Stereoisomers"), " · ".join(result.stereo)))
    if result.lists:
        lines.append(Line(say("Judged by"), result.lists))
    if _is_reduced(reading):
        lines.append(Line(say("Detail"), say("No longer at the station: it stands in the sealed entry.")))
    if reading.seq:
        lines += teller.uncovered(reading.seq)
    technical = [
        Line(each.name, each.value, "hash" if each.kind == "hash" else "")
        for each in technical_facts(teller.language, reading)
    ]
    return Measured(
        title=reading_name(teller.language, number, exhibit),
        when=f"{teller.moment(reading.started)} · {teller.person(reading.operator)}",
        word=result.word,
        substance=result.substance,
        also=result.also,
        lines=lines,
        found=result.found,
        resembles=_resembles(teller, result),
        others=[each for each in result.others if each.name != result.substance],
        technical=technical,
        void=teller.void(reading.seq) if reading.seq else "",
    )


def _resembles(teller: Teller, result: Result) -> str:
    """Return what the substances are that are offered beside a conclusion; where it names none, what it resembles."""
    if result.found:
        return teller.say("It also resembles")
    return teller.say("It may also be") if result.named else teller.say("It resembles")


def _is_reduced(reading: ReadingView) -> bool:
    """Tell whether the station keeps no more of a reading than what lists show."""
    return reading.record is not None and is_reduced(reading.record.readings[0])


def _things(teller: Teller, dossier: Dossier, file: ExhibitFile) -> Things:
    say = teller.say
    now = [
        *(Line(say("Readings of it"), "; ".join(read)) for read in [readings_of(teller, dossier, file)] if read),
        Line(say("Seal now"), closing(teller, file) or say("none"), "strong"),
        Line(say("In the hands of"), receiver(teller.language, file.holder), "strong"),
    ]
    if lacks := [name for name, kind in LACKING.items() if not file.stood(kind)]:
        now.append(Line(say("Not on record"), ", ".join(say(each) for each in lacks), "strong"))
    now += [Line(say("Mind:"), each, "strong") for each in doubts(teller.language, file)]
    blocks = [block_of(teller, seq, record) for seq, record in file.records]
    return Things(say("Exhibit %(number)s", number=file.number), now, [block for block in blocks if block])


def _entries(teller: Teller, dossier: Dossier) -> list[Entry]:
    """Return the entries of the case, and those in which the files of another technique were received."""
    kinds = {seq: record.schema_name for seq, record in (*dossier.records, *dossier.undone)}
    named = {each.concerns.seq: each.concerns.digest for each in dossier.of(SecondTechniqueRecord)}
    files = {seq: Proof(digest, teller.files[seq].log_index) for seq, digest in named.items() if seq in teller.files}
    kinds |= dict.fromkeys(files, ImportRecord.SCHEMA)
    return [
        Entry(
            forms.number(seq),
            kinds.get(seq, ScreeningRecord.SCHEMA),
            forms.digest(proof.digest.hex()),
            teller.say("not there yet") if proof.log_index is None else forms.number(proof.log_index),
        )
        for seq, proof in sorted({**dossier.proofs, **files}.items())
    ]
