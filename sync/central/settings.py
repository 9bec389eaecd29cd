"""Settings of the centre: central.toml in its data folder."""

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from sync.settings import Settings


class CentralSettings(Settings, frozen=True):
    """What makes this centre this one. Paths are relative to the data folder unless they start with `/`."""

    FILE_NAME: ClassVar[str] = "central.toml"
    ALWAYS: ClassVar[frozenset[str]] = frozenset({"host", "log_key", "postgres", "inside_socket"})

    host: str = Field(default="127.0.0.1", description="address that stations reach")
    port: int = Field(default=8470, ge=0, le=65535, description="port that stations reach; 0 takes a free one")
    tls_certificate: Path = Field(default=Path("tls/server.crt"), description="the centre's certificate, PEM")
    tls_key: Path = Field(default=Path("tls/server.key"), description="the key of that certificate, PEM")
    tls_authority: Path = Field(default=Path("tls/authority.crt"), description="who certifies stations, PEM")
    tls_revoked: Path = Field(default=Path("tls/revoked.crl"), description="revocation list of that authority, PEM")
    outside_socket: Path | None = Field(
        default=None, description="Unix socket for nginx, which then does TLS for host and port; unset: no nginx"
    )
    log_key: Path = Field(default=Path("log.key"), description="the key that signs the log's checkpoints")
    log_policy: Path | None = Field(default=None, description="tlog-policy: which witnesses are asked to cosign")
    database: Path = Field(default=Path("central.db"), description="the sealed envelopes")
    attachments: Path = Field(default=Path("attachments"), description="the sealed attachments, a folder a station")
    log: Path = Field(default=Path("log"), description="the log's tiles and its checkpoint")
    postgres: str = Field(default="", description="libpq address of a PostgreSQL that keeps all three instead")
    station_mib_per_hour: int = Field(default=1024, ge=1, description="most that one station may send in an hour, MiB")
    inside_socket: Path = Field(default=Path("inside.sock"), description="Unix socket for the vault")
