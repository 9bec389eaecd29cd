"""What time it is at the centre: a note by the log's key, tied to the batch that it answers, so none is replayed."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sync.contract.wall import format_wall, parse_wall
from sync.errors import BadReceipt, BadSignature, Malformed
from sync.note import LogKey, LogVerifier, signer_of

FIRST_LINE = "garita.time/1"


def write(key: LogKey, statement: bytes, now: datetime) -> str:
    """Return the note in answer to the batch that states this."""
    return key.sign(f"{_head(key.verifier.name, statement)}{format_wall(now)}\n")


def read(note: str, statement: bytes | None, logs: Sequence[LogVerifier]) -> datetime:
    """Return the time; raises BadReceipt unless one of `logs` says it in answer to this batch, or to any for None."""
    try:
        log = signer_of(note, logs)
        head = "" if log is None else _head(log.name, statement) if statement is not None else _start(log.name)
        if log and note.startswith(head):
            said = log.verify(note).removeprefix(head)
            return parse_wall((said if statement is not None else said.partition("\n")[2]).removesuffix("\n"))
    except (Malformed, BadSignature, ValueError) as error:
        raise BadReceipt(f"the centre's time: {error}") from error
    raise BadReceipt(f"the centre's time: it answers something else, or no log that is believed here: {note[:80]!r}")


def _start(origin: str) -> str:
    return f"{FIRST_LINE}\n{origin}\n"


def _head(origin: str, statement: bytes) -> str:
    return f"{_start(origin)}{sha256(statement).hexdigest()}\n"
