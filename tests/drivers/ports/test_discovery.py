"""Which ports there are, and whose: from what pyserial and udev tell."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serial.tools.list_ports_common import ListPortInfo

from drivers.errors import PortUnavailable, UnknownInstrument
from drivers.family import Role
from drivers.ports import udev
from drivers.ports.discovery import Port, SharedLook, UsbIdentity, discover, find
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
    assert port.stable_name == "usb:1546:01a8:0042=7"


def test_a_machine_without_udev_still_has_ports(tmp_path: Path) -> None:
    ports = discover([info("/dev/ttyUSB1"), info("/dev/ttyACM0", 0x0483, 0x5740, "GX1")], Path("/dev"), tmp_path)
    assert [str(port.usb) for port in ports] == ["usb:0483:5740:GX1", "None"]
    assert ports[1].stable_name == "/dev/ttyUSB1"


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
