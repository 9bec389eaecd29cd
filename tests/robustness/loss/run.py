"""Seeded scenarios of loss, and what must hold after each.

    .venv/bin/python -m tests.robustness.loss.run [--scenarios 500] [--seed 1] [--place machine|disk|cluster]

Each has a new station that writes records (every third with an attachment) and sends them through a bad wire to
a running centre, while things are killed. When all is up again and the wire is good, the station sends the rest; then
the centre must hold every record and attachment exactly once, in order, byte for byte, and every receipt must verify.
"""

import argparse
import collections
import random
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from sync import outbox
from sync.central.sticks import connect, import_folder
from sync.claims import Claim
from sync.contract.ids import StationId
from sync.errors import CentralUnreachable, NothingOnStick
from sync.identity import Identity
from sync.journal import Sealer
from sync.keys import StationKey
from sync.receipts import verify
from sync.stick import export, import_answers
from tests.robustness.loss.centre import StateCentre
from tests.robustness.loss.places import ClusterCentre, SmallDiskCentre
from tests.robustness.loss.station import Station
from tests.robustness.loss.wire import Proxy

PATIENCE = 600.0
Kind = TypeVar("Kind", bound=StateCentre)


class Lost(AssertionError):
    """Something is missing, doubled, out of order or changed."""


class Scenario:
    """One station, one wire, and what befalls them; `seed` decides everything but the machine's own timing."""

    def __init__(
        self, centre: StateCentre, folder: Path, recipients: list[Identity], seed: int, faults: "Faults"
    ) -> None:
        self.centre, self.seed, self.folder, self._faults = centre, seed, folder, faults
        self.rng = random.Random(seed)  # noqa: S311 - a scenario's dice
        sealer = Sealer(StationId(f"L-{seed:06}"), StationKey.generate(), [each.recipient for each in recipients])
        folder.mkdir()
        self.station = Station(folder, sealer, centre.log, centre.admit(sealer), seed)
        self.proxy = Proxy(("127.0.0.1", centre.port), self.rng)
        self.befell = collections.Counter[str]()

    def play(self) -> None:
        """Let things happen, then let the station send the rest, then look."""
        try:
            self._happen()
        finally:
            self.station.kill()
            self.proxy.close()
        self.check()

    def _happen(self) -> None:
        with self.station.session():
            pass
        self._begin()
        for _ in range(self.rng.randrange(1, 5)):
            time.sleep(self.rng.random() * 0.25)
            self.befall(self.rng.choices(list(self._faults), [weight for weight, _ in self._faults.values()])[0])
        self._settle()

    def befall(self, name: str) -> None:
        """Let one thing happen."""
        self.befell[name] += 1
        self._faults[name][1](self)

    def check(self) -> None:
        """Raise Lost unless the centre has everything exactly once and every receipt verifies."""
        station, journal = self.station.sealer.station, self.station.journal()
        said = [(row.seq, row.envelope) for row in journal]
        if [seq for seq, _ in said] != list(range(1, len(said) + 1)):
            raise Lost(f"{station}: the station's own journal has a gap")
        if self.centre.stored(station) != said:
            raise Lost(f"{station}: the centre's entries are not the station's")
        digests = [(seq, sha256(envelope).digest()) for seq, envelope in said]
        if self.centre.logged(station) != digests:
            raise Lost(f"{station}: the log has other entries than the station")
        receipts = self.station.receipts()
        for seq, digest in digests:
            verify(receipts[seq], digest, self.centre.log)
        for entry, way in self.station.attachments():
            claim = Claim(station, entry.seq, entry.sealed, len(entry.body))
            claim.verify_receipt(way.receipt or "", [self.centre.log])
            if self.centre.attachment(station, entry.sealed) != entry.body:
                raise Lost(f"{station}: {claim} is not what the station sealed")

    def kill_station(self) -> None:
        """Cut the station's power, and switch it on again."""
        self.station.kill()
        self._begin()

    def full_disk(self) -> None:
        """Fill the station's disk: records are refused until there is room."""
        self.station.kill()
        self.station.full_disk = True
        self._begin()

    def carry_by_stick(self) -> None:
        """Take what waits by stick, pulled while copying, and bring the answers back."""
        self.station.kill()
        stick = self.folder / f"stick-{self.befell['stick pulled']}"
        with self.station.session() as session:
            export(lambda: session, self.station.sealer, stick)
        for path in sorted(stick.glob("*.batch"))[-1:]:
            data = path.read_bytes()
            path.write_bytes(data[: self.rng.randrange(len(data) + 1)])
        self._import(stick)
        with self.station.session() as session:
            import_answers(lambda: session, self.station.sealer, stick, self.centre.log, self.station.now())
            session.commit()
        self._begin()

    def _import(self, stick: Path) -> None:
        """Import, and again where the centre says that it cannot now, as a person does."""
        deadline = time.monotonic() + PATIENCE
        while True:
            with connect(self.centre.folders[self.rng.randrange(2)] / "inside.sock") as http:
                try:
                    list(import_folder(http, stick))
                except NothingOnStick:
                    return
                except CentralUnreachable:
                    if time.monotonic() > deadline:
                        raise
                    continue
                return

    def restart_ingest(self) -> None:
        """Kill one of the two ingest processes; requests under way are lost."""
        number = self.rng.randrange(2)
        self.centre.kill_ingest(number)
        time.sleep(self.rng.random() * 0.3)
        self.centre.start_ingest(number)

    def restart_nginx(self) -> None:
        """Kill nginx with its workers."""
        self.centre.kill_nginx()
        self.centre.start_nginx()

    def crash_postgres(self) -> None:
        """Kill the database."""
        self.centre.crash_postgres()

    def full_disk_at_the_centre(self) -> None:
        """Fill the disk of the centre's database for a while."""
        centre = self._centre(SmallDiskCentre)
        centre.fill(self.rng.choice((0, 100_000, 2_000_000)))
        time.sleep(self.rng.random())
        centre.make_room()

    def kill_primary(self) -> None:
        """Let the primary die, and another one rise."""
        self._centre(ClusterCentre).kill_primary()

    def cut_off_primary(self) -> None:
        """Cut the primary off, with an ingest host on its side, and let another one rise."""
        self._centre(ClusterCentre).cut_off_primary(self.rng.randrange(2))

    def _centre(self, kind: type[Kind]) -> Kind:
        assert isinstance(self.centre, kind)
        return self.centre

    def _begin(self) -> None:
        self.proxy.bad = True
        self.station.chance = self.rng.choice((0, 0.1, 0.4))
        self.station.begin(self.proxy.port, self.rng.randrange(0, 10))

    def _settle(self) -> None:
        """Make the wire good, give the disk room, and wait until everything was confirmed."""
        self.station.kill()
        self.proxy.bad, self.station.chance, self.station.full_disk = False, 0.0, False
        before = len(self.station.journal())
        self.station.begin(self.proxy.port, 2)
        deadline = time.monotonic() + PATIENCE
        while len(self.station.journal()) < before + 2 or self.station.waiting():
            if time.monotonic() > deadline:
                ways = [way for _, way in self.station.attachments() if way.receipt is None]
                with self.station.session() as session:
                    raise Lost(f"{self.station.sealer.station} on a good line: {outbox.summary(session)}, {ways}")
            time.sleep(0.05)


Faults = dict[str, tuple[int, Callable[[Scenario], None]]]
EVERYWHERE: Faults = {
    "station killed": (30, Scenario.kill_station),
    "station's disk full": (10, Scenario.full_disk),
    "stick pulled": (10, Scenario.carry_by_stick),
    "ingest killed": (6, Scenario.restart_ingest),
    "nginx killed": (8, Scenario.restart_nginx),
}
PLACES: dict[str, tuple[Callable[[Path], StateCentre], Faults]] = {
    "machine": (StateCentre, {**EVERYWHERE, "database killed": (4, Scenario.crash_postgres)}),
    "disk": (
        SmallDiskCentre,
        {
            **EVERYWHERE,
            "database killed": (4, Scenario.crash_postgres),
            "centre's disk full": (12, Scenario.full_disk_at_the_centre),
        },
    ),
    "cluster": (
        ClusterCentre,
        {**EVERYWHERE, "primary killed": (10, Scenario.kill_primary), "primary cut off": (8, Scenario.cut_off_primary)},
    ),
}


def run(place: str, scenarios: int, seed: int, root: Path, tell: Callable[[str], object]) -> collections.Counter[str]:
    """Play the scenarios in one of PLACES; return how often what befell, and how much arrived. Raises Lost."""
    recipients = [Identity.generate("national", "MLKEM768_X25519"), Identity.generate("escrow", "MLKEM768_X25519")]
    begin, faults = PLACES[place]
    centre, total = begin(root), collections.Counter[str]()
    try:
        for number in range(seed, seed + scenarios):
            scenario = Scenario(centre, root / f"s{number}", recipients, number, faults)
            scenario.play()
            total.update(scenario.befell)
            total["scenarios"] += 1
            total["records"] += len(scenario.station.journal())
            total["attachments"] += len(scenario.station.attachments())
            if total["scenarios"] % 25 == 0:
                tell(dict(total).__repr__())
    finally:
        centre.end()
    return total


def main() -> None:
    """Play, and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenarios", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--place", choices=PLACES, default="machine")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="garita-loss-") as root:
        begin = time.monotonic()
        where, say = Path(root), lambda line: print(line, flush=True)  # noqa: T201
        total = run(arguments.place, arguments.scenarios, arguments.seed, where, say)
        print(f"nothing lost, nothing doubled: {dict(total)} in {time.monotonic() - begin:.0f} s")  # noqa: T201


if __name__ == "__main__":
    main()
