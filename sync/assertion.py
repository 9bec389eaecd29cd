"""What a person's FIDO2 token signed (WebAuthn Level 3, section 7.2), verified from a record alone, years later."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any, cast

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from sync.contract.approval import AssertionPart
from sync.errors import BadSignature

RP_ID_HASH = sha256(b"localhost").digest()
PRESENT, VERIFIED = 0x01, 0x04
_FLAGS = 32


def verify_assertion(assertion: AssertionPart, challenge: bytes, public_key: bytes) -> None:
    """Raise BadSignature unless the token of `public_key` (SubjectPublicKeyInfo) signed `challenge` for its person.

    The token must say that it verified the person, by its own PIN or finger, and that they touched it.
    """
    said = _client_data(assertion.client_data)
    if (said.get("type"), said.get("challenge")) != ("webauthn.get", _base64url(challenge)):
        raise BadSignature("the token signed something else than this approval")
    data = assertion.authenticator_data
    if data[:_FLAGS] != RP_ID_HASH:
        raise BadSignature("the token signed for somebody else than a station")
    if data[_FLAGS] & (PRESENT | VERIFIED) != PRESENT | VERIFIED:
        raise BadSignature("the token did not verify its person")
    _verify(public_key, assertion.signature, data + sha256(assertion.client_data).digest())


def _verify(public_key: bytes, signature: bytes, signed: bytes) -> None:
    try:
        key = load_der_public_key(public_key)
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, signed)
        elif isinstance(key, EllipticCurvePublicKey):
            key.verify(signature, signed, ECDSA(SHA256()))
        else:
            raise BadSignature(f"a token's key is ES256 or EdDSA, not {type(key).__name__}")
    except (InvalidSignature, ValueError, UnsupportedAlgorithm) as error:
        raise BadSignature("the token's signature does not verify") from error


def _client_data(data: bytes) -> dict[str, Any]:
    try:
        said: Any = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadSignature(f"what the token signed is not client data ({error})") from error
    return cast("dict[str, Any]", said) if isinstance(said, dict) else {}


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
