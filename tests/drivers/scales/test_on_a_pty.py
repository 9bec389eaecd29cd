"""A stranger's program and ours on the same virtual scale, on a real pseudo-terminal, in real time."""

import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from drivers.errors import DriverError, PortLost
from drivers.opening import open_scale
from drivers.outlet import WireFault
from drivers.pty import SimulatedPort, serve_pty
from drivers.scales import pan
from drivers.scales.driver import Scale
from drivers.scales.faces import FACES
from drivers.scales.pan import PanFault
from drivers.scales.simulator import VirtualScale
from drivers.transcript import Direction, Transcript
from tests.drivers.scales.peer import MettlerToledoDevice, MettlerToledoError
from tests.drivers.wires import never, seeded
from tests.waiting import HANG_S


def virtual(name: str, fault: PanFault | WireFault | None = None) -> VirtualScale:
    return VirtualScale(FACES[name], seeded(1), Decimal("100.00"), fault)


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[VirtualScale, MettlerToledoDevice]]:
    monkeypatch.setattr(MettlerToledoDevice, "_RESET_DELAY", 0.0)
    scale = virtual("mt-sics")
    with serve_pty(scale) as port:
        device = MettlerToledoDevice(port=port.path)
        yield scale, device
        device.close()


def test_peer_weighs_what_we_weigh(
    peer: tuple[VirtualScale, MettlerToledoDevice], monkeypatch: pytest.MonkeyPatch
) -> None:
    scale, device = peer
    assert device.get_weight_stable() == [100.0, "g"]
    assert device.get_weight() == [100.0, "g", "S"]
    monkeypatch.setattr(pan, "_SWING", Decimal(0))
    scale.pan.put(Decimal("12.34"), time.monotonic() + HANG_S)
    value, unit, mark = device.get_weight()
    assert (unit, mark) == ("g", "D")
    assert value == pytest.approx(12.34, abs=0.06)


def test_peer_reads_who_it_is(peer: tuple[VirtualScale, MettlerToledoDevice]) -> None:
    _, device = peer
    assert device.get_serial_number() == "0123456789"
    assert device.get_balance_data() == ["Garita", "virtual", "scale", "2200.00", "g"]
    assert device.get_software_version() == ["1.00", "1.0.0.0"]
    assert device.get_software_id() == "12121306C"
    assert device.get_mtsics_level() == ["01", "2.30", "2.22"]


def test_peer_sets_to_zero(peer: tuple[VirtualScale, MettlerToledoDevice]) -> None:
    _, device = peer
    assert device.zero_stable() is True
    assert device.get_weight_stable() == [0.0, "g"]
    assert device.zero() == "S"


def test_peer_hears_errors_where_we_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MettlerToledoDevice, "_RESET_DELAY", 0.0)
    with serve_pty(virtual("mt-sics", PanFault.OVERLOAD)) as port:
        device = MettlerToledoDevice(port=port.path)
        with pytest.raises(MettlerToledoError, match="overload"):
            device.get_weight()
        with pytest.raises(MettlerToledoError, match="Syntax"):
            device._send_request_get_response("NOSUCH")
        device.close()


class EchoingScale(VirtualScale):
    """A scale on a two-wire adapter: what the host writes comes back to it before the answer."""

    _heard = b""

    def receive(self, data: bytes, now: float) -> None:
        self._heard += data
        super().receive(data, now)

    def due(self) -> float | None:
        return 0.0 if self._heard else super().due()

    def poll(self, now: float) -> bytes:
        heard, self._heard = self._heard, b""
        return heard + super().poll(now)


@pytest.mark.parametrize("name", sorted(FACES))
def test_an_echo_is_no_answer_and_no_damage(name: str) -> None:
    """The echo of PSN was an Ohaus's serial number, so that any other scale behind the adapter was the same one."""
    with serve_pty(EchoingScale(FACES[name], seeded(1))) as port:
        scale = open_scale(f"{name}:{port.path}", Transcript(), time.monotonic_ns)
        identity = scale.identify()
        expected = {"mt-sics": "0123456789", "a-and-d": "", "ohaus": "B123456789"}
        assert identity.serial_number == expected[name]
        assert scale.stable_weight(never).grams == Decimal(100)
        assert scale.counts.checksum_failures == 0
        scale.close()


@pytest.mark.parametrize("name", sorted(FACES))
def test_our_driver_on_a_real_port(name: str) -> None:
    with serve_pty(virtual(name)) as port:
        transcript = Transcript()
        scale = open_scale(f"{name}:{port.path}", transcript, time.monotonic_ns)
        assert scale.identify().maker
        assert scale.stable_weight(never).grams == Decimal("100.00")
        scale.close()
    assert transcript.address == f"{name}:{port.path}"
    assert any(event.direction is Direction.READ for event in transcript.events)


def test_complaints_1_and_2_a_pulled_cable_is_told_and_the_next_weighing_works(tmp_path: Path) -> None:
    link = tmp_path / "scale"
    with serve_pty(virtual("mt-sics", WireFault.UNPLUG), link, replug_after=0.1):
        address = f"mt-sics:{link}"
        scale = open_scale(address, Transcript(), time.monotonic_ns)
        start = time.monotonic()
        with pytest.raises(PortLost, match=str(link)):
            scale.stable_weight(never)
        assert time.monotonic() - start < HANG_S
        scale.close()
        assert again(address).stable_weight(never).grams == Decimal("100.00")


def again(address: str) -> Scale:
    end = time.monotonic() + HANG_S
    while True:
        try:
            return open_scale(address, Transcript(), time.monotonic_ns)
        except DriverError:
            assert time.monotonic() < end
            time.sleep(0.05)


def test_port_of_the_fixture_is_gone_after_it() -> None:
    with serve_pty(virtual("ohaus")) as port:
        assert isinstance(port, SimulatedPort)
        path = Path(port.path)
    assert not path.is_symlink()
