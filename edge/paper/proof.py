"""What a code on paper says, and what stands in the enclosed file: by these anybody finds the sealed entries."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import segno

from edge.dossier import Dossier
from sync.contract.ids import Seq, StationId
from sync.contract.record import Record

FACTS = "garita.facts/1"
_NOT_TOLD = "key"


@dataclass(frozen=True)
class Mark:
    """The entries of a paper: first and last, and the last one's digest, which the chain lets speak for all before."""

    station: StationId
    first: Seq
    last: Seq
    digest: bytes

    @property
    def text(self) -> str:
        """What the code says: no name, no substance, nothing of a person."""
        return f"GARITA:{self.station}:{self.first}-{self.last}:{self.digest.hex().upper()}"


def mark_of(station: StationId, dossier: Dossier) -> Mark | None:
    """Return the mark of a dossier; None where nothing is sealed yet."""
    if not dossier.proofs:
        return None
    last = max(dossier.proofs)
    return Mark(station, min(dossier.proofs), last, dossier.proofs[last].digest)


def qr_svg(text: str) -> str:
    """Return a QR code of level M as SVG without size: the page sets it."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=4, xmldecl=False, svgns=True, omitsize=True)
    return out.getvalue().decode()


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
