"""The driver against a virtual scale, in virtual time: rest, commands, faults, and lines that nobody asked for."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import BadFrame, DriverError, InstrumentFault, NoResponse, PortLost
from drivers.outlet import WireFault
from drivers.replay import ReplayTransport
from drivers.scales.driver import Scale, Timing
from drivers.scales.frames import Dialect
from drivers.scales.mt_sics import MT_SICS
from drivers.scales.ohaus import OHAUS
from drivers.scales.pan import REST_AFTER_S, PanFault
from drivers.scales.weight import Basis, Load, WeightRefused
from drivers.transcript import RecordingTransport, Transcript
from tests.drivers.scales.scale_wires import DIALECTS, GRAMS, scale_on, wire_to
from tests.drivers.wires import Babble, never

TARELESS = replace(MT_SICS, tare_memory=None)
dialects = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)


@dialects
def test_a_weight_is_offered_only_at_rest(dialect: Dialect) -> None:
    wire = wire_to(dialect)
    scale = scale_on(wire, dialect)
    assert not scale.weigh().stable
    weight = scale.stable_weight(never)
    assert weight.require_stable().grams == GRAMS
    assert REST_AFTER_S <= wire.now < REST_AFTER_S + 0.5
    assert weight.raw in {b"S S     100.00 g", b"ST,+00100.00  g", b"    100.00 g"}
    assert scale.counts.checksum_failures == 0


@dialects
def test_who_weighed_stands_in_the_weight(dialect: Dialect) -> None:
    scale = scale_on(wire_to(dialect), dialect)
    identity = scale.identify()
    assert identity.maker == dialect.maker
    assert (dialect.about[1] is not None) == bool(identity.serial_number)
    assert scale.stable_weight(never).scale == identity


@dialects
def test_tare_and_zero(dialect: Dialect) -> None:
    wire = wire_to(dialect)
    scale = scale_on(wire, dialect)
    scale.tare()
    assert scale.stable_weight(never).grams == 0
    wire.simulator.pan.put(Decimal("350.25"), wire.now)
    assert scale.stable_weight(never).grams == Decimal("250.25")
    scale.zero()
    assert scale.stable_weight(never).grams == 0


@dialects
def test_a_drifting_pan_gives_no_weight(dialect: Dialect) -> None:
    wire = wire_to(dialect, PanFault.DRIFT)
    with pytest.raises(WeightRefused, match="no rest within 30 s"):
        scale_on(wire, dialect).stable_weight(never)
    assert wire.now < 35


@dialects
@pytest.mark.parametrize("fault", [PanFault.OVERLOAD, PanFault.UNDERLOAD])
def test_a_load_beyond_the_scale_gives_no_weight(dialect: Dialect, fault: PanFault) -> None:
    wire = wire_to(dialect, fault)
    scale = scale_on(wire, dialect)
    if dialect is OHAUS:  # says ES
        with pytest.raises(InstrumentFault, match="ES"):
            scale.stable_weight(never)
        return
    assert scale.weigh().load is Load(fault.value)
    with pytest.raises(WeightRefused) as raised:
        scale.stable_weight(never)
    assert raised.value.code == fault.value
    assert wire.now < 2


@dialects
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (WireFault.STALL, NoResponse),
        (WireFault.UNPLUG, NoResponse),
        (WireFault.HALF_FRAME, BadFrame),
        (WireFault.BABBLE, BadFrame),
        (WireFault.WRONG_BAUD, BadFrame),
    ],
)
def test_complaint_5_a_fault_of_the_wire_is_no_endless_loop(
    dialect: Dialect, fault: WireFault, error: type[DriverError]
) -> None:
    wire = wire_to(dialect, fault)
    with pytest.raises(error):
        scale_on(wire, dialect).stable_weight(never)
    assert wire.now < 8


@dialects
def test_a_slow_wire_costs_no_weight(dialect: Dialect) -> None:
    assert scale_on(wire_to(dialect, WireFault.SLOW), dialect).stable_weight(never).grams == GRAMS


@dialects
def test_flipped_bits_give_the_true_weight_or_none(dialect: Dialect) -> None:
    for seed in range(40):
        wire = wire_to(dialect, WireFault.BIT_FLIP, seed=seed)
        try:
            assert scale_on(wire, dialect).stable_weight(never).grams == GRAMS
        except DriverError:
            continue


@dialects
def test_weights_that_come_unasked_are_fine(dialect: Dialect) -> None:
    wire = wire_to(dialect)
    stream = {"mt-sics": b"SIR\r\n", "ohaus": b"CP\r\n"}.get(dialect.name)
    if stream is None:
        return  # its stream is begun in seven bits, as any of its commands
    wire.write(stream)
    wire.read(0.5)
    assert scale_on(wire, dialect).stable_weight(never).grams == GRAMS


def test_a_weight_from_before_the_question_is_no_answer() -> None:
    wire = wire_to(MT_SICS)
    wire.read(2.0)
    wire.write(b"SI\r\n")
    wire._wait(wire.now + 0.1)
    wire.simulator.pan.put(Decimal("5.00"), wire.now)
    assert scale_on(wire, MT_SICS).stable_weight(never).grams == Decimal("5.00")


def test_a_tare_is_no_weight_on_the_pan() -> None:
    answers = iter([b"T S     100.00 g\r\n", b"", b"S S       1.00 g\r\n", b"TA A       0.00 g\r\n"])
    scale = scale_on(Babble(lambda: next(answers, b"")), MT_SICS)
    scale._line.drain = list  # type: ignore[method-assign] - what came is what is asked here
    weight = scale.weigh()
    assert (weight.grams, weight.basis) == (Decimal("1.00"), Basis.GROSS)


@dialects
def test_weighing_can_be_stopped(dialect: Dialect) -> None:
    wire = wire_to(dialect, PanFault.DRIFT)
    with pytest.raises(WeightRefused, match="stopped"):
        scale_on(wire, dialect).stable_weight(lambda: wire.now > 1)
    assert wire.now < 2


class Teller(Babble):
    """Answers each question with the next of `lines`, then with silence."""

    def __init__(self, *lines: bytes) -> None:
        super().__init__(self._next)
        self._lines = list(lines)
        self._asked = 0

    def write(self, data: bytes) -> None:
        super().write(data)
        self._asked += 1

    def _next(self) -> bytes:
        if not self._asked or not self._lines:
            return b""
        self._asked -= 1
        return self._lines.pop(0)


QUICK = Timing(answer=0.1, rest=1.0, again=0.05)


def told(scale: Scale) -> Decimal | str:
    try:
        return scale.stable_weight(never).grams
    except DriverError as error:
        return type(error).__name__


def test_one_flipped_digit_is_never_a_weight() -> None:
    line, flipped = b"S S     100.00 g\r\n", b"S S     300.00 g\r\n"
    assert told(scale_on(Teller(flipped, line, line, line), TARELESS, QUICK)) == Decimal("100.00")


def test_the_same_digit_flipped_twice_on_a_line_that_shows_no_damage_is_believed() -> None:
    flipped = b"S S     300.00 g\r\n"
    assert told(scale_on(Teller(flipped, flipped), TARELESS, QUICK)) == Decimal("300.00")


def test_on_a_line_that_shows_damage_three_must_agree() -> None:
    flipped = b"S S     300.00 g\r\n"
    lines = b"S S     1\xff0.00 g\r\n" + flipped, flipped, b"S S     100.00 g\r\n"
    assert told(scale_on(Teller(*lines), MT_SICS, QUICK)) != Decimal("300.00")


def test_a_lost_question_mark_is_not_a_stable_weight() -> None:
    """Ohaus marks only what is not stable: the second question, for a weight at rest, is what decides."""
    answers = b"     99.95 g    \r\n", b"ES\r\n", b"     99.97 g    ?\r\n"
    assert told(scale_on(Teller(*answers), OHAUS, QUICK)) == "NoResponse"


def test_a_question_that_became_tare_on_its_way_puts_the_zero_in_doubt() -> None:
    """IP without its I, and P with one bit flipped, is T: an Ohaus tares itself and answers nothing."""
    wire = wire_to(OHAUS)
    scale = scale_on(wire, OHAUS)
    assert scale.stable_weight(never).grams == GRAMS
    spoiled = iter([b"T\r\n"])
    whole = wire.write
    wire.write = lambda data: whole(next(spoiled, data))  # type: ignore[method-assign] - one question is damaged
    with pytest.raises(WeightRefused, match="empty the pan, set zero"):
        scale.stable_weight(never)
    wire.simulator.pan.put(Decimal(0), wire.now)
    scale.zero()
    wire.simulator.pan.put(GRAMS, wire.now)
    assert scale.stable_weight(never).grams == GRAMS


def test_a_zero_that_was_lost_on_its_way_is_missed() -> None:
    wire = wire_to(OHAUS)
    whole = wire.write
    wire.write = lambda data: None if data == b"Z\r\n" else whole(data)  # type: ignore[method-assign] - Z is lost
    with pytest.raises(InstrumentFault, match=r"shows 100\.00 where 0 was expected"):
        scale_on(wire, OHAUS).zero()


def test_a_point_lost_twice_is_no_weight_of_an_ohaus() -> None:
    """Its field has no fixed width: the numbers of one scale end in one column, and that is insisted on."""
    good, lost = b"    100.00 g\r\n", b"    10000 g\r\n"
    assert told(scale_on(Teller(good, good, good), OHAUS, QUICK)) == GRAMS
    lines = good, good, good, lost, lost, good, good, good
    scale = scale_on(Teller(*lines), OHAUS, QUICK)
    assert [told(scale), told(scale)] == [GRAMS, GRAMS]


def test_a_refused_zero_says_why() -> None:
    scale = scale_on(Teller(b"Z +\r\n"), MT_SICS, QUICK)
    with pytest.raises(InstrumentFault, match="overload for this command"):
        scale.zero()


def test_a_serial_number_is_believed_when_told_twice_the_same() -> None:
    weight, good, flipped = b"S S       0.00 g\r\n", b'I4 A "123"\r\n', b'I4 A "103"\r\n'
    lines = weight, b"ES\r\n", b"ES\r\n", good, flipped, good, good, b"ES\r\n", b"ES\r\n"
    teller = Teller(b"", *lines)
    assert scale_on(teller, MT_SICS, QUICK).identify().serial_number == "123"


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=6), st.sampled_from(DIALECTS))
@settings(max_examples=60, deadline=None)
def test_any_bytes_end_within_the_deadline(chunks: list[bytes], dialect: Dialect) -> None:
    turn = iter(range(10**9))
    babble = Babble(lambda: chunks[next(turn) % len(chunks)] if next(turn) % 3 else b"")
    start = babble.now
    told(scale_on(babble, dialect, QUICK))
    assert babble.now - start < 3


def test_port_lost_passes_through_at_once() -> None:
    def lost() -> bytes:
        raise PortLost("babble", "gone")

    with pytest.raises(PortLost):
        scale_on(Babble(lost), MT_SICS).stable_weight(never)


@dialects
def test_a_recorded_session_replays_to_the_same_weight(dialect: Dialect) -> None:
    wire, transcript = wire_to(dialect), Transcript(f"{dialect.name}:wire")
    live = Scale(RecordingTransport(wire, transcript, wire.monotonic_ns), wire.monotonic_ns, dialect)
    weight = live.stable_weight(never)
    replayed = ReplayTransport(Transcript.from_bytes(transcript.to_bytes(), "file"), "wire")
    assert scale_on(replayed, dialect).stable_weight(never) == weight
