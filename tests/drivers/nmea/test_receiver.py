"""Positions that may be believed, and the reasons why not, in virtual time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import BadFrame, DriverError, NoResponse, PortLost
from drivers.lines import LineNoise
from drivers.nmea.driver import SPEEDS, Receiver, find_speed
from drivers.nmea.fix import Doubt, NoFix, distance, rollovers
from drivers.nmea.frames import to_bytes
from drivers.nmea.sentences import Place, Quality
from drivers.nmea.simulator import DEFAULT_ANTENNA, SkyFault
from drivers.nmea.tracker import STALE_AFTER_S
from drivers.outlet import WireFault, heard_at
from drivers.replay import ReplayTransport
from drivers.transcript import RecordingTransport, Transcript
from drivers.transport import Transport
from tests.drivers.nmea.sky import FLOOR, TODAY, receiver_on, wire_to
from tests.drivers.wires import Babble, Damage, Wire, never, seeded

PLACE = ("2729.98200", "N", "09930.45000", "W")


def gga(
    utc: str = "120000.00",
    quality: str = "1",
    place: tuple[str, ...] = PLACE,
    talker: str = "GN",
    seen: tuple[str, str] = ("09", "0.94"),
) -> bytes:
    return to_bytes(talker, "GGA", utc, *place, quality, *seen, "139.2", "M", "", "M", "", "")


def rmc(utc: str = "120000.00", status: str = "A", day: str = "221126", place: tuple[str, ...] = PLACE) -> bytes:
    return to_bytes("GN", "RMC", utc, status, *place, "0.0", "", day, "", "", "A")


def gsa(dimensions: str, system: str) -> bytes:
    return to_bytes("GN", "GSA", "A", dimensions, *[""] * 12, "1.72", "0.94", "1.44", system)


NULL = ("0000.00000", "N", "00000.00000", "E")


class Tape(Babble):
    """Gives each of `pieces` once, one for each 10 ms."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = list(pieces)
        super().__init__(lambda: self._pieces.pop(0) if self._pieces else b"")


def heard(*pieces: bytes, today: date = TODAY) -> tuple[Receiver, Tape]:
    tape = Tape(*pieces)
    receiver = receiver_on(tape, today)
    receiver.listen(0.5)
    return receiver, tape


def test_a_fix_says_where_when_how_good_and_from_whom() -> None:
    wire = wire_to()
    fix = receiver_on(wire).wait(5, never)
    assert (fix.latitude, fix.longitude) == pytest.approx((27.4997, -99.5075), abs=1e-7)
    assert fix.at == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert (fix.quality, fix.source, fix.satellites, fix.hdop, fix.altitude) == (Quality.GPS, "GN", 9, 0.94, 139.2)
    assert fix.doubts == frozenset()
    assert fix.age(wire.monotonic_ns()) < 0.3
    assert [raw[:6] for raw in fix.raw] == [b"$GNGGA", b"$GNRMC"]


def test_nothing_heard_is_silence() -> None:
    receiver, _ = heard()
    with pytest.raises(NoFix) as raised:
        receiver.fix()
    assert raised.value.code == "silent"


@pytest.mark.parametrize("kind", ["GLL", "GNS", "GSV"])
def test_a_receiver_that_speaks_without_telling_a_place_is_not_silent(kind: str) -> None:
    sentence = to_bytes("GN", kind, *PLACE, "120000.00", "A", "A")
    receiver, _ = heard(*([sentence, *[b""] * 99] * 7))
    with pytest.raises(NoFix) as raised:
        receiver.fix()
    assert raised.value.code == "no-fix"
    receiver.listen(5)
    with pytest.raises(NoFix, match="neither GGA nor RMC; set the receiver to send them") as raised:
        receiver.fix()
    assert raised.value.code == "untold"


@pytest.mark.parametrize(
    "pieces",
    [
        (gga(quality="0"), rmc()),
        (gga(), rmc(status="V")),
        (gga(place=("", "", "", "")), rmc(place=("", "", "", ""))),
        (gga(utc=""), rmc(utc="")),
        (gga(), rmc(place=("2730.98200", "N", "09930.45000", "W"))),
        (gga(), rmc(), to_bytes("GN", "GSA", "A", "1", *[""] * 15)),
        (gga(), rmc(), gsa("1", "1"), gsa("1", "2")),
    ],
    ids=["quality 0", "status V", "empty", "no time", "two places", "GSA without fix", "no system"],
)
def test_no_position_without_a_fix(pieces: tuple[bytes, ...]) -> None:
    receiver, _ = heard(*pieces)
    with pytest.raises(NoFix) as raised:
        receiver.fix()
    assert raised.value.code == "no-fix"


@pytest.mark.parametrize(
    ("pieces", "doubt"),
    [
        ((gga(quality="6"), rmc()), Doubt.ESTIMATED),
        ((gga(quality="7"), rmc()), Doubt.MANUAL),
        ((gga(quality="8"), rmc()), Doubt.SIMULATOR),
        ((gga(),), Doubt.ONE_SENTENCE),
        ((rmc(),), Doubt.ONE_SENTENCE),
        ((gga(), rmc(day="")), Doubt.NO_DATE),
        ((gga(), rmc(day="010126")), Doubt.BEFORE_BUILD),
        ((gga(), rmc(day="080407")), Doubt.WEEK_ROLLOVER),
        ((gga(), rmc(day="221127")), Doubt.STATION_DATE),
        ((gga(seen=("00", "")), rmc()), Doubt.WEAK),
        ((gga(seen=("09", "99.99")), rmc()), Doubt.WEAK),
        ((gga(place=NULL), rmc(place=NULL)), Doubt.WEAK),
        ((to_bytes("GN", "ZDA", "120000.00", "08", "04", "2007", "", ""), gga(), rmc()), Doubt.DATES_DIFFER),
    ],
    ids=[
        "estimated", "manual", "simulator", "GGA alone", "RMC alone", "no date", "before the build", "rollover",
        "a year ahead", "no satellites", "HDOP", "0 N 0 E", "ZDA",
    ],
)  # fmt: skip
def test_what_cannot_be_trusted_says_why(pieces: tuple[bytes, ...], doubt: Doubt) -> None:
    receiver, _ = heard(*pieces)
    assert doubt in receiver.fix().doubts


def test_complaint_10_a_date_1024_weeks_back_is_known_for_what_it_is() -> None:
    """OVMS3#284, Tasmota#17896, XCSoar#1087: receivers that live 19.7 years ago after a week rollover."""
    fix = receiver_on(wire_to(SkyFault.ROLLOVER)).wait(3, never)
    assert fix.at is not None
    assert fix.at.date() == TODAY - timedelta(weeks=1024)
    assert {Doubt.WEEK_ROLLOVER, Doubt.BEFORE_BUILD} <= fix.doubts


def test_complaint_10_a_wrong_date_at_cold_start_is_not_trusted() -> None:
    receiver, _ = heard(gga(), rmc(day="060180"))
    fix = receiver.fix()
    assert fix.at is not None
    assert fix.at.year == 1980
    assert Doubt.BEFORE_BUILD in fix.doubts


@pytest.mark.parametrize(
    ("told", "count"),
    [
        (TODAY, 0), (TODAY - timedelta(weeks=1024), 1), (TODAY - timedelta(weeks=2048), 2),
        (TODAY - timedelta(weeks=1024, days=1), 1), (TODAY - timedelta(weeks=1023), 0),
        (TODAY + timedelta(weeks=1024), 0),
    ],
)  # fmt: skip
def test_rollovers(told: date, count: int) -> None:
    assert rollovers(told, TODAY) == count


def test_a_position_grows_old_by_the_monotonic_clock() -> None:
    receiver, tape = heard(gga(), rmc())
    age = receiver.fix().age(tape.monotonic_ns())
    receiver.listen(2.0)
    assert receiver.fix().age(tape.monotonic_ns()) == pytest.approx(age + 2.0, abs=0.1)
    receiver.listen(STALE_AFTER_S)
    with pytest.raises(NoFix) as raised:
        receiver.fix()
    assert raised.value.code == "stale"


def test_a_receiver_that_tells_the_same_moment_for_ever_is_stale() -> None:
    wire = wire_to(SkyFault.FROZEN)
    receiver = receiver_on(wire)
    receiver.listen(5)
    assert receiver.fix().doubts == frozenset()
    receiver.listen(10)
    with pytest.raises(NoFix, match="stale"):
        receiver.fix()


def test_a_jump_is_doubted_for_as_long_as_nobody_travels_so_fast() -> None:
    receiver = receiver_on(wire_to(SkyFault.JUMP))
    doubts: list[frozenset[Doubt]] = []
    for _ in range(480):
        receiver.listen(1.0)
        doubts.append(receiver.fix().doubts)
    assert all(Doubt.JUMP in doubt for doubt in doubts[4:460])  # half a degree: 55.7 km, 464 s at 120 m/s
    assert doubts[0] == doubts[-1] == frozenset()


def test_a_jump_is_doubted_over_a_loss_of_the_fix() -> None:
    far = ("3729.98200", "N", "09930.45000", "W")
    receiver, _ = heard(gga(), rmc(), gga("120001.00", "0"), gga("120002.00", place=far), rmc("120002.00", place=far))
    assert receiver.fix().doubts == {Doubt.JUMP}


def test_a_time_that_leaps_is_doubted_and_stays_so() -> None:
    later = [(gga(f"1300{second:02}.00"), rmc(f"1300{second:02}.00")) for second in range(5)]
    receiver, _ = heard(gga(), rmc(), *(piece for pair in later for piece in pair))
    assert receiver.fix().doubts == {Doubt.JUMP}


def test_sentences_of_different_talkers_join() -> None:
    receiver, _ = heard(rmc(), gga(talker="GP"))
    fix = receiver.fix()
    assert (fix.source, fix.quality, fix.doubts) == ("GP", Quality.GPS, frozenset())


@pytest.mark.parametrize("said", [(gsa("3", "1"), gsa("1", "2")), (gsa("1", "2"), gsa("3", "1"))])
def test_one_system_of_satellites_is_enough(said: tuple[bytes, ...]) -> None:
    receiver, _ = heard(*said, gga(), rmc(), *said)
    assert receiver.fix().doubts == frozenset()
    assert receiver.fix().dimensions == 3


def test_what_a_system_said_long_ago_keeps_no_fix() -> None:
    quiet = [b""] * 600
    receiver, _ = heard(gsa("3", "1"), *quiet, gga(), rmc(), gsa("1", "2"))
    receiver.listen(7)
    with pytest.raises(NoFix, match="GSA"):
        receiver.fix()


def test_a_creeping_position_is_given_as_it_is() -> None:
    receiver = receiver_on(wire_to(SkyFault.DRIFT))
    receiver.listen(5.0)
    assert receiver.fix().doubts == frozenset()


def test_a_fix_that_is_lost_is_lost_at_once() -> None:
    receiver, _ = heard(gga(), rmc(), gga("120001.00", quality="0"))
    with pytest.raises(NoFix, match="no-fix"):
        receiver.fix()


def test_an_echo_of_an_earlier_moment_makes_nothing_younger() -> None:
    receiver, _ = heard(gga("120005.00"), rmc("120005.00"), gga("120003.00"), rmc("120003.00"))
    fix = receiver.fix()
    assert fix.at is not None
    assert fix.at.second == 5


@pytest.mark.parametrize("fault", [SkyFault.NO_FIX, SkyFault.ESTIMATED])
def test_waiting_ends(fault: SkyFault) -> None:
    wire = wire_to(fault)
    try:
        assert receiver_on(wire).wait(3, never).doubts
    except NoFix:
        assert fault is SkyFault.NO_FIX
    assert wire.now < 3.1


@pytest.mark.parametrize(
    "fault", [WireFault.STALL, WireFault.HALF_FRAME, WireFault.BABBLE, WireFault.WRONG_BAUD, WireFault.UNPLUG]
)
def test_complaint_5_a_fault_of_the_wire_ends_and_gives_no_position(fault: WireFault) -> None:
    wire = wire_to(fault)
    with pytest.raises(DriverError) as raised:
        receiver_on(wire).wait(60, never)
    assert isinstance(raised.value, NoFix | LineNoise)
    assert wire.now < 61


def test_a_slow_wire_costs_nothing() -> None:
    fix = receiver_on(wire_to(WireFault.SLOW)).wait(15, never)
    assert fix.doubts == frozenset()


class AtSpeed(Wire):
    """A wire whose receiver sends at one speed and is heard at another."""

    def __init__(self, sends_at: int, heard_at_speed: int, clock: Wire) -> None:
        super().__init__(wire_to().simulator, Damage(), seeded(1))
        self._clock = clock
        self._sends_at, self._heard_at = sends_at, heard_at_speed

    def monotonic_ns(self) -> int:
        return self._clock._now_ns

    def read(self, timeout: float) -> bytes:
        self._now_ns = self._clock._now_ns
        data = super().read(timeout)
        self._clock._now_ns = self._now_ns
        return data if self._sends_at == self._heard_at else heard_at(data, self._sends_at, self._heard_at)


@pytest.mark.parametrize("sends_at", SPEEDS)
def test_the_line_speed_is_found(sends_at: int) -> None:
    clock, opened = wire_to(), list[int]()

    def open_at(speed: int) -> Transport:
        opened.append(speed)
        return AtSpeed(sends_at, speed, clock)

    assert find_speed(open_at, clock.monotonic_ns) == sends_at
    assert opened == list(SPEEDS[: SPEEDS.index(sends_at) + 1])
    assert clock.now < 7


def test_no_speed_fits() -> None:
    clock = wire_to()
    with pytest.raises(BadFrame, match="check its line speed"):
        find_speed(lambda speed: AtSpeed(38_400, speed, clock), clock.monotonic_ns)
    silent = Babble(lambda: b"")
    with pytest.raises(NoResponse):
        find_speed(lambda _: silent, silent.monotonic_ns)


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=6))
@settings(max_examples=50, deadline=None)
def test_any_bytes_end_within_the_deadline(chunks: list[bytes]) -> None:
    turn = iter(range(10**9))
    babble = Babble(lambda: chunks[next(turn) % len(chunks)])
    with pytest.raises((NoFix, LineNoise)):
        receiver_on(babble).wait(3, never)
    assert babble.now <= 3.1


def test_port_lost_passes_through_at_once() -> None:
    def lost() -> bytes:
        raise PortLost("babble", "gone")

    with pytest.raises(PortLost):
        receiver_on(Babble(lost)).wait(3, never)


def test_a_recorded_session_replays_to_the_same_fix() -> None:
    wire, transcript = wire_to(), Transcript("nmea:wire")
    live = Receiver(RecordingTransport(wire, transcript, wire.monotonic_ns), wire.monotonic_ns, FLOOR, lambda: TODAY)
    fix = live.wait(5, never)
    replayed = ReplayTransport(Transcript.from_bytes(transcript.to_bytes(), "file"), "wire")
    again = receiver_on(replayed).wait(5, never)
    assert replace(again, received_ns=0) == replace(fix, received_ns=0)


def test_distance() -> None:
    assert distance(Place(27.5, -99.5), Place(27.501, -99.5)) == pytest.approx(111, abs=1)
    assert distance(Place(0, 179.9995), Place(0, -179.9995)) == pytest.approx(111, abs=1)


def test_the_virtual_antenna_has_no_summer_time() -> None:
    assert DEFAULT_ANTENNA.start.tzinfo is UTC
