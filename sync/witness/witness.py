"""A witness (c2sp.org/tlog-witness): cosigns a checkpoint only if it continues everything that it cosigned before."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from sync.asking import AddCheckpoint, log_name
from sync.checkpoint import Checkpoint
from sync.contract.wall import format_wall
from sync.cosignature import WitnessKey
from sync.errors import BadProof, BadSignature, Rewritten, SyncError
from sync.merkle import EMPTY_ROOT, verify_consistency
from sync.note import LogVerifier, Note
from sync.witness.book import Book

REWRITTEN = (
    "{error}. That is proven: both checkpoints and the proof are kept (`garita-witness refused`). Stop what the centre"
    " takes in, leave its disks and backups as they are, and call the auditor: docs/formats/witness.md"
)
NOT_PROVEN = (
    "{error}. The proof is wrong, or the log is another one: this proof cannot tell which, and is no evidence. Make it"
    " from the log's own tiles, and compare them with what was cosigned last (GET /checkpoint/{name})"
)


class Refused(SyncError):
    """The witness does not cosign; `status` is the protocol's, and for a wrong old size `size` is the right one."""

    def __init__(self, status: HTTPStatus, detail: str, size: int | None = None) -> None:
        super().__init__(detail)
        self.status, self.size = status, size


class WitnessOffice:
    """Judges what logs ask. It knows sizes and roots, and no content."""

    def __init__(self, key: WitnessKey, logs: Sequence[LogVerifier], book: Book, now: Callable[[], datetime]) -> None:
        self._key, self._logs = key, {log.name: log for log in logs}
        self._book, self._now = book, now

    def add(self, request: AddCheckpoint) -> str:
        """Return the cosignature line; raises Malformed, or Refused with the protocol's status.

        Of the note only its text and the log's own signature are kept: a line that a stranger added spoils nothing.
        """
        checkpoint = _read(request.note, self._logs.values())
        request = replace(request, note=self._logs[checkpoint.origin].alone(request.note))
        if request.old > checkpoint.size:
            raise Refused(HTTPStatus.BAD_REQUEST, f"old size {request.old} is above the checkpoint's {checkpoint.size}")
        now = self._now()
        with self._book.page():
            self._check(request, checkpoint, now)
            line = self._key.cosign(checkpoint.to_text(), now)
            self._book.write(checkpoint, request.note + line)
        return line

    def recall(self, note: str) -> Checkpoint:
        """Remember again what this witness cosigned, unless the book has something newer.

        Raises BadProof where the book has another root for that size, and what `own_checkpoint` raises.
        """
        checkpoint = own_checkpoint(self._key, self._logs.values(), note)
        with self._book.page():
            size, root = self._book.newest(checkpoint.origin) or (0, EMPTY_ROOT)
            if size == checkpoint.size and root != checkpoint.root:
                raise BadProof(f"two roots were cosigned here for {size} entries; keep both, and call the auditor")
            if size < checkpoint.size:
                self._book.write(checkpoint, note)
        return checkpoint

    def _check(self, request: AddCheckpoint, checkpoint: Checkpoint, now: datetime) -> None:
        size, root = self._book.newest(checkpoint.origin) or (0, EMPTY_ROOT)
        if request.old != size:
            raise Refused(HTTPStatus.CONFLICT, f"{size} entries were seen last, not {request.old}", size)
        if size == checkpoint.size and root != checkpoint.root:
            self._book.keep_refused(checkpoint, request, format_wall(now))
            raise Refused(HTTPStatus.CONFLICT, f"the log signed another root for {size} entries before", size)
        try:
            _continues(size, root, checkpoint, request.proof)
        except Rewritten as error:
            self._book.keep_refused(checkpoint, request, format_wall(now))
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, REWRITTEN.format(error=error)) from error
        except BadProof as error:
            said = NOT_PROVEN.format(error=error, name=log_name(checkpoint.origin))
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, said) from error


def _continues(size: int, root: bytes, checkpoint: Checkpoint, proof: Sequence[bytes]) -> None:
    """Raise BadProof unless the checkpoint continues the one seen last; from an empty log the proof is empty."""
    if size:
        verify_consistency(size, root, checkpoint.size, checkpoint.root, proof)
    elif proof:
        raise BadProof("a proof from an empty log has no hashes")


def own_checkpoint(key: WitnessKey, logs: Iterable[LogVerifier], note: str) -> Checkpoint:
    """Return the checkpoint in a note that this witness cosigned; raises Malformed, BadSignature or Refused."""
    checkpoint = _read(note, logs)
    if not key.verifier.cosigned(Note.parse(note)):
        raise BadSignature(f"the checkpoint of {checkpoint.origin} has no cosignature of {key.verifier.name}")
    return checkpoint


def _read(note: str, logs: Iterable[LogVerifier]) -> Checkpoint:
    origin = note.partition("\n")[0]
    log = next((each for each in logs if each.name == origin), None)
    if log is None:
        raise Refused(HTTPStatus.NOT_FOUND, f"no log {origin[:80]!r} is known here")
    try:
        return Checkpoint.verify(note, log)
    except BadSignature as error:
        raise Refused(HTTPStatus.FORBIDDEN, str(error)) from error
