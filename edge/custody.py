"""Where an exhibit stands: who has it, and which seal closes its bag, as the records of it that count say."""

from collections.abc import Iterable
from dataclasses import dataclass

from edge.standing import Numbered
from sync.contract.casework import SealCore, TransferCore
from sync.contract.ids import Seq


@dataclass(frozen=True)
class Custody:
    """Who has an exhibit, what was done with its seal last, in which entry, and each number that was on its bag."""

    holder: str
    sealing: tuple[Seq, SealCore] | None = None
    numbers: tuple[str, ...] = ()

    @property
    def closed(self) -> tuple[Seq, SealCore] | None:
        """The entry of the seal that closes its bag, if one does."""
        return self.sealing if self.sealing and self.sealing[1].action == "applied" else None

    @property
    def opened(self) -> tuple[Seq, SealCore] | None:
        """The entry by which its bag lies open, if it was opened and not closed again."""
        return None if self.closed else self.sealing


def custody(finder: str, counting: Iterable[Numbered]) -> Custody:
    """Return where an exhibit stands: `finder` has it first.

    `counting` are its records that were neither taken back nor voided, oldest first, each as it should have said. What
    of them was done last tells; so an act that counts no more leaves what all others say, wherever it stood.
    """
    found = Custody(finder)
    for seq, each in counting:
        if isinstance(each, SealCore):
            found = Custody(found.holder, (seq, each), (*found.numbers, each.seal_number))
        elif isinstance(each, TransferCore):
            found = Custody(each.receiver, found.sealing, found.numbers)
    return found
