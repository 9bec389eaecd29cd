"""Why a witness refuses this log, in words for who runs the centre: what it cosigned last is held against the tiles."""

from sync.checkpoint import Checkpoint
from sync.merkle import HashOf, root

PAGE = "docs/formats/witness.md, When a witness refuses"


def explain(seen: Checkpoint, here: Checkpoint, hashes: HashOf) -> str:
    """Return what `seen`, a checkpoint that this log's key signed and the witness cosigned, says of the log `here`."""
    if seen.size > here.size:
        return (
            f"it has cosigned {seen.size} entries of this log, and here are {here.size}: another process of this centre"
            f" is ahead, or this database is an older copy; then take nothing in before the newest is back ({PAGE})"
        )
    if root(seen.size, hashes) != seen.root:
        return (
            f"ANOTHER HISTORY: it has cosigned {seen.size} entries that are not the first {seen.size} here. This log"
            " was rewritten, or this is another database: stop what is taken in, leave disks and backups as they are"
            f" ({PAGE})"
        )
    return (
        f"it has cosigned the first {seen.size} entries as they are here, so this log continues them: the fault is the"
        f" witness's, or the wire's; tell whoever runs it ({PAGE})"
    )
