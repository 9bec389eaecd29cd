"""What is wrong with a port, in words: each thing that must be so, in the order in which one would look."""

import grp
import os
import pwd
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from drivers.errors import BadFrame, DriverError, InstrumentFault, NoResponse, PortUnavailable
from drivers.family import Family
from drivers.instrument import InstrumentIdentity
from drivers.ports.discovery import Lister, find
from drivers.ports.holders import PROC, holders, programs
from drivers.transcript import Direction, RecordingTransport, Transcript
from drivers.transport import LineSettings, SerialTransport, Transport

MODEM_MANAGER = "ModemManager"
SPEEDS = (115_200, 57_600, 38_400, 28_800, 19_200, 9600, 4800, 2400)
OpenPort = Callable[[str, LineSettings], Transport]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: `well` or not, in words; where not, with what to do."""

    name: str
    well: bool
    words: str


class _Stop(Exception):
    """What comes after this finding cannot be looked at."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(words)
        self.finding = Finding(name, well=False, words=words)


@dataclass(frozen=True)
class Doctor:
    """Looks at ports. Everything it looks at is passed in, so that a test can be ill on purpose."""

    ports: Lister
    monotonic_ns: Callable[[], int]
    open_port: OpenPort = SerialTransport
    proc: Path = PROC

    def examine(self, family: Family, place: str) -> Iterator[Finding]:
        """Look at the port of one instrument; ends at the first thing without which the next cannot be."""
        try:
            path = self._there(place)
            yield Finding("there", well=True, words=f"{place} is {path.resolve()}")
            yield self._permitted(path)
            yield self._modem_manager(path)
            yield self._free(path)
            yield self._answer(family, str(path))
        except _Stop as stop:
            yield stop.finding

    def _there(self, place: str) -> Path:
        try:
            path = Path(find(place, self.ports))
            mode = path.stat().st_mode
        except (PortUnavailable, OSError, ValueError) as error:
            words = f"{place} is not there; check that the instrument is switched on and its cable is in ({error})"
            raise _Stop("there", words) from error
        if not stat.S_ISCHR(mode):
            raise _Stop("there", f"{path} is no serial port; name one of: garita instruments list")
        return path

    @staticmethod
    def _permitted(path: Path) -> Finding:
        owner = path.stat()
        group, user = _group(owner.st_gid), _user(os.geteuid())
        rights = f"{path} belongs to {_user(owner.st_uid)}:{group}, mode {stat.S_IMODE(owner.st_mode):04o}"
        if os.access(path, os.R_OK | os.W_OK, effective_ids=True):
            return Finding("permission", well=True, words=f"{user} may use it; {rights}")
        raise _Stop(
            "permission",
            f"{user} may not use it; {rights}. A technician runs: usermod -aG {group} {user}, "
            "then the user signs in anew (the group of serial ports is usually dialout)",
        )

    def _modem_manager(self, path: Path) -> Finding:
        real = str(path.resolve())
        running = next((program for program in programs(self.proc) if program.name == MODEM_MANAGER), None)
        ignored = any(port.modem_manager_ignores for port in self.ports() if str(Path(port.path).resolve()) == real)
        if running is None or ignored:
            words = "it is told to leave this port alone" if running else "it is not running"
            return Finding("modem-manager", well=True, words=f"{MODEM_MANAGER}: {words}")
        return Finding(
            "modem-manager",
            well=False,
            words=f"{running} is running and writes to new ports for some seconds, as if they were modems. Either end "
            "it for good (systemctl mask ModemManager), or set ID_MM_DEVICE_IGNORE=1 for this device in a udev rule",
        )

    def _free(self, path: Path) -> Finding:
        held = holders(path, self.proc)
        try:
            self.open_port(str(path), LineSettings()).close()
        except DriverError as error:
            by = f"{', '.join(map(str, held))}: end it" if held else "a program that this user may not see"
            busy = f"it is in use by {by}" if held or "another program" in error.problem else error.problem
            raise _Stop("free", busy) from error
        if held:
            words = f"{', '.join(map(str, held))} has it open too, without keeping others out: end it, or both get half"
            return Finding("free", well=False, words=words)
        return Finding("free", well=True, words="no other program has it open")

    def _answer(self, family: Family, path: str) -> Finding:
        heard = Transcript()
        try:
            who = self._greet(family, path, family.line, heard)
        except InstrumentFault as error:
            return Finding(
                "answer", well=False, words=f"the instrument answers, with a fault of its own: {error.problem}"
            )
        except NoResponse as error:
            return Finding("answer", well=False, words=f"no answer: {error.problem}")
        except BadFrame as error:
            return self._misheard(family, path, heard, error)
        except DriverError as error:
            return Finding("answer", well=False, words=error.problem)
        named = " ".join(word for word in (who.maker, who.model, who.serial_number, who.firmware) if word)
        return Finding("answer", well=True, words=f"{family.name}: {named or 'it speaks'}")

    def _misheard(self, family: Family, path: str, heard: Transcript, error: BadFrame) -> Finding:
        came = b"".join(event.data for event in heard.events if event.direction is Direction.READ)
        if family.looks_right(came):
            words = f"checksum: what comes looks right but is damaged; check the cable and its shield. {error.problem}"
            return Finding("answer", well=False, words=words)
        speed = self._other_speed(family, path)
        found = f"it answers at {speed} baud: set it to" if speed else "check its line speed, which must be"
        words = f"wrong speed: what comes makes no sense; {found} {family.line.baudrate} baud. {error.problem}"
        return Finding("answer", well=False, words=words)

    def _other_speed(self, family: Family, path: str) -> int | None:
        for speed in SPEEDS:
            if speed != family.line.baudrate:
                with suppress(DriverError):
                    self._greet(family, path, replace(family.line, baudrate=speed), Transcript())
                    return speed
        return None

    def _greet(self, family: Family, path: str, line: LineSettings, heard: Transcript) -> InstrumentIdentity:
        transport = RecordingTransport(self.open_port(path, line), heard, self.monotonic_ns)
        try:
            return family.greet(transport, self.monotonic_ns)
        finally:
            transport.close()


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _group(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)
