"""What a code says of sealed entries, on a screen and on paper: by it anybody finds them in the national log."""

import io
from dataclasses import dataclass

import segno

from edge.dossier import Dossier
from sync.contract.ids import Seq, StationId


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
