"""Attachments on a stick: the pieces that would go by HTTPS, each a file, and the centre's answers beside them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from sync import attachment_store as store
from sync.contract.pieces import MAX_PIECE, Held
from sync.errors import BadReceipt, Malformed, one_line
from sync.journal import Sealer
from sync.note import LogVerifier
from sync.stick import Imported, Sessions
from sync.stick_files import Exported, found, read

PIECE, HELD = ".piece", ".held"


def export(sessions: Sessions, sealer: Sealer, folder: Path) -> Exported:
    """Write every attachment that waits into `folder`, which exists. Raises OSError where the stick is full."""
    done = Exported()
    with sessions() as session:
        for waiting in store.all_waiting(session, sealer):
            claim = waiting.claim
            start = f"{claim.station}-{claim.seq:09}-{claim.sealed.hex()[:16]}"
            kept = [
                done.keep(folder / f"{start}-{offset:09}{PIECE}", waiting.piece(offset, MAX_PIECE).to_bytes())
                for offset in range(0, claim.size, MAX_PIECE)
            ]
            done.items += all(kept)
    return done


def import_answers(
    sessions: Callable[[], Session], sealer: Sealer, folder: Path, logs: Sequence[LogVerifier], now: datetime
) -> Imported:
    """Note what the centre's receipts on a stick prove, by the first of these keys of the log: the others ended.

    Raises OSError where `folder` cannot be looked into.
    """
    answers, count, problems = found(folder, HELD, f"{sealer.station}-"), 0, list[str]()
    for path in answers:
        try:
            held = Held.from_bytes(read(path, Held.MAX_BYTES))
            with sessions() as session:
                count += _note(session, sealer, held, logs[:1], now)
                session.commit()
        except (Malformed, BadReceipt) as error:
            problems.append(one_line(f"{path.name}: {error}"))
    return Imported(len(answers), count, problems)


def _note(session: Session, sealer: Sealer, held: Held, logs: Sequence[LogVerifier], now: datetime) -> bool:
    claim = store.claim_of(session, sealer, held.sealed)
    if claim is None or held.receipt is None:
        return False
    claim.verify_receipt(held.receipt, logs)
    store.arrive(session, held.sealed, held.receipt, now)
    return True
