"""Records that show nothing of what was reported of their compound are no reference."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from models.training.corpus import Measured
from models.training.references import with_own_ions

MakeRecord = Callable[..., Measured]
ACETYLFENTANYL = "FYIUUQUPOKIKNI"
REPORTED = {(ACETYLFENTANYL, 323): (188, 105, 202, 132)}


def record(measured: MakeRecord, peaks: dict[int, float], skeleton: str = ACETYLFENTANYL) -> Measured:
    return replace(measured("one", "lab", skeleton, peaks), ion_mz=323)


@pytest.mark.parametrize(
    ("peaks", "kept"),
    [
        ({323: 1.0, 188: 0.3}, True),
        ({105: 0.6, 77: 0.9, 51: 0.9}, True),
        ({176: 0.96, 114: 0.04}, False),
        ({201: 0.77, 202: 0.15, 195: 0.08}, False),
    ],
    ids=["soft", "hard", "noise", "noise that holds one by chance"],
)
def test_a_record_shows_its_whole_or_its_reported_ions(
    measured: MakeRecord, peaks: dict[int, float], *, kept: bool
) -> None:
    given = [record(measured, peaks)]
    assert with_own_ions(given, REPORTED) == (given if kept else [])


def test_of_other_compounds_and_other_wholes_nothing_was_reported(measured: MakeRecord) -> None:
    other, salt = record(measured, {60: 1.0}, "B" * 14), replace(record(measured, {60: 1.0}), ion_mz=345)
    assert with_own_ions([other, salt], REPORTED) == [other, salt]
