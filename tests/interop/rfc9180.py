"""HPKE base mode with DHKEM(X25519, HKDF-SHA256), from RFC 9180 alone: HMAC, X25519 and AES-GCM are borrowed."""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEM_SUITE = b"KEM" + bytes.fromhex("0020")


@dataclass(frozen=True)
class Context:
    """Key and nonce of the first message (section 5.1)."""

    key: bytes
    nonce: bytes


def extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    """Section 4, LabeledExtract."""
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, sha256)


def expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """Section 4, LabeledExpand."""
    message, block, result, count = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info, b"", b"", 0
    while len(result) < length:
        count += 1
        block = hmac.digest(key, block + message + bytes([count]), sha256)
        result += block
    return result[:length]


def shared_secret(dh: bytes, enc: bytes, recipient: bytes) -> bytes:
    """Section 4.1, ExtractAndExpand."""
    return expand(KEM_SUITE, extract(KEM_SUITE, b"", b"eae_prk", dh), b"shared_secret", enc + recipient, 32)


def schedule(secret: bytes, info: bytes, aead: int, key_length: int) -> Context:
    """Section 5.1, KeySchedule in base mode."""
    suite = b"HPKE" + bytes.fromhex("00200001") + aead.to_bytes(2, "big")
    context = b"\0" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", info)
    start = extract(suite, secret, b"secret", b"")
    return Context(expand(suite, start, b"key", context, key_length), expand(suite, start, b"base_nonce", context, 12))


def seal(recipient: X25519PublicKey, text: bytes, info: bytes, aead: int, key_length: int) -> bytes:
    """Section 6.1, one shot, no additional data: enc || ciphertext."""
    ephemeral = X25519PrivateKey.generate()
    enc, public = ephemeral.public_key().public_bytes_raw(), recipient.public_bytes_raw()
    context = schedule(shared_secret(ephemeral.exchange(recipient), enc, public), info, aead, key_length)
    return enc + AESGCM(context.key).encrypt(context.nonce, text, b"")


def unseal(own: X25519PrivateKey, sealed: bytes, info: bytes, aead: int, key_length: int) -> bytes:
    """Section 6.1, one shot, no additional data."""
    enc, public = sealed[:32], own.public_key().public_bytes_raw()
    secret = shared_secret(own.exchange(X25519PublicKey.from_public_bytes(enc)), enc, public)
    context = schedule(secret, info, aead, key_length)
    return AESGCM(context.key).decrypt(context.nonce, sealed[32:], b"")
