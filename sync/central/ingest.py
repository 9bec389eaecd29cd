"""Take a station's envelopes in: each once, in order, or not at all and with a reason."""

from collections.abc import Callable
from datetime import datetime

from sync.batch import Batch
from sync.central.log import Log
from sync.central.store import Store, Stored
from sync.chain import check_next, empty
from sync.contract.submission import Answer, ReceiptPart, Refusal, RefusalCode, Submission
from sync.envelope import Envelope
from sync.errors import BadSignature, BrokenChain, Malformed
from sync.keys import StationPublicKey


class Ingest:
    """Judges submissions. It keeps nothing between two of them: all state is the store's and the log's."""

    def __init__(self, store: Store, log: Log, now: Callable[[], datetime]) -> None:
        self._store, self._log, self._now = store, log, now

    def take(self, batch: Batch) -> Answer:
        """Submit what came of a batch; its statement is kept for auditors once all of it is held."""
        header, card = batch.statement.header, self._store.card(batch.statement.header.station)
        if card:
            try:
                batch.statement.verify(StationPublicKey(card.public_key))
            except BadSignature as error:
                return self._answer(batch.submission, [], _refusal(None, "bad_signature", str(error)))
        answer = self.submit(batch.submission)
        if answer.refusal is None and batch.whole:
            self._store.keep_statement(header.station, header.head.seq, batch.statement.data)
        return answer

    def submit(self, submission: Submission) -> Answer:
        """Store what comes next, log it, and answer receipts for all that the centre now holds of the submission.

        In this order: rows committed, tiles on the disk, checkpoint signed and stored, answer. A refusal ends the
        submission at its envelope and takes nothing from those before it.
        """
        card = self._store.card(submission.station)
        if card is None:
            detail = f"station {submission.station} is not admitted here; admit it with its card"
            return self._answer(submission, [], _refusal(None, "unknown_station", detail))
        key = StationPublicKey(card.public_key)
        envelopes, refusal = read_envelopes(submission, key)
        with self._store.transaction():
            held, sooner = self._place_all(envelopes, key)
        self._log.catch_up()
        return self._answer(submission, held, sooner or refusal)

    def _place_all(self, envelopes: list[Envelope], key: StationPublicKey) -> tuple[list[Stored], Refusal | None]:
        held: list[Stored] = []
        for envelope in envelopes:
            placed = self._place(envelope, key)
            if isinstance(placed, Refusal):
                return held, placed
            held.append(placed)
        return held, None

    def _place(self, envelope: Envelope, key: StationPublicKey) -> Stored | Refusal:
        header = envelope.header
        stored = self._store.find(header.station, header.seq)
        if stored is not None:
            return stored if stored.digest == envelope.digest else self._equivocation(envelope, stored)
        head = self._store.head(header.station) or empty(header.station, key)
        if header.seq > head.next_seq:
            return _refusal(header.seq, "gap", f"{envelope}: seq {head.next_seq} is expected next; send from there")
        try:
            check_next(head, envelope)
        except BrokenChain as error:
            return _refusal(header.seq, "broken_chain", str(error))
        return self._store.append(envelope, self._now())

    def _equivocation(self, envelope: Envelope, stored: Stored) -> Refusal:
        self._store.keep_equivocation(envelope, self._now())
        detail = (
            f"{envelope} was taken before with other bytes, SHA-256 {stored.digest.hex()};"
            f" these, SHA-256 {envelope.digest.hex()}, are kept as evidence"
        )
        return _refusal(envelope.header.seq, "equivocation", detail)

    def _answer(self, submission: Submission, held: list[Stored], refusal: Refusal | None) -> Answer:
        proofs = self._log.receipts(stored.index for stored in held)
        receipts = {stored.seq: proof for stored, proof in zip(held, proofs, strict=True)}
        head = self._store.head(submission.station)
        return Answer(
            station=submission.station,
            contiguous=head.seq if head else 0,
            receipts=[ReceiptPart(seq=seq, proof=proof) for seq, proof in receipts.items()],
            refusal=refusal,
        )


def read_envelopes(submission: Submission, key: StationPublicKey) -> tuple[list[Envelope], Refusal | None]:
    """Return the envelopes before the first that is malformed or not the station's own, and why that one is refused."""
    read: list[Envelope] = []
    for data in submission.envelopes:
        try:
            envelope = Envelope.from_bytes(data)
        except Malformed as error:
            return read, _refusal(None, "malformed", f"envelope {len(read) + 1} of the submission: {error}")
        if envelope.header.station != submission.station:
            detail = f"{envelope} came in a submission of {submission.station}"
            return read, _refusal(envelope.header.seq, "malformed", detail)
        try:
            envelope.verify(key)
        except BadSignature as error:
            return read, _refusal(envelope.header.seq, "bad_signature", str(error))
        read.append(envelope)
    return read, None


def _refusal(seq: int | None, code: RefusalCode, detail: str) -> Refusal:
    return Refusal(seq=seq, code=code, detail=detail)
