"""mzML: scans of one sample at several voltages are one reading, each with its energy."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UnreadableFile
from models.formats.from_mzml import read_mzml
from models.formats.mzml import parse_mzml
from models.sample import POLARITY_NOT_TOLD
from models.spectrum import Polarity

FOLDER = Path(__file__).parents[2] / "vectors" / "spectra"
VOLTAGES = (FOLDER / "voltages.mzML").read_text("utf-8")
ONE = (FOLDER / "plain-64.mzML").read_text("utf-8")
ENERGY = '<cvParam cvRef="MS" accession="MS:1000045" name="collision energy" value="20"/>'
CONE = '<cvParam cvRef="MS" accession="MS:1000876" name="cone voltage" value="{}"/>'

FILTER = '<cvParam cvRef="MS" accession="MS:1000512" name="filter string" value="FTMS {} p ESI Full ms2 304.15@{}"/>'


def energies(text: str) -> list[list[float | None]]:
    return [[each.collision_energy for each in sample.spectra] for sample in read_mzml(text.encode(), "a").samples]


def param(accession: str, value: str) -> str:
    return f'<cvParam cvRef="MS" accession="{accession}" name="x" value="{value}"/>'


def test_voltages_that_come_again_begin_the_next_reading() -> None:
    samples = read_mzml(VOLTAGES.encode(), "a").samples
    assert energies(VOLTAGES) == [[20.0, 40.0, 60.0]] * 2
    assert [sample.name for sample in samples] == ["scan=1 to scan=3", "scan=4 to scan=6"]


def test_scans_without_an_energy_stay_alone() -> None:
    untold = VOLTAGES.replace("MS:1000876", "MS:9999999")
    assert energies(untold) == [[None]] * 6


def test_another_polarity_is_another_reading() -> None:
    first, scan, others = VOLTAGES.partition('<spectrum index="0" id="scan=2"')
    assert scan
    negative = first + scan + others.replace("<scanList>", f"{param('MS:1000129', '')}<scanList>", 1)
    assert energies(negative) == [[20.0], [40.0], [60.0, 20.0, 40.0], [60.0]]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (CONE.format(45), 45.0),
        (param("MS:1000875", "-60"), 60.0),
        ('<userParam name="Fragmentor" value="175" type="xsd:double"/>', 175.0),
        (param("MS:1000512", "FTMS + p ESI sid=35.00 Full ms [50.00-750.00]"), 35.0),
        (param("MS:1000512", "FTMS + p ESI Full ms [50.00-750.00]"), None),
        (CONE.format(30) + param("MS:1000045", "4"), 34.0),
        (param("MS:1002680", "20"), None),
        ("", None),
    ],
)
def test_what_tells_the_energy_where_no_ion_was_isolated(told: str, expected: float | None) -> None:
    begins, ends = ONE.index("<precursorList"), ONE.index("<binaryDataArrayList")
    assert energies(ONE[:begins] + told + ONE[ends:]) == [[expected]]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (ENERGY, 20.0),
        (param("MS:1000509", "25"), 25.0),
        (param("MS:1002013", "10") + param("MS:1002014", "40"), 25.0),
        (param("MS:1000138", "30"), pytest.approx(30 * 304.1543 / 500)),
        (ENERGY + param("MS:1002680", "35") + CONE.format(30), 20.0),
        (CONE.format(30), None),
        (FILTER.format("+", "hcd20.00") + ENERGY, pytest.approx(20 * 304.1543 / 500)),
        (FILTER.format("+", "hcd35.00") + ENERGY, 20.0),
    ],
)
def test_what_tells_the_energy_of_an_isolated_ion(told: str, expected: float | None) -> None:
    assert energies(ONE.replace(ENERGY, told)) == [[expected]]


def test_the_voltage_of_the_whole_run() -> None:
    source = f"<instrumentConfiguration><source>{CONE.format(50)}</source></instrumentConfiguration><run"
    begins, ends = ONE.index("<precursorList"), ONE.index("<binaryDataArrayList")
    assert energies((ONE[:begins] + ONE[ends:]).replace("<run", source, 1)) == [[50.0]]


@pytest.mark.parametrize("value", ["high", "nan", "1e999", ""])
def test_a_voltage_that_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(UnreadableFile, match=r"bad\.mzML, line \d+: expected a number, found"):
        read_mzml(VOLTAGES.replace('value="40"', f'value="{value}"').encode(), "bad.mzML")


@given(st.lists(st.sampled_from(["10", "20", "30", "40"]), min_size=1, max_size=12))
def test_no_scan_is_lost_and_no_energy_stands_twice(volts: list[str]) -> None:
    begins, ends = VOLTAGES.index("<spectrum "), VOLTAGES.index("</spectrumList>")
    scan = VOLTAGES[begins : VOLTAGES.index("</spectrum>") + len("</spectrum>")]
    text = (
        VOLTAGES[:begins] + "".join(scan.replace('value="20"', f'value="{each}"') for each in volts) + VOLTAGES[ends:]
    )
    read = energies(text)
    assert [energy for reading in read for energy in reading] == [float(each) for each in volts]
    assert all(len(set(reading)) == len(reading) for reading in read)
    assert len(parse_mzml(text.encode())) == len(volts)


def test_a_filter_tells_the_polarity_and_where_nothing_does_that_is_said() -> None:
    [negative] = read_mzml(ONE.replace(ENERGY, ENERGY + FILTER.format("-", "hcd35.00")).encode(), "a").samples
    [untold] = read_mzml(ONE.encode(), "a").samples
    [positive] = read_mzml(ONE.replace(ENERGY, ENERGY + param("MS:1000130", "")).encode(), "a").samples
    assert [each.spectra[0].polarity for each in (negative, untold, positive)] == [
        Polarity.NEGATIVE,
        Polarity.POSITIVE,
        Polarity.POSITIVE,
    ]
    assert [each.notes for each in (negative, untold, positive)] == [(), (POLARITY_NOT_TOLD,), ()]


def test_a_scan_without_a_word_of_polarity_stays_with_the_positive_ones() -> None:
    told = VOLTAGES.replace("<scanList>", f"{param('MS:1000130', '')}<scanList>", 2)
    assert energies(told) == [[20.0, 40.0, 60.0]] * 2
    assert [sample.notes for sample in read_mzml(told.encode(), "a").samples] == [(POLARITY_NOT_TOLD,)] * 2


def test_what_all_scans_of_a_reading_lack_is_said_once() -> None:
    found = read_mzml(VOLTAGES.encode(), "a")
    assert [sample.notes for sample in found.samples] == [(POLARITY_NOT_TOLD,)] * 2
    assert found.remarks == (f"2 readings: {POLARITY_NOT_TOLD}",)


def test_spectra_of_a_diode_array_are_left_out_and_that_is_said() -> None:
    begins, ends = ONE.index("<spectrum "), ONE.index("</spectrumList>")
    light = ONE[begins:ends].replace("MS:1000514", "MS:1000617").replace("scan=1", "uv")
    found = read_mzml((ONE[:begins] + light + ONE[begins:]).encode(), "a")
    assert [sample.name for sample in found.samples] == ["scan=1"]
    assert found.problems == ("1 spectra of wavelengths (diode array) have no m/z and are left out",)


def test_a_spectrum_without_m_z_and_without_wavelengths_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="expected arrays of m/z and intensity in spectrum"):
        read_mzml(ONE.replace("MS:1000514", "MS:1000786").encode(), "a")


SELECTED = '<cvParam cvRef="MS" accession="MS:1000744" name="selected ion m/z" value="304.1543"/>'
WINDOW = param("MS:1000827", "304.2") + param("MS:1000828", "{0}") + param("MS:1000829", "{0}")


@pytest.mark.parametrize(
    ("told", "precursor"),
    [
        (param("MS:1000744", "0"), None),
        (param("MS:1000744", "0.0") + WINDOW.format("0.5"), 304.2),
        (WINDOW.format("0.5"), 304.2),
        (WINDOW.format("12.5"), None),
        (SELECTED + WINDOW.format("0.5"), 304.1543),
    ],
)
def test_the_ion_that_was_isolated(told: str, precursor: float | None) -> None:
    assert SELECTED in ONE
    text = ONE.replace(SELECTED, told).replace(ENERGY, param("MS:1000138", "30"))
    [[found]] = [sample.spectra for sample in read_mzml(text.encode(), "a").samples]
    expected = None if precursor is None else pytest.approx(30 * precursor / 500)
    assert (found.precursor_mz, found.collision_energy) == (precursor, expected)


def test_several_isolated_ions_are_compared_with_nothing() -> None:
    [sample] = read_mzml(ONE.replace(SELECTED, SELECTED + param("MS:1000744", "182.12")).encode(), "a").samples
    assert not sample.spectra
    assert "several ions were isolated (m/z 182.12, 304.15)" in (sample.problem or "")
    [sample] = read_mzml(ONE.replace(SELECTED, SELECTED * 2).encode(), "a").samples
    assert sample.problem is None


@pytest.mark.parametrize(("charge", "told"), [("1", False), ("2", True)])
def test_an_ion_of_two_charges_is_told(charge: str, told: bool) -> None:
    [sample] = read_mzml(ONE.replace(SELECTED, SELECTED + param("MS:1000041", charge)).encode(), "a").samples
    assert any("it tells its ion as 2+" in note for note in sample.notes) is told


def test_an_energy_below_zero_is_as_high() -> None:
    assert energies(ONE.replace(ENERGY, param("MS:1000045", "-20"))) == [[20.0]]


@pytest.mark.parametrize(
    ("unit", "times", "readings"),
    [
        ("UO:0000031", ("0.1", "0.2", "0.3"), [[20.0, 40.0, 60.0]]),
        ("UO:0000031", ("0.1", "0.2", "7.3"), [[20.0, 40.0], [60.0]]),
        ("UO:0000010", ("0.1", "6.2", "7.3"), [[20.0, 40.0, 60.0]]),
        ("UO:0000010", ("0.1", "6.2", "77.3"), [[20.0, 40.0], [60.0]]),
        ("", ("0.1", "6.2", "6.3"), [[20.0], [40.0, 60.0]]),
    ],
)
def test_scans_far_apart_in_time_are_no_reading(unit: str, times: tuple[str, ...], readings: list[list[float]]) -> None:
    """A chromatogram brings isomers with the same ion, minutes apart."""
    text = VOLTAGES[: VOLTAGES.index('<spectrum index="0" id="scan=4"')] + "</spectrumList></run></mzML>"
    for time in times:
        said = f'<cvParam accession="MS:1000016" name="scan start time" value="{time}" unitAccession="{unit}"/>'
        text = text.replace("<scanList>", f'<scanList count="1">{said}', 1)
    assert energies(text) == readings
