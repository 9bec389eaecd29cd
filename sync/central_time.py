"""What the centre says with an answer, and when: a note by the log's key over the answer and the batch that it answers.

The centre signs one only for a batch whose statement the station's own key signed: an answer that names a station and
has its note answers a batch of that station, whatever way it came. `garita.time/1`, which earlier centres wrote, is
over the batch alone: it tells whoever sent that batch the time, and proves nothing of an answer.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sync.contract.submission import Answer
from sync.contract.wall import format_wall, parse_wall
from sync.errors import BadReceipt, BadSignature, Malformed
from sync.note import LogKey, LogVerifier, signer_of

FIRST_LINE = "garita.time/2"
OF_THE_BATCH_ALONE = "garita.time/1"


def write(key: LogKey, statement: bytes, answer: Answer, now: datetime) -> str:
    """Return the note of the answer to the batch that states this."""
    lines = FIRST_LINE, key.verifier.name, _digest(statement), _covered(answer), format_wall(now)
    return key.sign("".join(f"{line}\n" for line in lines))


def read(answer: Answer, statement: bytes, logs: Sequence[LogVerifier]) -> datetime:
    """Return the time; raises BadReceipt unless one of `logs` says it with this answer to this batch."""
    *said, wall = _lines(answer, logs)
    batch = _digest(statement)
    if said not in ([FIRST_LINE, batch, _covered(answer)], [OF_THE_BATCH_ALONE, batch]):
        raise BadReceipt("the centre's time: it answers something else")
    return _moment(wall)


def vouched(answer: Answer, logs: Sequence[LogVerifier]) -> datetime:
    """Return when the centre gave this answer; raises BadReceipt unless one of `logs` signed it, receipts aside."""
    *said, wall = _lines(answer, logs)
    if [*said[:1], *said[2:]] != [FIRST_LINE, _covered(answer)]:
        raise BadReceipt("the centre's time: it was said with another answer, or of a batch alone")
    return _moment(wall)


def _lines(answer: Answer, logs: Sequence[LogVerifier]) -> list[str]:
    """Return what a log that is believed signed, without its name."""
    if answer.time is None:
        raise BadReceipt("the centre's time: none came with the answer")
    try:
        log = signer_of(answer.time, logs)
        first, *lines = log.verify(answer.time).removesuffix("\n").split("\n") if log else [""]
    except (Malformed, BadSignature) as error:
        raise BadReceipt(f"the centre's time: {error}") from error
    if log is None or lines[:1] != [log.name]:
        raise BadReceipt(f"the centre's time: no log says it that is believed here: {answer.time[:80]!r}")
    return [first, *lines[1:]]


def _moment(wall: str) -> datetime:
    try:
        return parse_wall(wall)
    except ValueError as error:
        raise BadReceipt(f"the centre's time: {error}") from error


def _covered(answer: Answer) -> str:
    """Return the digest of all that proves nothing by itself."""
    return _digest(answer.model_copy(update={"receipts": [], "time": None}).to_bytes())


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
