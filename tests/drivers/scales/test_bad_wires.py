"""Weighing over wires that chop, delay, drop, double and flip: the true weight or an error, never another weight."""

from collections import Counter
from contextlib import suppress
from decimal import Decimal

import pytest

from drivers.errors import DriverError
from drivers.scales.driver import Scale
from drivers.scales.frames import Dialect
from drivers.scales.weight import WeightRefused
from tests.drivers.scales.scale_wires import DIALECTS, scale_on, wire_to
from tests.drivers.wires import Damage, Wire, never, seeded

DEADLINE_S = 80.0
EXCHANGES_A_WIRE = 10


def put(load: Decimal, wire: Wire) -> None:
    wire.simulator.pan.put(load, wire.now)
    end = wire.now + 1.5
    while wire.now < end:
        wire.read(end - wire.now)


def set_zero(scale: Scale, wire: Wire) -> None:
    put(Decimal(0), wire)
    with suppress(DriverError):
        scale.zero()


def weigh_on(dialect: Dialect, seed: int) -> Counter[str]:
    """Weigh ten loads over one bad wire, each after 1.5 s of rest; set zero where in doubt, as an officer does."""
    rng = seeded(seed)
    damage = Damage(
        chop=rng.choice([3, 9, 40]),
        flip=rng.choice([0, 0.01, 0.05]),
        drop=rng.choice([0, 0.01, 0.05]),
        double=rng.choice([0, 0.01, 0.05]),
        delay=rng.choice([0, 0.05, 0.3]),
    )
    wire = wire_to(dialect, damage=damage, seed=seed)
    scale = scale_on(wire, dialect)
    outcomes: Counter[str] = Counter()
    for _ in range(EXCHANGES_A_WIRE):
        load = Decimal(rng.randrange(1, 219_999)) / 100
        put(load, wire)
        begun = wire.now
        try:
            weight = scale.stable_weight(never)
            tare = weight.tare.grams if weight.tare else 0  # a damaged question can have tared: the scale tells it
            outcomes["true" if weight.grams + tare == load else "false"] += 1
        except DriverError as error:
            outcomes[type(error).__name__] += 1
            if isinstance(error, WeightRefused) and error.code == "zero-in-doubt":
                outcomes["zero in doubt"] += 1
                set_zero(scale, wire)
        assert wire.now - begun < DEADLINE_S
    outcomes["damaged lines"] += scale.counts.checksum_failures
    return outcomes


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("seeds", [range(start, start + 6) for start in range(0, 18, 6)], ids=str)
def test_no_false_weight(dialect: Dialect, seeds: range) -> None:
    outcomes = sum((weigh_on(dialect, seed) for seed in seeds), Counter[str]())
    assert outcomes["false"] == 0
    assert outcomes["true"] > len(seeds) * EXCHANGES_A_WIRE * 0.5


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_ten_thousand_weights(dialect: Dialect) -> None:
    outcomes = sum((weigh_on(dialect, seed) for seed in range(1000)), Counter[str]())
    print(dialect.name, dict(outcomes))  # noqa: T201 - the numbers of docs/instruments/scales.md
    assert outcomes["false"] == 0
    assert outcomes["damaged lines"] > 1000
