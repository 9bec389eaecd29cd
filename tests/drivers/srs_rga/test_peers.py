"""Programs of strangers with our virtual RGA: srsinst.rga (the maker's own) and pyrga.

docs/instruments/srs-rga.md explains every disagreement that stands here as a test.
"""

import importlib.resources
import json
import logging
import time
import warnings
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from drivers.pty import SimulatedPort, serve_pty
from drivers.srs_rga import frames
from drivers.srs_rga.diagnosis import ERROR_BYTES
from drivers.srs_rga.memory import Memory, Refusal
from drivers.srs_rga.settings import SETTINGS, Echo
from drivers.srs_rga.simulator import VirtualRga
from tests.drivers.srs_rga.lines import virtual
from tests.drivers.srs_rga.second_rga import TOTAL, SecondRga

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pyrga
    from srsinst.rga import RGA100
    from srsinst.rga.instruments.rga100.errors import ERROR_DICT

PACE = 0.02


@pytest.fixture
def simulator() -> VirtualRga:
    return virtual(noisy=False, pace=PACE)


@pytest.fixture
def port(simulator: VirtualRga) -> Iterator[SimulatedPort]:
    with serve_pty(simulator) as port:
        yield port


@pytest.fixture
def maker(port: SimulatedPort) -> Iterator[Any]:
    """Provide the maker's client, connected."""
    client = RGA100("serial", port.path, 28_800, True)
    yield client
    client.disconnect()


# srsinst.rga 0.3.9


def test_the_maker_identifies_it(maker: Any) -> None:
    assert maker.check_id() == ("SRSRGA100", "10042", "0.24")
    assert maker.get_max_mass() == 100


def test_the_maker_sets_and_reads_parameters(maker: Any, simulator: VirtualRga) -> None:
    maker.ionizer.set_parameters(35, 8, 120)
    assert maker.ionizer.get_parameters() == (35, 8, 120)
    assert maker.ionizer.last_set_status == 0
    maker.scan.set_parameters(10, 44, 5, 20)
    assert maker.scan.get_parameters() == (10, 44, 5, 20)
    values = simulator.memory.values
    assert [values[name] for name in ("EE", "IE", "VF", "MI", "MF", "NF", "SA")] == [35, 0, 120, 10, 44, 5, 20]
    assert (maker.scan.total_points_analog, maker.scan.total_points_histogram) == (681, 35)


def test_the_maker_lights_and_puts_out(maker: Any, simulator: VirtualRga) -> None:
    maker.filament.turn_on(1.5)
    assert maker.ionizer.emission_current == 1.5
    assert simulator.memory.values["FL"] == 1.5
    maker.filament.turn_off()
    assert simulator.memory.values["FL"] == 0


def test_the_maker_scans(maker: Any, simulator: VirtualRga) -> None:
    maker.filament.turn_on()
    maker.scan.set_parameters(14, 33, 7, 10)
    histogram = maker.scan.get_histogram_scan()
    assert histogram.size == 20
    assert histogram.argmax() == 28 - 14
    assert maker.scan.total_current == simulator._total_current()
    analog = maker.scan.get_analog_scan()
    assert analog.size == 191
    assert analog[(28 - 14) * 10] == histogram[28 - 14]
    assert maker.scan.get_mass_axis()[(28 - 14) * 10] == pytest.approx(28)
    assert maker.scan.get_single_mass_scan(28) == histogram[28 - 14]
    assert maker.scan.get_multiple_mass_scan([18, 28, 32]).tolist() == histogram[[4, 14, 18]].tolist()


def test_the_maker_measures_pressures(maker: Any) -> None:
    maker.filament.turn_on()
    current = maker.scan.get_single_mass_scan(28)
    partial = maker.pressure.get_partial_pressure_sensitivity_in_torr() * current
    assert partial == pytest.approx(7.8e-7, rel=0.01)
    assert maker.pressure.get_total_pressure_in_torr() == pytest.approx(1.049e-6, rel=0.01)


def test_the_maker_calibrates_and_resets(maker: Any, simulator: VirtualRga) -> None:
    maker.filament.turn_on()
    assert maker.calibrate_all() == 0
    assert maker.calibrate_electrometer() == 0
    maker.reset()
    assert simulator.memory.values["FL"] == 0


def test_the_maker_reads_errors(maker: Any, simulator: VirtualRga) -> None:
    assert maker.status.get_errors() == "NE"
    simulator.memory.refuse(Refusal.CONFLICT)
    simulator.memory.fails("EP", 0x40)
    simulator.memory.fails("EQ", 0x50)
    simulator.memory.fails("ED", 0x82)
    simulator.memory.fails("EF", 0x20)
    assert set(maker.status.get_errors().split(":")) == {"PS6", "DET7", "DET1", "RF6", "RF4", "FL5", "CM6"}
    assert "CM6" not in maker.status.get_errors()


def test_disagreement_the_maker_asks_ec_for_the_multiplier(maker: Any, simulator: VirtualRga) -> None:
    simulator.memory.errors["EM"] = 0x80
    simulator.memory.refuse(Refusal.BAD_COMMAND)
    assert maker.status.error_cem == 1
    assert simulator.memory.errors == {**simulator.memory.errors, "EM": 0x80, "EC": 0}


def test_disagreement_the_maker_declares_a_lower_limit_of_the_multiplier_than_its_own_table(maker: Any) -> None:
    assert vars(type(maker.cem))["voltage"].maximum == 2290
    maker.cem.voltage = 2490
    assert maker.cem.voltage == 2490 == SETTINGS["HV"].most


def test_disagreement_the_maker_reads_a_total_of_carriage_returns_as_text() -> None:
    """It waits for CR after an analog scan; our driver reads 4 bytes (test_driver.py)."""
    with serve_pty(SecondRga(point_s=0.0005)) as port:
        client = RGA100("serial", port.path, 28_800, True)
        client.filament.turn_on()
        client.scan.set_parameters(14, 18, 7, 10)
        client.scan.get_analog_scan()
        assert client.scan.total_current != TOTAL
        answer = client.query_text("ID?")
        client.disconnect()
    assert not answer.startswith("SRSRGA100")


def test_disagreement_a_pty_has_no_dsr(maker: Any) -> None:
    with pytest.raises(OSError, match="Inappropriate ioctl"):
        maker.check_head_online()


def test_the_maker_s_table_of_commands_is_ours() -> None:
    table = json.loads(
        importlib.resources.files("srsinst.rga.instruments.rga100").joinpath("rga_commands.json").read_text()
    )
    for name, theirs in table.items():
        if (setting := SETTINGS.get(name.upper())) is None:
            continue
        assert theirs["parameter"]["range"] == [setting.least, setting.most], name
        assert (theirs["parameter"]["type"] == "integer") == (setting.places == 0), name
        assert (theirs["set"]["return_type"] == "status byte") == (setting.echo is Echo.STATUS), name
        assert theirs["query"]["enable"], name
    known = set(SETTINGS) | {error.query for error in ERROR_BYTES}
    others = {"AP", "HP", "ID", "ER", "MO", "CE", "CA", "CL", "DG", "IN", "ML", "MR", "SC", "HS", "TP"}
    assert {name.upper() for name in table} == known | others


def test_the_maker_s_error_bits_are_ours() -> None:
    theirs = {"PS": "EP", "DET": "ED", "RF": "EQ", "EM": "EM", "FL": "EF", "CM": "EC"}
    ours = {(error.query, bit) for error in ERROR_BYTES for bit in error.bits}
    assert {(theirs[key[:-1]], int(key[-1])) for key in ERROR_DICT if key[-1].isdigit()} == ours


# pyrga 0.0.3: one session does it all, and its own waits of 0.5 s are made a tenth, or it would take 40 s.


def test_pyrga_does_everything_it_can(
    port: SimulatedPort, simulator: VirtualRga, monkeypatch: pytest.MonkeyPatch
) -> None:
    logging.getLogger("pyrga.driver").setLevel(logging.ERROR)
    monkeypatch.setattr(pyrga.driver, "time", SimpleNamespace(sleep=lambda seconds: time.sleep(seconds / 10)))
    client = pyrga.RGAClient(port.path, noise_floor=7)
    assert client.get_device_id() == "SRSRGA100VER0.24SN10042"
    assert simulator.memory.values["NF"] == 7
    client.turn_on_filament()
    assert simulator.memory.values["FL"] == 1.0
    masses, pressures, total = client.read_spectrum(26, 30, 10)
    assert len(masses) == len(pressures) == 41
    assert masses[20] == 28.0
    assert pressures[20] == max(pressures) == pytest.approx(7.8e-7, rel=0.01)
    assert total == pytest.approx(1.049e-6, rel=0.01)
    assert client.read_mass(28) == pytest.approx(pressures[20])
    client.turn_off_filament()
    assert simulator.memory.values["FL"] == 0

    # Disagreement: errors that the instrument reports in its echo never raise; STATUS is compared with the text "1".
    simulator.memory.fails("EP", 0x40)
    client.set_electron_energy(70)
    # Disagreement: it takes the answer to EM? by its first digit: "0" is ASCII 48, even, and so a multiplier.
    assert client.get_cdem_presence()
    # Disagreement: a focus voltage is sent negative, which the instrument refuses.
    with pytest.raises(pyrga.driver.RGAException):
        client.set_plate_voltage(100)
    client._com_obj.close()
    assert simulator.memory.values["VF"] == 90


def test_both_leave_the_filament_on_when_their_program_ends_and_ours_finds_it(
    simulator: VirtualRga, port: SimulatedPort
) -> None:
    client = RGA100("serial", port.path, 28_800, True)
    client.filament.turn_on()
    client.disconnect()
    time.sleep(0.05)
    assert simulator.memory.values["FL"] == 1.0


def test_a_lone_carriage_return_is_no_command() -> None:
    simulator = virtual()
    simulator.receive(b"\r\r", 0.0)
    assert simulator.memory.status == 0
    assert simulator.poll(1.0) == b""
    assert frames.command("ID", "?") == b"ID?\r"
    assert isinstance(simulator.memory, Memory)
