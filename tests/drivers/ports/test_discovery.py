"""Which ports there are, and whose: from what pyserial and udev tell."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serial.tools.list_ports_common import ListPortInfo

from drivers.errors import PortAmbiguous, PortUnavailable, UnknownInstrument
from drivers.family import Role
from drivers.ports import udev
from drivers.ports.discovery import Port, SharedLook, StableName, UsbIdentity, discover, find, stable_names
from drivers.ports.roles import TABLE, assignment, read_table

SCALE = UsbIdentity("0eb8", "f000", "B123")
RECORD = """S:serial/by-id/usb-u-blox_GNSS_receiver-if00
S:serial/by-path/pci-0000:00:14.0-usb-0:2:1.0
L:0
I:8412233
E:ID_VENDOR_ID=1546
E:ID_MODEL_ID=01a8
E:ID_SERIAL_SHORT=0042=7
E:ID_MM_DEVICE_IGNORE=1
G:systemd
"""


def info(device: str, vid: int | None = None, pid: int | None = None, serial: str | None = None) -> ListPortInfo:
    found = ListPortInfo(device, skip_link_detection=True)
    found.vid, found.pid, found.serial_number = vid, pid, serial
    return found


def test_a_udev_record_is_read() -> None:
    known = udev.parse(RECORD)
    assert known.properties["ID_VENDOR_ID"] == "1546"
    assert known.properties["ID_SERIAL_SHORT"] == "0042=7"
    assert known.links[0] == "serial/by-id/usb-u-blox_GNSS_receiver-if00"


@given(st.text())
def test_any_text_is_a_udev_record(text: str) -> None:
    udev.parse(text)


def test_udev_adds_what_pyserial_does_not_tell(tmp_path: Path) -> None:
    number = Path("/dev/null").stat().st_rdev
    (tmp_path / f"c{os.major(number)}:{os.minor(number)}").write_text(RECORD)
    (port,) = discover([info("/dev/null")], Path("/dev"), tmp_path)
    assert port.usb == UsbIdentity("1546", "01a8", "0042=7")
    assert port.by_id == "/dev/serial/by-id/usb-u-blox_GNSS_receiver-if00"
    assert port.modem_manager_ignores
    assert port.by_path == "/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0"
    assert stable_names((port,))["/dev/null"] == StableName("usb:1546:01a8:0042=7")


def test_a_machine_without_udev_still_has_ports(tmp_path: Path) -> None:
    ports = discover([info("/dev/ttyUSB1"), info("/dev/ttyACM0", 0x0483, 0x5740, "GX1")], Path("/dev"), tmp_path)
    assert [str(port.usb) for port in ports] == ["usb:0483:5740:GX1", "None"]
    assert stable_names(ports)["/dev/ttyUSB1"] == StableName("/dev/ttyUSB1")


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[Callable[[str | None], Sequence[Port]]]:
    """Provide two adapters of one kind on real terminals, as udev tells them; the serial number is the same on both."""
    with ExitStack() as ends:
        terminals = [_terminal(ends) for _ in range(2)]

        def plugged(serial: str | None) -> Sequence[Port]:
            for socket, terminal in enumerate(terminals, 1):
                number = Path(terminal).stat().st_rdev
                record = (
                    "S:serial/by-id/usb-1a86_USB_Serial-if00-port0\n"
                    f"S:serial/by-path/pci-0000:00:14.0-usb-0:{socket}:1.0-port0\n"
                )
                (tmp_path / f"c{os.major(number)}:{os.minor(number)}").write_text(record)
            found = [info(terminal, 0x1A86, 0x7523, serial) for terminal in terminals]
            return discover(found, database=tmp_path)

        yield plugged


def _terminal(ends: ExitStack) -> str:
    for side in (sides := os.openpty()):
        ends.callback(os.close, side)
    return os.ttyname(sides[1])


@pytest.mark.parametrize("serial", [None, "0001"], ids=["no serial number", "the same serial number"])
def test_two_of_a_kind_never_get_the_same_name(
    serial: str | None, twins: Callable[[str | None], Sequence[Port]]
) -> None:
    ports = twins(serial)
    names = stable_names(ports)
    sockets = [f"/dev/serial/by-path/pci-0000:00:14.0-usb-0:{socket}:1.0-port0" for socket in (1, 2)]
    assert sorted(each.name for each in names.values()) == sockets
    shared = ("/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0",)
    assert all(each.shared[-1:] == shared for each in names.values())
    for place in (*ports[0].own_names, "usb:1a86:7523"):
        with pytest.raises(PortAmbiguous, match="2 devices have this name; write down the one") as raised:
            find(place, lambda: ports)
        assert all(socket in str(raised.value) for socket in sockets)
    alone = ports[:1]
    assert find(shared[0], lambda: alone) == shared[0]
    assert stable_names(alone)[alone[0].path].name == alone[0].own_names[0]


def test_each_port_of_an_adapter_with_four_is_named_by_its_link() -> None:
    adapter = UsbIdentity("0403", "6011", "FT1")
    ports = [Port(f"/dev/ttyUSB{at}", adapter, by_id=f"/dev/serial/by-id/usb-FTDI_FT1-if0{at}") for at in range(4)]
    assert [stable_names(ports)[port.path].name for port in ports] == [port.by_id for port in ports]


def test_a_device_is_found_by_identity_wherever_it_is() -> None:
    ports = (Port("/dev/ttyUSB0", UsbIdentity("0403", "6001", "A1")), Port("/dev/ttyUSB3", SCALE))
    assert find("usb:0EB8:F000:B123", lambda: ports) == "/dev/ttyUSB3"
    assert find("usb:0eb8:f000", lambda: ports) == "/dev/ttyUSB3"
    assert find("/dev/serial/by-id/anything", lambda: ports) == "/dev/serial/by-id/anything"


@pytest.mark.parametrize(
    ("place", "ports", "words"),
    [
        ("usb:0eb8:f000:B123", (), "no serial ports"),
        ("usb:0eb8:f000:B124", (Port("/dev/ttyUSB3", SCALE),), "There are usb:0eb8:f000:B123"),
        ("usb:0eb8:f000", (Port("/dev/a", SCALE), Port("/dev/b", UsbIdentity("0eb8", "f000", "C"))), "2 devices"),
    ],
    ids=["nothing plugged in", "another one of the kind", "two of the kind"],
)
def test_who_is_not_there_is_named(place: str, ports: tuple[Port, ...], words: str) -> None:
    with pytest.raises(PortUnavailable, match=words):
        find(place, lambda: ports)


@pytest.mark.parametrize("place", ["usb:12:34", "usb:0eb8", "/dev/ttyS0", "usb:0eb8:f000:", "USB:0eb8:f000"])
def test_what_is_no_identity_is_a_path(place: str) -> None:
    assert UsbIdentity.parse(place) is None


@given(st.from_regex(r"[0-9a-f]{4}", fullmatch=True), st.from_regex(r"[A-Za-z0-9:._-]{0,40}", fullmatch=True))
def test_an_identity_survives_its_text(number: str, serial: str) -> None:
    identity = UsbIdentity(number, number, serial)
    assert UsbIdentity.parse(str(identity)) == identity


def test_roles_come_from_the_table_and_a_state_goes_first(tmp_path: Path) -> None:
    own = tmp_path / "roles.toml"
    own.write_text(
        '[[device]]\nvendor = "0403"\nproduct = "6001"\nserial = "A1"\nrole = "analyzer"\nfamily = "srs-rga"\n'
    )
    table = (*read_table(own), *read_table(TABLE))
    known = assignment(Port("/dev/ttyUSB0", UsbIdentity("0403", "6001", "A1")), table)
    assert known is not None
    assert (known.role, known.family) == (Role.ANALYZER, "srs-rga")
    scale = assignment(Port("/dev/ttyUSB3", SCALE), table)
    assert scale is not None
    assert scale.role is Role.SCALE
    assert assignment(Port("/dev/ttyUSB9", UsbIdentity("0403", "6001", "A2")), table) is None
    assert assignment(Port("/dev/ttyS0"), table) is None


@pytest.mark.parametrize(
    "text",
    ['[[device]]\nvendor="0403"', '[[device]]\nvendor="403"\nrole="scale"', '[[device]]\nvendor="0403"\nrole="toaster"',
     '[[device]]\nvendor="0403"\nrole="scale"\nfoo="x"', '[[device]]\nvendor=403\nrole="scale"', "device = 3", "= ="],
    ids=["no role", "short vendor", "no such role", "unknown field", "a number", "no table", "no TOML"],
)  # fmt: skip
def test_a_wrong_table_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "roles.toml").write_text(text)
    with pytest.raises(UnknownInstrument, match=r"roles\.toml"):
        read_table(tmp_path / "roles.toml")


def test_everybody_who_asks_within_a_moment_shares_one_look() -> None:
    looks: list[float] = []
    now = 10.0

    def ports() -> list[Port]:
        looks.append(now)
        return [Port(f"/dev/ttyACM{len(looks)}")]

    shared = SharedLook(ports, for_s=0.2, seconds=lambda: now)
    assert [port.path for port in (*shared(), *shared())] == ["/dev/ttyACM1"] * 2
    now = 10.21
    assert [port.path for port in shared()] == ["/dev/ttyACM2"]
    assert looks == [10.0, 10.21]
