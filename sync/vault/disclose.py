"""A bundle that a station wrote is opened under law: chosen entries get their content keys, their attachments open."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import NamedTuple

from sync.attachments import open_attachment
from sync.contract.attachment import attachments_in
from sync.contract.card import StationCard
from sync.contract.ids import EnvelopeDigest, Seq, StationId
from sync.contract.records import Record, parse_record
from sync.court import SEALED, Attachment, CourtBundle, Evidence, Export, check, make_bundle
from sync.envelope import Envelope
from sync.errors import BadReceipt, BadSignature, OpenError
from sync.heads import SignedHead
from sync.identity import Opener
from sync.note import LogVerifier
from sync.policy import Policy
from sync.signatures import DualPublic
from sync.vault.entry import Entry
from sync.vault.named import Named
from sync.vault.practice import check_evidence


@dataclass(frozen=True)
class Believed:
    """Who is believed, whatever a bundle says: the log, the state's policy where it has one, and the stations' cards.

    `digest_of` tells the SHA-256 of what was filed here. With `unlogged`, entries are opened of which no receipt proves
    that the national log holds them.
    """

    logs: Sequence[LogVerifier]
    card_of: Callable[[StationId], StationCard | None]
    digest_of: Callable[[StationId, Seq], bytes | None]
    policy: Policy | None = None
    unlogged: bool = False


class Disclosed(NamedTuple):
    """A court bundle, and what the disclosed entries in it name that a reader does not see."""

    bundle: bytes
    named: Named


def disclose(
    bundle: CourtBundle,
    identity: Opener,
    believed: Believed,
    export: Export,
    wanted: Callable[[str], bool],
    note: Callable[[list[str]], None],
) -> Disclosed:
    """Return the bundle with the entries `wanted` (by STATION/SEQ) disclosed, and what they attach opened.

    `note` puts on record that these are opened now, with the SHA-256 where another entry was filed here under that
    number; where it raises, none of them is. Nothing of a bundle is opened that would not be believed as if it were
    made here: so raises Malformed, BadSignature, BadReceipt, OpenError, and LogDamaged for another than was filed here.
    """
    cards = {card.station: _believe(card, believed) for card in bundle.stations}
    sealed = [Evidence(Envelope.from_bytes(entry.envelope), entry.receipt) for entry in bundle.entries]
    for each in sealed:
        check(each, cards.get(each.envelope.header.station), believed.logs, believed.policy)
    chosen = [each for each in sealed if wanted(str(_entry(each)))]
    if not chosen:
        raise OpenError("none of the entries that are asked for is in the bundle")
    note([_on_record(each, believed) for each in chosen])
    opened = {each.envelope.digest: _entry(each).open(each.envelope, identity) for each in chosen}
    content_keys = {digest: each.key for digest, each in opened.items()}
    evidence = [replace(each, key=content_keys.get(each.envelope.digest)) for each in sealed]
    keys = {station: DualPublic.from_raw(card.public_key, card.head_key) for station, card in cards.items()}
    heads = [SignedHead.read(each, station, key) for each in bundle.heads for station, key in keys.items()]
    records = {digest: parse_record(each.record) for digest, each in opened.items()}
    attachments = _attachments(evidence, records, bundle.attachments)
    made = make_bundle(
        export,
        believed.logs,
        list(cards.values()),
        evidence,
        policy=believed.policy,
        heads=heads,
        attachments=attachments,
    )
    inside, disclosed = ({str(_entry(each)) for each in entries} for entries in (sealed, chosen))
    return Disclosed(made, Named.of(records.values(), inside, disclosed))


def _believe(card: StationCard, believed: Believed) -> StationCard:
    """Return the station's card as it is known here; raises BadSignature where it is another, or none."""
    known = believed.card_of(card.station)
    if known is None:
        raise BadSignature(f"{card.station}: no card of it is here; lay the one that it gave: garita-vault pin CARD")
    if known != card:
        raise BadSignature(f"{card.station}: the bundle has key {card.fingerprint}, and here it is {known.fingerprint}")
    return known


def _entry(evidence: Evidence) -> Entry:
    header = evidence.envelope.header
    return Entry(header.station, header.seq, evidence.envelope.digest)


def _on_record(evidence: Evidence, believed: Believed) -> str:
    """Return how the opening of an entry goes on record; raises BadReceipt or LogDamaged where it is not opened."""
    entry = _entry(evidence)
    filed = believed.digest_of(entry.station, entry.seq) or entry.digest
    if not believed.unlogged:
        if evidence.receipt is None:
            raise BadReceipt(f"{entry}: no receipt proves that the national log holds it; wait for one")
        replace(entry, digest=filed).check(evidence.envelope)
    return str(entry) if filed == entry.digest else f"{entry}, SHA-256 {entry.digest.hex()}, and another was filed"


def _attachments(
    evidence: Sequence[Evidence], records: Mapping[EnvelopeDigest, Record], attachments: Iterable[Attachment]
) -> list[Attachment]:
    """Return the attachments of disclosed entries, opened, and the others as they are."""
    sealed = {sha256(each.data).digest(): each for each in attachments}
    opened: list[Attachment] = []
    for each in evidence:
        record = records.get(each.envelope.digest)
        check_evidence(each.envelope.header.seq, record)
        for part in attachments_in(record):
            body = sealed.pop(part.sealed, None)
            if body is not None and body.media_type == SEALED:
                opened.append(Attachment(media_type=part.media, data=open_attachment(part, body.data)))
    return [*opened, *sealed.values()]
