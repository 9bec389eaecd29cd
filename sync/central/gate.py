"""Who may send how much: so that neither one station nor all of them at once can take the centre's memory or disk."""

from collections import Counter, deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Lock

from sync.contract.ids import StationId

HOUR = 3600.0
ROOM = 256 * 1024 * 1024
WAITING = 1024
"""Bodies under way: small ones are judged within seconds, before a station gives its request up."""
BODIES_EACH = 2
"""Bodies under way of one certificate: the one that comes, and one that a broken line left behind."""
SHARES = 8
"""Of what is left, a certificate's bodies may take one in so many: 28 MiB while nobody else sends."""
COME_AGAIN = 10


class Busy(Exception):
    """Not now: `seconds` is when to ask again. The station keeps everything and pauses."""

    def __init__(self, detail: str, seconds: int) -> None:
        super().__init__(detail)
        self.seconds = seconds


class Gate:
    """Counts bytes under way, and the bytes of each station in the last hour, in memory: a restart forgets them."""

    def __init__(self, station_bytes_per_hour: int, clock: Callable[[], float], room: int = ROOM) -> None:
        self._quota, self._clock, self._room = station_bytes_per_hour, clock, room
        self._lock, self._under_way = Lock(), 0
        self._bodies = Counter[bytes | None]()
        self._held = Counter[bytes | None]()
        self._sending = set[StationId]()
        self._spent: dict[StationId, deque[tuple[float, int]]] = {}

    @contextmanager
    def room(self, certificate: bytes | None) -> Generator[Callable[[int], None]]:
        """Let a body come and be judged; tell what this gives how many bytes of it came, for only these take room.

        Raises Busy, also from there, where no room is left, for a third body under one certificate, and where the bytes
        of one would be more than an eighth of the room left beside them: so a few certificates, stolen, fill nothing.
        None for who shows none here: nginx counts them, and who stands within the walls is not counted.
        """
        held = 0

        def came(size: int) -> None:
            nonlocal held
            with self._lock:
                self._share(certificate, size)
                self._take(size)
                self._held[certificate] += size
            held += size

        with self._lock:
            if self._bodies.total() == WAITING:
                raise _too_many()
            if certificate is not None and self._bodies[certificate] == BODIES_EACH:
                raise Busy(f"{BODIES_EACH} bodies under this certificate are under way", COME_AGAIN)
            self._bodies[certificate] += 1
        try:
            yield came
        finally:
            with self._lock:
                self._bodies -= Counter([certificate])
                self._held -= Counter({certificate: held})
                self._under_way -= held

    @contextmanager
    def unpacked(self, size: int) -> Generator[None]:
        """Hold room for what a body that is under way unpacks to; raises Busy where there is none."""
        with self._lock:
            self._take(size)
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= size

    @contextmanager
    def turn(self, station: StationId, size: int) -> Generator[Callable[[int], None]]:
        """Let one batch of a station pass at a time, within its hour's quota; raises Busy.

        Tell it which of the `size` bytes were kept: only those count, for what is held already can be sent by others.
        """
        with self._lock:
            self._check(station, size)
            self._sending.add(station)
        try:
            yield lambda kept: self._spend(station, kept)
        finally:
            with self._lock:
                self._sending.discard(station)

    def _check(self, station: StationId, size: int) -> None:
        now = self._clock()
        spent = self._spent.setdefault(station, deque())
        while spent and spent[0][0] <= now - HOUR:
            spent.popleft()
        if station in self._sending:
            raise Busy(f"another batch of {station} is under way", 1)
        if spent and sum(each for _, each in spent) + size > self._quota:
            wait = int(spent[0][0] + HOUR - now) + 1
            raise Busy(f"{station} has sent its {self._quota} bytes of this hour", wait)

    def _spend(self, station: StationId, kept: int) -> None:
        if kept:
            with self._lock:
                self._spent[station].append((self._clock(), kept))

    def _share(self, certificate: bytes | None, size: int) -> None:
        held, left = self._held[certificate] + size, self._room - self._under_way - size
        if certificate is not None and held * SHARES > left:
            raise Busy(
                f"{held} bytes under this certificate are under way, and {left} would be left for all others; send"
                f" at most a {SHARES}th of that at once",
                COME_AGAIN,
            )

    def _take(self, size: int) -> None:
        if self._under_way + size > self._room:
            raise _too_many()
        self._under_way += size


def _too_many() -> Busy:
    return Busy("too many are sending now", COME_AGAIN)
