"""Few ions, of which several substances could be."""

import numpy as np
import pytest

from models.admission import judged_by_few
from models.conclusion import Conclusion, Judgement, Reason
from models.preprocessing import BINS

CLEARED: Judgement = (Conclusion.NO_ALARM, (Reason.RECOGNISED_NOT_LISTED,))
UNSURE: Judgement = (Conclusion.INCONCLUSIVE, (Reason.AMBIGUOUS,))


@pytest.mark.parametrize(
    ("ions", "tells"),
    [
        ((212, 195), False),
        ((212, 194), False),
        ((212, 184), False),
        ((212, 180), True),
        ((212, 195, 180), True),
        ((119, 91, 65), False),
        ((121, 91, 65), True),
        ((119, 103, 91, 65), True),
    ],
)
def test_what_few_ions_tell(ions: tuple[int, ...], tells: bool) -> None:
    merged = np.zeros(BINS, dtype=np.float32)
    merged[list(ions)] = 1.0
    merged[50] = 0.04
    assert judged_by_few(CLEARED, merged, 0.89) == (CLEARED if tells else UNSURE)
    alarm: Judgement = (Conclusion.ALARM, (Reason.CONTROLLED_SUBSTANCE,))
    assert judged_by_few(alarm, merged, 0.89) == alarm


@pytest.mark.parametrize(
    ("ions", "probability", "tells"),
    [((212, 195), 0.9, True), ((212, 180), 0.7, True), ((212, 180), 0.69, False), ((212,), 0.69, False)],
)
def test_a_sure_name_needs_no_third_ion(ions: tuple[int, ...], probability: float, tells: bool) -> None:
    merged = np.zeros(BINS, dtype=np.float32)
    merged[list(ions)] = 1.0
    assert judged_by_few(CLEARED, merged, probability) == (CLEARED if tells else UNSURE)
