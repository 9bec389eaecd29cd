"""A bundle that a station wrote is opened under law: chosen entries get their content keys, their attachments open."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from sync.attachments import open_attachment
from sync.contract.attachment import attachments_in
from sync.contract.card import StationCard
from sync.contract.ids import StationId
from sync.contract.records import parse_record
from sync.court import SEALED, Attachment, CourtBundle, Evidence, Export, check, make_bundle
from sync.envelope import Envelope
from sync.errors import BadReceipt, BadSignature, OpenError
from sync.heads import SignedHead
from sync.identity import Opener
from sync.note import LogVerifier
from sync.opening import open_with_key, unwrap
from sync.policy import Policy
from sync.signatures import DualPublic
from sync.vault.practice import check_evidence


@dataclass(frozen=True)
class Believed:
    """Who is believed, whatever a bundle says: the log, the state's policy where it has one, and the stations' cards.

    With `unlogged`, entries are opened of which no receipt proves that the national log holds them.
    """

    logs: Sequence[LogVerifier]
    card_of: Callable[[StationId], StationCard | None]
    policy: Policy | None = None
    unlogged: bool = False


def disclose(
    data: bytes,
    identity: Opener,
    believed: Believed,
    export: Export,
    wanted: Callable[[str], bool],
    note: Callable[[list[str]], None],
) -> bytes:
    """Return the bundle with the entries `wanted` (by STATION/SEQ) disclosed, and what they attach opened.

    `note` puts on record that these are opened now; where it raises, none of them is. Nothing of a bundle is opened
    that would not be believed as if it were made here: so raises Malformed, BadSignature, BadReceipt, OpenError.
    """
    bundle = CourtBundle.from_bytes(data)
    cards = {card.station: _believe(card, believed) for card in bundle.stations}
    sealed = [Evidence(Envelope.from_bytes(entry.envelope), entry.receipt) for entry in bundle.entries]
    for each in sealed:
        check(each, cards.get(each.envelope.header.station), believed.logs, believed.policy)
    chosen = [each for each in sealed if wanted(_name(each))]
    if not chosen:
        raise OpenError("none of the entries that are asked for is in the bundle")
    for each in chosen:
        if each.receipt is None and not believed.unlogged:
            raise BadReceipt(f"{_name(each)}: no receipt proves that the national log holds it; wait for one")
    note([_name(each) for each in chosen])
    evidence = [replace(each, key=unwrap(each.envelope, identity) if wanted(_name(each)) else None) for each in sealed]
    keys = {station: DualPublic.from_raw(card.public_key, card.head_key) for station, card in cards.items()}
    heads = [SignedHead.read(each, station, key) for each in bundle.heads for station, key in keys.items()]
    attachments = _open(evidence, bundle.attachments)
    return make_bundle(
        export,
        believed.logs,
        list(cards.values()),
        evidence,
        policy=believed.policy,
        heads=heads,
        attachments=attachments,
    )


def _believe(card: StationCard, believed: Believed) -> StationCard:
    """Return the station's card as it is known here; raises BadSignature where it is another, or none."""
    known = believed.card_of(card.station)
    if known is None:
        raise BadSignature(f"{card.station}: no card of it is here; lay the one that it gave: garita-vault pin CARD")
    if known != card:
        raise BadSignature(f"{card.station}: the bundle has key {card.fingerprint}, and here it is {known.fingerprint}")
    return known


def _name(evidence: Evidence) -> str:
    return f"{evidence.envelope.header.station}/{evidence.envelope.header.seq}"


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
