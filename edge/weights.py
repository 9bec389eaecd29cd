"""Weights of exhibits: what a scale told, as a record says it, and whether a record says so already."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from drivers.scales.weight import Weight
from edge.dossier import standing
from edge.observation_records import weight_part
from edge.tables import Correction, Exhibit
from sync.contract.casework import WeightRecord
from sync.contract.ids import ScreeningId, Seq


def weight_fields(weight: Weight) -> dict[str, object]:
    """Return what a record says of a stable weight, in the digits and the unit that were sent; raises WeightRefused."""
    part, tare, who = weight_part(weight), weight.tare, weight.scale
    told = tare and tare.value is not None
    return {
        "value": part.value,
        "unit": part.unit,
        "source": "scale",
        "scale": f"{who.maker} {who.model} {who.serial_number}" if who else weight.port,
        "basis": part.basis,
        "tare": {"value": f"{tare.value:f}", "unit": tare.unit} if tare and told else None,
    }


def same_weight(session: Session, row: Exhibit, what: Mapping[str, object]) -> Seq | None:
    """Return the newest weight of its kind and occasion, where it says just this and was not corrected."""
    asked = {"exhibit": row.id, "kind": what["kind"], "occasion": what["occasion"]}
    entries = standing(session, ScreeningId(row.screening))
    weights = [(seq, each) for seq, each in entries if isinstance(each, WeightRecord) and _says(each, asked)]
    if not weights:
        return None
    seq, newest = weights[-1]
    corrected = session.exec(select(Correction.seq).where(col(Correction.concerns) == seq)).first()
    return seq if not corrected and _says(newest, what) else None


def _says(record: WeightRecord, what: Mapping[str, object]) -> bool:
    said = record.model_dump()
    return all(said[name] == value for name, value in what.items())
