"""Take a station's envelopes in: each once, in order, or not at all and with a reason."""

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256

from sync.batch import Batch, Statement
from sync.central.engine import Engine, Gap, Journal, NewEntry
from sync.central.gate import Gate
from sync.central.log import Log
from sync.chain import check_next, empty
from sync.contract.ids import EnvelopeDigest, Seq, StationId
from sync.contract.submission import Answer, ReceiptPart, Refusal, RefusalCode, Submission
from sync.envelope import Envelope
from sync.errors import BadSignature, BrokenChain, Malformed
from sync.keys import StationPublicKey
from sync.links import Links


class Ingest:
    """Judges submissions. It keeps nothing between two of them: all state is the engine's and the log's."""

    def __init__(self, engine: Engine, log: Log, now: Callable[[], datetime], gate: Gate) -> None:
        self._engine, self._log, self._now, self._gate = engine, log, now, gate

    def take(self, batch: Batch) -> Answer:
        """Submit what came of a batch that its station stated; the statement is kept once all of it is held.

        Raises Busy where the station has sent too much already: only what it signed counts against it.
        """
        header, card = batch.statement.header, self._engine.card(batch.statement.header.station)
        if card is None:
            return self.submit(batch.submission)
        try:
            batch.statement.verify(StationPublicKey(card.public_key))
        except BadSignature as error:
            return self._answer(header.station, [], _refusal(None, "bad_signature", str(error)))
        with self._gate.turn(header.station, sum(map(len, batch.envelopes))):
            answer = self._submit(batch.submission, batch.statement if batch.whole else None)
        return answer.model_copy(update={"time": self._log.tell_time(batch.statement.data, self._now())})

    def submit(self, submission: Submission) -> Answer:
        """Store what comes next, log it, and answer receipts for all that the centre now holds of the submission.

        In this order: rows committed, tiles on the disk, checkpoint signed and stored, answer. A refusal ends the
        submission at its envelope and takes nothing from those before it.
        """
        return self._submit(submission, None)

    def _submit(self, submission: Submission, statement: Statement | None) -> Answer:
        station = submission.station
        card = self._engine.card(station)
        if card is None:
            detail = f"station {station} is not admitted here; admit it with its card"
            return self._answer(station, [], _refusal(None, "unknown_station", detail))
        with self._engine.writing(station) as journal:
            judge = Judge(journal, station, StationPublicKey(card.public_key), self._now())
            if revoked := self._engine.revocation(station):
                judge.quarantine(submission.envelopes)
                detail = f"{station} is revoked since {revoked.since}: what it sends is kept in quarantine"
                return self._answer(station, [], _refusal(None, "revoked_station", detail))
            placed, refusal = judge.place(submission.envelopes)
            if statement and refusal is None and placed and placed[-1] == statement.header.head.seq:
                journal.keep_statement(placed[-1], statement.data)
        self._log.catch_up()
        return self._answer(station, placed, refusal)

    def _answer(self, station: StationId, placed: Sequence[Seq], refusal: Refusal | None) -> Answer:
        held = self._engine.held(station, min(placed), max(placed)) if placed else {}
        places = {seq: held[seq].index for seq in placed}
        proofs = self._log.receipts([index for index in places.values() if index is not None])
        head = self._engine.head(station)
        return Answer(
            station=station,
            contiguous=head.seq if head else 0,
            receipts=[ReceiptPart(seq=seq, proof=proof) for seq, proof in zip(places, proofs, strict=True)],
            refusal=refusal,
        )


class Judge:
    """Judges the envelopes of one submission, inside the transaction that writes its station's journal."""

    def __init__(self, journal: Journal, station: StationId, key: StationPublicKey, now: datetime) -> None:
        self._journal, self._station, self._key, self._now = journal, station, key, now
        self._head = journal.head() or empty(station, key)

    def place(self, envelopes: list[bytes]) -> tuple[list[Seq], Refusal | None]:
        """Store what comes next; return the seqs that are held then, and why the first one is not that is not.

        What is held already is known by its digest. What comes next in one piece is proven by its chain and by the
        last one's signature, for each envelope's digest stands in the next; everything else is looked at one by one.
        """
        before = self._held_before(envelopes) if envelopes else []
        rest = envelopes[len(before) :]
        new = self._next_in_one_piece(rest)
        if new is not None:
            self._store(new)
            return [*before, *(each.seq for each in new)], None
        placed, refusal = self._one_by_one(rest)
        return [*before, *placed], refusal

    def quarantine(self, envelopes: list[bytes]) -> None:
        """Keep what the station signed, outside the log, up to the first that it did not sign."""
        kept = list[NewEntry]()
        for data in envelopes:
            envelope = self._read(data)
            if isinstance(envelope, Refusal):
                break
            kept.append(_new(envelope))
        self._journal.keep_quarantined(kept, self._now)

    def _held_before(self, envelopes: list[bytes]) -> list[Seq]:
        """Return the seqs of the first envelopes that are held already, byte for byte."""
        try:
            first = Envelope.from_bytes(envelopes[0]).header.seq
        except Malformed:
            return []
        if first >= self._head.next_seq:
            return []
        held, seqs = self._journal.held(first, Seq(first + len(envelopes) - 1)), list[Seq]()
        for seq, data in enumerate(envelopes, start=first):
            stored = held.get(Seq(seq))
            if stored is None or stored.digest != sha256(data).digest():
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
        if refusal and refusal.code == "gap" and refusal.seq:
            self._journal.note_gap(Gap(self._head.next_seq, Seq(refusal.seq), self._now.isoformat()))
        return placed, refusal

    def _store(self, new: list[NewEntry]) -> None:
        if new:
            self._journal.append(new, self._now)
            self._journal.note_gap(None)

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

    def _place(self, envelope: Envelope, new: dict[Seq, NewEntry]) -> Refusal | None:
        seq = envelope.header.seq
        known = new.get(seq) or self._journal.held(seq, seq).get(seq)
        if known is not None:
            return None if known.digest == envelope.digest else self._equivocation(envelope, known.digest)
        if seq > self._head.next_seq:
            detail = f"{envelope}: seq {self._head.next_seq} is expected next; send from there"
            return _refusal(seq, "gap", detail)
        try:
            self._head = check_next(self._head, envelope)
        except BrokenChain as error:
            return _refusal(seq, "broken_chain", str(error))
        new[seq] = _new(envelope)
        return None

    def _equivocation(self, envelope: Envelope, known: bytes) -> Refusal:
        self._journal.keep_equivocation(_new(envelope), self._now)
        detail = (
            f"{envelope} was taken before with other bytes, SHA-256 {known.hex()};"
            f" these, SHA-256 {envelope.digest.hex()}, are kept as evidence"
        )
        return _refusal(envelope.header.seq, "equivocation", detail)


def _new(envelope: Envelope) -> NewEntry:
    return NewEntry(envelope.header.seq, envelope.digest, envelope.data)


def _refusal(seq: int | None, code: RefusalCode, detail: str) -> Refusal:
    return Refusal(seq=seq, code=code, detail=detail)
