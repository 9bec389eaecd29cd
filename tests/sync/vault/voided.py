"""A void with all that stands behind it: accounts of two persons, their tokens, and their approval."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from secrets import token_bytes

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sync.assertion import PRESENT, RP_ID_HASH, VERIFIED
from sync.contract.account import AccountRecord, TokenPart
from sync.contract.acts import void_subject
from sync.contract.approval import ApprovalRecord, ApproverPart, AssertionPart, Statement
from sync.contract.casework import Concerned, VoidRecord
from sync.contract.ids import OperatorId, Seq
from sync.contract.records import Record
from tests.sync.vault.conftest import STATION, at

REASON = "the wrong parcel was on the table"
SUPERVISOR, AUDITOR = OperatorId("op-1"), OperatorId("op-2")
ABOUT = {"station": STATION, "software": "test"}


class Token:
    """A FIDO2 token that verified its person, as its record has it."""

    def __init__(self) -> None:
        self.key, self.credential = Ed25519PrivateKey.generate(), token_bytes(16)
        form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.public_key = self.key.public_key().public_bytes(*form)

    def touch(self, challenge: bytes) -> AssertionPart:
        said = {"type": "webauthn.get", "challenge": urlsafe_b64encode(challenge).decode().rstrip("=")}
        client, data = json.dumps(said).encode(), RP_ID_HASH + bytes([PRESENT | VERIFIED]) + bytes(4)
        signature = self.key.sign(data + sha256(client).digest())
        return AssertionPart(
            credential=self.credential, authenticator_data=data, client_data=client, signature=signature
        )


def accounts(tokens: dict[OperatorId, Token]) -> list[Record]:
    """Return the records by which both have a role and a token."""
    roles = {SUPERVISOR: "supervisor", AUDITOR: "auditor"}
    made = list[Record]()
    for person, token in tokens.items():
        about = {**ABOUT, "operator": None, "recorded": at(9), "person": person, "name": person, "role": roles[person]}
        part = TokenPart(credential=token.credential, public_key=token.public_key)
        made.append(AccountRecord.model_validate({**about, "event": "enrolled", "token": None}))
        made.append(AccountRecord.model_validate({**about, "event": "token_added", "token": part}))
    return made


def approval(tokens: dict[OperatorId, Token], seq: int) -> ApprovalRecord:
    """Return what both touched: a void of entry `seq`."""
    subject, nonce = void_subject(Seq(seq), REASON), bytes(32)
    challenge = Statement(station=STATION, action="void", subject=subject, nonce=nonce).challenge
    roles = {SUPERVISOR: "supervisor", AUDITOR: "auditor"}
    persons = [
        ApproverPart(operator=person, role=roles[person], method="token", token=token.touch(challenge))
        for person, token in tokens.items()
    ]
    about = {**ABOUT, "operator": SUPERVISOR, "recorded": at(10)}
    return ApprovalRecord.model_validate({
        **about, "action": "void", "subject": subject, "nonce": nonce, "persons": persons
    })  # fmt: skip


def void_of(concerns: Concerned) -> VoidRecord:
    """Return the void of one of them."""
    about = {**ABOUT, "operator": SUPERVISOR, "recorded": at(11)}
    return VoidRecord.model_validate({**about, "concerns": concerns, "reason": REASON})
