"""Statements that several keys sign: COSE_Sign (RFC 9052, section 4.1). Bytes and values only; keys stand elsewhere."""

from dataclasses import dataclass
from typing import Any, Self, cast

from sync.contract import canonical
from sync.contract.ids import KeyId
from sync.errors import Malformed

EDDSA = -8
ML_DSA_65 = -49
PROTECTED = {EDDSA: bytes.fromhex("a201270448"), ML_DSA_65: bytes.fromhex("a2013830 0448")}
"""Everything of {1: algorithm, 4: key id} before the 8 bytes of the key id."""

COSE_SIGN = b"\xd8\x62"
KEY_ID_LENGTH = 8
MAX_SIGNATURES = 64
MAX_STATEMENT = 1024 * 1024


@dataclass(frozen=True)
class Signature:
    """Which key says to have signed, and what it signed with."""

    algorithm: int
    kid: KeyId
    value: bytes


@dataclass(frozen=True)
class Statement:
    """A payload and its signatures; nothing is true before a known key verifies."""

    payload: bytes
    signatures: tuple[Signature, ...]

    def to_bytes(self) -> bytes:
        """Return the COSE_Sign message."""
        signatures: list[list[Any]] = [
            [protected(each.algorithm, each.kid), {}, each.value] for each in self.signatures
        ]
        return COSE_SIGN + canonical.encode([b"", {}, self.payload, signatures])

    @classmethod
    def from_bytes(cls, data: bytes, what: str) -> Self:
        """Take a COSE_Sign message apart; raises Malformed. `what` names it in errors."""
        if data[: len(COSE_SIGN)] != COSE_SIGN:
            raise Malformed(f"{what}: no signed message; a COSE_Sign starts with tag 98")
        outer = canonical.decode(data[len(COSE_SIGN) :], what, MAX_STATEMENT)
        head, unprotected, payload, signed = parts(outer, what, bytes, dict, bytes, list)
        if head or unprotected:
            raise Malformed(f"{what}: its own header must be empty")
        if len(signed) > MAX_SIGNATURES:
            raise Malformed(f"{what}: {len(signed)} signatures; at most {MAX_SIGNATURES} are read")
        signatures = tuple(_signature(each, what) for each in signed)
        if len({(each.algorithm, each.kid) for each in signatures}) != len(signatures):
            raise Malformed(f"{what}: one key signs it twice")
        return cls(payload, signatures)


def protected(algorithm: int, kid: KeyId) -> bytes:
    """Return {1: algorithm, 4: kid}, the only protected header there is."""
    return PROTECTED[algorithm] + kid


def signer(header: bytes, what: str) -> tuple[int, KeyId]:
    """Return algorithm and key id of a protected header; raises Malformed."""
    for algorithm, start in PROTECTED.items():
        if header.startswith(start) and len(header) == len(start) + KEY_ID_LENGTH:
            return algorithm, KeyId(header[len(start) :])
    raise Malformed(f"{what}: a protected header must be {{1: algorithm, 4: key id of {KEY_ID_LENGTH} bytes}}")


def to_be_signed(algorithm: int, kid: KeyId, payload: bytes) -> bytes:
    """Return the Sig_structure of RFC 9052, section 4.4, for one signer of a COSE_Sign."""
    return canonical.encode(["Signature", b"", protected(algorithm, kid), b"", payload])


def parts(value: object, what: str, *kinds: type) -> list[Any]:
    """Return the items of an array whose types are exactly `kinds`; raises Malformed."""
    if not isinstance(value, list) or [type(part) for part in cast("list[object]", value)] != list(kinds):
        raise Malformed(f"{what}: expected [{', '.join(kind.__name__ for kind in kinds)}]")
    return cast("list[Any]", value)


def _signature(value: object, what: str) -> Signature:
    header, unprotected, signature = parts(value, f"{what}: a signature", bytes, dict, bytes)
    if unprotected:
        raise Malformed(f"{what}: a signature's unprotected header must be empty")
    return Signature(*signer(header, what), signature)
