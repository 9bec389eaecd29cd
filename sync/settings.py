"""Settings: one small TOML file, read once and passed down."""

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ValidationError

from sync.errors import UnusableSettings
from sync.files import write_whole


class Settings(BaseModel, frozen=True, extra="forbid"):
    """A flat table of strings and integers in FILE_NAME, which stands in the program's data folder."""

    FILE_NAME: ClassVar[str] = ""
    ALWAYS: ClassVar[frozenset[str]] = frozenset()
    """What every file says, because `init` wrote it: one without was emptied or cut, and says nothing by silence."""

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the folder's settings; raises UnusableSettings with the names of the fields that are wrong."""
        path = folder / cls.FILE_NAME
        try:
            said = tomllib.loads(path.read_text(encoding="utf-8"))
            made = cls.model_validate(said)
        except FileNotFoundError as error:
            raise UnusableSettings(
                f"{path} is not there: give the folder of the data as --data, or bring the file back from its backup;"
                " `init` makes a new one"
            ) from error
        except ValidationError as error:
            faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise UnusableSettings(f"{path}: {faults}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UnusableSettings(f"{path}: not TOML ({error})") from error
        if missing := cls.ALWAYS - said.keys():
            raise UnusableSettings(
                f"{path}: nothing of {', '.join(sorted(missing))}, which `init` writes: the file was cut or emptied;"
                " bring it back from a backup"
            )
        return made

    def check_new(self, folder: Path, made: Iterable[Path]) -> None:
        """Raise UnusableSettings where the settings, or a file of those that `init` makes, are in the folder already.

        A key that is there is never laid anew: what it signed is known elsewhere.
        """
        there = [str(each) for each in (Path(self.FILE_NAME), *made) if (folder / each).exists()]
        if there:
            raise UnusableSettings(
                f"{folder} holds {', '.join(there)} already; nothing was changed. Where this was in use, bring what is"
                " missing back from the folder's backup; where an `init` was cut short, remove them and do it again"
            )

    def write(self, folder: Path) -> None:
        """Write the settings, each field under its description; an existing file is never overwritten."""
        path = folder / self.FILE_NAME
        if path.exists():
            raise UnusableSettings(f"{path} is there already: nothing was changed")
        write_whole(path, "\n".join(self._lines()).encode(), mode=0o600)

    def _lines(self) -> list[str]:
        values: dict[str, Any] = self.model_dump(mode="json", exclude_none=True)
        fields = type(self).model_fields
        return [
            f"# {fields[name].description}\n{name} = {json.dumps(value, ensure_ascii=False)}\n"
            for name, value in values.items()
        ]
