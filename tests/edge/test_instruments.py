"""`garita instruments` and `garita simulate`, as a technician and a maker use them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.families import FAMILIES
from drivers.ports.discovery import Port, UsbIdentity
from drivers.pty import serve_pty
from drivers.transcript import Transcript
from edge.instruments import list_ports, probe, record, replay
from edge.simulate import playable
from tests.edge.bench import noise

GARITA = [sys.executable, "-c", "from edge.cli import main; main()"]


def garita(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*GARITA, *map(str, arguments)], capture_output=True, text=True, check=False)  # noqa: S603


@contextmanager
def simulated(link: Path, family: str, *options: str) -> Iterator[None]:
    """Run `garita simulate` until its port is there, and end it."""
    command = [*GARITA, "simulate", family, "--pty", str(link), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        assert process.stdout is not None
        assert process.stdout.readline() == f"{link}\n"
        yield
        process.terminate()
        assert process.wait(timeout=10) == 0


@pytest.fixture
def link(tmp_path: Path) -> Path:
    return tmp_path / "port"


def test_a_whole_session_at_the_bench(link: Path, tmp_path: Path) -> None:
    file = tmp_path / "session.transcript"
    with simulated(link, "analyzer-link", "--sample", "cocaine"):
        assert "Simulated analyzer" in garita("instruments", "probe", f"analyzer-link:{link}").stdout
        done = garita("instruments", "record", f"analyzer-link:{link}", file, "--measure", "15,30")
        assert done.returncode == 0, done.stderr
    assert Transcript.from_bytes(file.read_bytes(), "file").digest.hex() in done.stdout
    replayed = garita("instruments", "replay", file)
    assert replayed.returncode == 0, replayed.stderr
    assert "spectrum at 15 V" in replayed.stdout
    assert "spectrum at 30 V" in replayed.stdout
    assert "from the instrument" in replayed.stdout


def test_the_doctor_finds_a_healthy_port_well_and_a_silent_one_not(link: Path) -> None:
    with simulated(link, "analyzer-link"):
        done = garita("instruments", "doctor", f"analyzer-link:{link}", "--json")
    assert done.returncode == 0, done.stdout
    assert [json.loads(line)["name"] for line in done.stdout.splitlines()][-1] == "answer"
    gone = garita("instruments", "doctor", f"analyzer-link:{link}")
    assert gone.returncode == 1
    assert "WRONG  there" in gone.stdout


def test_conformance_of_a_broken_device_is_exit_status_1(link: Path) -> None:
    with simulated(link, "analyzer-link", "--fault", "stall"):
        done = garita("instruments", "conformance", link, "--json")
    assert done.returncode == 1
    verdicts = {outcome["name"]: outcome["verdict"] for outcome in map(json.loads, done.stdout.splitlines())}
    assert [name for name, verdict in verdicts.items() if verdict == "fail"] == ["events"]
    assert verdicts["never-again"] == "skipped"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["instruments", "probe", "toaster:/dev/ttyS0"], "expected FAMILY:PORT"),
        (["instruments", "probe", "analyzer-link:/dev/none"], "there is no such port"),
        (["instruments", "conformance", "usb:0483:5740:GX1"], "no such device is plugged in"),
        (["simulate", "toaster"], "no such family; there are analyzer-link"),
        (["simulate", "analyzer-link", "--sample", "sugar"], "no sample 'sugar'; there are Cocaine"),
        (["simulate", "analyzer-link", "--fault", "fire"], "no fault 'fire'; there are detector-fault"),
        (["simulate", "nmea", "--play", "cocaine"], "--play is for analyzer-link"),
    ],
)
def test_what_is_not_known_is_said_with_what_is(arguments: list[str], words: str) -> None:
    done = garita(*arguments)
    assert done.returncode != 0
    assert words in " ".join(done.stderr.replace("│", " ").split())


def test_each_port_is_listed_with_its_role_and_the_address_to_write_down(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[[device]]\nvendor = "0483"\nrole = "analyzer"\nfamily = "analyzer-link"\n')
    ports = (
        Port("/dev/ttyACM0", UsbIdentity("0483", "5740", "GX1"), description="Maker Model"),
        Port("/dev/ttyACM1", UsbIdentity("1546", "01a8"), by_id="/dev/serial/by-id/usb-u-blox-if00"),
        Port("/dev/ttyS0"),
    )
    analyzer, receiver, built_in = list_ports(own, lambda: ports)
    assert analyzer.endswith("analyzer, analyzer-link  analyzer-link:usb:0483:5740:GX1")
    assert receiver.endswith("position, nmea  nmea:/dev/serial/by-id/usb-u-blox-if00")
    assert built_in == "/dev/ttyS0  built in  -  role unknown  /dev/ttyS0"


def test_two_adapters_of_a_kind_are_listed_by_their_sockets_and_that_is_said() -> None:
    kind, link = UsbIdentity("1a86", "7523"), "/dev/serial/by-id/usb-1a86_USB_Serial-if00-port0"
    ports = [Port(f"/dev/ttyUSB{at}", kind, by_id=link, by_path=f"/dev/serial/by-path/usb-0:{at}:1.0") for at in (0, 1)]
    for at, line in enumerate(list_ports(None, lambda: ports)):
        said = f"/dev/serial/by-path/usb-0:{at}:1.0  (another device too is {link}: leave each in its socket)"
        assert line.endswith(said)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_is_played_and_its_player_is_greeted(name: str, link: Path) -> None:
    simulation = playable(name).simulation
    assert simulation is not None
    assert len(set(simulation.faults)) == len(simulation.faults)
    with serve_pty(simulation.begin(simulation.samples[0], None, noise()), link):
        assert probe(f"{name}:{link}")


@pytest.mark.parametrize("name", FAMILIES)
def test_every_fault_of_every_family_can_begin(name: str) -> None:
    simulation = playable(name).simulation
    assert simulation is not None
    for fault in simulation.faults:
        simulated_instrument = simulation.begin(simulation.samples[0], fault, noise())
        assert not simulated_instrument.unplugged


@pytest.mark.parametrize("family", ["srs-rga", "mt-sics", "a-and-d", "ohaus", "nmea", "code-reader"])
def test_a_recorded_session_of_every_family_plays_through_its_driver(family: str, tmp_path: Path) -> None:
    simulation = FAMILIES[family].simulation
    assert simulation is not None
    played = simulation.begin(simulation.samples[0], None, noise())
    file = tmp_path / "session"
    with serve_pty(played) as port:
        record(f"{family}:{port.path}", file, 0, ())
        live = probe(f"{family}:{port.path}")
    assert list(replay(file))[-1] == f"identify: {live}"
