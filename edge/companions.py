"""The instruments beside the analyzer that this post has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from drivers.family import Role
from drivers.ports.discovery import Lister
from edge.instrument_port import InstrumentPort
from edge.positioning import Positioning
from edge.scanning import Scanning
from edge.settings import Settings
from edge.weighing import Weighing


@dataclass(frozen=True)
class Companions:
    """Scale, satellite receiver and code reader; None for each that is not set up."""

    scale: Weighing | None
    receiver: Positioning | None
    reader: Scanning | None

    @classmethod
    def of(cls, settings: Settings, today: Callable[[], date], ports: Lister) -> Self:
        """Return those that the settings name."""
        return cls(
            scale=Weighing(settings.scale, ports) if settings.scale else None,
            receiver=Positioning(settings.receiver, today, ports) if settings.receiver else None,
            reader=Scanning(settings.code_reader, settings.code_reader_suffix, ports) if settings.code_reader else None,
        )

    def utc(self) -> datetime | None:
        """Return the time by satellite, or None where none may be believed."""
        return self.receiver.utc() if self.receiver else None

    @property
    def ports(self) -> Mapping[Role, InstrumentPort[object]]:
        """The port of each one that there is."""
        known = {Role.SCALE: self.scale, Role.POSITION: self.receiver, Role.READER: self.reader}
        return {role: each.port for role, each in known.items() if each}

    def start(self) -> None:
        for each in (self.scale, self.receiver, self.reader):
            if each:
                each.start()

    def close(self) -> None:
        for each in (self.scale, self.receiver, self.reader):
            if each:
                each.close()
