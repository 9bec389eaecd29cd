"""FIDO2 tokens (WebAuthn Level 3): a second factor that nobody reads over a shoulder, copies, or uses from afar.

The user is always verified, by the token itself. What a token signs is the SHA-256 of a Statement, so its signature
proves later, without this station, who approved which act.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fido2.cose import ES256, EdDSA
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    UserVerificationRequirement,
)
from sqlmodel import Session, col, select

from edge.approvals import Proof
from edge.database import Database
from edge.errors import NotAllowed, TokenRefused
from edge.tables import Token
from edge.views import OperatorView
from sync.contract.account import TokenPart
from sync.contract.approval import AssertionPart
from sync.contract.ids import OperatorId

RP_ID = "localhost"
"""A token answers a name only, never an address: the screens must be opened as http://localhost:PORT."""

KINDS = (ES256, EdDSA)
MAX_ANSWER = 16 * 1024
REQUIRED = UserVerificationRequirement.REQUIRED
Options = Mapping[str, Any]
"""What a browser's `navigator.credentials` is given, as JSON values."""


class Tokens:
    """The tokens of the people of one station."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._server: Any = Fido2Server(
            PublicKeyCredentialRpEntity(id=RP_ID, name="Garita")
        )  # its types are half there
        self._server.allowed_algorithms = [
            PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=kind.ALGORITHM) for kind in KINDS
        ]

    def count(self, operator: OperatorId) -> int:
        """Return how many tokens a person has."""
        return len(self._of(operator))

    def new_options(self, person: OperatorView, challenge: bytes) -> Options:
        """Return what makes a token give this person a credential; one that they have already is left out."""
        user = PublicKeyCredentialUserEntity(id=person.id.encode(), name=person.name, display_name=person.name)
        options, _ = self._server.register_begin(
            user, self._credentials(person.id), user_verification=REQUIRED, challenge=challenge
        )
        return dict(options)

    def read_new(self, challenge: bytes, answer: str) -> AttestedCredentialData:
        """Return the credential in a token's answer to `new_options`; raises TokenRefused."""
        try:
            response = RegistrationResponse.from_dict(_parse(answer))
            credential = self._server.register_complete(_state(challenge), response).credential_data
        except Exception as error:  # the answer is a stranger's bytes, and fido2 raises what it likes
            raise TokenRefused(f"the token's answer cannot be used ({type(error).__name__}: {error})") from error
        if credential is None:
            raise TokenRefused("the token's answer holds no credential")
        return credential

    def options(self, person: OperatorView, challenge: bytes) -> Options:
        """Return what makes one of this person's tokens sign; raises NotAllowed where they have none."""
        credentials = self._credentials(person.id)
        if not credentials:
            raise NotAllowed(f"{person.name} has no token; an administrator adds one")
        options, _ = self._server.authenticate_begin(credentials, REQUIRED, challenge)
        return dict(options)

    def prove(self, person: OperatorView, challenge: bytes, answer: str) -> Proof:
        """Return that one of this person's tokens signed `challenge` just now; raises TokenRefused."""
        credentials = self._credentials(person.id)
        try:
            response = AuthenticationResponse.from_dict(_parse(answer))
            found = self._server.authenticate_complete(_state(challenge), credentials, response)
        except Exception as error:  # the answer is a stranger's bytes, and fido2 raises what it likes
            raise TokenRefused(f"{person.name}: the token's answer proves nothing ({error})") from error
        said = response.response
        self._count(found.credential_id, said.authenticator_data.counter)
        assertion = AssertionPart(
            credential=found.credential_id,
            authenticator_data=bytes(said.authenticator_data),
            client_data=bytes(said.client_data),
            signature=said.signature,
        )
        return Proof(person, "token", assertion)

    def _count(self, credential: bytes, counter: int) -> None:
        """Keep the counter; raises TokenRefused where it did not rise, as after a token was copied."""
        with self._database.write() as session:
            row = session.get_one(Token, credential)
            if counter <= row.counter and (counter, row.counter) != (0, 0):
                raise TokenRefused(f"the token counts {counter} and counted {row.counter} before: there may be a copy")
            row.counter = counter
            session.add(row)

    def _credentials(self, operator: OperatorId) -> Sequence[AttestedCredentialData]:
        return [AttestedCredentialData(row.data) for row in self._of(operator)]

    def _of(self, operator: OperatorId) -> Sequence[Token]:
        with self._database.read() as session:
            return session.exec(select(Token).where(col(Token.operator) == operator)).all()


def keep_token(session: Session, person: OperatorId, credential: AttestedCredentialData) -> TokenPart:
    """Keep a person's new token in the caller's transaction, and return what a record says of it.

    Raises TokenRefused for one that somebody here has already.
    """
    part = token_part(credential)
    if session.get(Token, credential.credential_id):
        raise TokenRefused("this token is in use here already; take another one")
    session.add(Token(credential=credential.credential_id, operator=person, data=bytes(credential), counter=0))
    return part


def token_part(credential: AttestedCredentialData) -> TokenPart:
    """Return what a record says of a token; raises TokenRefused for a key of another kind."""
    return TokenPart(credential=credential.credential_id, public_key=_public_key(credential))


def drop_tokens(session: Session, person: OperatorId) -> None:
    """Take every token of a person away, in the caller's transaction."""
    for row in session.exec(select(Token).where(col(Token.operator) == person)):
        session.delete(row)


def _public_key(credential: AttestedCredentialData) -> bytes:
    """Return the credential's key as SubjectPublicKeyInfo; raises TokenRefused for one of another kind."""
    cose: Any = credential.public_key
    key: EllipticCurvePublicKey | Ed25519PublicKey
    if cose.ALGORITHM == ES256.ALGORITHM:
        x, y = int.from_bytes(cose[-2]), int.from_bytes(cose[-3])
        key = EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
    elif cose.ALGORITHM == EdDSA.ALGORITHM:
        key = Ed25519PublicKey.from_public_bytes(cose[-2])
    else:
        raise TokenRefused(f"the token's key is of algorithm {cose.ALGORITHM}; ES256 or EdDSA was expected")
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _state(challenge: bytes) -> dict[str, Any]:
    """Return what Fido2Server would have us keep between question and answer: the challenge says it all."""
    return {"challenge": websafe_encode(challenge), "user_verification": REQUIRED}


def _parse(answer: str) -> dict[str, Any]:
    if len(answer) > MAX_ANSWER:
        raise ValueError(f"{len(answer)} characters; at most {MAX_ANSWER} are read")
    return json.loads(answer)
