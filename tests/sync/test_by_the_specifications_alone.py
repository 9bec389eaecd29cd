"""A second reader of envelopes, from RFC 8949, 9052 and 9180, draft-ietf-hpke-pq and docs/formats/envelope.md alone.

It shares no line with sync/: no cbor2, no HPKE of the library; only Ed25519, ML-KEM, ECDH, AES and hashes are borrowed.
"""

import hmac
from hashlib import sha3_256, sha256, sha384
from pathlib import Path
from typing import Any

import pytest
import zstandard
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP384R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM1024PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key

GOOD = (Path(__file__).parents[1] / "vectors" / "envelope" / "good.envelope").read_bytes()
RECORD = b"a record, as far as an envelope knows"
SUITE_ID = b"HPKE" + bytes.fromhex("0051 0002 0002")


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


def extract(salt: bytes, label: bytes, material: bytes) -> bytes:
    """RFC 9180, 4: LabeledExtract with HKDF-SHA384."""
    return hmac.digest(salt or bytes(48), b"HPKE-v1" + SUITE_ID + label + material, sha384)


def expand(key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """RFC 9180, 4: LabeledExpand with HKDF-SHA384, one block."""
    return hmac.digest(key, length.to_bytes(2, "big") + b"HPKE-v1" + SUITE_ID + label + info + b"\1", sha384)[:length]


def hpke_open(wrap: bytes, post_quantum: MLKEM1024PrivateKey, classical: EllipticCurvePrivateKey, info: bytes) -> bytes:
    """RFC 9180, 5.1 and 6.1, base mode, with the combiner of MLKEM1024-P384."""
    lattice, point, ciphertext = wrap[:1568], wrap[1568:1665], wrap[1665:]
    shared = classical.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP384R1(), point))
    own = classical.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    secret = sha3_256(post_quantum.decapsulate(lattice) + shared + point + own + b"MLKEM1024-P384").digest()
    context = b"\0" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    key = extract(secret, b"secret", b"")
    nonce = expand(key, b"base_nonce", context, 12)
    return AESGCM(expand(key, b"key", context, 32)).decrypt(nonce, ciphertext, b"")


@pytest.fixture(scope="module")
def public(test_keys: dict[str, bytes]) -> bytes:
    file, _ = read(test_keys["station"])
    return Ed25519PrivateKey.from_private_bytes(file["ed25519"]).public_key().public_bytes_raw()


@pytest.mark.parametrize("name", ["national", "escrow"])
def test_a_second_reader_verifies_and_opens_the_envelope(name: str, public: bytes, test_keys: dict[str, bytes]) -> None:
    header, wraps, body = read(cose_payload(GOOD, public))[0]
    identity, _ = read(test_keys[name])
    halves = [load_der_private_key(identity[half], None) for half in ("mlkem1024", "p384")]
    place = read(header)[0]["recipients"].index(identity["kid"])
    info = b"garita/dek/1\0" + identity["kid"] + sha256(header).digest()
    dek = hpke_open(wraps[place], *halves, info)  # type: ignore[arg-type]
    packed = AESGCM(dek).decrypt(bytes(12), body, header)
    assert zstandard.decompress(packed) == RECORD


def test_the_second_reader_refuses_a_changed_envelope(public: bytes) -> None:
    with pytest.raises(InvalidSignature):
        cose_payload(GOOD.replace(b"MX-NLD-01", b"MX-NLD-02"), public)
