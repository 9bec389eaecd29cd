"""How bright the panel is: as the theme that it shows, through the kernel's files of its backlight."""

import logging
from collections.abc import Mapping
from pathlib import Path

from edge.surroundings import Theme

LOG = logging.getLogger(__name__)
DAY, INDOOR = 100, 60
"""Percent of the panel's most."""


class Backlight:
    """One panel's backlight; `folder` is None where its brightness is not the station's. `night` is in percent."""

    def __init__(self, folder: Path | None, night: float) -> None:
        self._folder = folder
        self._percent: Mapping[Theme, float] = {"day": DAY, "indoor": INDOOR, "night": night}
        self._shown: Theme | None = None

    def show(self, theme: Theme) -> None:
        """Be as bright as `theme` needs, and never quite dark. A backlight that cannot be written is logged once."""
        if self._folder is None or theme == self._shown:
            return
        self._shown = theme
        try:
            most = int((self._folder / "max_brightness").read_text("ascii"))
            level = max(1, round(most * self._percent[theme] / 100))
            (self._folder / "brightness").write_text(f"{level}\n", "ascii")
        except (OSError, ValueError):
            LOG.exception("%s: the brightness of the panel could not be set", self._folder)
