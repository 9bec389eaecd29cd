"""What waits for the centre goes there on a USB stick, and the centre's answers come back on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from edge.database import Database
from edge.errors import NotCarried
from edge.sticks import Sticks, read_back
from sync import stick, stick_attachments
from sync.files import make_folder
from sync.journal import Sealer
from sync.policy import Policy

FOLDER = "garita"
TRIES = 3


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
            folder = mounted / FOLDER
            make_folder(folder)
            released, problems = self._take(folder)
            entries = self._write(folder)
            attachments = stick_attachments.export(self._database.read, self._sealer, folder)
        return Carried(released, problems, entries, attachments)

    def _take(self, folder: Path) -> tuple[int, list[str]]:
        sessions, now = self._database.session, self._now()
        taken = stick.import_answers(sessions, self._sealer, folder, self._policy, now)
        _, wrong = stick_attachments.import_answers(sessions, self._sealer, folder, self._policy.logs, now)
        return taken.released, [*taken.problems, *wrong]

    def _write(self, folder: Path) -> int:
        """Write until all lies there as it was written, as the stick itself reads it; return how many entries."""
        for _ in range(TRIES):
            done = stick.export(self._database.read, self._sealer, folder)
            if done.before == done.files:
                return done.entries
            for written in folder.glob(f"*{stick.BATCH}"):
                read_back(written)
        raise NotCarried("what was written reads back otherwise; use another stick")
