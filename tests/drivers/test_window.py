from hypothesis import given
from hypothesis import strategies as st

from drivers.transcript import EVENT_COST, Direction, Event
from drivers.window import Window


def test_what_is_cut_is_forgotten_but_for_the_reads_that_wait_for_their_end() -> None:
    window = Window("code-reader:x")
    events = [Event(turn, Direction.READ, piece) for turn, piece in enumerate([b"]C0ON", b"E\r", b"]C0T", b"W"])]
    for event in events:
        window.add(event)
    assert window.cut(5).events == tuple(events[:2])
    assert window.transcript.events == tuple(events[2:])
    assert window.cut(0).events == tuple(events[2:])
    assert window.transcript.events == ()


PIECES = st.lists(st.binary(max_size=60), max_size=40)


@given(PIECES, st.integers(EVENT_COST + 60, 400))
def test_the_newest_events_are_kept_within_the_bound(pieces: list[bytes], most: int) -> None:
    window = Window("nmea:x", most)
    events = [Event(turn, Direction.READ, piece) for turn, piece in enumerate(pieces)]
    for event in events:
        window.add(event)
    kept = window.transcript
    assert kept.address == "nmea:x"
    assert kept.cost <= most
    assert list(kept.events) == events[len(events) - len(kept.events) :]
    left_out = events[: len(events) - len(kept.events)]
    assert not left_out or kept.cost + left_out[-1].cost > most
