"""The evaluation: peers find what they should, and the report says what was judged."""

from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

from models.catalogue import Catalogue
from models.conclusion import Conclusion
from models.training.build_library import build_library
from models.training.corpus import Measured
from models.training.peers import NAMES, Peers
from models.training.plots import area, calibration_plot, open_set_plot, roc
from models.training.report import write_report
from models.training.trials import MODEL, SEVERAL, Mistake, Stated, Trial

KNOWN = Trial(
    contributor="lab A",
    instrument="ESI-Q",
    protocol=SEVERAL,
    name="right one",
    skeleton="A" * 14,
    family="opiate",
    ranks={MODEL: (0, 0), **dict.fromkeys(NAMES, (1, 1))},
    first="right one",
    mistake=Mistake.ISOMER,
    stated=Stated(0.9, right=True),
    again=Stated(0.8, right=True),
    none=0.1,
    conclusion=Conclusion.ALARM,
    unknown=False,
    families={"opiate": 0.9},
)
WRONG = replace(
    KNOWN, ranks={MODEL: (1, 1), **dict.fromkeys(NAMES, (1, 1))}, first="isomer", stated=Stated(0.7, right=False)
)
UNKNOWN = replace(KNOWN, ranks=dict.fromkeys((MODEL, *NAMES), (-1, -1)), none=0.8, stated=Stated(0.1, right=False))


@pytest.mark.skipif(
    find_spec("ms_entropy") is None, reason="peers need ms_entropy, see models/training/requirements.txt"
)
def test_each_peer_finds_the_spectrum_that_is_there(measured: Callable[..., Measured], catalogue: Catalogue) -> None:
    peaks = {"A": {91: 0.6, 150: 0.4}, "B": {60: 0.7, 150: 0.3}, "C": {77: 0.2, 91: 0.8}}
    library = build_library([measured(name, skeleton=name * 14, peaks=peaks[name]) for name in "ABC"], catalogue)
    for at, entry in enumerate(library.entries):
        reading = np.zeros((2, 701), dtype=np.float32)
        reading[:, list(peaks[entry.inchikey[0]])] = list(peaks[entry.inchikey[0]].values())
        scores = Peers(library).scores(reading)
        assert tuple(scores) == NAMES
        assert [int(values.argmax()) for name, values in scores.items() if name != "inverted search"] == [at] * 4
    assert scores["inverted search"].argmax() != 0


def test_the_report_counts_errors_of_model_and_peers() -> None:
    report = write_report([KNOWN, WRONG, UNKNOWN], 60)
    assert "| several energies | 2 | model | 0.500 | 1.000 | 1.000 | 0.500 | 1.000 | 50% |" in report
    assert "| several energies | 2 | weighted cosine | 0.000 |" in report
    assert "| right one | isomer | 1 |" in report
    assert "| right one | lab A | several energies | isomer | 0.70 | 2 |" in report


def test_the_curve_of_unknowns_is_perfect_where_they_stand_apart() -> None:
    assert area(roc([KNOWN, WRONG, UNKNOWN])) == pytest.approx(1)
    assert area(roc([KNOWN, replace(UNKNOWN, none=0.05)])) == pytest.approx(0)


def test_plots_are_drawn() -> None:
    for plot in (calibration_plot, open_set_plot):
        assert plot([KNOWN, WRONG, UNKNOWN]).startswith("<svg ")
