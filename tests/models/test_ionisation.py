"""What files call the charge of their ions and the way they were made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ionisation import (
    is_electron_ionisation,
    is_gas_chromatograph,
    is_ion,
    is_negative,
    is_negative_charge,
    is_positive,
)

NEGATIVE = (
    "Negative", "neg", "N", "n", "-", "\N{MINUS SIGN}", "(-)", "-1", "1-", "-ve", "ESI-", "ESI(-)", "ESI -ve", "EI-",
    "ESI, negative", "NCI", "NICI", "ECNI", "[M-H]-", "[M-H]1-", "[M-2H]2-", "[2M-H]-", "[M+Cl]-", "[M]-*", "[M].-",
    "(M-H)-", "[M-H]", "M-H", "ESI- 3500 V", "[M+FA-H]", "M+HCOOH-H", "[M-H2O-H]", "M-2H", "M+Cl", "[2M+FA-H]",
    "[M+CH3COO]",
)  # fmt: skip
POSITIVE = (
    "", "Positive", "P", "+", "+1", "1+", "ESI+", "N/A", "None", "unknown", "nESI", "LC-ESI-QTOF", "EI-B", "CI+",
    "[M+H]+", "[M]+", "[M]+*", "[M-H]+", "[M+2Na-H]", "M+ACN+H", "[M+H-H2O]",
    "[M+2H]2+", "[M-H2O+H]+", "[M+H-H2O]+", "[M+Na]+", "HESI-2",
    "ESI Source-1", "LC-ESI-QTOF-1",
)  # fmt: skip
ELECTRONS = ("EI", "EI+", "EI-B", "GC-EI-TOF", "GC_EI_TOF", "EI (70 eV)", "Electron impact", "ELECTRON-IMPACT",
             "electron ionization", "Electron ionisation")  # fmt: skip


@pytest.mark.parametrize("words", NEGATIVE)
def test_negative(words: str) -> None:
    assert is_negative(words)


@pytest.mark.parametrize(("words", "negative"), [("[M-H]-1", True), ("-1", True), ("M-2", True), ("[M+H]+1", False)])
def test_a_charge_is_negative_by_its_last_digit(words: str, negative: bool) -> None:
    assert is_negative_charge(words) is negative


@pytest.mark.parametrize(
    ("words", "ion"),
    [
        ("[M+H]+", True),
        ("M-H", True),
        ("2+", True),
        ("1", True),
        ("58", False),
        ("245", False),
        ("List I", False),
        ("", False),
    ],
)
def test_an_ion_is_an_adduct_or_a_charge(words: str, ion: bool) -> None:
    assert is_ion(words) is ion


@pytest.mark.parametrize("words", POSITIVE)
def test_not_negative(words: str) -> None:
    assert not is_negative(words)


@pytest.mark.parametrize(
    "words", ["Positive", "P", "+", "+1", "1+", "1", "ESI+", "ESI+ 3 kV", "[M+H]+", "[M]+*", "[M+H]"]
)
def test_positive(words: str) -> None:
    assert is_positive(words)


@pytest.mark.parametrize("words", [*NEGATIVE, "", "N/A", "unknown", "ESI", "LC-ESI-QTOF", "0", "ESI+APCI"])
def test_not_positive(words: str) -> None:
    assert not is_positive(words)


@pytest.mark.parametrize("words", ELECTRONS)
def test_electron_ionisation(words: str) -> None:
    assert is_electron_ionisation(words)


@pytest.mark.parametrize("words", ["", "LC-ESI-QTOF", "APCI", "Eiger", "Nuclei"])
def test_another_source(words: str) -> None:
    assert not is_electron_ionisation(words)


@pytest.mark.parametrize(
    ("words", "electrons"), [("GC-MS", True), ("GCMS", True), ("GC-APCI-QTOF", False), ("LC", False)]
)
def test_a_gas_chromatograph_makes_ions_by_electrons(words: str, electrons: bool) -> None:
    assert is_gas_chromatograph(words) is electrons


@given(st.text(max_size=2000))
def test_any_words_are_judged(words: str) -> None:
    assert is_negative(words) in (True, False)
    assert is_electron_ionisation(words) in (True, False)
