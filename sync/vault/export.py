"""From opened cases to a court bundle: what is asked for is disclosed, what lies between comes along sealed."""

from collections.abc import Sequence
from hashlib import sha256

from sync.contract.ids import StationId
from sync.court import Attachment, Evidence, Export, make_bundle
from sync.envelope import Envelope
from sync.errors import OpenError
from sync.identity import Opener
from sync.note import LogVerifier
from sync.opening import unwrap
from sync.vault.cases import Cases
from sync.vault.practice import check_evidence
from sync.vault.source import Source


def export_entries(
    source: Source,
    cases: Cases,
    identity: Opener,
    log: LogVerifier,
    *,
    export: Export,
    station: StationId,
    seqs: Sequence[int],
) -> bytes:
    """Return the bundle that discloses entries `seqs` of `station`, and note the export in the case database.

    Raises OpenError where an entry is not here or does not open, CentralUnreachable, or what a bundle refuses.
    """
    places = cases.places(station, min(seqs), max(seqs))
    missing = sorted(set(seqs) - set(places))
    if missing:
        raise OpenError(f"no entry {', '.join(map(str, missing))} of {station} here")
    for seq in seqs:
        check_evidence(seq, cases.record(station, seq))
    cards = [card for card in source.cards() if card.station == station]
    evidence = [_fetch(source, identity, index, disclose=seq in seqs) for seq, index in places.items()]
    attachments = [each for seq in sorted(set(seqs)) for each in _attachments(cases, station, seq)]
    bundle = make_bundle(export, log, [cases.pin(card) for card in cards], evidence, attachments=attachments)
    disclosed = [f"{station}/{seq}" for seq in sorted(set(seqs))]
    cases.note_export(export.time, export.persons, export.reason, disclosed, sha256(bundle).digest())
    return bundle


def _attachments(cases: Cases, station: StationId, seq: int) -> list[Attachment]:
    """Return what an entry names, as far as it came; the reader is told of what did not."""
    named = cases.attached.of_entry(station, seq)
    return [Attachment(media_type=each.part.media, data=each.data) for each in named if each.data is not None]


def _fetch(source: Source, identity: Opener, index: int, *, disclose: bool) -> Evidence:
    envelope = Envelope.from_bytes(source.envelope(index).envelope)
    return Evidence(envelope, source.receipt(index), unwrap(envelope, identity) if disclose else None)
