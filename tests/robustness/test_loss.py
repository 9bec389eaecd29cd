"""A few of the scenarios that `make loss` plays by hundreds."""

from pathlib import Path

from tests.robustness.loss.run import run

SCENARIOS = 3


def test_whatever_befalls_everything_arrives_once(tmp_path: Path) -> None:
    total = run(SCENARIOS, 7, tmp_path, lambda _line: None)
    assert total["scenarios"] == SCENARIOS
    assert total["records"] > SCENARIOS
