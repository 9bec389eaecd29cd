"""What a table says of its ions before its rows is heeded, in whichever form it says it."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.acquisition import NAMES
from models.errors import UnreadableFile
from models.formats.columns import parse_columns
from models.formats.content import COLUMNS
from models.formats.from_text import mass_of
from models.formats.preamble import read_fields
from models.sample import POLARITY_NOT_TOLD, Sample
from models.spectrum import Polarity, Spectrum, Technique

ROWS = "m/z,intensity\n82.065,20\n182.118,100\n304.154,60\n"


def read(*lines: str) -> Sample:
    [sample] = COLUMNS.read(("\n".join(lines) + "\n" + ROWS).encode(), "a.csv").samples
    return sample


def spectrum(*lines: str) -> Spectrum:
    [found] = read(*lines).spectra
    return found


names = st.sampled_from(
    ["Polarity", "Ion mode", "Ion_Mode", "Ion Polarity", "Ionization mode", "MS Polarity", "Scan polarity", "Polaridad",
     "Polarit\u00e4t", "Modo de ionizaci\u00f3n", "Ion source"]
)  # fmt: skip
negative = st.sampled_from(
    ["Negative", "neg", "-", "negativo", "negativ", "ESI-", "ESI neg", "NEGATIVE", "ESI- 3500 V"]
)
positive = st.sampled_from(["Positive", "pos", "+", "positivo", "ESI+", "ESI pos", "POSITIVE"])
betweens = st.sampled_from([": ", "=", " = ", ",", ";", "\t", ":\t"])
marks = st.sampled_from(["", "#", "# ", "## ", '"', '#"'])
others = st.lists(
    st.sampled_from(
        ["Sample: blank -", "# negative control", "Date: 2026-11-27, Time: 10:30", "Instrument,QTOF 3", "# of Peaks\t3",
         "Operator = N", "Marquis test: negative", "Temperature: -20", "File: a-ESI.d"]
    ),
    max_size=3,
)  # fmt: skip


@given(names, negative, betweens, marks, others, others)
def test_a_negative_table_is_negative_in_every_form(
    name: str, word: str, between: str, mark: str, before: list[str], after: list[str]
) -> None:
    end = '"' if '"' in mark else ""
    assert spectrum(*before, f"{mark}{name}{between}{word}{end}", *after).polarity is Polarity.NEGATIVE


@given(names, positive, betweens, marks, others, others)
def test_a_positive_table_is_positive_and_no_polarity_is_taken_for_granted(
    name: str, word: str, between: str, mark: str, before: list[str], after: list[str]
) -> None:
    end = '"' if '"' in mark else ""
    sample = read(*before, f"{mark}{name}{between}{word}{end}", *after)
    assert [each.polarity for each in sample.spectra] == [Polarity.POSITIVE]
    assert sample.notes == ()


@given(others)
def test_where_nothing_is_said_of_polarity_that_is_told(lines: list[str]) -> None:
    sample = read(*lines)
    assert [each.polarity for each in sample.spectra] == [Polarity.POSITIVE]
    assert sample.notes == (POLARITY_NOT_TOLD,)


@pytest.mark.parametrize(
    "line",
    ["Ionization: EI 70 eV", "Ionization mode: EI+ 70 eV", "# Ion source: Electron impact, GC-MS", "Electron energy,70",
     "Instrument: GC-MS", "+EI Scan (rt: 7.1 min)", "# GC-EI-TOF"],
)  # fmt: skip
def test_electrons(line: str) -> None:
    sample = read(line)
    assert [each.technique for each in sample.spectra] == [Technique.EI]
    assert sample.notes == ()


@pytest.mark.parametrize(
    ("line", "energy"),
    [
        ("# Collision energy: 20 eV", 20.0),
        ("Collision energy (eV),20", 20.0),
        ("Collision energy;20,5", 20.5),
        ("CE: 20-40 V", 30.0),
        ("CE,10,20,45", 25.0),
        ("# Cone voltage: 30 V", 30.0),
        ("Fragmentor [V]\t175", 175.0),
        ("Polarity: Positive, CE: 20 V", 20.0),
        ("Collision energy: 20, cone voltage: 30", 50.0),
        ("NCE: 35", None),
        ("-TOF MS^2 (302.1), CE=-35", 35.0),
        ("Temperature: 20", None),
    ],
)
def test_energies(line: str, energy: float | None) -> None:
    assert spectrum(line).collision_energy == energy


def test_an_isolated_ion() -> None:
    found = spectrum("Precursor (m/z): 304.1543", "NCE: 35")
    assert (found.technique, found.precursor_mz) == (Technique.CID, 304.1543)
    assert found.collision_energy == pytest.approx(35 * 304.1543 / 500)


@pytest.mark.parametrize("told", ["304,15", "304.15 Da", "304.15 m/z", "304.15 (m/z)", "304.15 [M+H]+", "304.15 1+"])
def test_a_precursor_in_any_form(told: str) -> None:
    found = spectrum(f"Precursor: {told}", "NCE: 35")
    assert (found.technique, found.precursor_mz) == (Technique.CID, 304.15)


def test_a_precursor_behind_one_that_says_nothing() -> None:
    assert spectrum("Precursor: n/a", "Precursor ion: 304.15").precursor_mz == 304.15


@pytest.mark.parametrize("told", ["4-ANPP", "n/a", "1,304.15", "List I chemical", "437-38-7"])
def test_what_is_no_precursor(told: str) -> None:
    assert spectrum(f"Precursor: {told}").precursor_mz is None


@pytest.mark.parametrize("source", ["HESI-2", "ESI Source-1"])
def test_the_number_of_a_source_is_no_charge(source: str) -> None:
    assert spectrum("Polarity: Positive", f"Ion source: {source}").polarity is Polarity.POSITIVE


def test_a_value_without_end_has_no_unit() -> None:
    assert spectrum("CE: " + "1" * 100_000 + "x").collision_energy is None
    assert read_fields([f"Collision energy (eV): {'1' * 200}"]) == {"collisionenergy": (f"{'1' * 200} eV",)}
    assert read_fields([f"Collision energy (eV): {'1' * 201}"]) == {"collisionenergy": ("1" * 201,)}


def test_a_line_without_a_heading_behind_it_is_heeded_as_well() -> None:
    [found] = mass_of(parse_columns("Polarity,Negative\n82.065,20\n182.118,100\n"), "a").spectra
    assert (found.polarity, found.mz.tolist()) == (Polarity.NEGATIVE, [82.065, 182.118])


@given(st.text(max_size=200))
def test_any_line_is_read(line: str) -> None:
    assert set(read_fields([line])) <= set(NAMES)


@given(st.text("Polarity: -+,;\t=#neg\nm/z,intensity0123456789.", max_size=200))
def test_any_preamble_reads_or_is_refused(text: str) -> None:
    with suppress(UnreadableFile):
        COLUMNS.read((text + "\n" + ROWS).encode(), "a.csv")
