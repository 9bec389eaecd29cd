"""What headings of columns say, as programs write them."""

import pytest

from models.formats.headings import intensities_among, is_mass, is_of_one_scan, is_unnamed, tells

HEIGHTS = (
    "Intensity", "I", "Int.", "Intensit\u00e4t", "Intensidad", "Counts", "Y(Counts)", "Abundance", "Height",
    "Rel. Abund.", "Peak area", "\u00c1rea", "TIC", "%", "BPI%", "Signal", "Se\u00f1al", "Absolute Intensity",
    "Ion current (A)", "Partial pressure (Torr)", "cps", "y", "peak_intensity", "abs_int", "kcps", "mV", "Ionenstrom",
    "Wert", "Valor", "value", "Abs.", "Detector (V)", "Intensity (time-averaged)", "Resolved intensity",
)  # fmt: skip
NO_HEIGHTS = (
    "RT (min)", "z", "Charge", "Error (ppm)", "log10(intensity)", "ln(I)", "S/N", "Signal to noise", "Time", "FWHM",
    "Resolution", "Mass", "Formula", "Delta", "retention_time",
    "Intensity error", "Cone voltage (V)", "Product",
)  # fmt: skip


@pytest.mark.parametrize("name", HEIGHTS)
def test_intensity(name: str) -> None:
    assert tells(["m/z", name])


@pytest.mark.parametrize("name", NO_HEIGHTS)
def test_no_intensity(name: str) -> None:
    assert not tells(["m/z", name])


@pytest.mark.parametrize(
    "name",
    [
        "m/z",
        "Mass",
        "mz",
        "X(Thomsons)",
        "Mass/Charge (Da)",
        "Masa",
        "m_z",
        "peak_mz",
        "m.z",
        "m/e",
        "m/q",
        "moverz",
        "Th",
        "Monoisotopic m/z",
        "m/z (monoisotopic)",
        "Deconvoluted m/z",
        "Molecular ion m/z",
    ],
)
def test_mass(name: str) -> None:
    assert is_mass(name)


@pytest.mark.parametrize(
    "name",
    [
        "m/z error (ppm)",
        "Neutral mass",
        "Monoisotopic mass",
        "Masa monoisot\u00f3pica",
        "Deconvoluted mass (Da)",
        "Masa desconvolucionada",
        "Mass (kDa)",
        "Molecular mass",
        "Neutral m/z",
        "Time",
        "Shift",
        "X",
    ],
)
def test_no_mass(name: str) -> None:
    assert not is_mass(name)


@pytest.mark.parametrize(
    ("names", "at"),
    [
        (["Peak", "m/z", "Intensity", "Relative"], [2]),
        (["m/z", "Intensity", "Area", "S/N"], [1]),
        (["m/z", "Area"], [1]),
        (["m/z", "Absolute Intensity", "Relative Intensity"], [1]),
        (["m/z", "Relative Intensity"], [1]),
        (["m/z", "Intensity", "Height"], [1, 2]),
    ],
)
def test_counts_before_relative_ones_and_before_areas(names: list[str], at: list[int]) -> None:
    assert intensities_among(names) == at


@pytest.mark.parametrize(
    "name",
    [
        "RT", "Retention time", "Scan", "Scan #", "Polarity", "Collision energy (V)", "Energía de colisión",
        "Kollisionsenergie", "Energy (V)", "Voltage (V)", "Event", "Escaneo",
    ],
)  # fmt: skip
def test_of_one_scan(name: str) -> None:
    assert is_of_one_scan(name)


@pytest.mark.parametrize("name", ["Point", "Cpd", "m/z", "Intensity", "Scans seen", "Drift time"])
def test_of_each_peak(name: str) -> None:
    assert not is_of_one_scan(name)


@pytest.mark.parametrize("filling", ["-", "scan", " ", "x", "1", "-x"])
def test_a_heading_of_any_length_is_looked_at_in_part(filling: str) -> None:
    """A pattern that goes back and forth over 100,000 letters would hold the station up for minutes."""
    heading = filling * 100_000 + "!"
    assert not is_mass(heading)
    assert not tells([heading, heading])
    assert is_of_one_scan(heading) in {True, False}
    assert is_unnamed(heading) in {True, False}
