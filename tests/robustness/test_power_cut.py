"""A few rounds of what `make robustness` does many times."""

import os
import random
import subprocess
from pathlib import Path

import pytest

from models.identification import Identifier
from tests.robustness import block_cut
from tests.robustness.ground import Ground
from tests.robustness.power_cut import one_round

ROUNDS = 6
CUTS = 3


def test_killed_while_committing_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    ground = Ground(tmp_path / "station")
    ground.lay()
    identifier = Identifier.open()
    rng = random.Random(20261122)  # noqa: S311 - a test's dice
    lengths = [one_round(ground, identifier, rng, whole=number == ROUNDS - 1) for number in range(ROUNDS)]
    assert lengths == sorted(lengths)
    assert lengths[-1] > ROUNDS


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a filesystem")
def test_what_the_disk_holds_when_power_is_cut_is_whole(tmp_path: Path) -> None:
    try:
        ground = block_cut.prepare(tmp_path)
    except subprocess.CalledProcessError:
        pytest.skip("this machine has no loop device to mount")
    identifier = Identifier.open()
    rng = random.Random(20261122)  # noqa: S311 - a test's dice
    rounds = range(CUTS)
    lengths = [block_cut.one_round(ground, tmp_path, identifier, rng, whole=number == CUTS - 1) for number in rounds]
    assert lengths[-1] > CUTS
