"""The vault: takes sealed envelopes from the centre, believes only what is signed, opens them, files what they say."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sync.attachments import open_attachment
from sync.chain import Head, check_next, empty
from sync.contract.card import StationCard
from sync.contract.ids import StationId
from sync.contract.inside import LoggedEnvelope
from sync.contract.records import Record, parse_record
from sync.envelope import Envelope
from sync.errors import BadSignature, BrokenChain, LogDamaged, Malformed, OpenError, SyncError
from sync.identity import Opener
from sync.keys import StationPublicKey
from sync.vault.alerts import Alert
from sync.vault.attached import Named
from sync.vault.cases import Cases
from sync.vault.entry import Entry
from sync.vault.filing import Filing
from sync.vault.missing import name_of
from sync.vault.source import Source
from sync.vault.waiting import NO_CARD, NoCard

CODES: dict[type[SyncError], str] = {
    Malformed: "malformed",
    BadSignature: "bad_signature",
    NoCard: NO_CARD,
    BrokenChain: "broken_chain",
    OpenError: "unopenable",
}


@dataclass(frozen=True)
class PullReport:
    """How many envelopes were looked at, and how many problems they had."""

    seen: int
    problems: int


class Vault:
    """Files what the centre holds, from where it stopped. A damaged envelope is kept and named; the rest goes on."""

    def __init__(
        self,
        source: Source,
        cases: Cases,
        identity: Opener,
        now: Callable[[], datetime],
        note: Callable[[list[LoggedEnvelope]], None],
    ) -> None:
        """`note` puts on record that these are opened now; where it raises, none of them is."""
        self._source, self._cases, self._identity, self._now, self._note = source, cases, identity, now, note
        self._cards: dict[StationId, StationCard] = {}
        self._seen = self._problems = 0
        self._damaged: set[Named] = set()
        self._filing = Filing(cases)

    def pull(self) -> PullReport:
        """File all that is new, page by page.

        Raises CentralUnreachable, or LogDamaged where the log lost entries that were here; what was filed stays filed.
        """
        seen, problems = self._seen, self._problems
        self._learn_cards(self._cases.waiting.stations())
        while page := self._next_page():
            self._learn_cards({logged.station for logged in page})
            self._note(page)
            with self._cases.transaction():
                for logged in page:
                    self._file(logged)
                self._cases.advance(page[-1].index)
        self._file_attachments()
        return PullReport(self._seen - seen, self._problems - problems)

    def _learn_cards(self, stations: set[StationId]) -> None:
        """Ask for the cards where one of these is not here, and file what waited for one that is."""
        if not stations <= self._cards.keys():
            self._cards = {card.station: card for card in self._source.cards()}
        for station in sorted(self._cases.waiting.stations() & self._cards.keys()):
            while waited := self._cases.waiting.of_station(station):
                self._note(waited)
                with self._cases.transaction():
                    for logged in waited:
                        self._cases.waiting.take(logged)
                        self._file(logged)

    def _file_attachments(self) -> None:
        """Open what came of the attachments that records name; what is not here is asked for again next time."""
        missing = [each for each in self._cases.attached.missing() if each not in self._damaged]
        here = set(self._source.here([name_of(each) for each in missing]))
        for named in missing:
            body = self._source.attachment(named.station, named.part.sealed) if name_of(named) in here else None
            if body is not None:
                with self._cases.transaction():
                    self._file_attachment(named, body)

    def _file_attachment(self, named: Named, body: bytes) -> None:
        try:
            self._cases.attached.file(named, open_attachment(named.part, body), self._time())
        except OpenError as error:
            self._damaged.add(named)
            self._problems += 1
            self._cases.problems.add_attachment(named, body, str(error), self._time())

    def _next_page(self) -> list[LoggedEnvelope]:
        filed = self._cases.progress() + 1
        page = self._source.page(filed - 1)
        if page.size < filed:
            raise LogDamaged(f"the centre's log has {page.size} entries, and {filed} were filed here: it was cut")
        for expected, logged in enumerate(page.envelopes, start=filed):
            if logged.index != expected:
                raise LogDamaged(f"the centre gave entry {logged.index} of the log where {expected} comes next")
        return page.envelopes

    def _file(self, logged: LoggedEnvelope) -> None:
        self._seen += 1
        try:
            envelope, key = self._believe(logged)
            self._check_chain(logged, envelope, key)
            data = Entry.called(logged).open(envelope, self._identity).record
            record = _parse(data, envelope)
        except SyncError as error:
            self._problem(logged, error)
        else:
            self._filing.file(logged.index, envelope, record, data, self._time())
            if self._cases.stations.is_stranger(logged.station):
                key = self._cards[logged.station].fingerprint
                said = f"{logged.station} is believed by key {key}, which only the centre showed"
                self._cases.alerts.add(logged.station, logged.seq, Alert("unpinned", said))

    def _believe(self, logged: LoggedEnvelope) -> tuple[Envelope, StationPublicKey]:
        """Return the envelope if the station signed it, under the key by which it was first seen here."""
        envelope = Entry.called(logged).envelope(logged.envelope)
        card = self._cards.get(logged.station)
        if card is None:
            raise NoCard(f"{envelope}: the centre shows no card of that station")
        key = StationPublicKey(self._cases.stations.pin(card).public_key)
        envelope.verify(key)
        return envelope, key

    def _check_chain(self, logged: LoggedEnvelope, envelope: Envelope, key: StationPublicKey) -> None:
        """Name a break in the journal. The envelope itself is the station's own, so it is opened all the same."""
        station = envelope.header.station
        head = self._cases.stations.head(station) or empty(station, key)
        try:
            check_next(head, envelope)
        except BrokenChain as error:
            if not self._continues_spoilt(envelope):
                self._problem(logged, error)
        if envelope.header.seq > head.seq:
            self._cases.stations.move_head(station, Head(envelope.header.seq, envelope.digest))

    def _continues_spoilt(self, envelope: Envelope) -> bool:
        """Tell whether an envelope follows one that is a problem already: nothing of the journal is missing here."""
        header = envelope.header
        return any(
            sha256(each).digest() == header.prev for each in self._cases.problems.spoilt(header.station, header.seq - 1)
        )

    def _problem(self, logged: LoggedEnvelope, error: SyncError) -> None:
        self._problems += 1
        self._cases.problems.add(logged, CODES.get(type(error), "unusable"), str(error), self._time())

    def _time(self) -> str:
        return self._now().astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _parse(data: bytes, envelope: Envelope) -> Record:
    record = parse_record(data)
    if record.station != envelope.header.station:
        raise Malformed(f"{envelope}: the record inside says it is of {record.station}")
    return record
