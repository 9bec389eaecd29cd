"""The cap on bandwidth, by a clock that moves only when somebody waits."""

from hypothesis import given
from hypothesis import strategies as st

from sync.pace import PIECE, Pace


class Time:
    """A clock, and the sleep that moves it."""

    def __init__(self) -> None:
        self.now = 100.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


@given(bodies=st.lists(st.integers(0, 5 * PIECE), max_size=6), rate=st.integers(1024, 10**6))
def test_never_faster_and_every_byte(bodies: list[int], rate: int) -> None:
    time = Time()
    pace = Pace(rate, time.clock, time.sleep)
    for size in bodies:
        assert b"".join(pace.cut(bytes(size))) == bytes(size)
    assert sum(bodies) - PIECE <= (time.now - 100) * rate + 1e-3


def test_idle_time_is_not_saved_up() -> None:
    time = Time()
    pace = Pace(PIECE, time.clock, time.sleep)
    list(pace.cut(bytes(PIECE)))
    time.now += 1000
    list(pace.cut(bytes(3 * PIECE)))
    assert time.now == 1102
