"""A second reader of envelopes, from RFC 8949, 9052 and 9180, draft-ietf-hpke-pq and docs/formats/envelope.md alone.

It shares no line with sync/: no cbor2, no HPKE of the library; only Ed25519, ML-KEM, ECDH, AES and hashes are borrowed.
"""

import hmac
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha3_256, sha256, sha384
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP384R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key

VECTORS = Path(__file__).parents[1] / "vectors" / "envelope"
GOOD = (VECTORS / "good.envelope").read_bytes()
RECORD = b"a record, as far as an envelope knows"


def head(major: int, value: int) -> bytes:
    """RFC 8949, 3: the shortest head."""
    for size, info in ((1, 24), (2, 25), (4, 26), (8, 27)):
        if value < 24:
            return bytes([major << 5 | value])
        if value < 256**size:
            return bytes([major << 5 | info]) + value.to_bytes(size, "big")
    raise ValueError(value)


def read(data: bytes, at: int = 0) -> tuple[Any, int]:
    """RFC 8949, 3: the value at `at`, and where the next begins."""
    major, info = data[at] >> 5, data[at] & 31
    size = {24: 1, 25: 2, 26: 4, 27: 8}.get(info, 0)
    value = int.from_bytes(data[at + 1 : at + 1 + size], "big") if size else info
    at += 1 + size
    if major == 0:
        return value, at
    if major == 1:
        return -1 - value, at
    if major in {2, 3}:
        piece = data[at : at + value]
        return (piece if major == 2 else piece.decode()), at + value
    if major == 6:
        inner, at = read(data, at)
        return (value, inner), at
    items: list[Any] = []
    for _ in range(value * (2 if major == 5 else 1)):
        item, at = read(data, at)
        items.append(item)
    return (dict(zip(items[::2], items[1::2], strict=True)) if major == 5 else items), at


def cose_payload(message: bytes, public: bytes) -> bytes:
    """RFC 9052, 4.4: verify a COSE_Sign1 and return its payload."""
    (tag, (protected, unprotected, payload, signature)), end = read(message)
    assert (tag, unprotected, end) == (18, {}, len(message))
    assert read(protected)[0] == {1: -8, 4: sha256(public).digest()[:8]}
    strings = [head(3, 10) + b"Signature1", *(head(2, len(each)) + each for each in (protected, b"", payload))]
    Ed25519PublicKey.from_public_bytes(public).verify(signature, head(4, 4) + b"".join(strings))
    return payload


@dataclass(frozen=True)
class Hpke:
    """RFC 9180 with the numbers of one suite: base mode, one shot, no additional data."""

    suite_id: bytes
    digest: Callable[..., Any]
    lattice: int
    enc: int
    label: bytes

    def open(self, wrap: bytes, post_quantum: Any, classical: Any, info: bytes) -> bytes:
        """RFC 9180, 5.1 and 6.1, with the combiner of draft-ietf-hpke-pq (SHA3-256 over both secrets)."""
        lattice, point, ciphertext = wrap[: self.lattice], wrap[self.lattice : self.enc], wrap[self.enc :]
        shared, own = agree(classical, point)
        secret = sha3_256(post_quantum.decapsulate(lattice) + shared + point + own + self.label).digest()
        context = b"\0" + self.extract(b"", b"psk_id_hash", b"") + self.extract(b"", b"info_hash", info)
        key = self.extract(secret, b"secret", b"")
        nonce = self.expand(key, b"base_nonce", context, 12)
        return AESGCM(self.expand(key, b"key", context, 32)).decrypt(nonce, ciphertext, b"")

    def extract(self, salt: bytes, label: bytes, material: bytes) -> bytes:
        """RFC 9180, 4: LabeledExtract."""
        salt = salt or bytes(self.digest().digest_size)
        return hmac.digest(salt, b"HPKE-v1" + self.suite_id + label + material, self.digest)

    def expand(self, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
        """RFC 9180, 4: LabeledExpand, one block."""
        message = length.to_bytes(2, "big") + b"HPKE-v1" + self.suite_id + label + info + b"\1"
        return hmac.digest(key, message, self.digest)[:length]


SUITES = {
    "MLKEM1024_P384": Hpke(b"HPKE" + bytes.fromhex("005100020002"), sha384, 1568, 1665, b"MLKEM1024-P384"),
    "MLKEM768_X25519": Hpke(b"HPKE" + bytes.fromhex("647a00010002"), sha256, 1088, 1120, bytes.fromhex("5c2e2f2f5e5c")),
}


def agree(own: Any, point: bytes) -> tuple[bytes, bytes]:
    """Return the Diffie-Hellman secret with `point`, and the own public key in the point's form."""
    if isinstance(own, X25519PrivateKey):
        return own.exchange(X25519PublicKey.from_public_bytes(point)), own.public_key().public_bytes_raw()
    peer = EllipticCurvePublicKey.from_encoded_point(SECP384R1(), point)
    return own.exchange(ECDH(), peer), own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@pytest.fixture(scope="module")
def public(test_keys: dict[str, bytes]) -> bytes:
    file, _ = read(test_keys["station"])
    return Ed25519PrivateKey.from_private_bytes(file["ed25519"]).public_key().public_bytes_raw()


@pytest.mark.parametrize(
    ("vector", "name"),
    [("good", "national"), ("good", "escrow"), ("good-768", "national_768"), ("good-768", "escrow_768")],
)
def test_a_second_reader_verifies_and_opens_the_envelope(
    vector: str, name: str, public: bytes, test_keys: dict[str, bytes]
) -> None:
    message = (VECTORS / f"{vector}.envelope").read_bytes()
    head, wraps, body = read(cose_payload(message, public))[0]
    header, identity = read(head)[0], read(test_keys[name])[0]
    assert header["suite"] == identity["suite"]
    halves = [load_der_private_key(identity[half], None) for half in ("post_quantum", "classical")]
    wrap = wraps[header["recipients"].index(identity["kid"])]
    dek = SUITES[header["suite"]].open(wrap, *halves, b"garita/dek/1\0" + identity["kid"] + sha256(head).digest())
    assert sha256(b"garita/commit/1\0" + dek).digest() == header["commitment"]
    assert zlib.decompress(AESGCM(dek).decrypt(bytes(12), body, head)) == RECORD


def test_the_second_reader_refuses_a_changed_envelope(public: bytes) -> None:
    with pytest.raises(InvalidSignature):
        cose_payload(GOOD.replace(b"MX-NLD-01", b"MX-NLD-02"), public)
