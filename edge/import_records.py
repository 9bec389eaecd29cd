"""From an incoming file and what was found in it to what the record of an import says."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from edge.clock import format_wall
from edge.incoming import IncomingFile
from edge.records import Header, spectrum_part
from models.errors import UnreadableFile
from models.formats.content import VERSION, format_of
from models.formats.found import Found, Trace
from models.sample import Sample
from models.vibrational_library import VibrationalLibrary
from sync.contract.imports import ComparisonPart, FilePart, ImportRecord, LikenessPart, SamplePart, TracePart
from sync.contract.records import PRESUMPTIVE

MAX_CONTENT_BYTES = 2 * 2**20
MAX_POINTS = 300_000
MAX_REMARKS = 50
MAX_COMPARED = 8
SHOWN_HITS = 5


@dataclass(frozen=True)
class Origin:
    """Where a file came from: the instrument as people name it, and its own verdict in its words."""

    source: Literal["command", "folder"]
    instrument: str
    verdict: str | None = None


@dataclass(frozen=True)
class Parsed:
    """What a file was read as; `problem` says why nothing could be read."""

    format: str | None
    found: Found
    problem: str | None = None


def parse_incoming(file: IncomingFile) -> Parsed:
    """Read a file by its format. Never raises for its content: what is wrong with it goes on record."""
    if file.data is None:
        return Parsed(None, Found(), f"{file.size} bytes: too large to be parsed; only its digest is on record")
    name = None
    try:
        form = format_of(file.name, file.data)
        name = form.name
        return Parsed(name, form.read(file.data, file.name))
    except UnreadableFile as error:
        return Parsed(name, Found(), str(error))


def import_record(
    header: Header,
    file: IncomingFile,
    origin: Origin,
    parsed: Parsed,
    *,
    library: VibrationalLibrary | None,
    same_as: int | None,
) -> ImportRecord:
    """Return the record of a file that was received."""
    found, remarks = _bounded(parsed.found)
    return ImportRecord(
        station=header.station,
        operator=header.operator,
        recorded=header.recorded,
        software=header.software,
        presumptive=PRESUMPTIVE,
        source=origin.source,
        instrument=origin.instrument,
        verdict=origin.verdict,
        file=_file(file, keep=same_as is None),
        format=parsed.format,
        parser=VERSION,
        problem=parsed.problem,
        remarks=remarks,
        samples=[_sample(each) for each in found.samples],
        traces=[_trace(each) for each in found.traces],
        comparison=_comparison(found, library) if library and found.traces else None,
        same_as=same_as,
    )


def _file(file: IncomingFile, *, keep: bool) -> FilePart:
    whole = file.data if keep and file.size <= MAX_CONTENT_BYTES else None
    return FilePart(
        name=file.name, size=file.size, modified=format_wall(file.modified), digest=file.digest, content=whole
    )


def _bounded(found: Found) -> tuple[Found, list[str]]:
    """Leave the spectra out where they would make the record too large: the file has them."""
    remarks = list(found.remarks[:MAX_REMARKS])
    if len(found.remarks) > MAX_REMARKS:
        remarks.append(f"{len(found.remarks) - MAX_REMARKS} more remarks are left out")
    points = sum(each.mz.size for sample in found.samples for each in sample.spectra)
    points += sum(trace.spectrum.axis.size for trace in found.traces)
    if points + len(found.samples) <= MAX_POINTS:
        return found, remarks
    counts = f"{len(found.samples)} mass spectra and {len(found.traces)} other spectra"
    return Found(), [*remarks, f"{counts} of {points} points in all were read and are not repeated here"]


def _sample(sample: Sample) -> SamplePart:
    spectra = [spectrum_part(each) for each in sample.spectra]
    return SamplePart(name=sample.name, spectra=spectra, problem=sample.problem)


def _trace(trace: Trace) -> TracePart:
    spectrum = trace.spectrum
    return TracePart(
        name=trace.name,
        method=spectrum.method.value,
        unit=spectrum.unit.value,
        quantity=spectrum.quantity.value,
        axis=spectrum.axis.astype("<f8").tobytes(),
        values=np.clip(spectrum.values, *_FLOAT32).astype("<f4").tobytes(),
    )


_FLOAT32 = (float(np.finfo("<f4").min), float(np.finfo("<f4").max))


def _comparison(found: Found, library: VibrationalLibrary) -> ComparisonPart:
    hits = [
        LikenessPart(
            trace=number,
            name=hit.name,
            source=hit.source,
            correlation=hit.likeness.correlation,
            derivative=hit.likeness.derivative,
            low=hit.likeness.low,
            high=hit.likeness.high,
        )
        for number, trace in enumerate(found.traces[:MAX_COMPARED])
        for hit in library.search(trace.spectrum, SHOWN_HITS)
    ]
    return ComparisonPart(library=library.digest, title=library.title, hits=hits)
