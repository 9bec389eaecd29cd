"""The driver over lines that chop, delay, drop, double and flip bytes: no hang, no false reading, every fault counted.

Truth is what the virtual instrument, without noise, has in its memory and its chamber. `make soak` sends 10,000
commands over each line, the suite some hundreds.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from drivers.errors import DriverError
from drivers.srs_rga import settings as rga
from drivers.srs_rga.chamber import Source
from drivers.srs_rga.driver import SrsRga
from drivers.srs_rga.link import Timing
from drivers.srs_rga.scans import Kind, Scan
from drivers.srs_rga.simulator import VirtualRga
from tests.drivers.srs_rga.lines import ORDER, Alarms, Line, last, never, seeded, virtual
from tests.drivers.wires import Damage

LINES = {
    "chopped": Damage(chop=3),
    "delayed": Damage(chop=8, delay=0.05),
    "flipping": Damage(chop=8, flip=0.004),
    "losing": Damage(chop=8, drop=0.004),
    "doubling": Damage(chop=8, double=0.004),
    "all-of-it": Damage(chop=6, flip=0.002, drop=0.002, double=0.002, delay=0.03),
    "flipping-often": Damage(chop=8, flip=0.03),
}
HARMLESS = {"chopped", "delayed"}
SECONDS_EACH = 2000
"""Virtual seconds for one call, at most: the longest has several waits of 30 s for an answer that was lost."""


@dataclass
class Bench:
    """One virtual instrument on one bad line, and the sessions with it, one after another."""

    line: Line
    simulator: VirtualRga
    calls: int = 0
    readings: int = 0
    errors: int = 0
    faults: int = 0
    sessions: list[SrsRga] = field(default_factory=list)

    def session(self) -> SrsRga:
        if not self.sessions:
            self.sessions.append(SrsRga(self.line, self.line.monotonic_ns, Timing(), Alarms()))
        return self.sessions[0]

    def end(self) -> None:
        for session in self.sessions:
            self.faults += session.counts.faults
            session._leave.detach()
        self.sessions.clear()

    def call(self, what: Callable[["Bench", SrsRga], None]) -> None:
        self.calls += 1
        begun = self.line.now
        try:
            what(self, self.session())
            self.readings += 1
        except DriverError:
            self.errors += 1
            self.end()
        assert self.line.now - begun < SECONDS_EACH

    def truth(self, masses: np.ndarray) -> np.ndarray:
        return self.simulator._chamber.currents(masses, Source(1.0, 70.0, multiplied=False, noise_floor=4), 1e-4)


def read_a_setting(bench: Bench, instrument: SrsRga) -> None:
    for setting in (rga.ELECTRON_ENERGY, rga.NOISE_FLOOR, rga.PARTIAL_SENSITIVITY):
        assert instrument.get(setting) == bench.simulator.memory.values[setting.name]


def change_a_setting(bench: Bench, instrument: SrsRga) -> None:
    value = 20 + bench.calls % 100
    instrument.set(rga.FOCUS_VOLTAGE, value)
    assert bench.simulator.memory.values["VF"] == value
    instrument.set(rga.ELECTRON_ENERGY, 70)
    assert bench.simulator.memory.values["EE"] == 70


def read_the_status(bench: Bench, instrument: SrsRga) -> None:
    assert "electron multiplier" not in instrument.status().detail
    assert instrument.identify().serial_number == bench.simulator.memory._serial


def scan(bench: Bench, instrument: SrsRga) -> None:
    with instrument.light(1.0, ORDER):
        reading = last(instrument.scan(Scan(Kind.HISTOGRAM, 14, 33, speed=7), never))
    true = bench.truth(np.arange(14, 34, dtype=float)) * 1e-16
    assert (np.abs(reading.currents - true) <= reading.spread * 1.0001).all(), "the reading says how far it can be off"
    assert (reading.spread <= np.maximum(1e-14, 0.25 * true) * 1.0001).all(), "and that is never far"
    assert reading.partial_pressures is not None
    assert np.allclose(reading.partial_pressures, reading.currents * 1000 / 0.1)
    assert reading.total_pressure is not None
    assert reading.total_pressure == pytest.approx(1.049e-6, rel=1e-3)


def single(bench: Bench, instrument: SrsRga) -> None:
    with instrument.light(1.0, ORDER):
        assert instrument.single(28)[0] == pytest.approx(bench.truth(np.array([28.0]))[0] * 1e-16)
        total = instrument.total_pressure()
    assert total == pytest.approx(1.049e-6, rel=1e-3)


CALLS = (read_a_setting, change_a_setting, read_the_status, scan, single)


def restored(bench: Bench) -> None:
    """Store the calibration again, as a person does where damage has overwritten it and the driver has said so."""
    bench.simulator.memory.values |= {"SP": 0.1, "ST": 0.01, "MG": 1.0, "MV": 1400.0, "EE": 70.0}


def go_on(bench: Bench, commands: int) -> None:
    sent = 0
    while sent < commands:
        before = bench.line.written
        errors = bench.errors
        bench.call(CALLS[bench.calls % len(CALLS)])
        if bench.errors > errors:
            restored(bench)
        sent += bench.line.written - before
    bench.end()


def check(name: str, commands: int, seed: int) -> Bench:
    simulator = virtual(noisy=False, pace=0.1)
    bench = Bench(Line(simulator, LINES[name], seeded(seed)), simulator)
    go_on(bench, commands)
    if name in HARMLESS:
        assert (bench.errors, bench.faults) == (0, 0)
    else:
        assert bench.line.harmed
        assert bench.faults
    return bench


@pytest.mark.parametrize("name", LINES)
def test_no_hang_no_false_reading_and_every_fault_counted(name: str) -> None:
    bench = check(name, 600, seed=5)
    assert bench.readings or name == "flipping-often"


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", LINES)
def test_ten_thousand_commands(name: str, record_property: Callable[[str, object], None]) -> None:
    bench = check(name, 10_000, seed=11)
    told = f"{bench.calls} calls, {bench.readings} right, {bench.errors} refused, {bench.line.harmed} pieces harmed"
    record_property("result", f"{told}, {bench.faults} faults counted")
    print(f"{name}: {told}, {bench.faults} faults counted")  # noqa: T201 - the numbers for the page
