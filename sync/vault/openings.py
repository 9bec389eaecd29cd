"""No log, no answer: each opening is a record in the national log before any content is shown.

The vault is a station of its own, with a key and a journal; its records are sealed to the state's recipients like all
others, and an opening is noted when the centre's receipt for it verifies here.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import httpx
from sqlalchemy import Connection, Engine, event
from sqlmodel import Session, SQLModel, col, create_engine, select

from sync.batch import write_batch
from sync.contract.ids import Seq
from sync.contract.names import seen
from sync.contract.openings import Act, OpeningRecord
from sync.contract.record import Timestamp
from sync.contract.submission import BATCH_TYPE, MAX_ENVELOPES, Answer
from sync.contract.wall import format_wall
from sync.errors import CentralRefused, CentralUnreachable, Malformed, RolledBack, UnusableDatabase
from sync.files import only_ours
from sync.journal import JournalEntry, Sealer, append
from sync.note import LogVerifier
from sync.policy import Policy
from sync.receipts import VerifiedReceipt, verify

WAIT_SECONDS = 120
"""Longer than one opening takes to be in the log, so that whoever comes meanwhile waits for the lock and has it."""


class Openings:
    """The vault's own journal in `file`, which `create` made; `http` reaches the centre's inside socket.

    Several processes may note at the same time. Each takes the write lock of the file when it begins (BEGIN IMMEDIATE):
    once to write its entry, and once while it sends what the centre lacks.
    """

    def __init__(
        self, file: Path, sealer: Sealer, log: LogVerifier | Policy, http: httpx.Client, now: Callable[[], datetime]
    ) -> None:
        if not file.is_file() or not file.stat().st_size:
            raise UnusableDatabase(
                f"{file} is not there or empty, and nothing was made in its place: it is the journal of what this vault"
                " opened. Bring back the newest copy, or make the vault anew under another name: docs/vault.md"
            )
        self._engine = _engine(file)
        self._sealer, self._log, self._http, self._now = sealer, log, http, now

    @staticmethod
    def create(file: Path) -> None:
        """Make an empty journal."""
        engine = _engine(file)
        SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables["journal"]])
        engine.dispose()

    def note(self, act: Act, persons: Sequence[str], reason: str, entries: Sequence[str]) -> VerifiedReceipt:
        """Return what proves that the log has it; else nothing is opened.

        Raises CentralUnreachable, CentralRefused or BadReceipt; Malformed for a text that shows nothing or is too long;
        RolledBack where the centre has more openings than this journal, or others.
        A record that was written and got no receipt stays in the journal, and goes with the next one.
        """
        time = format_wall(self._now())
        record = OpeningRecord.from_value({
            "station": self._sealer.station,
            "operator": None,
            "recorded": Timestamp(wall=time, monotonic_ns=0, boot="vault", trust="unsynchronised"),
            "software": "garita-vault",
            "act": act,
            "persons": seen("the person", persons),
            "reason": seen("the reason", [reason])[0],
            "entries": list(entries),
        })  # fmt: skip
        with Session(self._engine) as session:
            entry = append(session, self._sealer, record.to_bytes())
            seq, digest = Seq(entry.seq), entry.digest
            session.commit()
            return verify(self._submit(session, seq), digest, self._log)

    def close(self) -> None:
        """Close the journal."""
        self._engine.dispose()

    def _submit(self, session: Session, last: Seq) -> str:
        """Return the centre's proof for entry `last`, after sending what the centre lacks before it."""
        first = last
        while True:
            answer = self._post(self._batch(session, first, last))
            proof = next((receipt.proof for receipt in answer.receipts if receipt.seq == last), None)
            if proof is not None:
                return proof
            if answer.contiguous > last or (answer.refusal and answer.refusal.code == "equivocation"):
                raise RolledBack(
                    f"the centre has {answer.contiguous} openings of {self._sealer.station}, and the journal here ends"
                    f" at {last} or differs: openings.db was lost, or is an older copy. Bring back the newest copy, or"
                    " make the vault anew under another name: docs/vault.md"
                )
            after = Seq(answer.contiguous + 1)
            if after in (first, Seq(last + 1)):
                refusal = answer.refusal
                raise CentralRefused(refusal.code if refusal else "no_receipt", refusal.detail if refusal else "")
            first = after

    def _batch(self, session: Session, first: Seq, last: Seq) -> bytes:
        chosen = col(JournalEntry.seq).between(first, min(last, first + MAX_ENVELOPES - 1))
        rows = session.exec(select(JournalEntry).where(chosen).order_by(col(JournalEntry.seq))).all()
        envelopes = [row.envelope for row in rows]
        return write_batch(self._sealer.key, self._sealer.station, first, rows[0].prev, envelopes)

    def _post(self, batch: bytes) -> Answer:
        try:
            response = self._http.post("/v1/batches", content=batch, headers={"Content-Type": BATCH_TYPE})
            return Answer.from_bytes(response.raise_for_status().content)
        except (httpx.HTTPError, Malformed) as error:
            raise CentralUnreachable(f"the opening cannot be logged, so nothing is opened: {error}") from error


def _engine(file: Path) -> Engine:
    options = {"isolation_level": None, "timeout": WAIT_SECONDS}
    engine = create_engine(f"sqlite:///{only_ours(file)}", connect_args=options)
    event.listen(engine, "begin", _take_write_lock)
    return engine


def _take_write_lock(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
