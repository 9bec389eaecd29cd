"""Positions over wires that chop, delay, drop, double and flip: a position that was sent, or none."""

from collections import Counter
from contextlib import suppress

import pytest

from drivers.errors import DriverError
from drivers.nmea.simulator import DEFAULT_ANTENNA, SkyFault
from tests.drivers.nmea.sky import receiver_on, wire_to
from tests.drivers.wires import Damage, seeded

SECONDS_A_WIRE = 50
STEP = 0.00005


def listen_on(seed: int) -> Counter[str]:
    """Hear a moving receiver for 50 s over one bad wire; every second its position and time are compared."""
    rng = seeded(seed)
    damage = Damage(
        chop=rng.choice([7, 40, 200]),
        flip=rng.choice([0, 0.01, 0.05]),
        drop=rng.choice([0, 0.01, 0.05]),
        double=rng.choice([0, 0.01, 0.05]),
        delay=rng.choice([0, 0.05, 0.3]),
    )
    wire = wire_to(SkyFault.DRIFT, damage, seed)
    receiver = receiver_on(wire)
    outcomes: Counter[str] = Counter()
    for _ in range(SECONDS_A_WIRE):
        with suppress(DriverError):
            receiver.listen(1.0)
        try:
            fix = receiver.fix()
        except DriverError:
            outcomes["none"] += 1
            continue
        if fix.doubts:
            outcomes["doubted"] += 1
            continue
        assert fix.at is not None
        turn = (fix.at - DEFAULT_ANTENNA.start).total_seconds()
        sent = (DEFAULT_ANTENNA.latitude + turn * STEP, DEFAULT_ANTENNA.longitude)
        true = (fix.latitude, fix.longitude) == pytest.approx(sent, abs=1e-7) and 0 <= turn <= wire.now
        outcomes["true" if true else "false"] += 1
    outcomes["damaged sentences"] += receiver.counts.checksum_failures
    return outcomes


@pytest.mark.parametrize("seeds", [range(start, start + 3) for start in range(0, 9, 3)], ids=str)
def test_no_false_position(seeds: range) -> None:
    outcomes = sum((listen_on(seed) for seed in seeds), Counter[str]())
    assert outcomes["false"] == 0
    assert outcomes["true"] > 20


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_ten_thousand_seconds() -> None:
    outcomes = sum((listen_on(seed) for seed in range(200)), Counter[str]())
    print("nmea", dict(outcomes))  # noqa: T201 - the numbers of docs/instruments/nmea.md
    assert outcomes["false"] == 0
    assert outcomes["damaged sentences"] > 1000
