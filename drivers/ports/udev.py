"""What udev knows about a device: its properties and links, from the database that udevd keeps in /run/udev/data."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DATABASE = Path("/run/udev/data")
_MOST_BYTES = 65_536


@dataclass(frozen=True)
class Known:
    """`properties` such as ID_VENDOR_ID, ID_MODEL_ID, ID_SERIAL_SHORT; `links` below /dev, such as serial/by-id/..."""

    properties: Mapping[str, str] = field(default_factory=dict[str, str])
    links: tuple[str, ...] = ()


NOTHING = Known()


def parse(text: str) -> Known:
    """Return what a file of the database says: lines E:NAME=VALUE and S:LINK; all others are left out."""
    lines = [line.partition(":") for line in text.splitlines()]
    properties = dict(rest.split("=", 1) for kind, _, rest in lines if kind == "E" and "=" in rest)
    return Known(properties, tuple(sorted(rest for kind, _, rest in lines if kind == "S")))


def known(device: Path, database: Path = DATABASE) -> Known:
    """Return what udev knows about the character device `device`; nothing where it runs no udev, or is none."""
    try:
        number = device.stat().st_rdev
        with (database / f"c{os.major(number)}:{os.minor(number)}").open("rb") as file:
            return parse(file.read(_MOST_BYTES).decode("utf-8", "replace"))
    except OSError:
        return NOTHING
