"""Who speaks: the station that the client's certificate names. It sends its own entries, and nobody else's.

An entry's worth comes from its own signature. This keeps who has one station's certificate from taking another's turn
and quota, from asking how far another is, and from reading the list of all stations.
"""

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from cryptography import x509
from cryptography.x509.oid import NameOID
from fastapi import Request

from sync.contract.ids import StationId
from sync.errors import CentralRefused

NGINX_HEADER = "x-ssl-client-cert"
"""The certificate that nginx verified, PEM and percent-encoded; nginx overwrites whatever a client sends."""
MOST_REMEMBERED = 20_000

Names = frozenset[str]
MaySend = Callable[[Request, StationId], None]
"""Raises CentralRefused unless who asks may send what is said to be of this station."""
MayAudit = Callable[[Request], None]
"""Raises CentralRefused unless who asks may read of all stations."""


def anybody(_: Request, _station: StationId) -> None:
    """Let anybody send for anybody: who reaches the inside socket stands within the walls."""


class Speakers:
    """Judges by the common names in a request's certificate, which `read` gives."""

    def __init__(self, read: Callable[[Request], Names], admitted: Callable[[StationId], bool]) -> None:
        self._read, self._admitted = read, admitted

    def may_send(self, request: Request, station: StationId) -> None:
        """Let a station send what is its own."""
        names = self._read(request)
        if station not in names:
            said = ", ".join(sorted(names)) or "nobody"
            detail = (
                f"the certificate names {said}, and this is said to be of {station}; lay {station}'s own certificate"
            )
            raise CentralRefused("wrong_certificate", detail)

    def may_audit(self, request: Request) -> None:
        """Let whoever is no station see all of them."""
        stations = sorted(name for name in self._read(request) if self._admitted(StationId(name)))
        if stations:
            detail = f"the certificate is of station {stations[0]}; auditors ask with one of their own"
            raise CentralRefused("wrong_certificate", detail)


def certificate_of(request: Request) -> bytes | None:
    """Return the certificate in our own TLS; None where nginx did it, and within the walls."""
    return getattr(request.state, "certificate", None)


def by_tls(request: Request) -> Names:
    """Return the names in the certificate of our own TLS."""
    return _names(request.state.certificate)


def by_nginx(request: Request) -> Names:
    """Return the names in the certificate that nginx verified."""
    return _names(unquote_to_bytes(request.headers.get(NGINX_HEADER, "")))


@lru_cache(MOST_REMEMBERED)
def _names(data: bytes) -> Names:
    read = x509.load_pem_x509_certificate if data.startswith(b"-----") else x509.load_der_x509_certificate
    try:
        subject = read(data).subject
    except ValueError:
        return frozenset()
    return frozenset(str(each.value) for each in subject.get_attributes_for_oid(NameOID.COMMON_NAME))
