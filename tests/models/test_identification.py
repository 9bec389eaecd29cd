"""Identification of measured samples as a field instrument would show them, and of what is no measurement at all."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.answer import Identification
from models.conclusion import Conclusion, Reason
from models.explanation import Doubt
from models.identification import Identifier
from models.sample import Sample
from models.saturation import is_saturated
from models.spectrum import Polarity, Spectrum, Technique
from models.weighing import MOST_HITS

SEEDS = range(12)


def in_the_field(spectra: tuple[Spectrum, ...], seed: int) -> list[Spectrum]:
    """Distort as a single quadrupole would: m/z shift within 0.3, isotopes, noise, every other time an energy lost."""
    rng = np.random.default_rng(seed)
    shift = rng.uniform(-0.3, 0.3)
    lost = int(rng.integers(0, 2 * len(spectra)))
    return [_distorted(spectrum, shift, rng) for at, spectrum in enumerate(spectra) if at != lost]


def _distorted(spectrum: Spectrum, shift: float, rng: np.random.Generator) -> Spectrum:
    height = spectrum.intensity * np.exp(rng.normal(0, 0.2, spectrum.mz.size))
    isotope = height * spectrum.mz * 7.6e-4
    noise = rng.uniform(40, 400, 6)
    mz = np.concatenate([spectrum.mz, spectrum.mz + 1.0034, noise]) + shift
    intensity = np.concatenate([height, isotope, rng.exponential(0.005, 6) * height.max()])
    bins, place = np.unique(np.round(mz, 1), return_inverse=True)
    energy = spectrum.collision_energy if rng.random() > 0.3 else None
    return Spectrum(bins, np.bincount(place, intensity), collision_energy=energy)


def names(answer: Identification) -> set[str]:
    first = answer.hits[0]
    return {first.name, *first.isomers}


@pytest.mark.parametrize("name", ["Cocaine", "Fentanyl", "Methamphetamine"])
def test_a_controlled_substance_alarms_by_name(identifier: Identifier, samples: dict[str, Sample], name: str) -> None:
    answers = [identifier.identify(in_the_field(samples[name].spectra, seed)) for seed in SEEDS]
    assert [answer.conclusion for answer in answers] == [Conclusion.ALARM] * len(SEEDS)
    assert all(name in names(answer) for answer in answers)


def test_caffeine_never_alarms(identifier: Identifier, samples: dict[str, Sample]) -> None:
    answers = [identifier.identify(in_the_field(samples["Caffeine"].spectra, seed)) for seed in SEEDS]
    said = [answer.conclusion for answer in answers]
    assert {*said} <= {Conclusion.NO_ALARM, Conclusion.INCONCLUSIVE}
    assert said.count(Conclusion.NO_ALARM) >= len(SEEDS) - 1
    assert all("Caffeine" in names(answer) for answer in answers)


def test_most_samples_come_first(identifier: Identifier, samples: dict[str, Sample]) -> None:
    first = [
        name in names(identifier.identify(in_the_field(sample.spectra, seed)))
        for name, sample in samples.items()
        for seed in range(3)
    ]
    assert np.mean(first) >= 0.85


def test_the_same_spectra_in_any_order_conclude_the_same(identifier: Identifier, samples: dict[str, Sample]) -> None:
    spectra = samples["Heroin"].spectra
    forward, backward = identifier.identify(spectra), identifier.identify(spectra[::-1])
    assert forward.hits == backward.hits
    assert forward.conclusion is backward.conclusion


def test_an_answer_is_whole(identifier: Identifier, samples: dict[str, Sample]) -> None:
    answer = identifier.identify_sample(samples["Cocaine"])
    assert 0 < len(answer.hits) <= MOST_HITS
    stated = [hit.probability or 0.0 for hit in answer.hits]
    assert stated == sorted(stated, reverse=True)
    assert 0.5 < sum(stated) <= 1 + 1e-6
    assert all(0 <= hit.score <= 1 for hit in answer.hits)
    assert answer.families[0].family == "stimulant-cocaine"
    assert (answer.library, answer.bundle) == (identifier.library.digest, identifier.bundle.digest)
    assert answer.elapsed_ms > 0


def test_random_peaks_get_no_confident_name(identifier: Identifier) -> None:
    rng = np.random.default_rng(1)
    answers = [
        identifier.identify([Spectrum(np.sort(rng.uniform(40, 400, 25)), rng.exponential(1, 25)) for _ in range(3)])
        for _ in range(20)
    ]
    assert not [answer for answer in answers if answer.conclusion in (Conclusion.ALARM, Conclusion.NO_ALARM)]


def spectrum(mz: list[float], intensity: list[float], **more: object) -> Spectrum:
    return Spectrum(np.array(mz), np.array(intensity), **more)  # type: ignore[arg-type]


MALFORMED = {
    "no-spectrum": ([], Conclusion.FAULT, Reason.NO_SPECTRUM),
    "empty": ([spectrum([], [])], Conclusion.INCONCLUSIVE, Reason.NOTHING_ABOVE_BACKGROUND),
    "all-zero": ([spectrum([100, 200], [0, 0])], Conclusion.INCONCLUSIVE, Reason.NOTHING_ABOVE_BACKGROUND),
    "flat-noise": (
        [spectrum(list(range(50, 350)), [1.0] * 300)],
        Conclusion.INCONCLUSIVE,
        Reason.NOTHING_ABOVE_BACKGROUND,
    ),
    "beyond-the-range": ([spectrum([1500, 2500], [1, 1])], Conclusion.INCONCLUSIVE, Reason.OUT_OF_RANGE),
    "negative-ions": (
        [spectrum([100, 200], [1, 2], polarity=Polarity.NEGATIVE)],
        Conclusion.INCONCLUSIVE,
        Reason.WRONG_POLARITY,
    ),
    "electron-ionisation": (
        [spectrum([100, 200], [1, 2], technique=Technique.EI), spectrum([100, 200], [1, 2])],
        Conclusion.INCONCLUSIVE,
        Reason.TECHNIQUE_NOT_COVERED,
    ),
    "thousands-of-spectra": ([spectrum([100, 200], [1, 2])] * 5000, Conclusion.FAULT, Reason.MALFORMED_INPUT),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_no_measurement_gets_a_reason_and_no_name(identifier: Identifier, name: str) -> None:
    spectra, conclusion, reason = MALFORMED[name]
    answer = identifier.identify(spectra)
    assert answer.conclusion is conclusion
    assert answer.reasons == (reason,)
    assert not answer.hits


@pytest.mark.parametrize(("mz", "wrong"), [(182.1, Reason.WRONG_ENERGY_TOO_LOW), (58.1, Reason.WRONG_ENERGY_TOO_HIGH)])
def test_one_peak_is_weak_or_of_one_energy(identifier: Identifier, mz: float, wrong: Reason) -> None:
    answer = identifier.identify([spectrum([mz], [5])])
    assert (answer.conclusion, answer.reasons) == (Conclusion.INCONCLUSIVE, (wrong, Reason.WEAK_SIGNAL))
    assert not answer.hits


def test_a_million_points_are_answered(identifier: Identifier) -> None:
    rng = np.random.default_rng(0)
    answer = identifier.identify([Spectrum(np.linspace(30, 700, 1_000_000), rng.random(1_000_000))])
    assert answer.conclusion in (Conclusion.INCONCLUSIVE, Conclusion.FAULT)
    assert not answer.hits


def test_a_profile_of_baseline_alone_shows_nothing(identifier: Identifier) -> None:
    flat = Spectrum(np.arange(30, 500, 0.1), np.full(4700, 7.0))
    assert identifier.identify([flat]).reasons == (Reason.NOTHING_ABOVE_BACKGROUND,)


def test_a_sample_with_a_problem_is_a_fault(identifier: Identifier, samples: dict[str, Sample]) -> None:
    answer = identifier.identify_sample(
        Sample("x", samples["Cocaine"].spectra, problem="intensity must not be negative")
    )
    assert answer.conclusion is Conclusion.FAULT
    assert answer.reasons == (Reason.MALFORMED_INPUT,)
    assert not answer.hits


peaks = st.lists(st.tuples(st.floats(0.01, 4000), st.floats(0, 1e12)), max_size=40, unique_by=lambda peak: peak[0])


@settings(max_examples=60)
@given(spectra=st.lists(peaks, max_size=4))
def test_any_spectra_are_answered(identifier: Identifier, spectra: list[list[tuple[float, float]]]) -> None:
    answer = identifier.identify([spectrum([p[0] for p in sorted(s)], [p[1] for p in sorted(s)]) for s in spectra])
    assert answer.reasons
    assert all(np.isfinite(hit.probability or 0.0) and np.isfinite(hit.score) for hit in answer.hits)


@pytest.mark.parametrize("nothing", [([], []), ([50.0, 90.0], [0.0, 0.0]), ([1500.0], [1.0])])
def test_a_spectrum_of_nothing_is_left_out_and_told(
    identifier: Identifier, samples: dict[str, Sample], nothing: tuple[list[float], list[float]]
) -> None:
    spectra = samples["Fentanyl"].spectra
    empty = Spectrum(np.array(nothing[0]), np.array(nothing[1]), collision_energy=1.0)
    plain, beside = identifier.identify(spectra), identifier.identify([empty, *spectra])
    assert (beside.conclusion, beside.reasons, beside.components) == (plain.conclusion, plain.reasons, plain.components)
    assert beside.hits[0] == plain.hits[0]
    assert beside.explanation is not None
    assert Doubt.EMPTY_SPECTRUM in beside.explanation.doubts
    assert plain.explanation is not None
    assert Doubt.EMPTY_SPECTRUM not in plain.explanation.doubts


@pytest.mark.parametrize("name", ["MDMA", "Fentanyl"])
def test_spectra_of_equal_energy_are_answered_alike_in_any_order(
    identifier: Identifier, samples: dict[str, Sample], name: str
) -> None:
    spectra = [replace(each, collision_energy=30.0) for each in samples[name].spectra]
    one, other = identifier.identify(spectra), identifier.identify(spectra[::-1])
    assert (one.conclusion, one.hits, one.components) == (other.conclusion, other.hits, other.components)


def test_a_peak_next_to_nothing_tells_no_counts() -> None:
    """Heights that are no whole multiples of the least, which is so small that the highest is infinitely many."""
    height = np.array([9.5e11, 1.0, 2.3e-309, 1.0, 9.5e11, 1.0, 1.0, 1.0, 9.5e11])
    assert is_saturated(Spectrum(np.arange(100.0, 109.0), height))


def test_a_reading_cut_at_its_top_is_saturated(identifier: Identifier, samples: dict[str, Sample]) -> None:
    spectra = [
        replace(each, intensity=np.minimum(each.intensity, np.sort(each.intensity)[-4:][0]))
        for each in samples["Heroin"].spectra
    ]
    answer = identifier.identify(spectra)
    assert (answer.conclusion, answer.reasons) == (Conclusion.INCONCLUSIVE, (Reason.SATURATED,))
    assert (answer.hits, answer.components) == ((), ())


def test_one_spectrum_cut_at_its_top_is_left_out(identifier: Identifier, samples: dict[str, Sample]) -> None:
    """2C-B at four voltages, three equal tops in the hardest: once the whole reading was refused for it."""
    *others, hardest = samples["Heroin"].spectra
    cut = replace(hardest, intensity=np.minimum(hardest.intensity, np.sort(hardest.intensity)[-4]))
    assert is_saturated(cut)
    plain, beside = identifier.identify(others), identifier.identify([*others, cut])
    assert (beside.conclusion, beside.hits) == (plain.conclusion, plain.hits)
    assert plain.explanation is not None
    assert beside.explanation is not None
    assert beside.explanation.doubts == (Doubt.SATURATED_SPECTRUM, *plain.explanation.doubts)


def test_one_spectrum_beside_several_cut_ones_says_nothing(identifier: Identifier, samples: dict[str, Sample]) -> None:
    first, *others = samples["Heroin"].spectra
    cut = [replace(each, intensity=np.minimum(each.intensity, np.sort(each.intensity)[-4])) for each in others]
    blank = Spectrum(np.array([59.0, 74.0, 149.0]), np.array([5.0, 3.0, 9.0]))
    for one in (first, blank, Spectrum(np.array([]), np.array([]))):
        assert identifier.identify([one, *cut[-2:]]).reasons == (Reason.SATURATED,)


def drawn(
    cut: float | None, shape: Callable[[NDArray[np.float64]], NDArray[np.float64]], step: float = 0.05
) -> Spectrum:
    """Draw a profile whose highest peak would be `cut` times what the detector gives."""
    mz = np.arange(40.0, 400.0, step)
    heights = sum(
        high * shape((mz - at) / 0.255) for at, high in ((82.1, 1.0), (105.1, 0.25), (182.1, 0.6), (304.2, 0.45))
    )
    return Spectrum(mz, np.minimum(heights * (cut or 1.0), 1.0) * 1e5)


def gauss(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.exp(-(x**2) / 2)


def box(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return (np.abs(x) < 1.2).astype(np.float64)


@pytest.mark.parametrize("cut", [1.1, 1.5, 3.0])
@pytest.mark.parametrize("step", [0.02, 0.1])
def test_one_flat_peak_of_a_profile_is_saturated(identifier: Identifier, cut: float, step: float) -> None:
    answer = identifier.identify([drawn(cut, gauss, step)])
    assert (answer.conclusion, answer.reasons) == (Conclusion.INCONCLUSIVE, (Reason.SATURATED,))


@pytest.mark.parametrize("counts", [1e-9, 1.0, 1000.0, 20_000.0])
@pytest.mark.parametrize("shape", [gauss, box])
def test_a_profile_that_is_not_cut_is_not_saturated(
    counts: float, shape: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> None:
    """Neither coarse counts nor peaks that a program draws as boxes are the detector's limit."""
    whole = drawn(None, shape)
    assert not is_saturated(replace(whole, intensity=np.rint(whole.intensity / counts) * counts))


@pytest.mark.parametrize("unsteady", [0.002, 0.009])
def test_tops_that_vary_a_little_are_saturated_too(samples: dict[str, Sample], unsteady: float) -> None:
    heroin = max(samples["Heroin"].spectra, key=lambda each: each.mz.size)
    rng = np.random.default_rng(5)
    top = np.sort(heroin.intensity)[-4]
    cut = np.where(heroin.intensity >= top, top * rng.uniform(1 - unsteady, 1, heroin.mz.size), heroin.intensity)
    assert is_saturated(replace(heroin, intensity=cut))


@pytest.mark.parametrize(("heights", "saturated"), [((1, 2, 3), False), ((1, 1.5, 3), True), ((1, 2, 30), True)])
def test_ions_counted_one_by_one_are_a_weak_spectrum(heights: tuple[float, ...], saturated: bool) -> None:
    low, middle, high = (0.07 * height for height in heights)
    counts = np.array([*[low] * 15, *[middle] * 9, *[high] * 3])
    assert is_saturated(Spectrum(60.0 + 7 * np.arange(counts.size), counts)) is saturated


def test_no_sample_is_saturated_as_it_was_measured(samples: dict[str, Sample]) -> None:
    assert not [name for name, sample in samples.items() if any(map(is_saturated, sample.spectra))]


def test_nothing_is_named_beside_an_unknown_compound(identifier: Identifier, samples: dict[str, Sample]) -> None:
    for name, sample in samples.items():
        shifted = [replace(each, mz=each.mz * 0.998) for each in sample.spectra]
        answer = identifier.identify(shifted)
        assert not (answer.unknown and Reason.MIXTURE not in answer.reasons and answer.components), name


@pytest.mark.parametrize(
    "ions",
    [
        ({42: 1000, 83: 700, 60: 40}, {42: 1000, 41: 50}),
        ({59: 1000, 117: 400}, {59: 1000, 43: 300, 41: 60}),
        ({33: 1000, 65: 800, 97: 100}, {33: 1000, 47: 50}),
        ({47: 1000, 93: 600}, {47: 1000, 29: 300, 45: 80}),
    ],
    ids=["acetonitrile", "acetone", "methanol", "ethanol"],
)
def test_a_solvent_alone_is_not_recognised(identifier: Identifier, ions: tuple[dict[int, float], ...]) -> None:
    spectra = [
        Spectrum(sorted(each), [each[mz] for mz in sorted(each)], collision_energy=energy)
        for each, energy in zip(ions, (15.0, 40.0), strict=True)
    ]
    for reading in (spectra, spectra[:1]):
        assert identifier.identify(reading).conclusion is Conclusion.INCONCLUSIVE


BLANK = ([59.01, 74.02, 83.06, 101.05, 149.02], [50.0, 30.0, 20.0, 10.0, 20.0])


@pytest.mark.parametrize("height", [0.1, 100.0], ids=["weak", "strong"])
@pytest.mark.parametrize("name", ["Fentanyl", "Cocaine"])
def test_background_alone_is_not_the_softest(
    identifier: Identifier, samples: dict[str, Sample], name: str, height: float
) -> None:
    spectra = samples[name].spectra
    blank = Spectrum(np.array(BLANK[0]), height * np.array(BLANK[1]), collision_energy=1.0)
    plain, beside = identifier.identify(spectra), identifier.identify([blank, *spectra])
    assert (beside.conclusion, beside.reasons) == (plain.conclusion, plain.reasons)
    assert beside.hits[0] == plain.hits[0]
    assert beside.explanation is not None
    assert Doubt.EMPTY_SPECTRUM in beside.explanation.doubts


@pytest.mark.parametrize("cut", ["Caffeine", "Xylazine", "Lidocaine"])
@pytest.mark.parametrize("drug", ["Cocaine", "Methadone", "Ketamine", "Norfentanyl"])
def test_a_spectrum_that_is_of_a_drug_alone_is_no_background(
    identifier: Identifier, samples: dict[str, Sample], drug: str, cut: str
) -> None:
    softest = replace(min(samples[drug].spectra, key=_energy), collision_energy=15.0)
    hardest = sorted(samples[cut].spectra, key=_energy)[-2:]
    harder = [replace(each, collision_energy=energy) for each, energy in zip(hardest, (30.0, 50.0), strict=True)]
    for height in (1.0, 1000.0):
        answer = identifier.identify([replace(softest, intensity=height * softest.intensity), *harder])
        assert answer.conclusion is not Conclusion.NO_ALARM
        assert answer.explanation is not None
        assert Doubt.EMPTY_SPECTRUM not in answer.explanation.doubts


def test_a_faint_spectrum_like_none_of_the_others_is_not_the_softest(
    identifier: Identifier, samples: dict[str, Sample]
) -> None:
    spectra = samples["Cocaine"].spectra
    height = min(each.total_ion_current for each in spectra)
    faint = Spectrum(np.array([60.1, 85.0, 97.0, 113.1, 127.0]), height / 1000 * np.ones(5), collision_energy=1.0)
    plain, beside = identifier.identify(spectra), identifier.identify([faint, *spectra])
    assert (beside.conclusion, beside.hits[0]) == (plain.conclusion, plain.hits[0])


def _energy(spectrum: Spectrum) -> float:
    return spectrum.collision_energy or 0.0
