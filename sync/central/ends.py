"""When the centre's certificates and its revocation list are good."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sync.central.settings import CentralSettings
from sync.errors import UnusableKey
from sync.expiry import Term, certificate_term, ends_soon, list_term
from sync.files import open_to_others

RENEW = {
    "certificate": "stations refuse the centre after it: garita-image renew-certificate",
    "authority": "no certificate counts after it: a new authority, and a new certificate for everybody",
    "revocation list": "nginx refuses every station after it: garita-image revocation-list, and reload nginx",
}


@dataclass(frozen=True)
class End:
    """One file that is needed, when it is good (None: it is not there), and what the clock says."""

    what: str
    file: Path
    term: Term | None
    now: datetime

    @property
    def early(self) -> bool:
        """Tell whether it is not valid yet, by this machine's clock."""
        return self.term is not None and self.now < self.term.start

    @property
    def soon(self) -> bool:
        """Tell whether somebody must do something now."""
        return self.term is None or self.early or ends_soon(self.term.end, self.now)

    def __str__(self) -> str:
        return f"{self.what} {self.file}: {self._said()}"

    def _said(self) -> str:
        if self.term is None:
            return f"NOT THERE, and nginx does not start without it; {RENEW[self.what]}"
        if self.early:
            return (
                f"NOT VALID before {self.term.start:%Y-%m-%d %H:%M} UTC, and this machine's clock says"
                f" {self.now:%Y-%m-%d %H:%M}: put the clock right, which refuses every certificate from after that;"
                " where it is right, have the file made anew on a machine whose clock is"
            )
        until = f"{self.term.end:%Y-%m-%d}" if self.term.end else "it does not say"
        return f"good until {until}{f'; RENEW: {RENEW[self.what]}' if self.soon else ''}"


def ends(folder: Path, settings: CentralSettings, now: datetime) -> Iterator[End]:
    """Yield how long each file that is there is good, and that nginx lacks its list.

    Raises UnusableKey for one that cannot be read.
    """
    readers = {
        "certificate": (settings.tls_certificate, certificate_term),
        "authority": (settings.tls_authority, certificate_term),
        "revocation list": (settings.tls_revoked, list_term),
    }
    for what, (name, read) in readers.items():
        file = folder / name
        if file.exists():
            yield End(what, file, read(file), now)
        elif what == "revocation list" and settings.outside_socket:
            yield End(what, file, None, now)


def warnings(folder: Path, settings: CentralSettings, now: datetime) -> list[str]:
    """Return a line for each file to renew, not valid yet, that cannot be read, or is a key that others can read."""
    told = list(open_to_others([folder / settings.log_key, folder / settings.tls_key]))
    try:
        return [*told, *(str(each) for each in ends(folder, settings, now) if each.soon)]
    except UnusableKey as error:
        return [*told, str(error)]
