"""The driver against the simulator over wires that chop, delay, lose, double and flip, in virtual time."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.analyzer_link.frames import Advance, Done, Error, Failed, Measured, Message
from drivers.analyzer_link.listener import Timing
from drivers.analyzer_link.plays import Fault
from drivers.errors import BadFrame, DriverError, InstrumentFault, NoResponse, PortLost
from drivers.framing import encode
from drivers.instrument import Progress
from models.spectrum import Spectrum
from tests.drivers.wires import COCAINE, ENERGIES, FIRST_ID, Babble, Damage, Wire, analyzer_on, never, seeded, wire_to

SENT = {spectrum.collision_energy: spectrum for spectrum in COCAINE}
DEADLINE_S = 125.0


def measure(wire: Wire | Babble) -> list[Spectrum]:
    return [item for item in analyzer_on(wire).acquire(ENERGIES, never) if isinstance(item, Spectrum)]


def assert_sent(spectra: list[Spectrum]) -> None:
    for spectrum in spectra:
        sent = SENT[spectrum.collision_energy]
        assert np.array_equal(spectrum.mz, sent.mz)
        assert np.array_equal(spectrum.intensity, sent.intensity)


def test_over_a_perfect_wire_everything_arrives() -> None:
    wire = wire_to()
    analyzer = analyzer_on(wire)
    assert analyzer.identify().maker == "Garita"
    assert analyzer.status().ready
    assert analyzer.self_check().passed
    items = list(analyzer.acquire(ENERGIES, never))
    assert_sent([item for item in items if isinstance(item, Spectrum)])
    assert [item.collision_energy for item in items if isinstance(item, Spectrum)] == list(ENERGIES)
    percents = [item.percent for item in items if isinstance(item, Progress)]
    assert percents == sorted(percents)
    assert len(percents) == 6
    assert wire.now == pytest.approx(3.0, abs=0.1)
    assert analyzer.counts.checksum_failures == 0


@pytest.mark.parametrize("chop", [1, 7, 100])
@pytest.mark.parametrize("delay", [0.0, 0.02])
def test_pieces_and_delays_change_nothing(chop: int, delay: float) -> None:
    spectra = measure(wire_to(damage=Damage(chop=chop, delay=delay)))
    assert len(spectra) == len(ENERGIES)
    assert_sent(spectra)


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        (Fault.DETECTOR, InstrumentFault, "high voltage"),
        (Fault.OVERLOAD, InstrumentFault, "saturated.*instrument code overload"),
        (Fault.LOW_BATTERY, InstrumentFault, "charge it.*instrument code battery-low"),
        (Fault.WRONG_BAUD, BadFrame, "check its line speed|bytes came"),
        (Fault.STALL, NoResponse, "nothing came for 3"),
        (Fault.HALF_FRAME, BadFrame, "bytes of an unfinished one"),
        (Fault.BABBLE, BadFrame, "bytes came without one good frame"),
        (Fault.ENDLESS, BadFrame, "55 55 55"),
    ],
)
def test_each_fault_ends_in_its_error(fault: Fault, error: type[DriverError], words: str) -> None:
    wire = wire_to(fault)
    with pytest.raises(error, match=words):
        measure(wire)
    assert wire.now < 8


def test_a_drifted_calibration_is_told_by_the_self_check_and_by_nothing_else() -> None:
    analyzer = analyzer_on(wire_to(Fault.DRIFT))
    check = analyzer.self_check()
    assert not check.passed
    assert [name for name, passed in check.items if not passed] == ["calibration"]
    spectra = [item for item in analyzer.acquire(ENERGIES, never) if isinstance(item, Spectrum)]
    assert [np.round(spectrum.mz - sent.mz, 4).min() for spectrum, sent in zip(spectra, COCAINE, strict=True)] == [
        1.7
    ] * 3


def test_a_low_battery_is_told_before_it_is_needed() -> None:
    status = analyzer_on(wire_to(Fault.LOW_BATTERY)).status()
    assert status.ready
    assert status.battery_percent == 2


def test_a_flipped_byte_is_counted_and_the_event_comes_again() -> None:
    for seed in range(30):
        wire = wire_to(Fault.BIT_FLIP, seed=seed)
        analyzer = analyzer_on(wire)
        spectra = [item for item in analyzer.acquire(ENERGIES, never) if isinstance(item, Spectrum)]
        assert len(spectra) == len(ENERGIES)
        assert_sent(spectra)
        assert analyzer.counts.checksum_failures > 0
        assert wire.now < 6


def test_a_slow_analyzer_is_waited_for() -> None:
    assert_sent(measure(wire_to(Fault.SLOW)))


@pytest.mark.parametrize("seed", range(60))
def test_over_bad_wires_no_spectrum_is_false_and_nothing_hangs(seed: int) -> None:
    rng = seeded(seed)
    damage = Damage(
        chop=rng.choice([5, 40, 300]),
        flip=rng.choice([0, 0.01, 0.1]),
        drop=rng.choice([0, 0.01, 0.1]),
        double=rng.choice([0, 0.01, 0.1]),
        delay=rng.choice([0, 0.05, 0.4]),
    )
    wire = wire_to(damage=damage, seed=seed)
    analyzer = analyzer_on(wire)
    with suppress(DriverError):
        for item in analyzer.acquire(ENERGIES, never):
            if isinstance(item, Spectrum):
                assert_sent([item])
    assert wire.now < DEADLINE_S
    assert wire.simulator.acquisitions <= 1


def test_a_little_damage_costs_no_reading() -> None:
    for seed in range(40):
        spectra = measure(wire_to(damage=Damage(chop=200, flip=0.02, drop=0.01), seed=seed))
        assert len(spectra) == len(ENERGIES)
        assert_sent(spectra)


@given(st.lists(st.binary(max_size=3000), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_bytes_end_in_a_driver_error_within_the_deadline(chunks: list[bytes]) -> None:
    turn = iter(range(10**9))
    babble = Babble(lambda: chunks[next(turn) % len(chunks)])
    analyzer = analyzer_on(babble, Timing(self_check=3.0))
    for ask in (analyzer.identify, analyzer.status, analyzer.self_check):
        start = babble.now
        with pytest.raises((BadFrame, NoResponse)):
            ask()
        assert babble.now - start <= 3.2


def test_silence_is_no_response() -> None:
    silent = Babble(lambda: b"")
    with pytest.raises(NoResponse, match=r"nothing came for 3\.0 s, an answer to identify was expected"):
        analyzer_on(silent).identify()
    assert silent.written.count(b"identify") == 3


class Liar(Babble):
    """Greets properly, then answers each request to measure with `frames`, and with nothing more."""

    def __init__(self, *messages: Message) -> None:
        super().__init__(self._next)
        self._messages = list(messages)
        self._identified = False

    def _next(self) -> bytes:
        if b"acquire" in self.written and self._messages:
            return encode(self._messages.pop(0).to_bytes())
        if b"identify" in self.written and not self._identified:
            self._identified = True
            simulator = wire_to().simulator
            simulator.receive(self.written, 0)
            return simulator.poll(0)
        return b""


ACQUISITION = FIRST_ID + 1
START = Advance(ACQUISITION, 0, 0, "")


def spectrum_at(energy: int, number: int, mz: bytes = b"", intensity: bytes = b"") -> Measured:
    return Measured(ACQUISITION, number, energy, "cid", "positive", None, mz, intensity)


@pytest.mark.parametrize(
    ("messages", "error", "words"),
    [
        ((START, spectrum_at(300, 1), spectrum_at(150, 2)), BadFrame, "15 V came out of turn; expected 50 V"),
        ((START, spectrum_at(150, 1), spectrum_at(150, 2)), BadFrame, "15 V came out of turn; expected 30 V, 50 V"),
        ((START, spectrum_at(200, 1)), BadFrame, "20 V came out of turn"),
        ((START, spectrum_at(150, 1), Done(ACQUISITION, 2, ())), BadFrame, "measure nothing, but no spectrum"),
        ((START, Done(ACQUISITION, 1, (150, 300))), BadFrame, "no spectrum came at 15 V, 30 V, 50 V"),
        ((START, spectrum_at(150, 1, b"\x01\0\0\0" * 2, bytes(8))), BadFrame, "must rise"),
        ((START, spectrum_at(150, 1, b"\x01\0\0\0", b"\0\0\xc0\x7f")), BadFrame, "finite"),
        ((START, spectrum_at(150, 1, b"\x01\0\0\0", b"\0\0\x80\xbf")), BadFrame, "negative"),
        ((START, spectrum_at(150, 1, b"\xff\xff\xff\xff", bytes(4))), BadFrame, "up to 4000"),
        ((START, Failed(ACQUISITION, 1, "pump-fault", "stuck")), InstrumentFault, "pump-fault"),
        ((Error(ACQUISITION, "busy", "warming up"),), InstrumentFault, "busy"),
        ((Advance(7, 0, 0, ""), Advance(7, 1, 0, "")), BadFrame, "2 good frames that do not belong"),
        ((START, Advance(ACQUISITION, 5, 0, "")), BadFrame, "event 1 of the acquisition was expected"),
        ((START,) * 40, BadFrame, "good frames that do not belong"),
        ((START,), NoResponse, "nothing came"),
    ],
    ids=[
        "spectra out of order", "one energy twice", "energy never asked for", "done too early", "missing too few",
        "m/z not rising", "intensity not a number", "intensity negative", "m/z beyond all", "failed", "refused",
        "wrong ids", "events left out", "one event again and again", "silence",
    ],
)  # fmt: skip
def test_an_analyzer_that_breaks_the_rules(messages: tuple[Message, ...], error: type[DriverError], words: str) -> None:
    liar = Liar(*messages)
    with pytest.raises(error, match=words):
        measure(liar)
    assert liar.now < 8


def test_progress_without_end_is_given_up() -> None:
    liar = Liar(*[Advance(ACQUISITION, number, 1, "still at it") for number in range(20_000)])
    analyzer = analyzer_on(liar, Timing(acquisition=10))
    with pytest.raises(NoResponse, match="has not ended within 10 s"):
        list(analyzer.acquire(ENERGIES, never))
    assert liar.now < 11
    assert b"abort" in liar.written


@given(st.lists(st.integers(0, 6), max_size=12), st.lists(st.integers(0, 600), max_size=12))
@settings(max_examples=100, deadline=None)
def test_any_story_of_events_ends(numbers: list[int], energies: list[int]) -> None:
    story = [spectrum_at(energy, number) for number, energy in zip(numbers, energies, strict=False)]
    liar = Liar(START, *story)
    with pytest.raises(DriverError):
        measure(liar)
    assert liar.now < 8


def test_stop_aborts_within_a_second() -> None:
    wire = wire_to()
    analyzer = analyzer_on(wire)
    acquiring = analyzer.acquire(ENERGIES, lambda: wire.now > 1.2)
    items = list(acquiring)
    assert sum(isinstance(item, Spectrum) for item in items) == 1
    assert wire.now < 2.2
    assert analyzer.status().ready


@pytest.mark.parametrize("fault", [Fault.STALL, Fault.BABBLE, Fault.ENDLESS, Fault.HALF_FRAME])
def test_stop_ends_a_broken_acquisition_too(fault: Fault) -> None:
    wire = wire_to(fault)
    assert not any(isinstance(item, Spectrum) for item in analyzer_on(wire).acquire(ENERGIES, lambda: wire.now > 1.2))
    assert wire.now < 2.3


def test_leaving_in_the_middle_tells_the_analyzer_to_abort() -> None:
    wire = wire_to()
    analyzer = analyzer_on(wire)
    acquiring = analyzer.acquire(ENERGIES, never)
    next(acquiring)
    acquiring.close()
    assert analyzer.status().ready


def test_a_new_session_takes_nothing_from_the_old_one() -> None:
    wire = wire_to()
    abandoned = analyzer_on(wire).acquire(ENERGIES, never)
    next(abandoned)
    wire.read(2.0)
    assert_sent(measure(wire))
    assert wire.simulator.acquisitions == 2


def test_a_pulled_cable_is_told_by_the_simulator() -> None:
    wire = wire_to(Fault.UNPLUG)
    with pytest.raises((NoResponse, BadFrame)):
        measure(wire)
    assert wire.simulator.unplugged
    wire.simulator.replug()
    assert analyzer_on(wire).status().ready


@pytest.mark.parametrize("energies", [(), (15, 15), tuple(range(17)), (501,), (-1,)])
def test_energies_that_no_analyzer_can_take(energies: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="energies"):
        list(analyzer_on(wire_to()).acquire(energies, never))


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_ten_thousand_acquisitions_over_bad_wires() -> None:
    """No hang, no false spectrum, no second measurement, and no error that came without a counted fault."""
    whole = damaged = failures = 0
    for seed in range(10_000):
        rng = seeded(seed)
        chances = [rng.choice([0, 0.003, 0.03]) for _ in range(3)]
        damage = Damage(rng.choice([5, 40, 300]), *chances, delay=rng.choice([0, 0.05, 0.4]))
        wire = wire_to(damage=damage, seed=seed)
        analyzer = analyzer_on(wire)
        spectra: list[Spectrum] = []
        try:
            spectra += [item for item in analyzer.acquire(ENERGIES, never) if isinstance(item, Spectrum)]
        except DriverError:
            assert any(chances)
        assert_sent(spectra)
        assert wire.now < DEADLINE_S
        assert wire.simulator.acquisitions <= 1
        whole += len(spectra) == len(ENERGIES)
        damaged += analyzer.counts.checksum_failures > 0
        failures += analyzer.counts.checksum_failures
    print(f"analyzer-link: {whole} whole, {damaged} with damaged frames, {failures} of them")  # noqa: T201 - for the page
    assert whole > 5_000
    assert damaged > 5_000


def test_port_lost_passes_through_at_once() -> None:
    def lost() -> bytes:
        raise PortLost("babble", "gone")

    with pytest.raises(PortLost):
        analyzer_on(Babble(lost)).identify()
