"""Waiting in tests: for what happens, never for a time. How fast it happens is measured in the benchmarks."""

import time
from collections.abc import Callable

HANG_S = 30.0
"""Longer than a busy machine ever takes; whoever needs more hangs."""


def wait_until(condition: Callable[[], object], seconds: float = HANG_S) -> None:
    """Wait until `condition` holds. Fails where it still does not after `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)
