"""When certificates and revocation lists are good. Their end is said beforehand: afterwards nobody is let in."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509

from sync.errors import UnusableKey

BEFOREHAND = timedelta(days=60)
"""From when on before an end somebody is told."""


class Term(NamedTuple):
    """From when on and until when something is good; no end where it does not say."""

    start: datetime
    end: datetime | None


def certificate_term(file: Path) -> Term:
    """Return when the certificate in a PEM file is good; raises UnusableKey."""
    try:
        read = x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError) as error:
        raise UnusableKey(f"{file}: no certificate ({error})") from error
    return Term(read.not_valid_before_utc, read.not_valid_after_utc)


def list_term(file: Path) -> Term:
    """Return when a PEM file's revocation list is good; raises UnusableKey."""
    try:
        read = x509.load_pem_x509_crl(file.read_bytes())
    except (OSError, ValueError) as error:
        raise UnusableKey(f"{file}: no revocation list ({error})") from error
    return Term(read.last_update_utc, read.next_update_utc)


def ends_soon(end: datetime | None, now: datetime) -> bool:
    """Tell whether somebody must renew it."""
    return end is not None and end - now <= BEFOREHAND
