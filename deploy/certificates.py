"""A private certificate authority for the wire between stations and centre (RFC 5280).

TLS only admits to the wire: a record's authority is its own signature.
"""

import datetime as dt
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deploy.errors import NotIssued
from sync.files import make_folder, write_new, write_whole

AUTHORITY_DAYS = 3650
LEAF_DAYS = 365
LIST_DAYS = 400
CLOCK_SKEW = dt.timedelta(days=2)  # a station's clock may be behind


@dataclass(frozen=True)
class Certified:
    """A private key with its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def write(self, folder: Path, name: str) -> None:
        """Write NAME.key (readable by its owner only) and NAME.crt, both PEM."""
        make_folder(folder)
        write_private(
            folder / f"{name}.key",
            self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
        )
        write_certificate(self.certificate, folder / f"{name}.crt")

    @classmethod
    def read(cls, folder: Path, name: str) -> "Certified":
        """Read what `write` wrote; raises ValueError with the name of a file that is no such thing."""
        return cls(_read_key(folder / f"{name}.key"), read_certificate(folder / f"{name}.crt"))


def write_private(path: Path, data: bytes) -> None:
    """Write a new file, whole, that only its owner can read; raises UnusableFile where there is one already."""
    write_new(path, data, mode=0o600)


def write_certificate(certificate: x509.Certificate, path: Path) -> None:
    """Write a certificate without its key, PEM."""
    write_whole(path, certificate.public_bytes(serialization.Encoding.PEM))


def make_authority(name: str, now: dt.datetime) -> Certified:
    """Make a self-signed authority that can sign leaves only."""
    key = ec.generate_private_key(ec.SECP384R1())
    subject = _name(name)
    usage = _usage(signs=True)
    builder = _builder(subject, subject, key, now, AUTHORITY_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(usage, critical=True)
    return Certified(key, builder.sign(key, hashes.SHA384()))


def issue_server(authority: Certified, name: str, now: dt.datetime) -> Certified:
    """Issue a server certificate for a DNS name or an IP address."""
    return _issue(authority, name, [ExtendedKeyUsageOID.SERVER_AUTH], now)


def issue_client(authority: Certified, name: str, now: dt.datetime) -> Certified:
    """Issue a client certificate; `name` is the station's id."""
    return _issue(authority, name, [ExtendedKeyUsageOID.CLIENT_AUTH], now)


def issue_member(authority: Certified, address: str, now: dt.datetime) -> Certified:
    """Issue the certificate of a member of the database cluster, who serves the others and asks them."""
    return _issue(authority, address, [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH], now)


def revocation_list(authority: Certified, revoked: Iterable[x509.Certificate], now: dt.datetime) -> bytes:
    """Return the list (RFC 5280, section 5) of certificates that admit nobody any more, PEM; valid for LIST_DAYS."""
    return renew_list(authority, [], revoked, now)


def renew(authority: Certified, old: x509.Certificate, now: dt.datetime) -> x509.Certificate:
    """Return a certificate for the same name, purpose and key as `old`, good from now; so no key has to travel.

    Raises NotIssued where `old` is none that this authority issued, or an authority's own; and by a wrong clock.
    """
    _check_clock(authority, now)
    _check_leaf(authority, old)
    builder = x509.CertificateBuilder().subject_name(old.subject).issuer_name(old.issuer).public_key(old.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - CLOCK_SKEW).not_valid_after(now + dt.timedelta(days=LEAF_DAYS))
    for each in old.extensions:
        builder = builder.add_extension(each.value, each.critical)
    return builder.sign(authority.key, hashes.SHA384())


def renew_list(
    authority: Certified, old: Iterable[bytes], revoked: Iterable[x509.Certificate], now: dt.datetime
) -> bytes:
    """Return a revocation list, good from now, of what the `old` ones name and of `revoked`.

    The authority itself never stands on it, whatever an old list says: nobody would be let in. Raises NotIssued for a
    list or a certificate that is not this authority's, and for an authority's own; and by a wrong clock.
    """
    _check_clock(authority, now)
    revoked = list(revoked)
    for each in revoked:
        _check_leaf(authority, each)
    before = dict[int, dt.datetime]()
    for listed in map(x509.load_pem_x509_crl, old):
        if not listed.is_signature_valid(authority.key.public_key()):
            raise NotIssued("the revocation list that is there is not this authority's; nothing was changed")
        before |= {each.serial_number: each.revocation_date_utc for each in listed}
    before.pop(authority.certificate.serial_number, None)
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.certificate.subject)
    builder = builder.last_update(now - CLOCK_SKEW).next_update(now + dt.timedelta(days=LIST_DAYS))
    for serial, since in ({each.serial_number: now for each in revoked} | before).items():
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(authority.key, hashes.SHA384()).public_bytes(serialization.Encoding.PEM)


def read_certificate(file: Path) -> x509.Certificate:
    """Return the (first) certificate in a PEM file; raises ValueError with its name."""
    return read_certificates(file)[0]


def read_certificates(file: Path) -> list[x509.Certificate]:
    """Return the certificates in a PEM file, one or more; raises ValueError with its name."""
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())
    except ValueError as error:
        raise ValueError(
            f"{file}: no certificate in PEM form; give the .crt, or bring it back from its copy"
        ) from error


def read_list(file: Path) -> bytes:
    """Return a file that holds a revocation list, PEM; raises NotIssued with its name."""
    data = file.read_bytes()
    try:
        x509.load_pem_x509_crl(data)
    except ValueError as error:
        raise NotIssued(
            f"{file}: no revocation list in PEM form; nothing was changed. Bring the newest list there from its copy"
        ) from error
    return data


def _read_key(file: Path) -> ec.EllipticCurvePrivateKey:
    data = file.read_bytes()
    try:
        key = serialization.load_pem_private_key(data, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ValueError(f"{file}: no private key in PEM form without a passphrase; bring it from its safe") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{file}: expected an elliptic-curve key, got {type(key).__name__}")  # noqa: TRY004 - a file's
    return key


def named(certificate: x509.Certificate) -> str:
    """Return the name in a certificate, and its number as `openssl x509 -serial` prints it."""
    return f"{certificate.subject.rfc4514_string()}, serial {serial(certificate.serial_number)}"


def serial(number: int) -> str:
    """Return the number of a certificate as OpenSSL prints it: whole bytes, in hexadecimal capitals."""
    return number.to_bytes((number.bit_length() + 7) // 8 or 1).hex().upper()


def _check_clock(authority: Certified, now: dt.datetime) -> None:
    """Raise NotIssued outside the authority's own time: what was signed then would shut its bearer out."""
    start, end = authority.certificate.not_valid_before_utc, authority.certificate.not_valid_after_utc
    if not start <= now < end:
        raise NotIssued(
            f"this machine's clock says {now:%Y-%m-%d %H:%M} UTC, and the authority is good from"
            f" {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}: put the clock right; nothing was changed"
        )


def _check_leaf(authority: Certified, certificate: x509.Certificate) -> None:
    try:
        certificate.verify_directly_issued_by(authority.certificate)
    except (ValueError, TypeError, InvalidSignature) as error:
        raise NotIssued(
            f"{named(certificate)}: this authority did not issue that certificate, but"
            f" {certificate.issuer.rfc4514_string()}, which may have the same name and another key; nothing was changed"
        ) from error
    if any(isinstance(each.value, x509.BasicConstraints) and each.value.ca for each in certificate.extensions):
        raise NotIssued(
            f"{named(certificate)}: that is an authority's own certificate, and neither renewed nor revoked like a"
            " station's; nothing was changed. A new authority comes with a new certificate for everybody"
        )


def _issue(authority: Certified, name: str, purposes: list[x509.ObjectIdentifier], now: dt.datetime) -> Certified:
    key = ec.generate_private_key(ec.SECP384R1())
    builder = _builder(_name(name), authority.certificate.subject, key, now, LEAF_DAYS)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    builder = builder.add_extension(x509.SubjectAlternativeName([_alternative(name)]), critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    builder = builder.add_extension(issuer, critical=False)
    return Certified(key, builder.sign(authority.key, hashes.SHA384()))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: dt.datetime, days: int
) -> x509.CertificateBuilder:
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )
