"""Files brought by hand, as readings."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UnreadableFile
from models.formats.columns import parse_columns
from models.reading import read_samples
from models.spectrum import Polarity, Technique

VECTORS = Path(__file__).parents[1] / "vectors" / "spectra"
RECORD = "Name: {}\n{}Num Peaks: 1\n100 1\n"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_records_that_share_a_sample_are_one_reading(tmp_path: Path) -> None:
    text = "\n".join(
        RECORD.format(name, f"Sample: {sample}\n" if sample else "")
        for name, sample in (("A", "x"), ("B", ""), ("A", "y"), ("C", "x"), ("B", ""))
    )
    samples = read_samples(write(tmp_path, "a.msp", text))
    assert [(sample.name, len(sample.spectra)) for sample in samples] == [("x", 2), ("B", 1), ("y", 1), ("B", 1)]


@pytest.mark.parametrize(
    "text", ["m/z,intensity\n100,1\n200,2\n", "100;1\n200;2", "# remark\n100\t1\n\n200\t2\n", "\ufeff100 1\n200 2"]
)
def test_table(tmp_path: Path, text: str) -> None:
    [sample] = read_samples(write(tmp_path, "caffeine.csv", text))
    assert sample.name == "caffeine"
    assert sample.spectra[0].mz.tolist() == [100.0, 200.0]


@pytest.mark.parametrize("text", ["77,0387;4,20\n182,1;100\n", "m/z;I\n77,0387;4,20\n182,1\t100"])
def test_table_with_decimal_commas(tmp_path: Path, text: str) -> None:
    [spectrum] = read_samples(write(tmp_path, "cocaine.csv", text))[0].spectra
    assert (spectrum.mz.tolist(), spectrum.intensity.tolist()) == ([77.0387, 182.1], [4.2, 100.0])


BAD_TABLES = {
    "word-in-a-row": ("100,1\nx,2\n", 2),
    "two-headings": ("mz,i\nmz,i\n", 2),
    "three-columns": ("1,2,3\n1,2,3\n", 1),
    "third-column-in-the-first-row": ("182.1,100,x\n82.0,50\n304.2,40\n", 1),
    "one-column": ("m/z\n182.1\n", 2),
    "underscore": ("1_82.1,100\n82.0,50\n", 1),
    "decimal-comma-beside-a-comma": ("77,0387,4,20\n", 1),
}


@pytest.mark.parametrize("name", BAD_TABLES)
def test_table_refused(tmp_path: Path, name: str) -> None:
    text, line = BAD_TABLES[name]
    with pytest.raises(UnreadableFile, match=f"line {line}: expected `m/z,intensity`"):
        read_samples(write(tmp_path, "bad.csv", text))


def test_a_file_without_records(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"empty\.msp: expected mass spectra, found no record"):
        read_samples(write(tmp_path, "empty.msp", "\n"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.msp").write_bytes("Name: A\u2026\r\nNum Peaks: 1\r\n100 1\r\n".encode(encoding))
    [sample] = read_samples(tmp_path / "a.msp")
    assert sample.name.startswith("A")
    assert sample.spectra[0].mz.tolist() == [100.0]


def test_more_records_than_a_file_may_hold(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"many\.msp, line 60001: expected at most 20000 records"):
        read_samples(write(tmp_path, "many.msp", "Name: A\nNum Peaks: 1\n1 1\n" * 20_001))


def test_more_peaks_than_a_file_may_hold(tmp_path: Path) -> None:
    record = "Name: A\nNum Peaks: 1000000\n" + "1 1\n" * 1_000_000
    with pytest.raises(UnreadableFile, match=r"many\.msp, line 2000005: expected at most 2000000 peaks"):
        read_samples(write(tmp_path, "many.msp", 2 * record + "Name: B\nNum Peaks: 1\n1 1\n"))


@pytest.mark.parametrize("peak", ["100 nan", "100 -1", "9999 1", "-5 1", "inf 1"])
def test_a_malformed_spectrum_is_kept_as_a_problem(tmp_path: Path, peak: str) -> None:
    [msp] = read_samples(write(tmp_path, "a.msp", f"Name: A\nNum Peaks: 1\n{peak}\n"))
    [csv] = read_samples(write(tmp_path, "a.csv", f"{peak}\n"))
    assert msp.problem
    assert csv.problem
    assert not msp.spectra


def test_unknown_ending_and_absent_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"\.spc"):
        read_samples(write(tmp_path, "a.spc", ""))
    with pytest.raises(UnreadableFile, match="No such file"):
        read_samples(tmp_path / "absent.msp")


@given(st.text(max_size=200))
def test_any_text_is_a_table_or_refused(text: str) -> None:
    with suppress(UnreadableFile):
        parse_columns(text)


@pytest.mark.parametrize("name", ["peaks.jdx", "mass-xydata.jdx", "cocaine.mb", "zlib-32.mzML", "two.msp", "mass.csv"])
def test_mass_spectra_of_every_format(name: str) -> None:
    assert all(sample.spectra for sample in read_samples(VECTORS / name))


@pytest.mark.parametrize("name", ["difdup.jdx", "float.spc", "raman.csv"])
def test_another_technique_is_no_reading(name: str) -> None:
    with pytest.raises(UnreadableFile, match="expected mass spectra"):
        read_samples(VECTORS / name)


@pytest.mark.parametrize(
    ("mode", "technique", "polarity"),
    [
        (None, Technique.EI, Polarity.POSITIVE),
        ("", Technique.EI, Polarity.POSITIVE),
        ("EI+", Technique.EI, Polarity.POSITIVE),
        ("ELECTRON IMPACT", Technique.EI, Polarity.POSITIVE),
        ("EI-", Technique.EI, Polarity.NEGATIVE),
        ("negative", Technique.IN_SOURCE_CID, Polarity.NEGATIVE),
        ("ESI-", Technique.IN_SOURCE_CID, Polarity.NEGATIVE),
        ("ESI+", Technique.IN_SOURCE_CID, Polarity.POSITIVE),
    ],
)
def test_ionisation_of_jcamp(tmp_path: Path, mode: str | None, technique: Technique, polarity: Polarity) -> None:
    text = (VECTORS / "peaks.jdx").read_text("utf-8")
    if mode is not None:
        text = text.replace("##NPOINTS", f"##.IONIZATION MODE= {mode}\n##NPOINTS")
    [sample] = read_samples(write(tmp_path, "ei.jdx", text))
    [spectrum] = sample.spectra
    assert (spectrum.technique, spectrum.polarity) == (technique, polarity)
