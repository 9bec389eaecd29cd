"""A record without the ion that all others see as the highest is no reference."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from models.training.corpus import Measured
from models.training.lost_peaks import with_highest_ions

MakeRecord = Callable[..., Measured]

LIDOCAINE = {86: 0.9, 58: 0.1}
WITHOUT = {134: 0.6, 173: 0.3, 58: 0.1}
"""As of one laboratory's lidocaine at 30 V, whose saturated 86 was lost."""


def record(measured: MakeRecord, laboratory: str, peaks: dict[int, float], energy: float | None = 30.0) -> Measured:
    made = measured(f"{laboratory}-{energy}", contributor=laboratory)
    bins, heights = np.array(sorted(peaks)), np.array([peaks[mass] for mass in sorted(peaks)], dtype=np.float32)
    return replace(made, ion_mz=235, energy=energy, bins=bins, intensity=heights)


def test_what_lost_its_highest_ion_stays_out(measured: MakeRecord) -> None:
    good = [record(measured, name, LIDOCAINE) for name in ("A", "B")]
    assert with_highest_ions([*good, record(measured, "C", WITHOUT)]) == good


@pytest.mark.parametrize(
    ("peaks", "energy"),
    [
        pytest.param(WITHOUT, 10.0, id="another energy"),
        pytest.param(WITHOUT, None, id="no energy told"),
        pytest.param({134: 0.6, 173: 0.4}, 30.0, id="scanned from m/z 100 on"),
        pytest.param({235: 0.7, 86: 0.02, 58: 0.28}, 30.0, id="less of it"),
    ],
)
def test_what_may_lack_it_stays(measured: MakeRecord, peaks: dict[int, float], energy: float | None) -> None:
    records = [*(record(measured, name, LIDOCAINE) for name in ("A", "B")), record(measured, "C", peaks, energy)]
    assert with_highest_ions(records) == records


def test_one_other_laboratory_proves_nothing(measured: MakeRecord) -> None:
    records = [record(measured, "A", LIDOCAINE), record(measured, "C", WITHOUT)]
    assert with_highest_ions(records) == records


def test_others_that_differ_prove_nothing(measured: MakeRecord) -> None:
    records = [record(measured, "A", LIDOCAINE), record(measured, "B", {235: 1.0}), record(measured, "C", WITHOUT)]
    assert with_highest_ions(records) == records
