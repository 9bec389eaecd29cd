"""The driver with the first virtual RGA and with the second, which was written from the facts alone."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from drivers.errors import BadFrame, InstrumentFault, NoResponse
from drivers.instrument import GasAnalyzer, GasReading
from drivers.srs_rga import settings as rga
from drivers.srs_rga.driver import SrsRga
from drivers.srs_rga.filament import FilamentRefused
from drivers.srs_rga.memory import Memory
from drivers.srs_rga.scans import Kind, Scan
from drivers.srs_rga.simulator import VirtualRga
from models.spectrum import Technique
from tests.drivers.srs_rga.lines import ORDER, last, never, rga_on, virtual
from tests.drivers.srs_rga.second_rga import PEAKS, TOTAL, SecondRga

Simulator = VirtualRga | SecondRga
MAKERS: dict[str, Callable[..., Simulator]] = {
    "first": lambda model=100, multiplier=True: virtual(memory=Memory(model, multiplier=multiplier), noisy=False),
    "second": lambda model=100, multiplier=True: SecondRga(model, multiplier=multiplier),
    "second-echoes-nf": lambda model=100, multiplier=True: SecondRga(model, multiplier=multiplier, nf_echoes=True),
}


@pytest.fixture(params=MAKERS)
def make(request: pytest.FixtureRequest) -> Callable[..., Simulator]:
    return MAKERS[request.param]


@pytest.fixture
def rga_100(make: Callable[..., Simulator]) -> SrsRga:
    return rga_on(make())[0]


def test_it_is_a_gas_analyzer(rga_100: SrsRga) -> None:
    analyzer: GasAnalyzer = rga_100
    assert analyzer.identify().maker == "Stanford Research Systems"


@pytest.mark.parametrize("model", [100, 200, 300])
def test_each_model_says_who_it_is_and_reaches_its_last_mass(make: Callable[..., Simulator], model: int) -> None:
    instrument = rga_on(make(model))[0]
    identity = instrument.identify()
    assert (identity.model, identity.firmware) == (f"RGA{model}", "0.24")
    with instrument.light(1.0, ORDER):
        reading = last(instrument.measure(model - 2, model, profile=False, stopped=never))
        assert reading.spectrum.mz.tolist() == [model - 2, model - 1, model]
        with pytest.raises(ValueError, match=f"1 to {model} amu"):
            next(iter(instrument.measure(1, model + 1, profile=False, stopped=never)))
        assert instrument.lit


@pytest.mark.parametrize(
    ("setting", "value"),
    [(rga.ELECTRON_ENERGY, 35), (rga.ION_ENERGY, 0), (rga.FOCUS_VOLTAGE, 120), (rga.NOISE_FLOOR, 7), (rga.STEPS, 25),
     (rga.FIRST_MASS, 10), (rga.LAST_MASS, 60), (rga.PARTIAL_SENSITIVITY, 0.2), (rga.TOTAL_SENSITIVITY, 0.0321),
     (rga.GAIN, 1.5), (rga.GAIN_VOLTAGE, 1350)],
    ids=lambda value: value.name if isinstance(value, rga.Setting) else str(value),
)  # fmt: skip
def test_a_setting_is_set_and_read_back(rga_100: SrsRga, setting: rga.Setting, value: float) -> None:
    rga_100.set(setting, value)
    assert rga_100.get(setting) == value
    assert rga_100.counts.faults == 0


def test_emission_and_multiplier_are_no_mere_settings(rga_100: SrsRga) -> None:
    for setting in (rga.EMISSION, rga.MULTIPLIER_VOLTAGE):
        with pytest.raises(ValueError, match="light, put_out and multiply"):
            rga_100.set(setting, 0)


def test_a_histogram_and_a_profile_tell_the_same_gas(rga_100: SrsRga) -> None:
    with rga_100.light(1.0, ORDER):
        histogram = last(rga_100.measure(1, 50, profile=False, stopped=never))
        profile = last(rga_100.measure(1, 50, profile=True, stopped=never))
    assert histogram.spectrum.mz.tolist() == list(range(1, 51))
    assert profile.spectrum.mz.size == 491
    for reading in (histogram, profile):
        assert reading.spectrum.technique is Technique.EI
        assert reading.spectrum.collision_energy == 70.0
        assert reading.spectrum.mz[reading.spectrum.intensity.argmax()] == 28.0
        assert (reading.spectrum.intensity == np.maximum(reading.currents, 0)).all()
        assert reading.partial_pressures is not None
        assert np.allclose(reading.partial_pressures, reading.currents * 1000 / 0.1)
    assert histogram.currents[27] == profile.currents[270]
    assert rga_100.counts.faults == 0


def test_currents_of_the_second_rga_arrive_as_they_are() -> None:
    instrument = rga_on(SecondRga())[0]
    with instrument.light(1.0, ORDER):
        reading = last(instrument.measure(1, 50, profile=False, stopped=never))
        assert instrument.single(28)[0] == pytest.approx(8_000_013e-16)
    for mass, current in PEAKS.items():
        assert reading.currents[mass - 1] == pytest.approx(current * 1e-16)
    assert reading.spectrum.intensity[3] == 0
    assert reading.total_pressure == pytest.approx(TOTAL * 1e-16 * 1000 / 0.01)


def test_complaint_11_a_total_of_carriage_returns_does_not_disturb_the_link() -> None:
    instrument = rga_on(SecondRga())[0]
    with instrument.light(1.0, ORDER):
        for _ in range(3):
            assert last(instrument.measure(1, 20, profile=True, stopped=never)).total_pressure is not None
        assert instrument.identify().model == "RGA100"
    assert instrument.counts.faults == 0


def test_single_mass_and_total_pressure(rga_100: SrsRga) -> None:
    with rga_100.light(1.0, ORDER):
        current, spread = rga_100.single(28)
        total = rga_100.total_pressure()
    assert current > 0
    assert spread == 0
    assert rga_100.partial_pressure(current) == pytest.approx(current * 1000 / 0.1)
    assert total is not None
    assert total > 0


def test_with_the_multiplier_on_there_is_no_total_pressure(rga_100: SrsRga) -> None:
    with rga_100.light(1.0, ORDER):
        without = rga_100.single(40)[0]
        rga_100.multiply(1400)
        current = rga_100.single(40)[0]
        assert current == pytest.approx(1000 * without, rel=0.01)
        assert rga_100.partial_pressure(current) == pytest.approx(without * 1000 / 0.1, rel=0.01)
        assert rga_100.total_pressure() is None
        assert last(rga_100.measure(39, 41, profile=False, stopped=never)).total_pressure is None
        rga_100.multiply(0)
        assert rga_100.total_pressure() is not None


def test_a_gain_holds_at_its_own_voltage_only(rga_100: SrsRga) -> None:
    rga_100.multiply(1500)
    assert rga_100.partial_pressure(1e-12) is None


@pytest.mark.parametrize("voltage", [-1, 5, 2491])
def test_voltages_that_no_multiplier_has(rga_100: SrsRga, voltage: float) -> None:
    with pytest.raises(ValueError, match="2490"):
        rga_100.multiply(voltage)


def test_without_a_multiplier(make: Callable[..., Simulator]) -> None:
    instrument = rga_on(make(100, False))[0]
    with pytest.raises(InstrumentFault, match="no electron multiplier"):
        instrument.multiply(1400)
    assert "electron multiplier" not in dict(instrument.self_check().items)
    assert instrument.status().detail == "filament off"


def test_calibrations_are_waited_for(rga_100: SrsRga) -> None:
    rga_100.zero()
    rga_100.calibrate_electrometer()
    rga_100.lock_mass(28.0156)
    rga_100.rods_off()
    assert rga_100.counts.faults == 0


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_initialising_leaves_the_filament_off(rga_100: SrsRga, depth: int) -> None:
    rga_100.light(1.0, ORDER)
    rga_100.initialise(depth)
    assert rga_100.lit == (depth == 0)
    assert rga_100.get(rga.EMISSION) == (1.0 if depth == 0 else 0)
    rga_100.put_out()
    with pytest.raises(ValueError, match="IN3"):
        rga_100.initialise(3)


def test_the_jumper_is_asked() -> None:
    assert rga_on(virtual())[0].tuning_allowed()
    assert not rga_on(virtual(memory=Memory(jumper=True)))[0].tuning_allowed()


def test_nothing_is_measured_without_a_filament(rga_100: SrsRga) -> None:
    rga_100.identify()
    for measure in (lambda: list(rga_100.measure(1, 5, profile=True, stopped=never)), lambda: rga_100.single(28),
                    rga_100.total_pressure):  # fmt: skip
        with pytest.raises(InstrumentFault, match="the filament is off"):
            measure()


def test_a_scan_is_stopped_in_the_middle(rga_100: SrsRga) -> None:
    heard: list[object] = []
    with rga_100.light(1.0, ORDER):
        heard.extend(rga_100.scan(Scan(Kind.ANALOG, 1, 100, speed=4, steps=25), lambda: len(heard) > 0))
        assert not any(isinstance(item, GasReading) for item in heard)
        assert rga_100.lit
        assert rga_100.single(28)[0] > 0


def test_a_scan_that_nobody_wants_any_more_ends(rga_100: SrsRga) -> None:
    with rga_100.light(1.0, ORDER):
        items = rga_100.measure(1, 100, profile=True, stopped=never)
        next(iter(items))
        items.close()  # type: ignore[attr-defined]
        assert rga_100.identify().model == "RGA100"
        assert rga_100.single(28)[0] > 0


# Errors: which bits mean what, and which reading clears them.


def second_with(**errors: int) -> SecondRga:
    simulator = SecondRga(multiplier=True)
    bits = {"EC": 0, "EF": 1, "EM": 3, "EQ": 4, "ED": 5, "EP": 6}
    for name, value in errors.items():
        simulator.errors[name] = value
        simulator.faults[name] = value
        simulator.status |= 1 << bits[name]
    return simulator


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        ({"EP": 0x80}, "24 V supply: above 26 V"),
        ({"EP": 0x40}, "24 V supply: below 22 V"),
        ({"ED": 0x82}, "electrometer: ADC16 test failed, input offset of the amplifier out of range"),
        ({"ED": 0x20}, "electrometer: DETECT does not read -5 nA"),
        ({"EQ": 0x50}, "quadrupole's RF supply: primary current above 2.0 A, supply in current limit"),
        ({"EF": 0x20}, "filament: pressure in the chamber too high"),
        ({"EF": 0x01}, "filament: one of the two wires of the filament is left"),
        ({"EQ": 0x04}, "quadrupole's RF supply: bit 2, which has no meaning"),
    ],
)
def test_status_says_what_is_wrong(errors: dict[str, int], words: str) -> None:
    instrument = rga_on(second_with(**errors))[0]
    assert words in instrument.status().detail
    assert words in instrument.status().detail


def test_reading_clears_the_errors_of_line_and_multiplier_and_no_other() -> None:
    simulator = second_with()
    instrument = rga_on(simulator)[0]
    instrument.identify()
    simulator.errors |= {"EC": 0x44, "EM": 0x80, "EF": 0x20}
    simulator.status |= 0b1011
    first, second = instrument.status().detail, instrument.status().detail
    assert "serial line: parameter conflicts with another setting, command too long" in first
    assert "electron multiplier: no electron multiplier fitted" in first
    assert "serial line" not in second
    assert "electron multiplier" not in second
    assert "pressure in the chamber too high" in second


def test_the_multiplier_is_asked_about_with_em_and_not_with_ec() -> None:
    simulator = second_with()
    instrument = rga_on(simulator)[0]
    instrument.identify()
    simulator.errors["EM"], simulator.status = 0x80, 8
    simulator.log.clear()
    assert not dict(instrument.self_check().items)["electron multiplier"]
    assert "EM?" in simulator.log
    assert "EC?" not in simulator.log


@pytest.mark.parametrize("query", ["EP", "ED", "EQ", "EF"])
def test_the_self_check_names_the_part(query: str) -> None:
    check = rga_on(second_with(**{query: 0x80}))[0].self_check()
    assert not check.passed
    assert [passed for _, passed in check.items].count(False) == 1


def test_a_filament_on_its_second_wire_still_passes() -> None:
    assert rga_on(second_with(EF=1))[0].self_check().passed


def test_a_broken_filament_is_a_fault_after_a_second_try_and_is_left_off() -> None:
    simulator = second_with()
    simulator.faults["EF"] = 0xC0
    instrument = rga_on(simulator)[0]
    with pytest.raises(InstrumentFault, match="no filament found") as raised:
        instrument.light(1.0, ORDER)
    assert raised.value.code == "EF192"
    assert simulator.log.count("FL1.00") == 2
    assert simulator.log[-3:] == ["FL0", "FL?", "FL?"]
    assert not instrument.lit


def test_a_protected_setting_says_so() -> None:
    instrument = rga_on(virtual(memory=Memory(jumper=True)))[0]
    with pytest.raises(BadFrame, match="protected by the calibration jumper"):
        instrument.set(rga.RF_AT_128, 1001.5)


def test_peak_tuning_without_the_jumper() -> None:
    instrument = rga_on(virtual())[0]
    for setting, value in ((rga.RF_AT_0, -1.25), (rga.RF_AT_128, 1001.5), (rga.DC_OFFSET, 120), (rga.DC_SLOPE, -0.05)):
        instrument.set(setting, value)
        assert instrument.get(setting) == value


def test_silence_is_told_within_seconds() -> None:
    class Dead(SecondRga):
        def receive(self, data: bytes, now: float) -> None:
            """Hear nothing."""

    instrument, line, _ = rga_on(Dead())
    with pytest.raises(NoResponse, match="check power, cable and line speed"):
        instrument.identify()
    assert line.now < 6


def test_emission_that_went_out_by_itself_is_no_reading() -> None:
    simulator = SecondRga()
    instrument = rga_on(simulator)[0]
    with instrument.light(1.0, ORDER):
        items = iter(instrument.measure(1, 20, profile=False, stopped=never))
        next(items)
        simulator.set["FL"] = 0.0
        with pytest.raises((BadFrame, InstrumentFault)):
            list(items)
        assert not instrument.lit


def test_a_stored_calibration_that_changes_is_no_reading() -> None:
    simulator = SecondRga()
    instrument = rga_on(simulator)[0]
    with instrument.light(1.0, ORDER):
        simulator.set["SP"] = 0.5
        with pytest.raises(BadFrame, match="has changed during the session"):
            last(instrument.measure(1, 20, profile=False, stopped=never))


def test_a_query_that_damage_turned_into_an_order_is_found() -> None:
    simulator = SecondRga()

    class Flipped(SecondRga):
        def receive(self, data: bytes, now: float) -> None:
            flip = data == b"SP?\r" and "SP7" not in self.log
            super().receive(b"SP7\r" if flip else data, now)

    simulator = Flipped()
    instrument = rga_on(simulator)[0]
    with pytest.raises(BadFrame, match="damage on the line may have turned into an order"):
        instrument.identify()
    with pytest.raises(BadFrame, match="store it again"):
        instrument.identify()


def test_degassing_waits_and_leaves_the_filament_off(rga_100: SrsRga) -> None:
    rga_100.degas(2, ORDER)
    assert not rga_100.lit


@pytest.mark.parametrize("minutes", [0, 21])
def test_degassing_needs_a_person_and_a_time(rga_100: SrsRga, minutes: int) -> None:
    with pytest.raises(FilamentRefused, match="named person"):
        rga_100.degas(minutes, ORDER)
    with pytest.raises(FilamentRefused, match="named person"):
        rga_100.degas(3, " ")


def test_pressure_is_finite_everywhere(rga_100: SrsRga) -> None:
    with rga_100.light(0.5, ORDER):
        reading = last(rga_100.measure(1, 50, profile=False, stopped=never))
    assert all(math.isfinite(value) for value in reading.currents)
    assert (reading.spread >= 0).all()
