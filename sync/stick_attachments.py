"""Attachments on a stick: the pieces that would go by HTTPS, each a file, and the centre's answers beside them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from sync import attachment_store as store
from sync.contract.pieces import MAX_PIECE, Held
from sync.errors import BadReceipt, Malformed
from sync.files import write_whole
from sync.journal import Sealer
from sync.note import LogVerifier
from sync.stick import Sessions

PIECE, HELD = ".piece", ".held"


def export(sessions: Sessions, sealer: Sealer, folder: Path) -> int:
    """Write every attachment that waits into `folder`, which exists; return how many. Raises OSError."""
    count = 0
    with sessions() as session:
        for waiting in store.all_waiting(session, sealer):
            claim = waiting.claim
            for offset in range(0, claim.size, MAX_PIECE):
                path = folder / f"{claim.station}-{claim.seq:09}-{claim.sealed.hex()[:16]}-{offset:09}{PIECE}"
                if not path.exists():
                    write_whole(path, waiting.piece(offset, MAX_PIECE).to_bytes())
            count += 1
    return count


def import_answers(
    sessions: Callable[[], Session], sealer: Sealer, folder: Path, logs: Sequence[LogVerifier], now: datetime
) -> tuple[int, list[str]]:
    """Note what the centre's receipts in `folder` prove; return how many attachments that were, and what was wrong."""
    count, problems = 0, list[str]()
    for path in sorted(folder.glob(f"{sealer.station}-*{HELD}")):
        try:
            held = Held.from_bytes(path.read_bytes())
            with sessions() as session:
                count += _note(session, sealer, held, logs, now)
                session.commit()
        except (Malformed, BadReceipt) as error:
            problems.append(f"{path.name}: {error}")
    return count, problems


def _note(session: Session, sealer: Sealer, held: Held, logs: Sequence[LogVerifier], now: datetime) -> bool:
    claim = store.claim_of(session, sealer, held.sealed)
    if claim is None or held.receipt is None:
        return False
    claim.verify_receipt(held.receipt, logs)
    store.arrive(session, held.sealed, held.receipt, now)
    return True
