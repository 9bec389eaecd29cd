"""A few rounds of what `make robustness` does many times."""

import random
from pathlib import Path

from models.identification import Identifier
from tests.robustness.ground import Ground
from tests.robustness.power_cut import one_round

ROUNDS = 6


def test_killed_while_committing_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    ground = Ground(tmp_path / "station")
    ground.lay()
    identifier = Identifier.open()
    rng = random.Random(20261122)  # noqa: S311 - a test's dice
    lengths = [one_round(ground, identifier, rng, whole=number == ROUNDS - 1) for number in range(ROUNDS)]
    assert lengths == sorted(lengths)
    assert lengths[-1] > ROUNDS
