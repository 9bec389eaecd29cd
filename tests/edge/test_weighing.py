"""A scale that somebody takes a weight from and that tells none: what is wrong is told, on real terminals."""

from collections.abc import Iterator

import pytest

from drivers.errors import BadFrame, NoResponse
from drivers.pty import serve_pty
from drivers.scales.weight import WeightRefused
from edge.weighing import Weighing
from tests.drivers.scales.spoken import SpokenScale

SHOWN = "100.00 g"


class Failing(SpokenScale):
    """A scale that falls silent when `silent` is set."""

    silent = False

    def receive(self, data: bytes, now: float) -> None:
        if not self.silent:
            super().receive(data, now)


@pytest.fixture
def scale() -> Failing:
    return Failing("a-and-d")


@pytest.fixture
def weighing(scale: Failing) -> Iterator[Weighing]:
    """Provide a weighing whose scale showed a weight at rest just now."""
    with serve_pty(scale) as port:
        weighing = Weighing(f"a-and-d:{port.path}")
        assert weighing.look().shown == SHOWN
        yield weighing
        weighing.close()


def test_a_scale_that_falls_silent_is_told_as_silent(weighing: Weighing, scale: Failing) -> None:
    scale.silent = True
    with pytest.raises(NoResponse, match=r"nothing came for .* check that it is on"):
        weighing.weigh(SHOWN)


@pytest.mark.parametrize("line", [b"ST,NT,+00100.00  g", b"ST,+000100.0 lb:oz", b"ST,+00100.0[5] g"])
def test_lines_that_cannot_be_read_are_told_as_that(weighing: Weighing, scale: Failing, line: bytes) -> None:
    scale.show(line)
    with pytest.raises(BadFrame, match=r"damaged lines.*and what it is set to send") as raised:
        weighing.weigh(SHOWN)
    assert repr(line + b"\r\n")[2:] in str(raised.value)


def test_a_load_that_moves_is_still_told_as_that(weighing: Weighing, scale: Failing) -> None:
    scale.show(b"US,+00100.00  g")
    with pytest.raises(WeightRefused, match="unstable"):
        weighing.weigh(SHOWN)
