"""How long the centre's certificates and its revocation list are good."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sync.central.settings import CentralSettings
from sync.errors import UnusableKey
from sync.expiry import certificate_end, ends_soon, list_end
from sync.files import open_to_others

RENEW = {
    "certificate": "stations refuse the centre after it: garita-image renew-certificate",
    "authority": "no certificate counts after it: a new authority, and a new certificate for everybody",
    "revocation list": "nginx refuses every station after it: garita-image revocation-list, and reload nginx",
}


@dataclass(frozen=True)
class End:
    """One file, until when it is good (None: it does not say), and whether to renew it now."""

    what: str
    file: Path
    end: datetime | None
    soon: bool

    def __str__(self) -> str:
        if self.end is None and self.soon:
            return f"{self.what} {self.file}: NOT THERE, and nginx does not start without it; {RENEW[self.what]}"
        until = f"{self.end:%Y-%m-%d}" if self.end else "it does not say"
        return f"{self.what} {self.file}: good until {until}{f'; RENEW: {RENEW[self.what]}' if self.soon else ''}"


def ends(folder: Path, settings: CentralSettings, now: datetime) -> Iterator[End]:
    """Yield how long each file that is there is good, and that nginx lacks its list.

    Raises UnusableKey for one that cannot be read.
    """
    readers = {
        "certificate": (settings.tls_certificate, certificate_end),
        "authority": (settings.tls_authority, certificate_end),
        "revocation list": (settings.tls_revoked, list_end),
    }
    for what, (name, read) in readers.items():
        file = folder / name
        if file.exists():
            end = read(file)
            yield End(what, file, end, ends_soon(end, now))
        elif what == "revocation list" and settings.outside_socket:
            yield End(what, file, None, soon=True)


def warnings(folder: Path, settings: CentralSettings, now: datetime) -> list[str]:
    """Return a line for each file that must be renewed, cannot be read, or is a key that others can read."""
    told = list(open_to_others([folder / settings.log_key, folder / settings.tls_key]))
    try:
        return [*told, *(str(each) for each in ends(folder, settings, now) if each.soon)]
    except UnusableKey as error:
        return [*told, str(error)]
