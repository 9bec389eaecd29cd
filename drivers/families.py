"""Every instrument family that Garita knows, by name. A family plugs in with one line here."""

from drivers.analyzer_link.family import ANALYZER_LINK
from drivers.code_reader.family import CODE_READER
from drivers.errors import UnknownInstrument
from drivers.family import Family
from drivers.nmea.family import NMEA
from drivers.scales.family import SCALES
from drivers.srs_rga.family import SRS_RGA

FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        ANALYZER_LINK,
        *SCALES,
        NMEA,
        CODE_READER,
        SRS_RGA,
    )
}  # fmt: skip


def family_of(address: str) -> tuple[Family, str]:
    """Return the family and the port of an address as `analyzer-link:/dev/ttyACM0`. Raises UnknownInstrument."""
    name, _, place = address.partition(":")
    if name not in FAMILIES or not place:
        raise UnknownInstrument(address, f"expected FAMILY:PORT with a family among {', '.join(FAMILIES)}")
    return FAMILIES[name], place
