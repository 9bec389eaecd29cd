"""A port that bytes go through: the protocol, and the serial one."""

import errno
import select
import termios
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Protocol

import serial

from drivers.errors import NoResponse, PortLost, PortUnavailable

WRITE_TIMEOUT_S = 1.0
CLOSE_WITHIN_S = 1.0
_CHUNK = 65_536
_WHAT_TO_DO = {
    errno.ENOENT: "there is no such port; check that the instrument is switched on and its cable is plugged in",
    errno.ENODEV: "the port is there but no device behind it; unplug the cable and plug it in again",
    errno.EIO: "the device behind the port does not answer; unplug the cable and plug it in again",
    errno.EACCES: "this user may not use serial ports; a technician adds it to the group of the port (dialout)",
    errno.EBUSY: "another program holds the port; end that program",
    errno.EAGAIN: "another program holds the port; end that program",
}


class Transport(Protocol):
    """Bytes to and from one instrument."""

    port: str

    def write(self, data: bytes) -> None:
        """Send all of `data`. Raises PortLost, or NoResponse when the port takes no more bytes."""
        ...

    def read(self, timeout: float) -> bytes:
        """Return what has come, waiting at most `timeout` seconds for the first byte; b"" if none. Raises PortLost."""
        ...

    def close(self) -> None:
        """Let go of the port. Never raises, never hangs; closing twice is fine."""
        ...


@dataclass(frozen=True)
class LineSettings:
    """How a serial line is set: `parity` is N, E or O; `rtscts` means that each side holds the other by a pin."""

    baudrate: int = 115_200
    bytesize: int = 8
    parity: str = "N"
    stopbits: int = 1
    rtscts: bool = False


DEFAULT_LINE = LineSettings()


class SerialTransport:
    """A serial port or pseudo-terminal, held by this program alone.

    Raises PortUnavailable where it cannot be opened; the message says what to do.
    """

    def __init__(self, port: str, line: LineSettings = DEFAULT_LINE) -> None:
        self.port = port
        try:
            self._serial = serial.Serial(port, **asdict(line), timeout=0, write_timeout=WRITE_TIMEOUT_S, exclusive=True)
        except (OSError, ValueError, termios.error) as error:
            raise PortUnavailable(port, _why_not(error)) from error

    def write(self, data: bytes) -> None:
        try:
            self._serial.write(data)
        except serial.SerialTimeoutException as error:
            raise NoResponse(
                self.port, f"the port takes no more bytes; {len(data)} were to be sent; check the instrument"
            ) from error
        except (OSError, TypeError, ValueError) as error:
            raise self._lost(error) from error

    def read(self, timeout: float) -> bytes:
        try:
            ready, _, _ = select.select([self._serial.fileno()], [], [], max(timeout, 0))
            return self._serial.read(_CHUNK) if ready else b""
        except (OSError, TypeError, ValueError) as error:
            raise self._lost(error) from error

    def close(self) -> None:
        within(CLOSE_WITHIN_S, self._close)

    def _close(self) -> None:
        with suppress(OSError, termios.error):
            self._serial.reset_output_buffer()
        with suppress(OSError, termios.error):
            self._serial.close()

    def _lost(self, error: Exception) -> PortLost:
        return PortLost(self.port, f"the connection is gone; check cable and power, then measure again ({error})")


def within(seconds: float, action: Callable[[], None]) -> None:
    """Run `action`, but wait no longer than `seconds`: some drivers hang in close() after the cable is pulled."""
    thread = threading.Thread(target=action, daemon=True)
    thread.start()
    thread.join(seconds)


def _why_not(error: Exception) -> str:
    number = getattr(error, "errno", None)
    hint = _WHAT_TO_DO.get(number, "check that this is a serial port") if number else "check that this is a serial port"
    return f"cannot be opened: {hint} ({error})"
