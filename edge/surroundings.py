"""What the machine senses around it: how light it is, and how full its battery. Read from the kernel's files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Theme = Literal["day", "night", "indoor"]
BRIGHTER: tuple[tuple[Theme, float, float], ...] = (("indoor", 5, 20), ("day", 700, 2000))
"""Each lighter theme ends below the first number of lux and begins above the second: between them nothing changes."""


@dataclass(frozen=True)
class Battery:
    """How full the battery is, in whole percent, and whether it is being charged."""

    percent: int
    charging: bool


def theme_for(lux: float, shown: Theme) -> Theme:
    """Return the theme for so much light, where `shown` is the one there now."""
    order: list[Theme] = ["night", *(theme for theme, _, _ in BRIGHTER)]
    place = order.index(shown)
    theme: Theme = "night"
    for step, (lighter, ends, begins) in enumerate(BRIGHTER, 1):
        if lux >= (ends if place >= step else begins):
            theme = lighter
    return theme


class Surroundings:
    """The sensors under `folder`, which is /sys. Each answers None where there is none, or it cannot be read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shown: Theme = "day"

    def battery(self) -> Battery | None:
        """Look at the first battery."""
        for supply in self._folder.glob("class/power_supply/*"):
            percent = _number(supply / "capacity")
            if _text(supply / "type") == "Battery" and percent is not None:
                return Battery(round(percent), _text(supply / "status") in ("Charging", "Full", "Not charging"))
        return None

    def lux(self) -> float | None:
        """Look at the light sensor."""
        return next(self._lights(), None)

    def theme(self) -> Theme | None:
        """Return the theme that the light asks for; it changes only when the light has clearly changed."""
        lux = self.lux()
        if lux is None:
            return None
        self._shown = theme_for(lux, self._shown)
        return self._shown

    def _lights(self) -> Iterator[float]:
        for sensor in sorted(self._folder.glob("bus/iio/devices/*")):
            lux, raw = _number(sensor / "in_illuminance_input"), _number(sensor / "in_illuminance_raw")
            if lux is not None:
                yield lux
            elif raw is not None:
                scale, offset = _number(sensor / "in_illuminance_scale"), _number(sensor / "in_illuminance_offset")
                yield (raw + (offset or 0)) * (1 if scale is None else scale)


def _number(file: Path) -> float | None:
    try:
        return float(_text(file))
    except ValueError:
        return None


def _text(file: Path) -> str:
    try:
        return file.read_text("ascii").strip()
    except (OSError, ValueError):
        return ""
