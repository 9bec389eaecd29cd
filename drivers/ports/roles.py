"""From a USB identity to what the instrument does at a post: a table that a state may put its own before."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from drivers.errors import UnknownInstrument
from drivers.family import Role
from drivers.ports.discovery import Port

TABLE = Path(__file__).with_name("roles.toml")
_FIELDS = {"vendor", "product", "serial", "role", "family", "note"}
_REQUIRED = {"vendor", "role"}


@dataclass(frozen=True)
class Assignment:
    """One device, or all of a kind: empty `product` and `serial` fit any; an empty `family` is not known."""

    vendor: str
    role: Role
    product: str = ""
    serial: str = ""
    family: str = ""
    note: str = ""

    @classmethod
    def from_entry(cls, entry: dict[str, Any]) -> Self:
        """Read one `[[device]]`. Raises ValueError."""
        if not _REQUIRED <= set(entry) <= _FIELDS or not all(isinstance(value, str) for value in entry.values()):
            raise ValueError(f"expected texts of {sorted(_REQUIRED)} and perhaps {sorted(_FIELDS - _REQUIRED)}")
        for name in ("vendor", "product"):
            if entry.get(name) and not (len(entry[name]) == 4 and int(entry[name], 16) >= 0):  # noqa: PLR2004 - USB
                raise ValueError(f"{name} {entry[name]!r}; expected four hexadecimal digits")
        return cls(**{**entry, "role": Role(entry["role"]), "vendor": entry["vendor"].lower()})

    def fits(self, port: Port) -> bool:
        usb = port.usb
        return (
            usb is not None
            and usb.vendor == self.vendor
            and self.product.lower() in {"", usb.product}
            and self.serial in {"", usb.serial}
        )


def read_table(file: Path) -> Sequence[Assignment]:
    """Read a table of roles. Raises UnknownInstrument naming the file and the entry that is wrong."""
    try:
        entries = tomllib.loads(file.read_text("utf-8")).get("device", [])
        return tuple(map(Assignment.from_entry, entries))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise UnknownInstrument(str(file), f"no table of roles: {error}") from error


def assignment(port: Port, table: Sequence[Assignment]) -> Assignment | None:
    """Return the first entry of `table` that fits `port`, None where nobody knows it."""
    return next((entry for entry in table if entry.fits(port)), None)
