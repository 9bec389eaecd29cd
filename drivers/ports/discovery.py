"""Which serial ports there are, and whose: by USB identity, which a port keeps when its number changes."""

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from drivers.errors import PortAmbiguous, PortUnavailable
from drivers.ports import udev

DEV = Path("/dev")
BY_ID = "/dev/serial/by-id/"
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
    """A serial port. `by_id` is the link that follows the device, `by_path` the one that follows the socket.

    `usb` is None on built-in ports.
    """

    path: str
    usb: UsbIdentity | None = None
    by_id: str | None = None
    by_path: str | None = None
    description: str = ""
    modem_manager_ignores: bool = False

    @property
    def own_names(self) -> tuple[str, ...]:
        """The names that stay when its cable is plugged in elsewhere; another device may claim the same."""
        identity = str(self.usb) if self.usb and self.usb.serial else None
        return tuple(name for name in (identity, self.by_id) if name)


@dataclass(frozen=True)
class StableName:
    """What to write down in an address. `shared` are the names that would follow the device, if it alone had them."""

    name: str
    shared: tuple[str, ...] = ()


def stable_names(ports: Sequence[Port]) -> Mapping[str, StableName]:
    """Return for each port's path the name that stays: of the device where no other has it, else of its socket.

    Two adapters of a kind without serial numbers, or with the one that their maker gives to all, have no names of
    their own: which of the two a link leads to changes with the order in which they are plugged in.
    """
    claims = Counter(name for port in ports for name in port.own_names)

    def named(port: Port) -> StableName:
        own = [name for name in port.own_names if claims[name] == 1]
        return StableName(own[0]) if own else StableName(port.by_path or port.path, port.own_names)

    return {port.path: named(port) for port in ports}


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

    Raises PortUnavailable where no device has that identity, PortAmbiguous where more than one has it or claims the
    link below /dev/serial/by-id.
    """
    identity = UsbIdentity.parse(place)
    if identity is None:
        return _alone(place, ports) if place.startswith(BY_ID) else place
    present = ports()
    fitting = [port for port in present if identity.fits(port.usb)]
    if len(fitting) == 1:
        return fitting[0].path
    if fitting:
        raise _ambiguous(place, fitting, present)
    names = ", ".join(str(port.usb or port.path) for port in present)
    raise PortUnavailable(
        place, f"no such device is plugged in; check power and cable. There are {names or 'no serial ports'}"
    )


def _alone(link: str, ports: Lister) -> str:
    present = ports()
    claiming = [port for port in present if port.by_id == link]
    if len(claiming) > 1:
        raise _ambiguous(link, claiming, present)
    return link


def _ambiguous(place: str, fitting: Sequence[Port], present: Sequence[Port]) -> PortAmbiguous:
    names = stable_names(present)
    instead = ", ".join(names[port.path].name for port in fitting)
    return PortAmbiguous(place, f"{len(fitting)} devices have this name; write down the one that is meant: {instead}")


def _port(info: ListPortInfo, dev: Path, database: Path) -> Port:
    known = udev.known(Path(info.device), database)
    words = [word for word in (info.manufacturer, info.product or info.description) if word and word != "n/a"]
    return Port(
        path=info.device,
        usb=_identity(info, known),
        by_id=_link(known, dev, "serial/by-id/"),
        by_path=_link(known, dev, "serial/by-path/"),
        description=" ".join(words),
        modem_manager_ignores=known.properties.get(MODEM_MANAGER_IGNORES) == "1",
    )


def _link(known: udev.Known, dev: Path, kind: str) -> str | None:
    return next((str(dev / link) for link in known.links if link.startswith(kind)), None)


def _identity(info: ListPortInfo, known: udev.Known) -> UsbIdentity | None:
    if info.vid is not None and info.pid is not None:
        return UsbIdentity(f"{info.vid:04x}", f"{info.pid:04x}", info.serial_number or "")
    told = known.properties
    if "ID_VENDOR_ID" in told and "ID_MODEL_ID" in told:
        return UsbIdentity(told["ID_VENDOR_ID"], told["ID_MODEL_ID"], told.get("ID_SERIAL_SHORT", ""))
    return None
