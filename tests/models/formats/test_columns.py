"""Columns: every notation reads as the numbers that it stands for, or is refused; never as other numbers."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UnreadableFile
from models.formats.columns import MOST_BEFORE, parse_columns
from models.formats.content import COLUMNS
from models.reading import read_samples
from models.sample import BY_HEIGHT, FELL, POLARITY_NOT_TOLD, SCATTERED, Sample
from models.spectrum import Polarity, Spectrum, Technique

VECTORS = Path(__file__).parents[2] / "vectors" / "spectra"


def read(name: str) -> tuple[Sample, Spectrum]:
    [sample] = read_samples(VECTORS / name)
    [spectrum] = sample.spectra
    return sample, spectrum


@pytest.mark.parametrize(
    ("name", "mz", "intensity"),
    [
        ("german.csv", [82.065, 182.1, 303.15], [12345, 999, 1234.5]),
        ("swapped.csv", [82.065, 105.034, 150.09, 182.118, 303.147], [35, 12.5, 7, 100, 20]),
        ("quoted.csv", [82.065, 182.118], [12345, 1234567.5]),
        ("agilent.csv", [82.065, 182.118], [12.5, 99]),
        ("five-columns.csv", [82.065, 182.118], [12, 999]),
        ("xcalibur.txt", [82.065, 182.118], [12.5, 99]),
    ],
)
def test_what_programs_write(name: str, mz: list[float], intensity: list[float]) -> None:
    _, spectrum = read(name)
    assert (spectrum.mz.tolist(), spectrum.intensity.tolist()) == (mz, intensity)


@pytest.mark.parametrize(
    ("name", "line", "words"),
    [
        ("bad-two-ways.csv", 2, r"found '12\.345', which may be 12345 or 12\.345; export again"),
        ("bad-two-marks.csv", 3, r"expected ',' before decimals as on line 2, found '182\.1'"),
        ("bad-thousands.csv", 2, r"expected `m/z,intensity`, two numbers with a decimal comma"),
        ("bad-three-columns.csv", 1, r"more columns under a heading .* found '1,82\.065,12' without a heading"),
        ("bad-two-masses.csv", 2, r"found '1,82\.065,12' under 'Mass, m/z, Intensity'"),
        ("bad-retention-time.csv", 2, r"found '82\.065,35\.0' under 'm/z, RT \(min\)'"),
        ("bad-charge.csv", 2, r"found '82\.065,1' under 'm/z, z'"),
        ("bad-logarithm.csv", 2, r"found '82\.065,35\.0' under 'm/z, log10\(intensity\)'"),
        ("bad-features.csv", 3, r"expected one scan; give each scan by itself, found '0\.1' and '0\.2' under 'RT'"),
        ("bad-two-scans.csv", 8, r"expected one scan; give each scan by itself, found '#\"-ESI Scan"),
        ("bad-two-headings.csv", 4, r"expected one scan; give each scan by itself, found '#Point,X\(Thomsons\)"),
    ],
)
def test_what_is_refused(name: str, line: int, words: str) -> None:
    with pytest.raises(UnreadableFile, match=rf"{name}, line {line}: .*{words}"):
        read_samples(VECTORS / name)


@pytest.mark.parametrize(("name", "volts"), [("agilent.csv", 175.0), ("xcalibur.txt", 35.0), ("german.csv", None)])
def test_the_voltage_that_stands_before_the_table(name: str, volts: float | None) -> None:
    _, spectrum = read(name)
    assert (spectrum.collision_energy, spectrum.technique) == (volts, Technique.IN_SOURCE_CID)


@pytest.mark.parametrize(
    ("title", "polarity", "technique", "volts"),
    [
        ("-ESI Scan (0.1 min) Frag=175.0V a.d", Polarity.NEGATIVE, Technique.IN_SOURCE_CID, 175.0),
        ("FTMS - p ESI Full ms [50.00-750.00]", Polarity.NEGATIVE, Technique.IN_SOURCE_CID, None),
        ("+EI Scan (rt: 7.1 min)", Polarity.POSITIVE, Technique.EI, None),
        ("ITMS + c ESI sid=20.00 Full ms2 304.15@cid35.00", Polarity.POSITIVE, Technique.CID, 35 * 304.15 / 500),
        ("/data/a-ESI.d, +ESI Scan Frag=70.0V", Polarity.POSITIVE, Technique.IN_SOURCE_CID, 70.0),
    ],
)
def test_how_the_ions_were_made(
    tmp_path: Path, title: str, polarity: Polarity, technique: Technique, volts: float | None
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"{title}\nMass,Intensity\n82.1,1\n", "utf-8")
    [spectrum] = read_samples(file)[0].spectra
    assert (spectrum.polarity, spectrum.technique, spectrum.collision_energy) == (polarity, technique, volts)


def test_falling_mz_is_turned_round_and_that_is_told() -> None:
    sample, spectrum = read("falling.csv")
    assert spectrum.mz.tolist() == sorted(spectrum.mz)
    assert sample.notes == (FELL, POLARITY_NOT_TOLD)


@pytest.mark.parametrize(
    "heading",
    ["X(Minutes),Y(Counts)", "Time;Intensity", "Wavelength (nm),x", "Zeit,TIC", "Drift,Intensity", "Shift,Intensity",
     "Temp,Volt", "Neutral mass,Intensity", "Collision energy (eV),Intensity", "CE,Abundance", "Cone voltage,Counts",
     "Precursor,Product", "Charge,Counts"],
)  # fmt: skip
def test_another_axis_is_no_mass(tmp_path: Path, heading: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"{heading}\n82.1,1\n".replace(",", ";" if ";" in heading else ","), "utf-8")
    with pytest.raises(UnreadableFile, match="expected m/z and intensity, found"):
        read_samples(file)


@pytest.mark.parametrize("heading", ["m/z,I", "Mass;Abundance", "m/z\tArea", "X,Y", "Mass (amu),Pressure (Torr)"])
def test_headings_of_a_mass_spectrum(tmp_path: Path, heading: str) -> None:
    part = next(mark for mark in ",;\t" if mark in heading)
    file = tmp_path / "a.csv"
    file.write_text(f"{heading}\n82.1{part}1\n182.1{part}5\n", "utf-8")
    [spectrum] = read_samples(file)[0].spectra
    assert (spectrum.mz.tolist(), spectrum.intensity.tolist()) == ([82.1, 182.1], [1, 5])


CAFFEINE = "195.09,100\n138.07,30\n110.07,12\n83.06,5\n"
COCAINE = "182.12,99\n304.15,60\n82.07,20\n105.03,8\n"


@pytest.mark.parametrize(
    ("between", "line"),
    [
        ("# Polarity: Negative\n", 6),
        ("# -ESI Scan Frag=200.0V B.d\n", 6),
        ("# m/z,intensity\n", 6),
        ("# Scan 2\n", 6),
        ("# remark\n# Spectrum 2\n", 7),
        ("# Collision energy: 40 eV\n", 6),
    ],
)
def test_a_second_scan_in_a_table_is_refused(tmp_path: Path, between: str, line: int) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"m/z,intensity\n{CAFFEINE}{between}{COCAINE}", "utf-8")
    with pytest.raises(UnreadableFile, match=rf"line {line}: expected one scan; give each scan by itself, found '#"):
        read_samples(file)


@pytest.mark.parametrize("between", ["\n", "# B.d\n"])
def test_rows_in_no_order_that_begin_anew_are_a_fault(tmp_path: Path, between: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"m/z,intensity\n{CAFFEINE}{between}{COCAINE}", "utf-8")
    [sample] = read_samples(file)
    assert sample.spectra == ()
    assert sample.problem is not None
    assert "go on at line 7 after lines that are none; expected one scan" in sample.problem


@pytest.mark.parametrize(
    "text",
    [
        "m/z,intensity\n82.07,20\n# no peak here\n\n182.12,99\n304.15,60\n",
        "m/z,intensity\n\n182.12,99\n\n304.15,60\n\n82.07,20\n",
        "m/z,intensity\n182.12,99\n304.15,60\n82.07,20\n# end\n\n",
    ],
)
def test_remarks_and_empty_lines_that_part_no_scans(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(text, "utf-8")
    [spectrum] = read_samples(file)[0].spectra
    assert (spectrum.mz.tolist(), spectrum.intensity.tolist()) == ([82.07, 182.12, 304.15], [20, 99, 60])


def test_what_stands_behind_the_rows_is_heeded(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("m/z,intensity\n82.07,20\n182.12,99\n# Polarity: Negative\n", "utf-8")
    [spectrum] = read_samples(file)[0].spectra
    assert spectrum.polarity is Polarity.NEGATIVE


def test_a_column_that_says_one_thing_of_all_rows_is_heeded(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Scan,Polarity,m/z,Intensity\n7,-,82.07,20\n7,-,182.12,99\n", "utf-8")
    [spectrum] = read_samples(file)[0].spectra
    assert spectrum.polarity is Polarity.NEGATIVE


@pytest.mark.parametrize(
    "text",
    [
        "Collision Energy,m/z,Intensity\n20,82.07,20\n20,182.12,99\n",
        "m/z,Intensity,Collision Energy\n82.07,20,20\n182.12,99,20\n",
        "RT,m/z,Intensity,CE\n1.2,82.07,20,20\n,182.12,99,\n",
    ],
)
def test_a_column_s_energy_is_heeded_wherever_it_stands(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(text, "utf-8")
    [spectrum] = read_samples(file)[0].spectra
    assert spectrum.collision_energy == 20


def test_energies_that_differ_are_two_scans_in_any_language(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Energía de colisión;m/z;Intensidad\n10;82.07;20\n40;182.12;99\n", "utf-8")
    with pytest.raises(UnreadableFile, match="one scan"):
        read_samples(file)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("182.1 (100), 304.1 (30), 82.1 (25), 105.1 (12)", 1),
        ("82.1 25; 182.1 100; 304.1 30; 105.1 12", 1),
        ("# analyzer 7\nm/z,intensity\n", 2),
        ("", 1),
    ],
)
def test_a_table_without_a_row_is_refused(tmp_path: Path, text: str, line: int) -> None:
    """Peaks on one line are no heading of an empty spectrum, in which nothing was measured."""
    file = tmp_path / "a.txt"
    file.write_text(text, "utf-8")
    with pytest.raises(UnreadableFile, match=rf"a\.txt, line {line}: expected `m/z,intensity`, a peak a line, found"):
        read_samples(file)


def test_peaks_by_height_are_put_in_order_and_that_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Mass Inten BPI%\n182.1 400 100\n304.1 120 30\n82.1 100 25\n105.1 48 12\n", "utf-8")
    [sample] = read_samples(file)
    [spectrum] = sample.spectra
    assert (spectrum.mz.tolist(), spectrum.intensity.tolist()) == ([82.1, 105.1, 182.1, 304.1], [100, 48, 400, 120])
    assert sample.notes == (BY_HEIGHT, POLARITY_NOT_TOLD)


def test_rows_in_no_order_are_put_in_order_and_that_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("m/z,intensity\n182.1,30\n304.1,100\n82.1,25\n105.1,12\n", "utf-8")
    [sample] = read_samples(file)
    [spectrum] = sample.spectra
    assert (spectrum.mz.tolist(), spectrum.intensity.tolist()) == ([82.1, 105.1, 182.1, 304.1], [25, 12, 30, 100])
    assert sample.notes == (SCATTERED, POLARITY_NOT_TOLD)


def test_a_table_that_never_begins() -> None:
    with pytest.raises(UnreadableFile, match=f"line {MOST_BEFORE + 1}: .* after {MOST_BEFORE} lines at most"):
        parse_columns("words\n" * (MOST_BEFORE + 1))


GROUPS = {".": [",", "'", "\u00a0", "\u202f"], ",": [".", "'", " ", "\u202f"]}


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[tuple[float, float]]]:
    """Numbers as a program writes them, all in one notation: m/z with one decimal or two, grouped intensities."""
    mark = draw(st.sampled_from(".,"))
    group = draw(st.sampled_from(["", *GROUPS[mark]]))
    mz = draw(st.lists(st.integers(291, 7000), min_size=1, max_size=8, unique=True).map(sorted))
    rows = [(at / 10, draw(st.integers(0, 10**9)) / draw(st.sampled_from([1, 10, 100]))) for at in mz]
    part, quote = (";", "") if draw(st.booleans()) else (",", '"')

    def written(value: float) -> str:
        text = f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{int(value):,}"
        return text.replace(",", "g").replace(".", mark).replace("g", group)

    lines = [
        part.join(f"{quote}{cell}{quote}" for cell in (f"{x:.1f}".replace(".", mark), written(y))) for x, y in rows
    ]
    return "\n".join(lines), rows


@given(tables())
def test_every_notation_reads_as_its_numbers(table: tuple[str, list[tuple[float, float]]]) -> None:
    text, rows = table
    columns = parse_columns(text)
    assert list(zip(columns.x.tolist(), columns.y.tolist(), strict=True)) == rows


@given(st.lists(st.tuples(st.integers(1, 4000), st.integers(0, 999_999)), min_size=1, max_size=8))
def test_whole_numbers_with_thousands_are_read_right_or_refused(rows: list[tuple[int, int]]) -> None:
    """Nothing here tells whether the point is one of thousands: then all are scaled alike, or the file is refused."""
    text = "\n".join(f"{mz};{height:,}".replace(",", ".") for mz, height in rows)
    with suppress(UnreadableFile):
        columns = parse_columns(text)
        scale = {round(height / y, 6) for (_, height), y in zip(rows, columns.y.tolist(), strict=True) if y}
        assert columns.x.tolist() == [mz for mz, _ in rows]
        assert len(scale) <= 1


@given(st.text("0123456789.,;'\t \n#mzInteNa\"-+", max_size=120))
def test_anything_like_a_table_reads_or_is_refused(text: str) -> None:
    with suppress(UnreadableFile):
        columns = parse_columns(text)
        assert columns.x.shape == columns.y.shape


@pytest.mark.parametrize("heading", ["Monoisotopic mass", "Deconvoluted mass (Da)", "Mass (kDa)", "Neutral mass"])
def test_a_mass_that_is_no_mz_is_told_as_that(heading: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        COLUMNS.read(f"{heading},Intensity\n82.1,5\n182.1,9\n".encode(), "a.csv")
    told = f"found '{heading}': a neutral, molecular or deconvoluted mass, or one in kDa; export m/z"
    assert told in str(refused.value)
