"""When certificates and revocation lists end: said beforehand, since afterwards nobody is let in."""

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from sync.errors import UnusableKey

BEFOREHAND = timedelta(days=60)
"""From when on before an end somebody is told."""


def certificate_end(file: Path) -> datetime:
    """Return until when the certificate in a PEM file is good; raises UnusableKey."""
    try:
        return x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except (OSError, ValueError) as error:
        raise UnusableKey(f"{file}: no certificate ({error})") from error


def list_end(file: Path) -> datetime | None:
    """Return until when a PEM file's revocation list is good, None where it does not say; raises UnusableKey."""
    try:
        return x509.load_pem_x509_crl(file.read_bytes()).next_update_utc
    except (OSError, ValueError) as error:
        raise UnusableKey(f"{file}: no revocation list ({error})") from error


def ends_soon(end: datetime | None, now: datetime) -> bool:
    """Tell whether somebody must renew it."""
    return end is not None and end - now <= BEFOREHAND
