"""The filament on every way out. Each ends with the order confirmed, or with an error or alarm that says it is not."""

import gc
import signal
import threading
from collections.abc import Callable

import pytest

from drivers.errors import BadFrame, InstrumentFault, NoResponse, PortLost
from drivers.srs_rga import filament
from drivers.srs_rga.driver import SrsRga
from drivers.srs_rga.filament import FilamentLeftOn, FilamentRefused
from drivers.srs_rga.link import Timing
from drivers.transcript import MAX_COST, Direction, Event, RecordingTransport, Transcript
from tests.drivers.srs_rga.lines import ORDER, Alarms, Line, never, rga_on, seeded
from tests.drivers.srs_rga.second_rga import SecondRga
from tests.drivers.wires import Damage


class Cuttable:
    """A transport whose cable can be pulled, or whose instrument can fall silent."""

    port = "cut"

    def __init__(self, line: Line) -> None:
        self.line = line
        self.pulled = False
        self.silent = False
        self.closed = False

    def write(self, data: bytes) -> None:
        if self.pulled:
            raise PortLost(self.port, "the connection is gone")
        if not self.silent:
            self.line.write(data)

    def read(self, timeout: float) -> bytes:
        if self.pulled:
            raise PortLost(self.port, "the connection is gone")
        return self.line.read(timeout)

    def close(self) -> None:
        self.closed = True


Lit = tuple[SrsRga, SecondRga, Cuttable, Alarms]


@pytest.fixture
def lit() -> Lit:
    simulator = SecondRga()
    cable = Cuttable(Line(simulator, Damage(), seeded(1)))
    alarms = Alarms()
    instrument = SrsRga(cable, cable.line.monotonic_ns, Timing(), alarms)
    instrument.light(1.0, ORDER)
    assert simulator.set["FL"] == 1.0
    return instrument, simulator, cable, alarms


def is_out(simulator: SecondRga) -> bool:
    return simulator.set["FL"] == 0 and "FL0" in simulator.log


@pytest.mark.parametrize(("emission", "person"), [(1.0, ""), (1.0, "  "), (0, ORDER)])
def test_it_is_never_lit_without_an_order(emission: float, person: str) -> None:
    simulator = SecondRga()
    with pytest.raises(FilamentRefused, match="by order of a named person"):
        rga_on(simulator)[0].light(emission, person)
    assert simulator.log == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_it_is_never_lit_in_a_program_that_a_signal_could_end_unheard(number: signal.Signals) -> None:
    before = signal.signal(number, signal.SIG_DFL)
    simulator = SecondRga()
    try:
        with pytest.raises(FilamentRefused, match=number.name):
            rga_on(simulator)[0].light(1.0, ORDER)
    finally:
        signal.signal(number, before)
    assert not any(command.startswith("FL") and command != "FL?" for command in simulator.log)


def test_nothing_else_lights_it() -> None:
    simulator = SecondRga()
    instrument = rga_on(simulator)[0]
    instrument.identify()
    instrument.status()
    instrument.self_check()
    instrument.zero()
    instrument.close()
    assert not any(command.startswith(("FL", "DG")) and command != "FL?" for command in simulator.log)


def test_the_end_of_the_context(lit: Lit) -> None:
    instrument, simulator, _, alarms = lit
    instrument.put_out()
    with instrument.light(0.5, ORDER):
        assert simulator.set["FL"] == 0.5
    assert is_out(simulator)
    assert alarms.raised == []


def test_an_exception_of_the_caller() -> None:
    simulator = SecondRga()
    instrument = rga_on(simulator)[0]
    with pytest.raises(ZeroDivisionError), instrument.light(1.0, ORDER):
        _ = 1 // 0
    assert is_out(simulator)


def test_an_exception_of_the_instrument(lit: Lit) -> None:
    instrument, simulator, _, _ = lit
    simulator.errors["EQ"] = simulator.faults["EQ"] = 0x40
    simulator.status |= 16
    with pytest.raises(Exception, match="primary current"):
        list(instrument.measure(1, 10, profile=False, stopped=never))
    assert is_out(simulator)
    assert not instrument.lit


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, MemoryError])
def test_an_exception_from_outside(lit: Lit, error: type[BaseException]) -> None:
    instrument, simulator, _, _ = lit

    def interrupt() -> bool:
        raise error

    with pytest.raises(error):
        list(instrument.measure(1, 10, profile=False, stopped=interrupt))
    assert is_out(simulator)


def test_close(lit: Lit) -> None:
    instrument, simulator, cable, _ = lit
    instrument.close()
    instrument.close()
    assert is_out(simulator)
    assert cable.closed


def test_close_turns_the_multiplier_off_too() -> None:
    simulator = SecondRga(multiplier=True)
    instrument = rga_on(simulator)[0]
    instrument.multiply(1400)
    instrument.close()
    assert simulator.set["HV"] == 0


def test_an_instrument_that_nobody_holds_any_more() -> None:
    simulator = SecondRga()
    instrument, _, alarms = rga_on(simulator)
    instrument.light(1.0, ORDER)
    del instrument
    gc.collect()
    assert is_out(simulator)
    assert alarms.raised == []


def test_an_instrument_that_nobody_holds_any_more_and_that_does_not_answer() -> None:
    simulator = SecondRga()
    cable = Cuttable(Line(simulator, Damage(), seeded(1)))
    alarms = Alarms()
    instrument = SrsRga(cable, cable.line.monotonic_ns, Timing(), alarms)
    instrument.light(1.0, ORDER)
    cable.silent = True
    del instrument
    gc.collect()
    assert ["do not vent the chamber" in str(error) for error in alarms.raised] == [True]
    assert cable.closed


WAYS: dict[str, Callable[[SrsRga], object]] = {
    "measure": lambda instrument: list(instrument.measure(1, 10, profile=False, stopped=never)),
    "single": lambda instrument: instrument.single(28),
    "total": lambda instrument: instrument.total_pressure(),
    "status": lambda instrument: instrument.status(),
    "self-check": lambda instrument: instrument.self_check(),
    "zero": lambda instrument: instrument.zero(),
    "put-out": lambda instrument: instrument.put_out(),
    "close": lambda instrument: instrument.close(),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_pulled_cable_is_an_alarm_at_once(lit: Lit, way: Callable[[SrsRga], object]) -> None:
    instrument, _, cable, _ = lit
    cable.pulled = True
    before = cable.line.now
    with pytest.raises(FilamentLeftOn, match="switch the RGA off at its power supply"):
        way(instrument)
    assert cable.line.now - before < 0.5
    assert instrument.lit or way is WAYS["close"]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_an_instrument_that_falls_silent_is_an_alarm(lit: Lit, way: Callable[[SrsRga], object]) -> None:
    instrument, _, cable, _ = lit
    cable.silent = True
    with pytest.raises(FilamentLeftOn) as raised:
        way(instrument)
    assert isinstance(raised.value.__cause__, (NoResponse, BadFrame))


def test_an_instrument_that_says_it_is_still_lit_is_an_alarm() -> None:
    class Stuck(SecondRga):
        def _filament(self, value: float) -> None:
            super()._filament(value or 1.0)

    instrument, _, _ = rga_on(Stuck())
    instrument.light(1.0, ORDER)
    with pytest.raises(FilamentLeftOn, match="reports an emission"):
        instrument.put_out()
    assert instrument.lit


def test_degassing_that_is_cut_short() -> None:
    class Deaf(SecondRga):
        def receive(self, data: bytes, now: float) -> None:
            if not any(command.startswith("DG") for command in self.log):
                super().receive(data, now)

    instrument, _, _ = rga_on(Deaf(), timing=Timing(degas_minute=0.1))
    with pytest.raises(FilamentLeftOn):
        instrument.degas(3, ORDER)
    assert instrument.lit


def test_a_filament_that_another_program_left_on_is_found_and_put_out() -> None:
    simulator = SecondRga()
    simulator.set["FL"] = 1.5
    instrument = rga_on(simulator)[0]
    instrument.identify()
    assert is_out(simulator)
    assert "the filament was found lit at 1.50 mA and was put out" in instrument.status().detail


def test_a_full_record_of_the_session_does_not_leave_it_on() -> None:
    simulator = SecondRga()
    line = Line(simulator, Damage(), seeded(1))
    transcript = Transcript()
    recorded = RecordingTransport(line, transcript, line.monotonic_ns)
    instrument = SrsRga(recorded, line.monotonic_ns, Timing(), Alarms(), bare=line)
    instrument.light(1.0, ORDER)
    transcript.add(Event(line.monotonic_ns(), Direction.READ, bytes(MAX_COST - transcript._cost - 40)))
    with pytest.raises(BadFrame, match="the transcript is full"):
        instrument.single(28)
    assert is_out(simulator)
    assert not instrument.lit
    with pytest.raises(BadFrame, match="the transcript is full"):
        instrument.status()


def test_an_interrupted_close_is_made_good_when_the_program_ends(lit: Lit) -> None:
    instrument, simulator, cable, _ = lit
    order_arrives = cable.line.write

    def interrupted(_: bytes) -> None:
        cable.line.write = order_arrives  # type: ignore[method-assign]
        raise KeyboardInterrupt

    cable.line.write = interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        instrument.close()
    assert simulator.set["FL"] == 1.0
    instrument._leave()
    assert is_out(simulator)


def test_a_signal_handler_sends_the_order_even_in_the_middle_of_a_scan(lit: Lit) -> None:
    instrument, simulator, _, _ = lit
    items = iter(instrument.measure(1, 50, profile=True, stopped=never))
    next(items)
    with pytest.raises(SystemExit) as ended:
        filament._end(signal.SIGTERM, None)
    assert ended.value.code == 128 + signal.SIGTERM
    assert is_out(simulator)
    with pytest.raises((BadFrame, InstrumentFault)):
        list(items)
    assert not instrument.lit


def test_whoever_leaves_has_the_line_for_itself(lit: Lit) -> None:
    instrument, simulator, _, alarms = lit
    ended: list[type[BaseException]] = []

    def go_on_measuring() -> None:
        try:
            instrument.status()
        except SystemExit as end:
            ended.append(type(end))

    instrument._leave()
    heard = len(simulator.log)
    worker = threading.Thread(target=go_on_measuring)
    worker.start()
    worker.join()
    assert is_out(simulator)
    assert alarms.raised == []
    assert ended == [SystemExit]
    assert len(simulator.log) == heard
