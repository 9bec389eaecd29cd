"""The court bundle: everything by which an outsider checks evidence without the state's help, in one file.

An entry that is disclosed comes with its content key, which opens this envelope and no other. Entries between those
that are disclosed come sealed: they show that nothing is missing, and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from sync import receipts
from sync.contract.card import StationCard
from sync.contract.form import Form
from sync.contract.wall import Wall
from sync.envelope import Envelope, commitment
from sync.errors import BadReceipt, BadSignature, Malformed, OpenError
from sync.heads import SignedHead
from sync.keys import StationPublicKey
from sync.note import LogVerifier, signer_of
from sync.policy import Policy
from sync.receipts import Proof
from sync.signatures import DualPublic
from sync.suites import DEK_LENGTH

SEALED = "application/vnd.garita.sealed"
"""Media type of an attachment that stays sealed; its SHA-256 is what its record calls `sealed`."""
MAX_BUNDLE = 1024 * 1024 * 1024


class Part(Form, frozen=True, extra="forbid"):
    """A piece of a bundle."""


class Export(Part, frozen=True):
    """Who made the bundle, when, and why. Two persons; nothing here is signed."""

    time: Wall
    persons: Annotated[list[Annotated[str, Field(min_length=1, max_length=200)]], Field(min_length=2, max_length=8)]
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class CourtEntry(Part, frozen=True):
    """One entry of a journal, its receipt where there is one, and its content key where it is disclosed."""

    envelope: bytes
    receipt: str | None
    key: Annotated[bytes, Field(min_length=DEK_LENGTH, max_length=DEK_LENGTH)] | None


class Attachment(Part, frozen=True):
    """Bytes that a disclosed record names by their SHA-256, or sealed ones."""

    media_type: Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9.+-]+$", max_length=100)]
    data: bytes


class CourtBundle(Part, frozen=True):
    """The file, in deterministic CBOR."""

    MAX_BYTES: ClassVar[int] = MAX_BUNDLE

    format: Literal["garita.court/1"] = "garita.court/1"
    export: Export
    log: str
    stations: list[StationCard]
    entries: Annotated[list[CourtEntry], Field(min_length=1)]
    heads: list[bytes]
    attachments: list[Attachment]

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read a bundle; raises Malformed, also for entries that are no envelopes or not in their order."""
        bundle = super().from_bytes(data)
        headers = [Envelope.from_bytes(each.envelope).header for each in bundle.entries]
        places = [(each.station, each.seq) for each in headers]
        _check_each_once(places, bundle.export.persons)
        if places != sorted(places):
            raise Malformed("the entries of the bundle do not stand by station, then seq")
        return bundle


@dataclass(frozen=True)
class Evidence:
    """An entry to put into a bundle; `key` is its content key, or None where it stays sealed."""

    envelope: Envelope
    receipt: str | None = None
    key: bytes | None = None


def make_bundle(
    export: Export,
    logs: Sequence[LogVerifier],
    stations: Sequence[StationCard],
    evidence: Sequence[Evidence],
    *,
    policy: Policy | None = None,
    heads: Sequence[SignedHead] = (),
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """Return the bundle's bytes: the same parts always give the same.

    Of several keys of the log those stand in it that its receipts need, in their order; the first where none does.
    Nothing goes in that would not be believed outside, nor what the state's `policy` does not believe.
    Raises Malformed, BadSignature, BadReceipt or OpenError.
    """
    cards = {card.station: card for card in stations}
    for each in evidence:
        check(each, cards.get(each.envelope.header.station), logs, policy)
    signers = {signer_of(Proof.from_text(each.receipt).checkpoint, logs) for each in evidence if each.receipt}
    named = [each for each in logs if each in signers] or logs[:1]
    for head in heads:
        if head.station not in cards:
            raise Malformed(f"a head of {head.station}, whose card is not in the bundle")
        card = cards[head.station]
        SignedHead.read(head.data, head.station, DualPublic.from_raw(card.public_key, card.head_key))
    ordered = sorted(evidence, key=lambda each: (each.envelope.header.station, each.envelope.header.seq))
    places = [(each.envelope.header.station, each.envelope.header.seq) for each in ordered]
    _check_each_once(places, export.persons)
    return CourtBundle(
        export=export,
        log="\n".join(each.vkey for each in named),
        stations=[cards[station] for station in sorted(cards)],
        entries=[CourtEntry(envelope=each.envelope.data, receipt=each.receipt, key=each.key) for each in ordered],
        heads=sorted(head.data for head in heads),
        attachments=sorted(attachments, key=lambda each: sha256(each.data).digest()),
    ).to_bytes()


def _check_each_once(places: Sequence[tuple[str, int]], persons: Sequence[str]) -> None:
    if len(set(places)) != len(places) or len(set(persons)) != len(persons):
        raise Malformed("an entry or a person stands twice in the bundle")


def check(
    evidence: Evidence, card: StationCard | None, logs: Sequence[LogVerifier], policy: Policy | None = None
) -> None:
    """Raise BadSignature, OpenError or BadReceipt unless an entry is what it is said to be."""
    envelope = evidence.envelope
    if card is None:
        raise BadSignature(f"{envelope}: no card of that station")
    envelope.verify(StationPublicKey(card.public_key))
    if evidence.key is not None and commitment(evidence.key) != envelope.header.commitment:
        raise OpenError(f"{envelope}: this is not the key that its header commits to")
    try:
        if evidence.receipt is not None:
            receipts.verify(evidence.receipt, envelope.digest, Policy(tuple(logs)))
            receipts.verify(evidence.receipt, envelope.digest, policy or Policy(tuple(logs)))
    except BadReceipt as error:
        raise BadReceipt(f"{envelope}: {error}") from error
