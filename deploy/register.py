"""What an authority has renewed and revoked, beside its key: neither a renewal nor a lost list lets anybody in again.

Two files in the authority's folder: `issued.pem`, every certificate that was renewed or revoked here, the old one and
the new; and `revoked.crl`, the newest revocation list.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from deploy.certificates import read_certificates, read_list
from deploy.errors import Revoked
from sync.files import write_whole

PEM = serialization.Encoding.PEM
SPKI = serialization.PublicFormat.SubjectPublicKeyInfo


class Register:
    """The two files in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._issued, self._list = folder / "issued.pem", folder / "revoked.crl"

    @property
    def revoked(self) -> bytes | None:
        """The newest list, PEM; None before the first. Raises NotIssued."""
        return read_list(self._list) if self._list.exists() else None

    def keep(self, made: bytes) -> None:
        """Keep a new list."""
        write_whole(self._list, made)

    @property
    def certificates(self) -> Sequence[x509.Certificate]:
        """All that are remembered; raises ValueError with the file's name."""
        some = self._issued.exists() and self._issued.stat().st_size
        return read_certificates(self._issued) if some else []

    def note(self, certificates: Iterable[x509.Certificate]) -> None:
        """Remember certificates."""
        known = self.certificates
        new = [each for each in dict.fromkeys(certificates) if each not in known]
        write_whole(self._issued, b"".join(each.public_bytes(PEM) for each in [*known, *new]))

    def of_same_key(self, certificates: Iterable[x509.Certificate]) -> list[x509.Certificate]:
        """Return these and every other that is remembered for the key of one of them."""
        given = list(certificates)
        keys = {_key(each) for each in given}
        return list(dict.fromkeys([*given, *(each for each in self.certificates if _key(each) in keys)]))

    def check(self, certificate: x509.Certificate) -> None:
        """Raise Revoked where the certificate, or another one of its key, stands on the list."""
        serials = {each.serial_number for each in x509.load_pem_x509_crl(self.revoked)} if self.revoked else set[int]()
        for each in self.of_same_key([certificate]):
            if each.serial_number in serials:
                raise Revoked(
                    f"{certificate.subject.rfc4514_string()}: the certificate {each.serial_number:x} of this key is"
                    " revoked, and a new one would let who has the key in again. Make a new key, for a station of a"
                    " new name"
                )


def _key(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(serialization.Encoding.DER, SPKI)
