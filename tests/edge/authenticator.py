"""A FIDO2 token in software: it speaks CTAP2 in bytes, as one on a cable does (CTAP 2.1, sections 6.1, 6.2 and 6.4)."""

import secrets
import struct
from collections.abc import Callable, Iterator
from hashlib import sha256
from threading import Event
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.client import DefaultClientDataCollector, Fido2Client
from fido2.cose import ES256
from fido2.ctap import STATUS, CtapDevice, CtapError
from fido2.hid import CAPABILITY, CTAPHID

ORIGIN = "http://localhost:8460"
MAKE_CREDENTIAL, GET_ASSERTION, GET_INFO = 0x01, 0x02, 0x04
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
AAGUID = bytes(16)


class Authenticator(CtapDevice):
    """One token. `verifies` says whether it verifies its person when asked, `counter` how often it signed."""

    def __init__(self, *, verifies: bool = True) -> None:
        self.keys: dict[bytes, EllipticCurvePrivateKey] = {}
        self.counter = 0
        self.verifies = verifies

    @property
    def capabilities(self) -> int:
        return CAPABILITY.CBOR

    @classmethod
    def list_devices(cls) -> Iterator[CtapDevice]:
        return iter(())

    def call(
        self,
        cmd: int,
        data: bytes = b"",
        event: Event | None = None,
        on_keepalive: Callable[[STATUS], None] | None = None,
    ) -> bytes:
        """Answer one CTAPHID message: a status byte, and a CBOR map."""
        del event, on_keepalive
        if cmd != CTAPHID.CBOR:
            raise CtapError(CtapError.ERR.INVALID_COMMAND)
        asked = cbor.decode(data[1:]) if len(data) > 1 else {}
        try:
            answer = {GET_INFO: self._info, MAKE_CREDENTIAL: self._make, GET_ASSERTION: self._assert}[data[0]](asked)
        except CtapError as error:
            return bytes([error.code])
        return b"\0" + cbor.encode(answer)

    def _info(self, _: dict[int, Any]) -> dict[int, Any]:
        return {1: ["FIDO_2_0"], 3: AAGUID, 4: {"rk": False, "up": True, "uv": True}, 6: [1]}

    def _make(self, asked: dict[int, Any]) -> dict[int, Any]:
        if any(each["id"] in self.keys for each in asked.get(5, ())):
            raise CtapError(CtapError.ERR.CREDENTIAL_EXCLUDED)
        credential, key = secrets.token_bytes(32), generate_private_key(SECP256R1())
        self.keys[credential] = key
        public = cbor.encode(dict(ES256.from_cryptography_key(key.public_key())))
        attested = AAGUID + struct.pack(">H", len(credential)) + credential + public
        return {1: "none", 2: self._data(asked[2]["id"], asked.get(7), ATTESTED) + attested, 3: {}}

    def _assert(self, asked: dict[int, Any]) -> dict[int, Any]:
        options = asked.get(5, {})
        mine = [each for each in asked.get(3, ()) if each["id"] in self.keys]
        if not mine:
            raise CtapError(CtapError.ERR.NO_CREDENTIALS)
        if options.get("up", True):
            self.counter += 1
        data = self._data(asked[1], options)
        signature = self.keys[mine[0]["id"]].sign(data + asked[2], ECDSA(SHA256()))
        return {1: dict(mine[0]), 2: data, 3: signature}

    def _data(self, rp_id: str, options: dict[str, Any] | None, flags: int = 0) -> bytes:
        asked = options or {}
        flags |= PRESENT if asked.get("up", True) else 0
        flags |= VERIFIED if asked.get("uv") and self.verifies else 0
        return sha256(rp_id.encode()).digest() + struct.pack(">BI", flags, self.counter)


def client(token: Authenticator, origin: str = ORIGIN) -> Fido2Client:
    """Return what a browser does with the token: it adds the origin, and speaks CTAP2 to it."""
    return Fido2Client(token, DefaultClientDataCollector(origin, verify=lambda _rp, _origin: True))
