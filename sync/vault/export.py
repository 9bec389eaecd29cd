"""From opened cases to a court bundle: what is asked for is disclosed, what lies between comes along sealed.

So does the newest entry of the journal: its receipt proves how far the journal had come in the national log, and the
reader counts what lies behind the last entry that was asked for.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from sync.contract.card import StationCard
from sync.contract.ids import Seq, StationId
from sync.court import Attachment, Evidence, Export, check, make_bundle
from sync.errors import BadSignature, Malformed, OpenError
from sync.identity import Opener
from sync.note import LogVerifier
from sync.policy import Policy
from sync.vault.cases import Cases, Filed
from sync.vault.named import Named
from sync.vault.practice import check_evidence
from sync.vault.source import Source


@dataclass(frozen=True)
class Exported:
    """A court bundle, and the entries between that are not in it: the station sent what it had not signed (0016).

    `named` is what the disclosed entries name that a reader does not see.
    """

    bundle: bytes
    left_out: list[Seq]
    named: Named


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
    note: Callable[[list[str]], None],
) -> Exported:
    """Return the bundle that discloses entries `seqs` of `station`, and note the export in the case database.

    `note` puts on record that these are opened now, when all that the centre gives is what was filed here, signed and
    proven to be in the log; where it raises, nothing is opened. Raises OpenError for an entry that was not opened here,
    LogDamaged where the centre gives another one, CentralUnreachable, BadReceipt.
    """
    wanted = sorted(set(seqs))
    card = cases.stations.card(station)
    records = {seq: cases.opened(station, seq) for seq in wanted}
    for seq, record in records.items():
        check_evidence(seq, record)
    if card is None:
        raise OpenError(f"{station}: no card of it is here; lay the one that it gave: garita-vault pin CARD")
    places = _places(cases, station, wanted)
    sealed = list(_evidence(source, card, logs, policy, places, wanted))
    disclosed = [f"{station}/{seq}" for seq in wanted]
    note(disclosed)
    evidence = [_open(each, place, identity) if place.entry.seq in wanted else each for place, each in sealed]
    attachments = [each for seq in wanted for each in _attachments(cases, station, seq)]
    bundle = make_bundle(export, logs, [card], evidence, policy=policy, attachments=attachments)
    cases.note_export(export.time, export.persons, export.reason, disclosed, sha256(bundle).digest())
    inside = {place.entry.seq for place, _ in sealed}
    left_out = [each.entry.seq for each in places if each.entry.seq not in inside]
    named = Named.of(records.values(), {f"{station}/{seq}" for seq in inside}, disclosed)
    return Exported(bundle, left_out, named)


def _places(cases: Cases, station: StationId, wanted: Sequence[int]) -> list[Filed]:
    """Return what was filed from the first to the last that is wanted, and the newest entry of the journal."""
    first, last = wanted[0], wanted[-1]
    end = cases.stations.head(station)
    beyond = cases.filed(station, end.seq, end.seq) if end and end.seq > last else []
    return [*cases.filed(station, first, last), *beyond]


def _evidence(
    source: Source,
    card: StationCard,
    logs: Sequence[LogVerifier],
    policy: Policy | None,
    places: Sequence[Filed],
    wanted: Collection[int],
) -> Iterator[tuple[Filed, Evidence]]:
    """Yield each entry as it was filed, sealed, save what between those that are wanted is not the station's."""
    for each in places:
        given = source.envelope(each.log_index).envelope
        try:
            sealed = Evidence(each.entry.envelope(given))
            check(sealed, card, logs)
        except (Malformed, BadSignature):
            if each.entry.seq in wanted:
                raise
            continue
        evidence = replace(sealed, receipt=source.receipt(each.log_index))
        check(evidence, card, logs, policy)
        yield each, evidence


def _open(sealed: Evidence, place: Filed, identity: Opener) -> Evidence:
    return replace(sealed, key=place.entry.open(sealed.envelope, identity).key)


def _attachments(cases: Cases, station: StationId, seq: int) -> list[Attachment]:
    """Return what an entry names, as far as it came; the reader is told of what did not."""
    named = cases.attached.of_entry(station, seq)
    return [Attachment(media_type=each.part.media, data=each.data) for each in named if each.data is not None]
