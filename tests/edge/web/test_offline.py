"""With the network gone, loopback alone, the screens work as ever: tests run again in a namespace of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[3]
WEB = "tests/edge/web"
ONE = f"{WEB}/test_whole_way.py::test_one_tap_from_home_to_the_result"
ALONE = 'ip link set lo up && test -z "$(ip route show table all type unicast)" && exec "$@"'
"""Loopback is the only way there is: a namespace with a route elsewhere ends the shell before any test."""
UNSHARED = ["unshare", "--net", "--", "sh", "-c", ALONE, "sh"]


@pytest.fixture
def unshared() -> list[str]:
    try:
        subprocess.run([*UNSHARED, "true"], check=True, capture_output=True)  # noqa: S603 - fixed words
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this machine lets nobody make a network namespace")
    return UNSHARED


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("tests", [ONE, pytest.param(WEB, marks=pytest.mark.looks)])
def test_the_screens_work_without_any_network(unshared: list[str], tests: str, tmp_path: Path) -> None:
    """One reading; `make looks` runs every browser test so."""
    command = [*unshared, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "browser and not looks"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(  # noqa: S603 - fixed words
        [*command, f"--basetemp={tmp_path / 'inside'}", f"--ignore={__file__}", tests],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
