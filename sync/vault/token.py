"""An identity whose P-384 half never leaves a PKCS#11 token: it agrees on secrets inside, and HPKE asks no more of it.

The ML-KEM half is in the file, because tokens rarely have it yet; both are needed to open anything.
"""

from dataclasses import dataclass
from typing import Any, Literal, NoReturn

import pkcs11
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
from pydantic import Field

from sync.contract.form import Form
from sync.errors import UnusableKey
from sync.keys import Purpose, Recipient
from sync.suites import SUITES, HybridPrivateKey, private_der, public_der

PAIR = (pkcs11.ObjectClass.PRIVATE_KEY, pkcs11.ObjectClass.PUBLIC_KEY)
SUITE = SUITES["MLKEM1024_P384"]
BITS = 384
READABLE = {pkcs11.Attribute.SENSITIVE: False, pkcs11.Attribute.EXTRACTABLE: True}
"""Of the agreed secret, which HPKE needs outside; the private key itself is neither."""


class TokenIdentityFile(Form, frozen=True, extra="forbid"):
    """Where the token's half is, and the other half: secret."""

    format: Literal["garita.token-identity/1"] = "garita.token-identity/1"
    kid: bytes
    purpose: Purpose
    module: str = Field(description="the library of the token's maker")
    token: str
    label: str
    post_quantum: bytes


class TokenKey(ec.EllipticCurvePrivateKey):
    """A P-384 key that only agrees on secrets, inside the token."""

    def __init__(self, private: Any, public: ec.EllipticCurvePublicKey) -> None:  # noqa: ANN401 - a token's own object
        self._private, self._public = private, public

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> bytes:  # noqa: ARG002 - ECDH is all there is
        """Return the secret that the token agrees on with a peer."""
        point = peer_public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        how = (pkcs11.KDF.NULL, None, point)
        secret = self._private.derive_key(pkcs11.KeyType.GENERIC_SECRET, BITS, mechanism_param=how, template=READABLE)
        return secret[pkcs11.Attribute.VALUE]

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Return the public half."""
        return self._public

    @property
    def curve(self) -> ec.EllipticCurve:
        """P-384."""
        return ec.SECP384R1()

    @property
    def key_size(self) -> int:
        """384 bits."""
        return BITS

    def _never(self, *_: object, **__: object) -> NoReturn:
        raise NotImplementedError

    sign = private_numbers = private_bytes = _never

    def __copy__(self) -> "TokenKey":
        return self

    def __deepcopy__(self, memo: object) -> "TokenKey":
        return self


@dataclass(frozen=True)
class TokenIdentity:
    """An Opener with one half in a token, which is open until `close`."""

    purpose: Purpose
    post_quantum: Any
    classical: TokenKey
    session: Any

    def close(self) -> None:
        """Lock the token."""
        self.session.close()

    @property
    def recipient(self) -> Recipient:
        """The public half."""
        halves = public_der(self.post_quantum.public_key()), public_der(self.classical.public_key())
        return Recipient(self.purpose, "MLKEM1024_P384", *halves)

    @property
    def hpke(self) -> HybridPrivateKey:
        """The key that HPKE opens with."""
        return SUITE.join_private(self.post_quantum, self.classical)


def make(module: str, token: str, label: str, purpose: Purpose, pin: str) -> TokenIdentityFile:
    """Make the P-384 half in the token and the other half beside it; raises UnusableKey."""
    session = _open(module, token, pin)
    if _found(session, label):
        session.close()
        raise UnusableKey(f"token {token}: a key {label!r} stands there already; choose another label")
    curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp384r1")}
    domain = session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
    public, private = domain.generate_keypair(store=True, label=label)
    post_quantum = SUITE.post_quantum.generate()
    identity = TokenIdentity(purpose, post_quantum, TokenKey(private, _public(public)), session)
    file = TokenIdentityFile(
        kid=identity.recipient.kid,
        purpose=purpose,
        module=module,
        token=token,
        label=label,
        post_quantum=private_der(post_quantum),
    )
    identity.close()
    return file


def unlock(file: TokenIdentityFile, pin: str) -> TokenIdentity:
    """Return the identity, with its token open; raises UnusableKey."""
    session = _open(file.module, file.token, pin)
    found = _found(session, file.label)
    if sorted(found) != sorted(PAIR):
        session.close()
        raise UnusableKey(f"token {file.token}: no one key pair {file.label!r}")
    private, public = (found[kind] for kind in PAIR)
    post_quantum = SUITE.post_quantum.load_private(file.post_quantum)
    identity = TokenIdentity(file.purpose, post_quantum, TokenKey(private, _public(public)), session)
    if identity.recipient.kid != file.kid:
        identity.close()
        raise UnusableKey(f"token {file.token}: its key {file.label!r} is not the one of {file.kid.hex()}")
    return identity


def _found(session: Any, label: str) -> dict[Any, Any]:  # noqa: ANN401 - the binding has no types
    """Return the halves of the key pair with this label, by their kind."""
    asked = {pkcs11.Attribute.LABEL: label}
    return {each[pkcs11.Attribute.CLASS]: each for each in list(session.get_objects(asked))}


def _open(module: str, token: str, pin: str) -> Any:  # noqa: ANN401 - the binding has no types
    try:
        return pkcs11.lib(module).get_token(token_label=token).open(rw=True, user_pin=pin)
    except pkcs11.MultipleTokensReturned as error:
        raise UnusableKey(f"several tokens are called {token}; take out all but the one that holds the key") from error
    except (pkcs11.PKCS11Error, RuntimeError) as error:
        raise UnusableKey(f"token {token} does not open ({type(error).__name__}): token, module or PIN") from error


def _public(key: Any) -> ec.EllipticCurvePublicKey:  # noqa: ANN401 - a token's own object
    loaded = load_der_public_key(encode_ec_public_key(key))
    if not isinstance(loaded, ec.EllipticCurvePublicKey):
        raise UnusableKey(f"the token's key is {type(loaded).__name__}; P-384 was expected")
    return loaded
