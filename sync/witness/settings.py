"""Settings of a witness: witness.toml in its data folder."""

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from sync.settings import Settings


class WitnessSettings(Settings, frozen=True):
    """What makes this witness this one. Paths are relative to the data folder unless they start with `/`."""

    FILE_NAME: ClassVar[str] = "witness.toml"
    ALWAYS: ClassVar[frozenset[str]] = frozenset({"host", "key", "book"})

    host: str = Field(default="127.0.0.1", description="address that logs reach; TLS is a proxy's, if wanted")
    port: int = Field(default=8450, ge=0, le=65535, description="port that logs reach; 0 is any")
    key: Path = Field(default=Path("witness.key"), description="the key that cosigns")
    logs: Path = Field(default=Path("logs"), description="the verifier key of each log that is cosigned, one a line")
    book: Path = Field(default=Path("witness.db"), description="what was cosigned")
