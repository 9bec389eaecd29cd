"""Seal a record: it leaves this file sealed to all its recipients, or not at all."""

import zlib
from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync.contract import canonical
from sync.contract.ids import Seq, StationId
from sync.cose import EDDSA, protected
from sync.envelope import (
    BODY_NONCE,
    COSE_SIGN1,
    MAX_RECORD,
    Envelope,
    Header,
    commitment,
    to_be_signed,
    wrap_info,
)
from sync.errors import SealError
from sync.keys import Recipient, StationKey

COMPRESSION = 9


def seal(
    record: bytes,
    station: StationId,
    seq: Seq,
    prev: bytes,
    key: StationKey,
    recipients: Sequence[Recipient],
    minimum: int = 2,
) -> bytes:
    """Return the envelope of `record` as entry `seq` after the entry whose digest is `prev`.

    Raises SealError, and returns nothing, unless there are at least `minimum` different recipients, the national key
    and an escrow key among them, all of one suite, and unless what was sealed reads and verifies again.
    """
    _check_recipients(recipients, minimum)
    if not 0 < len(record) <= MAX_RECORD:
        raise SealError(f"a record of {len(record)} bytes; between 1 and {MAX_RECORD} can be sealed")
    try:
        dek = AESGCM.generate_key(256)
        header = Header(
            suite=recipients[0].suite,
            station=station,
            seq=seq,
            prev=prev,
            commitment=commitment(dek),
            recipients=[each.kid for each in recipients],
        )
        sealed = _signed(_payload(record, header.to_bytes(), dek, recipients), key)
        Envelope.from_bytes(sealed).verify(key.public)
    except Exception as error:
        raise SealError(f"entry {seq} of {station} could not be sealed, so it is not saved: {error}") from error
    return sealed


def _check_recipients(recipients: Sequence[Recipient], minimum: int) -> None:
    kids = {each.kid for each in recipients}
    if len(kids) != len(recipients):
        raise SealError("the same recipient key is given twice; each recipient needs a key of its own")
    if len(kids) < minimum:
        raise SealError(f"{len(kids)} recipients; the policy asks for {minimum}: load the missing recipient keys")
    missing = {"national", "escrow"} - {each.purpose for each in recipients}
    if missing:
        raise SealError(f"no recipient of purpose {' and '.join(sorted(missing))}: load that key")
    suites = {each.suite for each in recipients}
    if len(suites) > 1:
        raise SealError(f"recipients of {' and '.join(sorted(suites))}; all recipients of an envelope are of one suite")


def _payload(record: bytes, header: bytes, dek: bytes, recipients: Sequence[Recipient]) -> bytes:
    body = AESGCM(dek).encrypt(BODY_NONCE, zlib.compress(record, COMPRESSION), header)
    wraps = [
        each.cipher_suite.hpke.encrypt(dek, each.hpke, info=wrap_info(each.kid, header))  # pyright: ignore[reportArgumentType] - a suite's own keys
        for each in recipients
    ]
    return canonical.encode([header, wraps, body])


def _signed(payload: bytes, key: StationKey) -> bytes:
    head = protected(EDDSA, key.public.kid)
    return COSE_SIGN1 + canonical.encode([head, {}, payload, key.sign(to_be_signed(head, payload))])
