"""Which serial ports there are, and whose: by USB identity, which a port keeps when its number changes."""

import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from drivers.errors import PortUnavailable
from drivers.ports import udev

DEV = Path("/dev")
SHARED_S = 0.2
MODEM_MANAGER_IGNORES = "ID_MM_DEVICE_IGNORE"
_USB = re.compile(r"usb:([0-9a-fA-F]{4}):([0-9a-fA-F]{4})(?::(.{1,128}))?")


@dataclass(frozen=True)
class UsbIdentity:
    """Vendor and product as four hexadecimal digits each, and the serial number, empty where the device has none."""

    vendor: str
    product: str
    serial: str = ""

    def __str__(self) -> str:
        return f"usb:{self.vendor}:{self.product}{f':{self.serial}' if self.serial else ''}"

    @classmethod
    def parse(cls, place: str) -> Self | None:
        """Return the identity that `place` is, None where it is a path."""
        match = _USB.fullmatch(place)
        return cls(match[1].lower(), match[2].lower(), match[3] or "") if match else None

    def fits(self, other: "UsbIdentity | None") -> bool:
        """Tell whether `other` is this device; without a serial number every one of its kind is."""
        return (
            other is not None
            and (self.vendor, self.product) == (other.vendor, other.product)
            and self.serial in {"", other.serial}
        )


@dataclass(frozen=True)
class Port:
    """A serial port. `by_id` is the link that follows the device; `usb` is None on built-in ports."""

    path: str
    usb: UsbIdentity | None = None
    by_id: str | None = None
    description: str = ""
    modem_manager_ignores: bool = False

    @property
    def stable_name(self) -> str:
        """The name that stays when the cable is plugged in elsewhere: for addresses."""
        if self.usb and self.usb.serial:
            return str(self.usb)
        return self.by_id or self.path


Lister = Callable[[], Sequence[Port]]


def this_machine() -> Sequence[Port]:
    """Return the serial ports of this machine."""
    return discover(list_ports.comports())


class SharedLook:
    """One look at this machine's ports for everybody who asks within `for_s` seconds, from any thread."""

    def __init__(
        self, ports: Lister = this_machine, for_s: float = SHARED_S, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._ports = ports
        self._for_s = for_s
        self._seconds = seconds
        self._lock = threading.Lock()
        self._found: Sequence[Port] = ()
        self._until: float | None = None

    def __call__(self) -> Sequence[Port]:
        with self._lock:
            now = self._seconds()
            if self._until is None or now >= self._until:
                self._found, self._until = self._ports(), now + self._for_s
            return self._found


def discover(found: Iterable[ListPortInfo], dev: Path = DEV, database: Path = udev.DATABASE) -> Sequence[Port]:
    """Return the ports of what pyserial `found`, with what udev's database adds, in order of their paths."""
    return tuple(sorted((_port(info, dev, database) for info in found), key=lambda port: port.path))


def find(place: str, ports: Lister) -> str:
    """Return the path of `place`: a path itself, or `usb:VENDOR:PRODUCT[:SERIAL]` wherever it is plugged in now.

    Raises PortUnavailable where no device, or more than one, has that identity.
    """
    identity = UsbIdentity.parse(place)
    if identity is None:
        return place
    present = ports()
    fitting = [port for port in present if identity.fits(port.usb)]
    if len(fitting) == 1:
        return fitting[0].path
    if fitting:
        raise PortUnavailable(
            place, f"{len(fitting)} devices are of this kind; name one by its serial number: {_names(fitting)}"
        )
    raise PortUnavailable(
        place, f"no such device is plugged in; check power and cable. There are {_names(present) or 'no serial ports'}"
    )


def _names(ports: Iterable[Port]) -> str:
    return ", ".join(str(port.usb or port.path) for port in ports)


def _port(info: ListPortInfo, dev: Path, database: Path) -> Port:
    known = udev.known(Path(info.device), database)
    links = [str(dev / link) for link in known.links if link.startswith("serial/by-id/")]
    words = [word for word in (info.manufacturer, info.product or info.description) if word and word != "n/a"]
    return Port(
        path=info.device,
        usb=_identity(info, known),
        by_id=links[0] if links else None,
        description=" ".join(words),
        modem_manager_ignores=known.properties.get(MODEM_MANAGER_IGNORES) == "1",
    )


def _identity(info: ListPortInfo, known: udev.Known) -> UsbIdentity | None:
    if info.vid is not None and info.pid is not None:
        return UsbIdentity(f"{info.vid:04x}", f"{info.pid:04x}", info.serial_number or "")
    told = known.properties
    if "ID_VENDOR_ID" in told and "ID_MODEL_ID" in told:
        return UsbIdentity(told["ID_VENDOR_ID"], told["ID_MODEL_ID"], told.get("ID_SERIAL_SHORT", ""))
    return None
