"""What the centre keeps outside of its log, opened under law: either branch of a forked journal may be the true one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sync.contract.aside import AsideEntry, AsideKey, AsideKind
from sync.contract.ids import Seq
from sync.contract.records import parse_record
from sync.envelope import Envelope
from sync.errors import BadSignature, SyncError
from sync.identity import Opener
from sync.keys import StationPublicKey
from sync.vault.cases import Cases
from sync.vault.entry import Entry
from sync.vault.source import Source

AT_ONCE = 100


@dataclass(frozen=True)
class Aside:
    """An entry outside of the log: its record, or why it cannot be believed or opened.

    `leaves` is whether the entry before it is the one that was filed: there its branch leaves the journal.
    """

    kind: AsideKind
    station: str
    seq: int
    received: str
    sha256: bytes
    leaves: bool
    record: dict[str, Any] | None
    problem: str | None


def open_aside(source: Source, cases: Cases, identity: Opener, note: Callable[[list[str]], None]) -> Iterator[Aside]:
    """Yield all that the centre keeps aside; `note` puts on record what is opened next, and where it raises, none is.

    Raises CentralUnreachable.
    """
    after = AsideKey()
    while entries := source.aside(after, AT_ONCE).entries:
        note([f"outside of the log: {each.station}/{each.seq}, SHA-256 {each.key.digest.hex()}" for each in entries])
        for each in entries:
            yield _open(each, cases, identity)
        after = entries[-1].key


def _open(entry: AsideEntry, cases: Cases, identity: Opener) -> Aside:
    record, problem, leaves = None, None, False
    try:
        asked = Entry(entry.station, Seq(entry.seq), entry.key.digest)
        envelope = _believe(asked.envelope(entry.envelope), cases)
        leaves = envelope.header.prev == cases.digest(entry.station, entry.seq - 1)
        record = parse_record(asked.open(envelope, identity).record).model_dump(by_alias=True)
    except SyncError as error:
        problem = str(error)
    return Aside(entry.kind, entry.station, entry.seq, entry.received, entry.key.digest, leaves, record, problem)


def _believe(envelope: Envelope, cases: Cases) -> Envelope:
    """Return the envelope if the station signed it, by the card that is believed here."""
    station = envelope.header.station
    card = cases.stations.card(station)
    if card is None:
        raise BadSignature(f"{station}: no card of it is here; lay the one that it gave: garita-vault pin CARD")
    envelope.verify(StationPublicKey(card.public_key))
    return envelope
