"""The simulated instrument's faults stay within what an instrument does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.analyzer_link.frames import MAX_PEAKS, Acquire, Advance, Done, Measured
from drivers.analyzer_link.physics import CARBON_13_MZ, PERFECT, Physics, measured, with_isotopes
from drivers.analyzer_link.plays import Play, Timed, perform
from drivers.analyzer_link.spectra import from_wire, to_wire
from models.spectrum import Spectrum
from tests.drivers.wires import COCAINE, seeded, spectrum

ALL = (150, 300, 500)
SHIFT_ONLY = Physics(noise=0, isotopes=False, background=0, missing=0)


def performed(physics: Physics, seed: int, energies: tuple[int, ...] = ALL, duration: float = 3.0) -> list[Timed]:
    return perform(Play("cocaine", COCAINE), Acquire(7, energies), physics, duration, seeded(seed))


def spectra_of(events: list[Timed]) -> list[Spectrum]:
    return [from_wire(timed.event, "wire") for timed in events if isinstance(timed.event, Measured)]


@pytest.mark.parametrize("seed", range(20))
def test_the_shift_is_within_0_3_and_the_same_in_one_play(seed: int) -> None:
    spectra = spectra_of(performed(SHIFT_ONLY, seed))
    shifts = np.concatenate([got.mz - sent.mz for got, sent in zip(spectra, COCAINE, strict=True)])
    assert np.abs(shifts).max() <= 0.3
    assert np.ptp(shifts) < 0.0002


def test_the_shift_differs_between_plays() -> None:
    shifts = {round(float(spectra_of(performed(SHIFT_ONLY, seed))[0].mz[0]), 3) for seed in range(20)}
    assert len(shifts) > 10
    assert max(shifts) - min(shifts) > 0.2


def test_isotope_peaks_of_cocaine_are_plausible() -> None:
    mz, intensity = with_isotopes(np.array([304.1543]), np.array([100.0]))
    assert np.allclose(mz, 304.1543 + CARBON_13_MZ * np.arange(3))
    assert 15 < intensity[1] < 25  # C17H21NO4 has 18.9 % at M+1
    assert 1 < intensity[2] < 3


def test_isotope_peaks_that_were_measured_are_not_added_again() -> None:
    measured_mz = np.array([238.0993, 239.1027, 240.0964, 241.0997])
    heights = np.array([100.0, 14.0, 32.0, 4.0])
    mz, intensity = with_isotopes(measured_mz, heights)
    once = np.array([intensity[np.abs(mz - ion) < 0.02].sum() for ion in measured_mz])
    assert np.all(np.abs(once / heights - 1) < 0.5)


@given(st.lists(st.integers(20_0000, 600_0000), min_size=1, max_size=30, unique=True), st.integers(0, 1000))
@settings(max_examples=100, deadline=None)
def test_any_spectrum_is_measured_as_a_spectrum(steps: list[int], seed: int) -> None:
    rng = seeded(seed)
    peaks = {step / 10_000: rng.uniform(0, 1000) for step in sorted(steps)}
    got = measured(spectrum(30, peaks), Physics(), rng.uniform(-0.3, 0.3), rng)
    assert got.mz.size >= len(peaks)
    assert to_wire(got, 7, 0, 300).energy == 300


def test_noise_and_background_leave_the_base_peak() -> None:
    for seed in range(20):
        got = spectra_of(performed(Physics(missing=0), seed))[1]
        assert abs(got.mz[got.intensity.argmax()] - 182.1176) <= 0.31
        assert got.mz.size > COCAINE[1].mz.size


def test_some_energies_are_missing_but_never_all() -> None:
    counts = [len(spectra_of(performed(Physics(missing=0.5), seed))) for seed in range(40)]
    assert min(counts) >= 1
    assert len(set(counts)) == 3


def test_an_energy_far_from_the_samples_is_missing() -> None:
    events = performed(PERFECT, 1, energies=(150, 2000))
    assert isinstance(events[-1].event, Done)
    assert events[-1].event.missing == (2000,)


def test_a_sample_without_spectra_is_all_missing() -> None:
    events = perform(Play("nothing"), Acquire(7, ALL), PERFECT, 1.0, seeded(1))
    assert isinstance(events[-1].event, Done)
    assert events[-1].event.missing == ALL


@pytest.mark.parametrize("duration", [0.0, 0.3, 3.0, 30.0])
def test_events_keep_the_protocols_times(duration: float) -> None:
    events = performed(PERFECT, 1, duration=duration)
    times = [timed.after for timed in events]
    assert times == sorted(times)
    assert times[0] == 0
    assert times[-1] == pytest.approx(duration)
    assert max(np.diff(times)) <= 1.0
    assert [timed.event.number for timed in events] == list(range(len(events)))
    percents = [timed.event.percent for timed in events if isinstance(timed.event, Advance)]
    assert percents == sorted(percents)
    assert percents[0] == 0


def test_a_spectrum_with_too_many_peaks_keeps_the_strongest() -> None:
    mz = np.arange(1, 5001) / 2
    wire = to_wire(Spectrum(mz, mz), 7, 0, 300)
    assert np.array_equal(from_wire(wire, "wire").mz, mz[-MAX_PEAKS:])


def test_peaks_that_fall_on_one_step_are_added_up() -> None:
    got = from_wire(to_wire(spectrum(30, {100.00001: 1.0, 100.00002: 2.0, 200.0: 4.0}), 7, 0, 300), "wire")
    assert got.mz.tolist() == [100.0, 200.0]
    assert got.intensity.tolist() == [3.0, 4.0]
