"""Every test may light filaments: the test process answers the signals that would end it unheard."""

import signal
from collections.abc import Iterator

import pytest

from drivers.srs_rga.filament import end_on_signals


@pytest.fixture(autouse=True)
def _heard_signals() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)}
    end_on_signals()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
