"""Take a station's envelopes in: each once, in order, or not at all and with a reason."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import takewhile

from sync.batch import Batch, Statement
from sync.central.engine import Engine, Gap, Journal, NewEntry, Revocation, Span
from sync.central.gate import Gate
from sync.central.log import Log
from sync.central.together import Together
from sync.chain import check_next, empty
from sync.contract.ids import EnvelopeDigest, Seq, StationId
from sync.contract.submission import Answer, ReceiptPart, Refusal, RefusalCode, Submission
from sync.envelope import Envelope
from sync.errors import BadSignature, BrokenChain, Malformed
from sync.keys import StationPublicKey
from sync.links import Links

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """What a station submitted, and what it stated of its head if all of it came."""

    submission: Submission
    key: StationPublicKey
    statement: Statement | None


@dataclass(frozen=True)
class Judged:
    """What became of a job: the seqs that are held now, how far the journal goes, and why it ended early if it did.

    `kept` is how many bytes of it were not here before.
    """

    placed: Sequence[Seq]
    contiguous: int
    refusal: Refusal | None
    kept: int = 0

    def spans(self, station: StationId) -> list[Span]:
        """Return where the receipts of the job are."""
        return [Span(station, min(self.placed), max(self.placed))] if self.placed else []


@dataclass(frozen=True)
class Done:
    """What a job is answered, and how many bytes of it were kept."""

    answer: Answer
    kept: int


class Ingest:
    """Judges submissions; those that come at the same time are written, logged and signed together.

    All state is the engine's and the log's. Only the keys of admitted stations are remembered: a station keeps its key.
    """

    def __init__(self, engine: Engine, log: Log, now: Callable[[], datetime], gate: Gate) -> None:
        self._engine, self._log, self._now, self._gate = engine, log, now, gate
        self._keys = dict[StationId, StationPublicKey]()
        self._together = Together(self._do)

    def take(self, batch: Batch) -> Answer:
        """Submit what came of a batch that its station stated; the statement is kept once all of it is held.

        Nothing is unpacked before its station is known to have stated it. Raises Busy where the station has sent too
        much already: only what is kept counts against it. Raises Malformed where the entries are not what is stated.
        """
        header, key = batch.statement.header, self._key(batch.statement.header.station)
        if key is None:
            return _unknown(header.station)
        try:
            batch.statement.verify(key)
        except BadSignature as error:
            head = self._engine.head(header.station)
            refusal = _refusal(None, "bad_signature", str(error))
            return _answer(header.station, Judged([], head.seq if head else 0, refusal), {})
        with self._gate.turn(header.station, batch.size) as spend, self._gate.unpacked(batch.size):
            done = self._together.do(Job(batch.submission, key, batch.statement if batch.whole else None))
            spend(done.kept)
        return self._log.vouch(done.answer, batch.statement.data, self._now())

    def submit(self, submission: Submission) -> Answer:
        """Store what comes next, log it, and answer receipts for all that the centre now holds of the submission.

        In this order: rows committed, tiles on the disk, checkpoint signed and stored, answer. A refusal ends the
        submission at its envelope and takes nothing from those before it.
        """
        key = self._key(submission.station)
        return self._together.do(Job(submission, key, None)).answer if key else _unknown(submission.station)

    def _key(self, station: StationId) -> StationPublicKey | None:
        key = self._keys.get(station)
        if key is None and (card := self._engine.card(station)):
            key = self._keys[station] = StationPublicKey(card.public_key)
        return key

    def _do(self, jobs: Sequence[Job]) -> list[Done]:
        with self._engine.writing([job.submission.station for job in jobs]) as journals:
            judged = [self._judge(job, journal) for job, journal in zip(jobs, journals, strict=True)]
        self._log.catch_up()
        proofs = self._proofs(jobs, judged)
        pairs = zip(jobs, judged, strict=True)
        return [Done(_answer(job.submission.station, each, proofs), each.kept) for job, each in pairs]

    def _judge(self, job: Job, journal: Journal) -> Judged:
        submission = job.submission
        judge = Judge(journal, submission.station, job.key, self._now())
        if revoked := journal.revocation:
            placed, refusal = judge.quarantine(submission.envelopes, revoked)
        else:
            placed, refusal = judge.place(submission.envelopes)
            if job.statement and refusal is None and placed and placed[-1] == job.statement.header.head.seq:
                journal.keep_statement(placed[-1], job.statement.data)
        head = journal.head()
        return Judged(placed, head.seq if head else 0, refusal, judge.kept)

    def _proofs(self, jobs: Sequence[Job], judged: Sequence[Judged]) -> dict[tuple[StationId, Seq], str]:
        """Return the receipt of each entry that is held and has its place in the log, all under one checkpoint."""
        spans = [span for job, each in zip(jobs, judged, strict=True) for span in each.spans(job.submission.station)]
        held = {(job.submission.station, seq) for job, each in zip(jobs, judged, strict=True) for seq in each.placed}
        places = self._engine.places(spans)
        if lost := sorted(held - places.keys()):
            places = self._enrol_again(lost, spans)
        return dict(zip(places, self._log.receipts(list(places.values())), strict=True))

    def _enrol_again(
        self, lost: Sequence[tuple[StationId, Seq]], spans: list[Span]
    ) -> dict[tuple[StationId, Seq], int]:
        """Give stored entries the place in the log that somebody in the database kept from them; return all places."""
        names = ", ".join(f"{station}/{seq}" for station, seq in lost)
        LOG.error(
            "%s: stored, and left out of the log: somebody changed the database. They are logged now, out of order if"
            " later ones were; keep the database's own log, and have it audited: docs/formats/witness.md",
            names,
        )
        self._engine.enrol_again(spans)
        self._log.catch_up()
        return self._engine.places(spans)


class Judge:
    """Judges the envelopes of one submission, inside the transaction that writes its station's journal."""

    def __init__(self, journal: Journal, station: StationId, key: StationPublicKey, now: datetime) -> None:
        self._journal, self._station, self._key, self._now = journal, station, key, now
        self._head = journal.head() or empty(station, key)
        self.kept = 0
        """How many bytes were kept that were not here."""

    def place(self, envelopes: list[bytes]) -> tuple[list[Seq], Refusal | None]:
        """Store what comes next; return the seqs that are held then, and why the first one is not that is not.

        What is held already is known by its digest. What comes next in one piece is proven by its chain and by the
        last one's signature, for each envelope's digest stands in the next; everything else is looked at one by one.
        """
        before = self._held_before(envelopes)
        rest = envelopes[len(before) :]
        new = self._next_in_one_piece(rest)
        if new is not None:
            self._store(new)
            return [*before, *(each.seq for each in new)], None
        placed, refusal = self._one_by_one(rest)
        return [*before, *placed], refusal

    def quarantine(self, envelopes: list[bytes], revoked: Revocation) -> tuple[list[Seq], Refusal | None]:
        """Keep what the station signed, outside the log, up to the first that it did not sign.

        What the log took before the revocation is held, and no quarantine: return its seqs, and why not the others.
        """
        before = self._held_before(envelopes)
        if envelopes and len(before) == len(envelopes):
            return before, None
        kept = self._signed(envelopes[len(before) :])
        self._journal.keep_quarantined(kept, self._now)
        self._count(kept)
        detail = f"{self._station} is revoked since {revoked.since}: what it sends is kept in quarantine"
        return before, _refusal(None, "revoked_station", detail)

    def _held_before(self, envelopes: list[bytes]) -> list[Seq]:
        """Return the seqs of the first envelopes that are held already, byte for byte."""
        if not envelopes:
            return []
        try:
            first = Envelope.from_bytes(envelopes[0]).header.seq
        except Malformed:
            return []
        if first >= self._head.next_seq:
            return []
        held, seqs = self._journal.held(first, Seq(first + len(envelopes) - 1)), list[Seq]()
        for seq, data in enumerate(envelopes, start=first):
            stored = held.get(Seq(seq))
            if stored != sha256(data).digest():
                break
            seqs.append(Seq(seq))
        return seqs

    def _next_in_one_piece(self, envelopes: list[bytes]) -> list[NewEntry] | None:
        """Return the entries if all of them come next and are the station's own; else None."""
        links, new = Links(self._station, self._head), list[NewEntry]()
        try:
            for data in envelopes:
                digest = EnvelopeDigest(links.add(data))
                new.append(NewEntry(links.head.seq, digest, data))
            if envelopes:
                Envelope.from_bytes(envelopes[-1]).verify(self._key)
        except (BrokenChain, Malformed, BadSignature):
            return None
        return new

    def _one_by_one(self, envelopes: list[bytes]) -> tuple[list[Seq], Refusal | None]:
        placed, new, refusal = list[Seq](), dict[Seq, NewEntry](), None
        for data in envelopes:
            envelope = self._read(data)
            refusal = envelope if isinstance(envelope, Refusal) else self._place(envelope, new)
            if refusal or isinstance(envelope, Refusal):
                break
            placed.append(envelope.header.seq)
        self._store(list(new.values()))
        if refusal and refusal.code == "equivocation":
            self._keep_branch(envelopes[len(placed) :])
        if refusal and refusal.code == "gap" and refusal.seq:
            self._journal.note_gap(Gap(self._head.next_seq, Seq(refusal.seq), self._now.isoformat()))
        return placed, refusal

    def _store(self, new: list[NewEntry]) -> None:
        if new:
            self._journal.append(new, self._now)
            self._journal.note_gap(None)
            self._count(new)

    def _count(self, kept: Sequence[NewEntry]) -> None:
        self.kept += sum(len(each.envelope) for each in kept)

    def _read(self, data: bytes) -> Envelope | Refusal:
        """Return an envelope that is the station's own."""
        try:
            envelope = Envelope.from_bytes(data)
        except Malformed as error:
            return _refusal(None, "malformed", f"an envelope of the submission: {error}")
        if envelope.header.station != self._station:
            detail = f"{envelope} came in a submission of {self._station}"
            return _refusal(envelope.header.seq, "malformed", detail)
        try:
            envelope.verify(self._key)
        except BadSignature as error:
            return _refusal(envelope.header.seq, "bad_signature", str(error))
        return envelope

    def _signed(self, envelopes: list[bytes]) -> list[NewEntry]:
        """Return the first envelopes, up to one that the station did not sign."""
        signed = takewhile(lambda each: isinstance(each, Envelope), map(self._read, envelopes))
        return [_new(each) for each in signed if isinstance(each, Envelope)]

    def _keep_branch(self, envelopes: list[bytes]) -> None:
        """Keep a contested entry and what the station signed behind it, each once: both branches may be true."""
        new = [each for each in self._signed(envelopes) if each.digest not in self._journal.contested(each.seq)]
        self._journal.keep_contested(new, self._now)
        self._count(new)

    def _place(self, envelope: Envelope, new: dict[Seq, NewEntry]) -> Refusal | None:
        seq = envelope.header.seq
        known = new[seq].digest if seq in new else self._journal.held(seq, seq).get(seq)
        if known is not None:
            said = f"{envelope} was taken before with other bytes, SHA-256 {known.hex()}"
            return None if known == envelope.digest else _equivocation(envelope, said)
        if envelope.header.prev in self._journal.contested(Seq(seq - 1)):
            return _equivocation(envelope, f"{envelope} follows an entry that contests another one")
        if seq > self._head.next_seq:
            detail = f"{envelope}: seq {self._head.next_seq} is expected next; send from there"
            return _refusal(seq, "gap", detail)
        try:
            self._head = check_next(self._head, envelope)
        except BrokenChain as error:
            return _refusal(seq, "broken_chain", str(error))
        new[seq] = _new(envelope)
        return None


def _equivocation(envelope: Envelope, said: str) -> Refusal:
    detail = f"{said}; this one, SHA-256 {envelope.digest.hex()}, and what comes behind it are kept as evidence"
    return _refusal(envelope.header.seq, "equivocation", detail)


def _new(envelope: Envelope) -> NewEntry:
    return NewEntry(envelope.header.seq, envelope.digest, envelope.data)


def _unknown(station: StationId) -> Answer:
    detail = f"station {station} is not admitted here; admit it with its card"
    return _answer(station, Judged([], 0, _refusal(None, "unknown_station", detail)), {})


def _answer(station: StationId, judged: Judged, proofs: Mapping[tuple[StationId, Seq], str]) -> Answer:
    proven = [seq for seq in dict.fromkeys(judged.placed) if (station, seq) in proofs]
    receipts = [ReceiptPart(seq=seq, proof=proofs[station, seq]) for seq in proven]
    return Answer(station=station, contiguous=judged.contiguous, receipts=receipts, refusal=judged.refusal)


def _refusal(seq: int | None, code: RefusalCode, detail: str) -> Refusal:
    return Refusal(seq=seq, code=code, detail=detail)
