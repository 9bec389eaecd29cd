"""From what an instrument beside the analyzer told to what the record of it says."""

from hashlib import sha256

from drivers.code_reader.codes import Code, Symbology
from drivers.code_reader.gs1 import BadElement, elements
from drivers.documents.recognition import recognise
from drivers.instrument import InstrumentIdentity
from drivers.nmea.fix import Fix
from drivers.scales.weight import Weight
from drivers.transcript import Transcript
from edge.clock import format_wall
from edge.positioning import Located
from edge.records import Header
from edge.scanning import Scanned
from edge.weighing import Weighed
from sync.contract.ids import ScreeningId
from sync.contract.observations import CodePart, DevicePart, ElementPart, ObservationRecord, PositionPart, WeightPart

Observed = Weighed | Located | Scanned
_NOBODY = InstrumentIdentity("", "", "", "")


def observation(
    header: Header, screening: ScreeningId, observed: Observed, exhibit: str | None = None
) -> ObservationRecord:
    """Return the record of one thing that an instrument told about a screening, or about one exhibit of it."""
    weight = observed.weight if isinstance(observed, Weighed) else None
    transcript = observed.transcript.to_bytes()
    return ObservationRecord(
        station=header.station,
        operator=header.operator,
        recorded=header.recorded,
        software=header.software,
        screening=screening,
        exhibit=exhibit,
        device=_device(observed.transcript, weight),
        transcript=transcript,
        transcript_digest=sha256(transcript).digest(),
        weight=weight_part(weight) if weight else None,
        position=position_part(observed.fix, observed.age_s) if isinstance(observed, Located) else None,
        code=code_part(observed.code) if isinstance(observed, Scanned) else None,
    )


def weight_part(weight: Weight) -> WeightPart:
    """Return a stable weight; raises WeightRefused for any other."""
    stable = weight.require_stable()
    basis = "gross" if stable.basis == "gross" else "net" if stable.basis == "net" else "untold"
    return WeightPart(
        value=f"{stable.value:f}", unit=stable.unit, grams=f"{stable.grams:f}", basis=basis, raw=stable.raw
    )


def position_part(fix: Fix, age_s: float) -> PositionPart:
    """Return a position with all that speaks against it."""
    return PositionPart(
        latitude=fix.latitude,
        longitude=fix.longitude,
        told=format_wall(fix.at) if fix.at else None,
        quality=fix.quality.name.lower() if fix.quality is not None else None,
        source=fix.source,
        satellites=fix.satellites,
        hdop=fix.hdop,
        age=age_s,
        doubts=sorted(fix.doubts),
        raw=list(fix.raw),
    )


def code_part(code: Code) -> CodePart:
    """Return a code with its GS1 elements, or with what is wrong with it."""
    found, problem = _elements(code)
    known = recognise(code.text)
    return CodePart(
        symbology=code.symbology.value,
        aim=code.aim,
        data=code.data,
        raw=code.raw,
        elements=found,
        kind=known.kind if known else None,
        problem=problem or (known.problem if known else None),
    )


def code_text(part: CodePart) -> str:
    """Return what a code says."""
    return Code(Symbology(part.symbology), part.aim, part.data, part.raw).text


def _elements(code: Code) -> tuple[list[ElementPart], str | None]:
    if not code.is_gs1:
        return [], None
    try:
        return [ElementPart(ai=each.ai, title=each.title, value=each.value) for each in elements(code)], None
    except BadElement as error:
        return [], error.problem


def _device(transcript: Transcript, weight: Weight | None) -> DevicePart:
    who = weight.scale if weight and weight.scale else _NOBODY
    return DevicePart(
        port=transcript.address,
        maker=who.maker,
        model=who.model,
        serial_number=who.serial_number,
        firmware=who.firmware,
    )
