"""The station's side of a code reader: it waits for what the officer scans."""

from collections import deque
from collections.abc import Callable

from drivers.code_reader.codes import Code, parse
from drivers.code_reader.frames import SUFFIXES, ReadingFramer
from drivers.errors import BadFrame, NoResponse, WrongInstrument
from drivers.framing import FrameCounts
from drivers.overheard import stranger
from drivers.transport import Transport

_TICK_S = 0.05
_NEWEST = 1024
_STRANGE_S = 5.0
"""So long after the words of another instrument, what has no AIM identifier is of that one: most speak each second."""
_NOTHING_READ = frozenset({b"NR", b"NOREAD", b"NO READ", b"NO-READ", b"ERROR", b"BAD CODE", b"\x18"})
"""What readers send, in capitals, where the trigger was pulled and nothing could be read (Honeywell, SICK, Keyence)."""
_NS = 1_000_000_000


class CodeReader:
    """A reader on a transport, set to send AIM identifiers and one of the `suffixes`."""

    def __init__(
        self, transport: Transport, monotonic_ns: Callable[[], int], suffixes: tuple[bytes, ...] = SUFFIXES["any"]
    ) -> None:
        self.port = transport.port
        self._transport = transport
        self._monotonic_ns = monotonic_ns
        self._framer = ReadingFramer(suffixes)
        self._inbox: deque[bytes] = deque()
        self._newest = b""
        self._strange: WrongInstrument | None = None
        self._strange_until = 0.0

    @property
    def counts(self) -> FrameCounts:
        """Readings, readings without their end, and dropped bytes since the port was opened."""
        return self._framer.counts

    @property
    def began(self) -> float:
        """When the first byte of the newest code came, in monotonic seconds."""
        return self._framer.began

    @property
    def unfinished(self) -> int:
        """Bytes that came after the newest code and wait for their end."""
        return self._framer.unfinished

    def read(self, within: float, stopped: Callable[[], bool]) -> Code:
        """Return the next code.

        Raises NoResponse where none is scanned in time, BadFrame where one was damaged or could not be read, and
        WrongInstrument where a scale or a satellite receiver speaks on this port: its lines have no AIM identifier.
        """
        begun, failures = self._now, self.counts.checksum_failures
        while not self._inbox and not stopped() and self._now - begun < within:
            data = self._transport.read(self._wait(begun + within))
            self._newest = (self._newest + data)[-_NEWEST:]
            self._inbox.extend(self._framer.feed(data, self._now) if data else self._framer.rest(self._now))
            if self.counts.checksum_failures > failures and not self._inbox:
                raise self._stranger(self._newest) or self._damaged()
        if self._inbox:
            return self._scanned(parse(self._inbox.popleft()))
        raise NoResponse(self.port, f"no code was scanned within {self._now - begun:.0f} s; scan it again")

    def close(self) -> None:
        self._transport.close()

    def _scanned(self, code: Code) -> Code:
        if not code.aim and (strange := self._stranger(code.raw)):
            raise strange
        self._newest = b""
        if not code.aim and _says_nothing_read(code.data):
            raise self._nothing_read(code.data)
        return code

    def _damaged(self) -> BadFrame:
        """Return what was wrong with bytes that are no code: such words, behind codes with identifiers, are dropped."""
        said = self._newest.strip(b"\r\n\t")
        if not _says_nothing_read(said):
            return BadFrame(self.port, "a code came in part, or with another; scan it again, check the suffix")
        self._newest = b""
        return self._nothing_read(said)

    def _nothing_read(self, said: bytes) -> BadFrame:
        told = said.decode("ascii", "replace")
        return BadFrame(self.port, f"the reader says that it could read no code ({told!r}); scan it again")

    def _stranger(self, came: bytes) -> WrongInstrument | None:
        """Return the error that tells who speaks here instead of a reader, None where nobody does or did just now."""
        if strange := stranger(self.port, "code-reader", came):
            self._strange, self._strange_until = strange, self._now + _STRANGE_S
        return self._strange if self._now < self._strange_until else None

    @property
    def _now(self) -> float:
        return self._monotonic_ns() / _NS

    def _wait(self, until: float) -> float:
        due = self._framer.due()
        soon = min(until, self._now + _TICK_S, until if due is None else due)
        return max(soon - self._now, 0.001)


def _says_nothing_read(words: bytes) -> bool:
    return words.strip(b" <>?").upper() in _NOTHING_READ
