"""A drug that the library has, beside more of something that it lacks."""

import numpy as np
import pytest

from models.additions import Changes
from models.conclusion import Conclusion
from models.identification import Identifier
from models.sample import Sample
from models.spectrum import Spectrum


def together(one: Spectrum, share: float, other: Spectrum) -> Spectrum:
    """Add two spectra, the first with that share of the ion current."""
    heights: dict[float, float] = {}
    for spectrum, part in ((one, share), (other, 1 - share)):
        for mz, height in zip(spectrum.mz.tolist(), spectrum.intensity.tolist(), strict=True):
            heights[mz] = heights.get(mz, 0.0) + part * 1e4 * height / spectrum.total_ion_current
    rising = np.array(sorted(heights))
    return Spectrum(rising, np.array([heights[mz] for mz in rising]), collision_energy=one.collision_energy)


def softest_first(sample: Sample) -> list[Spectrum]:
    return sorted(sample.spectra, key=lambda each: each.collision_energy or 0.0)


@pytest.fixture(scope="module", params=["Xylazine", "Diazepam"])
def lacking(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def lacks(identifier: Identifier, lacking: str) -> Identifier:
    skeleton = next(entry.skeleton for entry in identifier.library.entries if entry.name == lacking)
    return Identifier(identifier.bundle, identifier.catalogue, changes=Changes(removed=frozenset({skeleton})))


def mixed(samples: dict[str, Sample], known: str, share: float, unknown: str) -> list[Spectrum]:
    pairs = zip(*(softest_first(samples[name]) for name in (known, unknown)), strict=False)
    return [together(one, share, other) for one, other in pairs]


@pytest.mark.parametrize("share", [0.2, 0.3, 0.4])
@pytest.mark.parametrize("drug", ["Cocaine", "Fentanyl", "MDMA", "Methamphetamine"])
def test_a_known_drug_is_named_beside_more_of_something_unknown(
    lacks: Identifier, samples: dict[str, Sample], drug: str, share: float, lacking: str
) -> None:
    answer = lacks.identify(mixed(samples, drug, share, lacking))
    assert (answer.conclusion, [each.name for each in answer.components]) == (Conclusion.ALARM, [drug])
    assert answer.residual is not None
    assert answer.residual.share > (1 - share) / 2


def test_what_is_known_beside_something_unknown_clears_nothing(
    lacks: Identifier, samples: dict[str, Sample], lacking: str
) -> None:
    assert lacks.identify(mixed(samples, "Caffeine", 0.4, lacking)).conclusion is not Conclusion.NO_ALARM
