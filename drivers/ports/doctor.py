"""What is wrong with a port, in words: each thing that must be so, in the order in which one would look."""

import grp
import os
import pwd
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from drivers.errors import DriverError, PortAmbiguous, PortUnavailable
from drivers.family import Family
from drivers.ports.answering import Asking, OpenPort, Unanswered
from drivers.ports.discovery import Lister, find
from drivers.ports.holders import PROC, holders, programs
from drivers.transport import LineSettings, SerialTransport

MODEM_MANAGER = "ModemManager"


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
        except PortAmbiguous as error:
            raise _Stop("there", f"{place}: {error.problem}") from error
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
        asking = Asking(family, path, self.monotonic_ns, self.open_port)
        found = asking.ask()
        if isinstance(found, Unanswered):
            return Finding("answer", well=False, words=asking.why_not(found))
        who = found.who
        named = " ".join(word for word in (who.maker, who.model, who.serial_number, who.firmware) if word)
        speed = "" if found.line == family.line else f", at {found.line.baudrate} baud"
        return Finding("answer", well=True, words=f"{family.name}: {named or 'it speaks'}{speed}")


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
