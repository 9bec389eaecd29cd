"""What it says that a reading matches a calculated spectrum: learned from what each compound's own would have said."""

import numpy as np

from models.predicted import Calculated, PredictedSpectra, Usual
from models.preprocessing import Bins
from models.training.family_match import learn_match
from models.training.readings import Reading
from tests.models.test_families import reading

WHOLE = 236
RIGHT, DRUG = "A" * 14, "B" * 14
COMPOUNDS = [
    Calculated("right", RIGHT, "", WHOLE, 0, ((86, 255), (188, 180))),
    Calculated("drug", DRUG, "opiate", WHOLE, 0, ((58, 255), (121, 180))),
]


def measured(skeleton: str, rows: Bins) -> Reading:
    return Reading(skeleton, "", "", "somebody", "", rows, rows, (None,), (), ())


def readings() -> list[Reading]:
    rng = np.random.default_rng(3)
    ions = {RIGHT: (86, 188), DRUG: (58, 121)}
    heights = rng.uniform(0.3, 1.0, (40, 2))
    return [
        measured(skeleton, reading({WHOLE: 1.0, **dict(zip(ions[skeleton], map(float, pair), strict=True))}))
        for skeleton, pair in zip([RIGHT, DRUG] * 20, heights, strict=True)
    ]


def test_a_reading_speaks_for_its_own_structure_and_not_for_a_drug_of_its_mass() -> None:
    match = learn_match(readings(), COMPOUNDS)
    spectra = PredictedSpectra(COMPOUNDS, Usual.of(COMPOUNDS))
    shows_the_right_one, shows_the_drug = readings()[:2]
    for shown, expected in ((shows_the_right_one, [True, False]), (shows_the_drug, [False, True])):
        _, _, compared = spectra.compare(shown.rows, (WHOLE,))
        assert (match.of(compared) > 0).tolist() == expected
