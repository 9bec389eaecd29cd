"""Two cuts of what `python -m tests.robustness.centre_cut` does many times."""

import os
import random
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.robustness.centre_cut import Machine

CUTS = 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a filesystem")
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_what_was_acknowledged_is_there_after_a_power_cut(engine: str) -> None:
    with TemporaryDirectory(prefix="garita-cut-") as name:
        Path(name).chmod(0o711)  # the database's user has a way through
        try:
            machine = Machine(Path(name), engine)
        except subprocess.CalledProcessError:
            pytest.skip("this machine has no loop device to mount")
        rng = random.Random(20261126)  # noqa: S311 - a test's dice
        for _ in range(CUTS):
            machine.cut(rng)
            stored = machine.check()
            assert stored >= len(machine.acknowledged.places) > 0
