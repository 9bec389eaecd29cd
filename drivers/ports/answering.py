"""Who answers on a port, at the line speeds of a family; and where nobody of it does, why not, in words."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from drivers.errors import BadFrame, DriverError, InstrumentFault, NoResponse
from drivers.family import Family
from drivers.instrument import InstrumentIdentity
from drivers.overheard import mostly_text, overheard, stranger
from drivers.transcript import RecordingTransport, Transcript
from drivers.transport import LineSettings, SerialTransport, Transport

SPEEDS = (115_200, 57_600, 38_400, 28_800, 19_200, 9600, 4800, 2400)
OpenPort = Callable[[str, LineSettings], Transport]


@dataclass(frozen=True)
class Answered:
    """Who it is, and how the line was set."""

    line: LineSettings
    who: InstrumentIdentity


@dataclass(frozen=True)
class Unanswered:
    """What went wrong with the line set so, and every byte that came."""

    line: LineSettings
    error: DriverError
    came: bytes

    @property
    def clearness(self) -> tuple[bool, ...]:
        """How much can be said of it: by whose words came, by text, by any byte at all."""
        return bool(overheard(self.came)), mostly_text(self.came), bool(self.came)


@dataclass(frozen=True)
class Asking:
    """A port that is asked for an instrument of `family`, opened anew at each speed."""

    family: Family
    path: str
    monotonic_ns: Callable[[], int]
    open_port: OpenPort = SerialTransport

    def ask(self) -> Answered | Unanswered:
        """Ask at each speed of the family until it answers; else return the failure that tells most."""
        failures: list[Unanswered] = []
        for line in self.family.lines:
            found = self._at(line)
            if isinstance(found, Answered):
                return found
            failures.append(found)
        return max(failures, key=lambda each: each.clearness)

    def why_not(self, failed: Unanswered) -> str:
        """Return what is wrong, and what to do; where it may be the speed, the others are tried."""
        if strange := self._stranger(failed.came):
            return strange.problem
        own = self.family.name in overheard(failed.came)
        match failed.error:
            case InstrumentFault() as error:
                doubt = "" if own else f"; nothing else came, so check that this is one of the {self.family.about}"
                return f"the instrument answers, with a fault of its own: {error.problem}{doubt}"
            case NoResponse() as error if own or not failed.came:
                return f"no answer: {error.problem}"
            case BadFrame() | NoResponse():
                return f"{self._misheard(failed.came, own=own)}. {failed.error.problem}"
            case error:
                return error.problem

    def _misheard(self, came: bytes, *, own: bool) -> str:
        if own:
            return "checksum: what comes looks right but is damaged; check the cable and its shield"
        if mostly_text(came):
            doubt = f"check that this is one of the {self.family.about}, then its output format and its cable"
            return f"not understood: what comes is text, but no line of {self.family.name}; {doubt}"
        return f"wrong speed: what comes makes no sense; {self._other_speed()}"

    def _other_speed(self) -> str:
        right = " or ".join(str(line.baudrate) for line in self.family.lines)
        for line in (replace(self.family.line, baudrate=speed) for speed in SPEEDS):
            if line not in self.family.lines:
                found = self._at(line)
                if isinstance(found, Answered):
                    return f"it answers at {line.baudrate} baud: set it to {right} baud"
                if strange := self._stranger(found.came):
                    return f"at {line.baudrate} baud {strange.problem}"
        return f"check its line speed, which must be {right} baud"

    def _stranger(self, came: bytes) -> DriverError | None:
        return stranger(self.path, self.family.name, came)

    def _at(self, line: LineSettings) -> Answered | Unanswered:
        heard = Transcript()
        try:
            transport = RecordingTransport(self.open_port(self.path, line), heard, self.monotonic_ns)
            try:
                return Answered(line, self.family.greet(transport, self.monotonic_ns))
            finally:
                transport.close()
        except DriverError as error:
            return Unanswered(line, error, heard.came)
