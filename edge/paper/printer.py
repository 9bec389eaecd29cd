"""The printer of labels and slips: raw bytes to a serial or USB device, whole or with an error."""

import os
import select
import stat
import termios
import time
import tty
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self, cast

from edge.errors import NotPrinted
from edge.paper.escpos import label_bytes
from edge.paper.label import Label
from edge.paper.zpl import zpl

LONGEST_S = 20
PrinterLanguage = Literal["zpl", "escpos"]
LANGUAGES: dict[PrinterLanguage, Callable[[Label], bytes]] = {"zpl": zpl, "escpos": label_bytes}


@dataclass(frozen=True)
class Printer:
    """A printer by its language, zpl or escpos, and its device."""

    language: PrinterLanguage
    device: Path
    longest_s: float = LONGEST_S

    @classmethod
    def of(cls, setting: str | None) -> Self | None:
        """Return the printer of a setting such as `zpl:/dev/usb/lp0`; None where there is none."""
        if setting is None:
            return None
        language, _, device = setting.partition(":")
        return cls(cast("PrinterLanguage", language), Path(device))

    @classmethod
    def at(cls, setting: str | None) -> Self:
        """Return the printer of a setting; raises NotPrinted where there is none."""
        found = cls.of(setting)
        if found is None:
            raise NotPrinted("no printer is set up at this station: set `printer` in station.toml")
        return found

    @property
    def prints_slips(self) -> bool:
        """Whether a slip can be printed on it, or labels alone."""
        return self.language == "escpos"

    def label(self, label: Label) -> bytes:
        """Return a label in the printer's language."""
        return LANGUAGES[self.language](label)

    def send(self, data: bytes, copies: int = 1) -> None:
        """Print what is in the printer's language; raises NotPrinted."""
        for _ in range(copies):
            self._send(data)

    def _send(self, data: bytes) -> None:
        try:
            device = os.open(self.device, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError as error:
            raise NotPrinted(f"printer {self.device}: {error.strerror}; check its cable and that it is on") from error
        try:
            if not stat.S_ISCHR(os.fstat(device).st_mode):
                raise NotPrinted(f"printer {self.device}: no serial or USB device; correct `printer` in station.toml")
            if os.isatty(device):
                tty.setraw(device)
            self._write(device, data)
        except (OSError, termios.error) as error:
            raise NotPrinted(f"printer {self.device}: {error}; look at what came out and print again") from error
        finally:
            os.close(device)

    def _write(self, device: int, data: bytes) -> None:
        until = time.monotonic() + self.longest_s
        while data:
            _, ready, _ = select.select([], [device], [], max(0, until - time.monotonic()))
            if not ready:
                raise NotPrinted(f"printer {self.device}: takes no bytes ({len(data)} left); check paper and cable")
            data = data[os.write(device, data) :]
