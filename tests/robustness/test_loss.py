"""A few of the scenarios that `make loss` plays by hundreds."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_whatever_befalls_everything_arrives_once() -> None:
    """In a process of its own, because its stations are forked from it."""
    command = [sys.executable, "-m", "tests.robustness.loss.run", "--scenarios", "3", "--seed", "7"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=280)  # noqa: S603 - ours
    assert done.returncode == 0, done.stderr[-2000:]
    assert "nothing lost, nothing doubled" in done.stdout
