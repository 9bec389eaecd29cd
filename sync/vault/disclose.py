"""A bundle that a station wrote is opened under law: chosen entries get their content keys, their attachments open."""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from sync.attachments import open_attachment
from sync.contract.attachment import attachments_in
from sync.contract.records import parse_record
from sync.court import SEALED, Attachment, CourtBundle, Evidence, Export, make_bundle
from sync.envelope import Envelope
from sync.errors import OpenError
from sync.heads import SignedHead
from sync.identity import Opener
from sync.note import LogVerifier
from sync.opening import open_with_key, unwrap
from sync.signatures import DualPublic
from sync.vault.practice import check_evidence


def disclose(
    data: bytes,
    identity: Opener,
    log: LogVerifier,
    export: Export,
    wanted: Callable[[int], bool],
    note: Callable[[list[str]], None],
) -> bytes:
    """Return the bundle with the entries `wanted` (by seq) disclosed, and what they attach opened.

    `note` puts on record that these (STATION/SEQ) are opened now; where it raises, none of them is. The bundle is
    checked as if it were made here, under our own log's key: so raises Malformed, BadSignature, BadReceipt, OpenError.
    """
    bundle = CourtBundle.from_bytes(data)
    envelopes = [(Envelope.from_bytes(entry.envelope), entry.receipt) for entry in bundle.entries]
    headers = [envelope.header for envelope, _ in envelopes if wanted(envelope.header.seq)]
    if not headers:
        raise OpenError("none of the entries that are asked for is in the bundle")
    note([f"{header.station}/{header.seq}" for header in headers])
    evidence = [
        Evidence(envelope, receipt, unwrap(envelope, identity) if wanted(envelope.header.seq) else None)
        for envelope, receipt in envelopes
    ]
    cards = {card.station: DualPublic.from_raw(card.public_key, card.head_key) for card in bundle.stations}
    heads = [SignedHead.read(each, station, card) for each in bundle.heads for station, card in cards.items()]
    attachments = _open(evidence, bundle.attachments)
    return make_bundle(export, log, bundle.stations, evidence, heads=heads, attachments=attachments)


def _open(evidence: Sequence[Evidence], attachments: Iterable[Attachment]) -> list[Attachment]:
    """Return the attachments of disclosed entries, opened, and the others as they are."""
    sealed = {sha256(each.data).digest(): each for each in attachments}
    opened: list[Attachment] = []
    for each in evidence:
        record = parse_record(open_with_key(each.envelope, each.key)) if each.key else None
        check_evidence(each.envelope.header.seq, record)
        for part in attachments_in(record):
            body = sealed.pop(part.sealed, None)
            if body is not None and body.media_type == SEALED:
                opened.append(Attachment(media_type=part.media, data=open_attachment(part, body.data)))
    return [*opened, *sealed.values()]
