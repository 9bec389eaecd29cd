"""Settings of the vault: vault.toml in its data folder."""

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from sync.contract.ids import STATION_PATTERN, StationId
from sync.settings import Settings


class VaultSettings(Settings, frozen=True):
    """What makes this vault this one. Paths are relative to the data folder unless they start with `/`."""

    FILE_NAME: ClassVar[str] = "vault.toml"

    identity: Path = Field(description="the private key that opens envelopes: the nation's or the escrow's")
    central_socket: Path = Field(description="the centre's Unix socket for the vault")
    station: StationId = Field(
        default=StationId("VAULT"), pattern=STATION_PATTERN, description="the vault's own name among the stations"
    )
    key: Path = Field(default=Path("vault.key"), description="the key that signs what the vault opened")
    roots: Path = Field(default=Path("root.keys"), description="the state's root keys")
    recipients: Path = Field(default=Path("recipients.list"), description="to whom what the vault opened is sealed")
    openings: Path = Field(default=Path("openings.db"), description="the journal of what the vault opened")
    log_key: Path = Field(default=Path("log.vkey"), description="the national log's verifier key, for court bundles")
    log_policy: Path | None = Field(
        default=None, description="tlog-policy: which witnesses must have cosigned what the centre shows and receipts"
    )
    cases: Path = Field(default=Path("cases.db"), description="the national case database")
    pause_seconds: int = Field(default=2, ge=1, le=3600, description="seconds between two looks at the centre")
