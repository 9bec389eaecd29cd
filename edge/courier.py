"""What waits for the centre goes there on a USB stick, and the centre's answers come back on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from edge.database import Database
from edge.errors import NotCarried
from edge.sticks import Sticks
from sync import stick, stick_attachments
from sync.journal import Sealer
from sync.policy import Policy
from sync.stick_files import folder_on


@dataclass(frozen=True)
class Carried:
    """Entries released by answers that the stick brought, problems with these, and what the stick holds now."""

    released: int
    problems: list[str]
    entries: int
    attachments: int


class Courier:
    """Fills sticks in the name of one station; the same files and proofs as `garita sync export`."""

    def __init__(
        self,
        database: Database,
        sealer: Sealer,
        policy: Policy,
        now: Callable[[], datetime],
        sticks: Sticks,
    ) -> None:
        self._database = database
        self._sealer = sealer
        self._policy = policy
        self._now = now
        self._sticks = sticks

    def carry(self, name: str) -> Carried:
        """Take the answers on a stick in, and write all that still waits onto it.

        Raises StickGone, StickFull or NotCarried; doing it again goes on where it stopped.
        """
        with self._sticks.writing(name) as mounted:
            folder = folder_on(mounted)
            released, problems = self._take(mounted)
            entries, attachments = self._write(folder)
        return Carried(released, problems, entries, attachments)

    def _take(self, mounted: Path) -> tuple[int, list[str]]:
        sessions, now = self._database.session, self._now()
        taken = stick.import_answers(sessions, self._sealer, mounted, self._policy, now)
        attached = stick_attachments.import_answers(sessions, self._sealer, mounted, self._policy.logs, now)
        return taken.released, [*taken.problems, *attached.problems]

    def _write(self, folder: Path) -> tuple[int, int]:
        """Return how many entries and attachments lie there, as the stick itself reads them."""
        entries = stick.export(self._database.read, self._sealer, folder)
        attachments = stick_attachments.export(self._database.read, self._sealer, folder)
        if problems := [*entries.problems, *attachments.problems]:
            raise NotCarried(f"{'; '.join(problems)}, or use another stick")
        return entries.items, attachments.items
