"""How the panel is set for whoever stands before it: how loud it sounds, and whether it keeps still."""

from pathlib import Path
from threading import Lock
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sync.files import write_whole

FILE_NAME = "panel.json"
Volume = Annotated[int, Field(ge=1, le=3)]


class Preferences(BaseModel):
    """`volume` of the alarms; `discreet`: no sound, no flashing, a word no larger than others."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    volume: Volume = 2
    discreet: bool = False


class Panel:
    """The preferences of this station, kept in its data directory; a file that cannot be read is as good as none."""

    def __init__(self, data: Path) -> None:
        self._file = data / FILE_NAME
        self._lock = Lock()
        self._now = self._read()

    @property
    def now(self) -> Preferences:
        """The preferences as they stand."""
        return self._now

    def set(self, *, volume: Volume | None = None, discreet: bool | None = None) -> Preferences:
        """Change what is given, keep it, and return what stands now."""
        given = {name: value for name, value in (("volume", volume), ("discreet", discreet)) if value is not None}
        with self._lock:
            self._now = self._now.model_copy(update=given)
            write_whole(self._file, self._now.model_dump_json().encode())
            return self._now

    def _read(self) -> Preferences:
        try:
            return Preferences.model_validate_json(self._file.read_bytes())
        except (OSError, ValidationError):
            return Preferences()
