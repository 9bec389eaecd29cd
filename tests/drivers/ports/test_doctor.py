"""The doctor before ports that are really ill: rights, holders, silence, garbage, another speed."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.analyzer_link.driver import AnalyzerLink
from drivers.analyzer_link.family import ANALYZER_LINK
from drivers.analyzer_link.frames import Identity
from drivers.analyzer_link.listener import Timing
from drivers.families import FAMILIES
from drivers.framing import encode
from drivers.instrument import InstrumentIdentity
from drivers.outlet import heard_at
from drivers.ports.answering import OpenPort
from drivers.ports.discovery import Port
from drivers.ports.doctor import Doctor, Finding
from drivers.pty import serve_pty
from drivers.transport import LineSettings, SerialTransport, Transport
from tests.drivers.ports.conftest import Cable
from tests.drivers.test_on_a_pty import simulator

GOOD = encode(Identity(1, 1, "Maker", "Model", "S", "1").to_bytes())


def greet_quickly(transport: Transport, monotonic_ns: Callable[[], int]) -> InstrumentIdentity:
    return AnalyzerLink(transport, monotonic_ns, 5, Timing(answer=0.4, again=0.2)).identify()


QUICK_LINK = replace(ANALYZER_LINK, greet=greet_quickly)


def examined(place: str | Path, doctor: Doctor | None = None) -> dict[str, Finding]:
    doctor = doctor or Doctor(lambda: (), time.monotonic_ns)
    return {finding.name: finding for finding in doctor.examine(QUICK_LINK, str(place))}


def ill(findings: dict[str, Finding]) -> tuple[str, str]:
    (found,) = [finding for finding in findings.values() if not finding.well]
    return found.name, found.words


@contextmanager
def program(script: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run a program that says when it is ready and lives until the end of the test."""
    command = [sys.executable, "-c", f"{script}\nprint('ready', flush=True)\ninput()", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        yield running
        running.kill()


class Garbled:
    """A transport that hands on what another one brings as `change` makes it."""

    def __init__(self, inner: Transport, change: Callable[[bytes], bytes]) -> None:
        self.port = inner.port
        self._inner = inner
        self._change = change

    def write(self, data: bytes) -> None:
        self._inner.write(data)

    def read(self, timeout: float) -> bytes:
        return self._change(self._inner.read(timeout))

    def close(self) -> None:
        self._inner.close()


def test_a_healthy_port_is_well() -> None:
    with serve_pty(simulator()) as port:
        findings = examined(port.path)
    assert all(finding.well for finding in findings.values())
    assert list(findings) == ["there", "permission", "modem-manager", "free", "answer"]
    assert "Simulated analyzer" in findings["answer"].words


def test_no_such_port(tmp_path: Path) -> None:
    assert ill(examined(tmp_path / "ttyACM9"))[0] == "there"
    assert ill(examined("usb:0483:5740:GX1")) == ill(examined("usb:0483:5740:GX1"))
    assert "no such device is plugged in" in ill(examined("usb:0483:5740:GX1"))[1]


def test_a_file_is_no_port(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "is no serial port" in ill(examined(tmp_path / "file"))[1]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_no_permission(cable: Cable) -> None:
    terminal = cable.link.resolve()
    terminal.chmod(0o660)
    script = (
        "import os, sys, time\n"
        "from drivers.analyzer_link.family import ANALYZER_LINK; from drivers.ports.doctor import Doctor\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "for f in Doctor(lambda: (), time.monotonic_ns).examine(ANALYZER_LINK, sys.argv[1]): print(f.name, f.words)"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", script, str(terminal)], capture_output=True, text=True, check=True
    )
    *_, last = done.stdout.splitlines()
    assert last.startswith("permission ")
    assert "may not use it" in last
    assert "0660" in last
    assert "usermod -aG" in last
    assert "dialout" in last


def test_a_program_that_holds_the_port_is_named(cable: Cable) -> None:
    script = "import sys; from drivers.transport import SerialTransport; held = SerialTransport(sys.argv[1])"
    with program(script, str(cable.link)) as holder:
        name, words = ill(examined(cable.link))
    assert name == "free"
    assert f"process {holder.pid}" in words
    assert "in use by" in words


def test_a_program_that_shares_the_port_is_named(cable: Cable) -> None:
    script = "import os, sys; shared = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)"
    with program(script, str(cable.link)) as holder:
        findings = examined(cable.link)
    assert f"process {holder.pid}" in findings["free"].words
    assert "both get half" in findings["free"].words


def test_modem_manager_is_found_and_a_told_off_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "proc" / "77").mkdir(parents=True)
    (tmp_path / "proc" / "77" / "comm").write_text("ModemManager\n")
    with serve_pty(simulator(None, None)) as port:
        told: list[Port] = []
        doctor = Doctor(lambda: told, time.monotonic_ns, proc=tmp_path / "proc")
        name, words = ill(examined(port.path, doctor))
        assert name == "modem-manager"
        assert "process 77" in words
        assert "ID_MM_DEVICE_IGNORE=1" in words
        told.append(Port(port.path, modem_manager_ignores=True))
        assert examined(port.path, doctor)["modem-manager"].well


def test_silence_is_no_answer(cable: Cable) -> None:
    name, words = ill(examined(cable.link))
    assert name == "answer"
    assert words.startswith("no answer: nothing came for ")


def served_through(change: Callable[[bytes], bytes], at: int = 115_200) -> Callable[[str, LineSettings], Transport]:
    def open_port(path: str, line: LineSettings) -> Transport:
        live = SerialTransport(path, line)
        return live if line.baudrate == at else Garbled(live, change)

    return open_port


def test_a_wrong_speed_is_told_with_the_right_one() -> None:
    with serve_pty(simulator()) as port:
        garble = served_through(lambda data: heard_at(data, 9600, 115_200)[:400], at=9600)
        name, words = ill(examined(port.path, Doctor(lambda: (), time.monotonic_ns, garble)))
    assert name == "answer"
    assert "wrong speed" in words
    assert "it answers at 9600 baud: set it to 115200 baud" in words


@contextmanager
def at_the_other_end(name: str) -> Iterator[str]:
    """Put the simulator of a family on a real terminal; a receiver and a reader speak without being asked."""
    simulation = FAMILIES[name].simulation
    assert simulation
    with serve_pty(simulation.begin(simulation.samples[0], None, random.Random(1))) as port:  # noqa: S311 - noise
        yield port.path


def looked_at(family: str, path: str, open_port: OpenPort = SerialTransport) -> dict[str, Finding]:
    doctor = Doctor(lambda: (), time.monotonic_ns, open_port)
    return {finding.name: finding for finding in doctor.examine(FAMILIES[family], path)}


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        *((asked, "nmea") for asked in ("mt-sics", "a-and-d", "ohaus", "srs-rga", "code-reader")),
        ("nmea", "code-reader"),
    ],
)
def test_another_instrument_on_the_port_is_named_before_the_cable(asked: str, there: str) -> None:
    with at_the_other_end(there) as path:
        name, words = ill(looked_at(asked, path))
    assert name == "answer"
    assert words.startswith(f"another instrument is on this port: what comes is of {there}, not of {asked}")


@pytest.mark.parametrize(
    ("asked", "words"),
    [("a-and-d", "not understood: what comes is text, but no line of a-and-d"), ("ohaus", "nothing else came")],
)
def test_a_scale_that_refuses_every_question_may_be_of_another_maker(asked: str, words: str) -> None:
    with at_the_other_end("mt-sics") as path:
        _, told = ill(looked_at(asked, path))
    assert words in told
    assert f"check that this is one of the {FAMILIES[asked].about}" in told


def receiver_at(speed: int) -> OpenPort:
    return served_through(lambda data: heard_at(data, speed, 9600), at=speed)


def test_a_receiver_at_any_speed_of_its_driver_is_well() -> None:
    with at_the_other_end("nmea") as path:
        findings = looked_at("nmea", path, receiver_at(4800))
    assert findings["answer"].well
    assert findings["answer"].words.endswith("talker GN, at 4800 baud")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("nmea", "it answers at 38400 baud: set it to 9600 or 4800 or 115200 baud"),
        ("ohaus", "at 38400 baud another instrument is on this port: what comes is of nmea, not of ohaus"),
    ],
)
def test_what_speaks_at_another_speed_is_told(asked: str, words: str) -> None:
    with at_the_other_end("nmea") as path:
        _, told = ill(looked_at(asked, path, receiver_at(38_400)))
    assert told.startswith("wrong speed: ")
    assert words in told


def test_damaged_answers_are_a_checksum() -> None:
    rng = random.Random(1)  # noqa: S311 - damage

    def flip(data: bytes) -> bytes:
        if len(data) < 10:
            return data
        at = rng.randrange(len(data) - 8, len(data) - 2)
        return data[:at] + bytes([data[at] ^ 0x04]) + data[at + 1 :]

    with serve_pty(simulator()) as port:
        doctor = Doctor(lambda: (), time.monotonic_ns, served_through(flip, at=0))
        name, words = ill(examined(port.path, doctor))
    assert name == "answer"
    assert words.startswith("checksum: ")
    assert "check the cable" in words
