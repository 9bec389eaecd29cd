"""A shift in a process of its own: it commits records as fast as it can and says of each that it is safe.

It works until it is killed. Each line that it says is the seq of the newest record whose transaction was committed, and
the SHA-256 of its envelope; whoever reads the line may rely on that.
"""

import random
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal, TextIO

from edge.casework import Casework
from edge.clock import SystemClock
from edge.keyring import Keyring
from edge.protect import protector_of
from edge.records import Measurement
from edge.settings import Settings
from edge.station import Station
from models.identification import Identifier
from sync import journal
from sync.contract.ids import ReadingId
from tests.edge.bench import FAST_HASHER, PIN
from tests.robustness.forked import Say, forked
from tests.robustness.marks import MARK

Act = Literal["screening", "sign-in", "casework", "housekeeping"]
ACTS: tuple[Act, ...] = ("screening", "screening", "screening", "sign-in", "casework", "housekeeping")

JPEG = b"\xff\xd8\xff"


class Shift:
    """A station at work without an instrument: what it would have measured comes from a random source."""

    def __init__(self, data: Path, seed: int, identifier: Identifier) -> None:
        settings = Settings.load(data)
        keyring = Keyring.unlock(protector_of(settings, lambda _: ""))
        self._random = random.Random(seed)  # noqa: S311 - a script, not a secret
        self.station = Station(
            settings, identifier=identifier, keyring=keyring, clock=SystemClock(), hasher=FAST_HASHER
        )
        self.station.start()
        people = self.station.operators.list()
        self.operator = people[0] if people else self.station.operators.enrol(MARK, "officer", PIN)
        self.casework = Casework(self.station._database, self.station._recorder)

    def work(self, say: Say) -> None:
        """Act until the process ends."""
        while True:
            match self._random.choice(ACTS):
                case "screening":
                    self._screening()
                case "sign-in":
                    self.station.operators.sign_out(self.station.operators.sign_in(self.operator.id, PIN))
                case "casework":
                    self._exhibit()
                case "housekeeping":
                    self.station._housekeeping.round()
            say(self._committed())

    def _screening(self) -> ReadingId:
        """Begin a reading and commit what came of it, as a reading's own thread does."""
        screenings, reading = self.station.screenings, ReadingId(f"r-{self._random.randbytes(8).hex()}")
        screenings._begin(reading, self.operator, "parcel", None)
        screenings._anchor_start()
        transcript = MARK.encode() + self._random.randbytes(self._random.randrange(100, 20_000))
        screenings._commit(reading, Measurement("/dev/null", None, (), transcript))
        return reading

    def _exhibit(self) -> None:
        view = self.station.screenings.view(self._screening())
        exhibit = self.casework.add_exhibit(self.operator, view.screening, f"{MARK} bag")
        self.casework.photograph(
            self.operator, exhibit, JPEG + MARK.encode() * self._random.randrange(10, 3000), "image/jpeg"
        )
        self.casework.weigh(self.operator, exhibit, ("12.5", "g"))

    def _committed(self) -> str:
        """Return the last seq and the SHA-256 of its envelope."""
        with self.station._database.read() as session:
            head = journal.head(session)
            assert head
            return f"{head.seq} {head.digest.hex()}"


def shift(data: Path, seed: int, identifier: Identifier) -> AbstractContextManager[tuple[int, TextIO]]:
    """Fork a shift and give its process id and what it says; it is killed at the end where it still lives."""

    def work(say: Say) -> None:
        tempfile.tempdir = str(data)
        Shift(data, seed, identifier).work(say)

    return forked(work)
