"""What stands in the file that a paper encloses: by it anybody finds the sealed entries."""

import json
from collections.abc import Mapping
from typing import Any, cast

from edge.dossier import Dossier
from sync.contract.ids import Seq, StationId
from sync.contract.record import Record

FACTS = "garita.facts/1"
_NOT_TOLD = "key"


def facts(station: StationId, dossier: Dossier) -> bytes:
    """Return what is on record of a dossier as JSON, with the digest of each sealed entry; no key is in it.

    Bytes are in hex. `log_index` is the entry's place in the national log, null until its receipt came.
    """
    said: dict[Seq, Record] = {**dict(dossier.records), **dict(dossier.undone)}
    said |= {each.seq: each.record for each in dossier.readings if each.seq and each.record}
    entries = [
        {"seq": seq, "digest": proof.digest.hex(), "log_index": proof.log_index, "record": _plain(said[seq])}
        for seq, proof in dossier.proofs.items()
    ]
    told = {"format": FACTS, "station": station, "screening": dossier.screening, "practice": dossier.training}
    return json.dumps({**told, "entries": entries}, ensure_ascii=False, indent=1).encode()


def _plain(record: Record) -> dict[str, Any]:
    return cast("dict[str, Any]", _hex(record.model_dump(by_alias=True)))


def _hex(value: object) -> object:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, object]", value)
        return {
            name: _hex(item) for name, item in fields.items() if not (name == _NOT_TOLD and isinstance(item, bytes))
        }
    if isinstance(value, list):
        return [_hex(item) for item in cast("list[object]", value)]
    return value
