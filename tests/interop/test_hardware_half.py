"""The P-384 half of a national key in a PKCS#11 token: it never leaves, and envelopes open all the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pkcs11
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, mlkem
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

from sync.contract.ids import Seq, StationId
from sync.envelope import Envelope
from sync.errors import OpenError
from sync.identity import Identity
from sync.keys import Recipient, StationKey
from sync.opening import open_envelope
from sync.sealing import seal
from sync.suites import SUITES, HybridPrivateKey, public_der

pytestmark = pytest.mark.interop
SUITE = SUITES["MLKEM1024_P384"]
READABLE = {pkcs11.Attribute.SENSITIVE: False, pkcs11.Attribute.EXTRACTABLE: True}


class TokenKey(ec.EllipticCurvePrivateKey):
    """A P-384 key that only agrees on secrets, inside the token. HPKE asks no more of a private key."""

    def __init__(self, private: Any, public: ec.EllipticCurvePublicKey) -> None:
        self._private, self._public = private, public

    def exchange(self, _: object, peer_public_key: ec.EllipticCurvePublicKey) -> bytes:
        point = peer_public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        how = (pkcs11.KDF.NULL, None, point)
        secret = self._private.derive_key(pkcs11.KeyType.GENERIC_SECRET, 384, mechanism_param=how, template=READABLE)
        return secret[pkcs11.Attribute.VALUE]

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public

    @property
    def curve(self) -> ec.EllipticCurve:
        return ec.SECP384R1()

    @property
    def key_size(self) -> int:
        return 384

    def _never(self, *_: object, **__: object) -> NoReturn:
        raise NotImplementedError

    sign = private_numbers = private_bytes = _never

    def __copy__(self) -> "TokenKey":
        return self

    def __deepcopy__(self, _: object) -> "TokenKey":
        return self


@dataclass(frozen=True)
class TokenIdentity:
    """An Opener whose classical half stays in the token."""

    post_quantum: mlkem.MLKEM1024PrivateKey
    classical: TokenKey

    @property
    def recipient(self) -> Recipient:
        halves = public_der(self.post_quantum.public_key()), public_der(self.classical.public_key())
        return Recipient("national", "MLKEM1024_P384", *halves)

    @property
    def hpke(self) -> HybridPrivateKey:
        return SUITE.join_private(self.post_quantum, self.classical)


@pytest.fixture
def identity(softhsm: Path) -> Iterator[TokenIdentity]:
    """Make the P-384 half in the token."""
    with pkcs11.lib(str(softhsm)).get_token(token_label="garita").open(rw=True, user_pin="271828") as session:
        curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp384r1")}
        domain = session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
        public, private = domain.generate_keypair(store=True, label="national")
        loaded = load_der_public_key(encode_ec_public_key(public))
        assert isinstance(loaded, ec.EllipticCurvePublicKey)
        yield TokenIdentity(mlkem.MLKEM1024PrivateKey.generate(), TokenKey(private, loaded))


def sealed_to(recipients: list[Recipient]) -> Envelope:
    return Envelope.from_bytes(seal(b"record", StationId("MX-1"), Seq(1), bytes(32), StationKey.generate(), recipients))


def test_a_key_half_in_a_token_opens_real_envelopes(identity: TokenIdentity) -> None:
    escrow = Identity.generate("escrow")
    for _ in range(3):
        envelope = sealed_to([identity.recipient, escrow.recipient])
        assert open_envelope(envelope, identity) == open_envelope(envelope, escrow) == b"record"


def test_it_opens_nothing_that_was_sealed_to_others(identity: TokenIdentity) -> None:
    others = [Identity.generate("national").recipient, Identity.generate("escrow").recipient]
    with pytest.raises(OpenError, match="is sealed to"):
        open_envelope(sealed_to(others), identity)


def test_the_private_half_does_not_leave_the_token(identity: TokenIdentity) -> None:
    with pytest.raises(pkcs11.PKCS11Error):
        identity.classical._private[pkcs11.Attribute.VALUE]
