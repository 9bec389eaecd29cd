"""From opened cases to a court bundle: what is asked for is disclosed, what lies between comes along sealed.

So does the newest entry of the journal: its receipt proves how far the journal had come in the national log, and the
reader counts what lies behind the last entry that was asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sync.contract.card import StationCard
from sync.contract.ids import Seq, StationId
from sync.court import Attachment, Evidence, Export, check, make_bundle
from sync.envelope import Envelope
from sync.errors import BadSignature, Malformed, OpenError
from sync.identity import Opener
from sync.note import LogVerifier
from sync.opening import unwrap
from sync.policy import Policy
from sync.vault.cases import Cases
from sync.vault.practice import check_evidence
from sync.vault.source import Source


@dataclass(frozen=True)
class Exported:
    """A court bundle, and the entries between that are not in it: the station sent what it had not signed (0016)."""

    bundle: bytes
    left_out: list[Seq]


def export_entries(
    source: Source,
    cases: Cases,
    identity: Opener,
    logs: Sequence[LogVerifier],
    *,
    export: Export,
    station: StationId,
    seqs: Sequence[int],
    policy: Policy | None = None,
) -> Exported:
    """Return the bundle that discloses entries `seqs` of `station`, and note the export in the case database.

    Raises OpenError where an entry is not here or does not open, CentralUnreachable, or what a bundle refuses.
    """
    places = cases.places(station, min(seqs), max(seqs))
    end = cases.stations.head(station)
    if end and end.seq > max(seqs):
        places |= cases.places(station, end.seq, end.seq)
    missing = sorted(set(seqs) - set(places))
    card = cases.stations.card(station)
    if missing or card is None:
        raise OpenError(f"no entry {', '.join(map(str, missing))} of {station} here")
    for seq in seqs:
        check_evidence(seq, cases.record(station, seq))
    evidence = list(_evidence(source, identity, card, logs, places, seqs))
    attachments = [each for seq in sorted(set(seqs)) for each in _attachments(cases, station, seq)]
    bundle = make_bundle(export, logs, [card], evidence, policy=policy, attachments=attachments)
    disclosed = [f"{station}/{seq}" for seq in sorted(set(seqs))]
    cases.note_export(export.time, export.persons, export.reason, disclosed, sha256(bundle).digest())
    return Exported(bundle, sorted(Seq(seq) for seq in set(places) - {each.envelope.header.seq for each in evidence}))


def _evidence(
    source: Source,
    identity: Opener,
    card: StationCard,
    logs: Sequence[LogVerifier],
    places: dict[int, int],
    seqs: Sequence[int],
) -> Iterator[Evidence]:
    """Yield each entry that has a place, save what between those that are asked for is not the station's."""
    for seq, index in places.items():
        try:
            envelope = Envelope.from_bytes(source.envelope(index).envelope)
            check(Evidence(envelope), card, logs)
        except (Malformed, BadSignature):
            if seq in seqs:
                raise
            continue
        yield Evidence(envelope, source.receipt(index), unwrap(envelope, identity) if seq in seqs else None)


def _attachments(cases: Cases, station: StationId, seq: int) -> list[Attachment]:
    """Return what an entry names, as far as it came; the reader is told of what did not."""
    named = cases.attached.of_entry(station, seq)
    return [Attachment(media_type=each.part.media, data=each.data) for each in named if each.data is not None]
