"""Quotas and room: one station cannot take the others' place, and nobody can take the centre's memory."""

from collections.abc import Callable
from contextlib import ExitStack, suppress

import pytest

from sync.central.gate import HOUR, WAITING, Busy, Gate
from sync.contract.ids import StationId

ONE, TWO = StationId("MX-TIJ-01"), StationId("MX-MEX-02")


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_station_has_its_hour() -> None:
    clock = Clock()
    gate = Gate(100, clock)
    for second in (0, 1000):
        clock.now = second
        with gate.turn(ONE, 50) as spend:
            spend(50)
    with pytest.raises(Busy) as busy, gate.turn(ONE, 1):
        pass
    assert busy.value.seconds == 2601
    with gate.turn(TWO, 100):
        pass
    clock.now = HOUR
    with gate.turn(ONE, 50):
        pass


def test_a_batch_bigger_than_the_quota_passes_alone() -> None:
    gate = Gate(100, Clock())
    with gate.turn(ONE, 500) as spend:
        spend(500)
    with pytest.raises(Busy), gate.turn(ONE, 1):
        pass


def test_only_what_was_kept_counts() -> None:
    gate = Gate(100, Clock())
    for kept in (0, 60, 0):
        with gate.turn(ONE, 60 if kept else 40) as spend:
            spend(kept)
    with pytest.raises(Busy), gate.turn(ONE, 41):
        pass
    with gate.turn(ONE, 40):
        pass


def test_one_batch_of_a_station_at_a_time() -> None:
    gate = Gate(1000, Clock())
    with gate.turn(ONE, 1), gate.turn(TWO, 1), pytest.raises(Busy, match="under way"), gate.turn(ONE, 1):
        pass
    with gate.turn(ONE, 1):
        pass


def test_so_many_wait_and_no_more() -> None:
    gate = Gate(1000, Clock())
    with ExitStack() as waiting:
        for _ in range(WAITING):
            waiting.enter_context(gate.room(None))
        with pytest.raises(Busy, match="too many"), gate.room(None):
            pass
    with gate.room(None):
        pass


def test_a_body_takes_room_as_its_bytes_come_and_a_certificate_sends_two() -> None:
    gate = Gate(1000, Clock(), room=100)
    with gate.room(b"one"), gate.room(b"one") as other, gate.room(None) as came:
        with pytest.raises(Busy, match="2 bodies under this certificate"), gate.room(b"one"):
            pass
        other(10)
        came(90)
        with pytest.raises(Busy, match="too many"):
            came(1)
    with gate.room(None) as came:
        came(100)


@pytest.mark.parametrize("thieves", [1, 2, 20])
def test_stolen_certificates_leave_room_for_one_more(thieves: int) -> None:
    gate = Gate(1000, Clock(), room=9000)
    with ExitStack() as under_way:
        for thief in range(thieves):
            bodies = [under_way.enter_context(gate.room(bytes([thief]))) for _ in range(2)]
            for came in bodies:
                with suppress(Busy):
                    fill(came)
        with gate.room(b"honest") as came:
            came(int(1000 * (8 / 9) ** thieves) - 1)
            with pytest.raises(Busy, match=r"bytes under this certificate are under way, and \d+ would be left"):
                fill(came)
    with gate.room(b"honest") as came:
        came(1000)


def fill(came: Callable[[int], None]) -> None:
    for _ in range(9000):
        came(1)


def test_room_is_given_back() -> None:
    gate = Gate(1000, Clock(), room=100)
    for _ in range(2):
        with gate.room(None) as one, gate.room(None) as other:
            one(60)
            other(40)
            with pytest.raises(Busy, match="too many"):
                one(1)


def test_what_a_body_unpacks_to_takes_room_too() -> None:
    gate = Gate(1000, Clock(), room=100)
    with gate.room(None) as came, gate.unpacked(80):
        came(20)
        with pytest.raises(Busy, match="too many"), gate.unpacked(1):
            pass
    with gate.room(None) as came, gate.unpacked(50):
        came(50)
