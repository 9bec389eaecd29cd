"""What several measurements of the same currents say together; points and masses of a scan; pressure."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.srs_rga.pressure import Calibration
from drivers.srs_rga.scans import Disagreement, Kind, Scan, agree

CURRENTS = st.integers(-(2**31) + 1, 2**31 - 1)


@given(st.lists(CURRENTS, min_size=5, max_size=5), st.lists(CURRENTS, min_size=2, max_size=2), st.integers(0, 200))
@settings(deadline=None)
def test_damage_in_the_lesser_part_never_leaves_what_the_instrument_sent(
    true: list[int], damaged: list[int], noise: int
) -> None:
    honest = np.array(true)
    scans = [honest - noise, honest, honest + noise]
    worse = np.array([damaged[0]] * 5)
    try:
        agreed = agree([scans[0], worse, scans[2]])
    except Disagreement:
        return
    assert (agreed.currents >= honest - noise).all()
    assert (agreed.currents <= honest + noise).all()


def test_a_flipped_bit_is_outvoted_and_counted() -> None:
    honest = np.arange(0, 50_000, 1000)
    flipped = honest.copy()
    flipped[7] ^= 1 << 30
    agreed = agree([honest, flipped, honest])
    assert agreed.currents.tolist() == honest.tolist()
    assert agreed.outvoted == 1


def test_two_damaged_of_three_give_no_reading() -> None:
    honest = np.arange(0, 50_000, 1000)
    first, second = honest.copy(), honest.copy()
    first[7] ^= 1 << 30
    second[7] ^= 1 << 25
    with pytest.raises(Disagreement, match="1 of 50 points"):
        agree([first, honest, second])


def test_shifted_scans_disagree() -> None:
    honest = np.array([0, 0, 900_000, 0, 0, 400_000, 0, 0, 0, 70_000])
    with pytest.raises(Disagreement):
        agree([honest, np.roll(honest, 1), np.roll(honest, 2)])


def test_noise_is_no_disagreement() -> None:
    rng = np.random.default_rng(1)
    scans = [np.rint(rng.normal(0, 2500, 491)).astype(int) for _ in range(3)]
    assert agree(scans).currents.size == 491


@pytest.mark.parametrize(
    ("scan", "points", "masses"),
    [
        (Scan(Kind.ANALOG, 1, 50), 491, (1.0, 1.1, 50.0)),
        (Scan(Kind.ANALOG, 10, 11, steps=25), 26, (10.0, 10.04, 11.0)),
        (Scan(Kind.HISTOGRAM, 1, 100), 100, (1.0, 2.0, 100.0)),
        (Scan(Kind.HISTOGRAM, 28, 28), 1, (28.0, 28.0, 28.0)),
    ],
)
def test_points_and_masses(scan: Scan, points: int, masses: tuple[float, float, float]) -> None:
    assert scan.points == points == scan.masses.size
    assert scan.masses[[0, min(1, points - 1), -1]].tolist() == list(masses)


@pytest.mark.parametrize(
    ("first", "last", "speed", "steps"), [(50, 1, 4, 10), (0, 5, 4, 10), (1, 301, 4, 10), (1, 5, 8, 10), (1, 5, 4, 26)]
)
def test_scans_that_no_rga_can_do(first: int, last: int, speed: int, steps: int) -> None:
    with pytest.raises(ValueError, match="must"):
        Scan(Kind.ANALOG, first, last, speed, steps)


def test_pressure_is_current_by_sensitivity() -> None:
    calibration = Calibration(partial=0.1, total=0.01, gain_thousands=2.0, gain_voltage=1400)
    assert calibration.torr_per_unit(0) == pytest.approx(1e-16 * 1000 / 0.1)
    assert calibration.torr_per_unit(1400) == pytest.approx(1e-16 * 1000 / 0.1 / 2000)
    assert calibration.total_torr_per_unit == pytest.approx(1e-16 * 1000 / 0.01)


def test_no_pressure_without_a_calibration_that_holds() -> None:
    assert Calibration(0, 0, None, None).torr_per_unit(0) is None
    assert Calibration(0, 0, None, None).total_torr_per_unit is None
    assert Calibration(0.1, 0.01, 2.0, 1400).torr_per_unit(1500) is None
    assert Calibration(0.1, 0.01, None, None).torr_per_unit(1400) is None
