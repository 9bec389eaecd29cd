"""Weights of exhibits: what a scale told, as a record says it, and whether a record says so already."""

from collections.abc import Mapping

from drivers.scales.weight import Weight
from edge.exhibit_file import ExhibitFile
from edge.observation_records import weight_part
from sync.contract.casework import WeightRecord
from sync.contract.ids import Seq


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


def same_weight(file: ExhibitFile, what: Mapping[str, object]) -> Seq | None:
    """Return the newest weight of its kind and occasion that counts, where it was made saying just this.

    Each sampling is an occasion of its own.
    """
    asked, opened = {"kind": what["kind"], "occasion": what["occasion"]}, file.custody.opened
    since = opened[0] if opened and what["occasion"] != "found" else 0
    weights = [(seq, each) for seq, each in file.counting(WeightRecord) if seq > since and _says(each, asked)]
    if not weights:
        return None
    seq, newest = weights[-1]
    return seq if seq not in file.amended and _says(newest, what) else None


def _says(record: WeightRecord, what: Mapping[str, object]) -> bool:
    said = record.model_dump()
    return all(said[name] == value for name, value in what.items())
