"""Collision energies as laboratories write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.energy import LONGEST, parse_collision_energy

ORBITRAP = "LC-ESI-QFT"
TOLD = {
    "20 eV": 20.0,
    "35eV": 35.0,
    "10.0V": 10.0,
    "CE30": 30.0,
    "45 HCD": 45.0,
    "35 eV FT-MS II": 35.0,
    "Ramp 5-60 V": 32.5,
    "Ramp 21.1-31.6 eV": 26.35,
    "Ramp 22,9-34.3 eV": 28.6,
    "35 % (nominal)": 21.0,
    "30(NCE)": 18.0,
    "75 NCE": 45.0,
    "25,60,100% (stepped)": 37.0,
    "1.0E+1 eV": 10.0,
    "1e2": 100.0,
    "MS2 30 eV": 30.0,
    "MS2: 30 eV": 30.0,
    "HCD2 35 eV": 35.0,
    "20 to 40 V": 30.0,
    "20 eV to 40 eV": 30.0,
    "15eV/30eV": 22.5,
    "10/20/40": 70 / 3,
    "10, 20, 45 eV": 25.0,
    "60 V; 80 V": 70.0,
    "HCD 20;40;60": 40.0,
    "25,5 eV": 25.5,
    "NCE=35% 21eV": 21.0,
    "35 NCE (21 eV)": 21.0,
    "NCE=20-30-40% 12-18-24eV": 18.0,
    "60 eV 35NCE": 60.0,
    "35\N{PLUS-MINUS SIGN}15": 35.0,
    "35 \N{PLUS-MINUS SIGN} 15 eV": 35.0,
    "30 +/- 15 eV": 30.0,
    "30+-15": 30.0,
    "CE35 CES15": 35.0,
    "CE 35, CES 15": 35.0,
    "CE (-35) CES (15)": 35.0,
    "NCE 30 +/- 10 %": 18.0,
}
NOT_TOLD = (
    "",
    "nan",
    "ceV",
    "15, 30, 45, 60, 70 or 90 (nominal)",
    "scaled 80 (m/z=200) to 110 (m/z=120)",
    "1e9 eV",
    "99999 V",
    "2 x 20 eV",
    "2*20 eV",
    "1e400 eV",
    "30 eV (m/z 100)",
    "20 kV",
    "3.5kV",
    "8 keV",
    "1.5 a.u.",
    "35 (arbitrary units)",
)


@pytest.mark.parametrize(("text", "energy"), TOLD.items())
def test_as_electronvolts(text: str, energy: float) -> None:
    assert parse_collision_energy(text, precursor_mz=300.0) == pytest.approx(energy, abs=0.02)


@pytest.mark.parametrize("text", NOT_TOLD)
def test_not_told(text: str) -> None:
    assert parse_collision_energy(text, precursor_mz=300.0) is None


def test_a_bare_number_is_normalised_on_an_orbitrap_only() -> None:
    assert parse_collision_energy("30", 250.0, ORBITRAP) == 15.0
    assert parse_collision_energy("30", 250.0, "LC-ESI-QTOF") == 30.0


def test_a_normalised_energy_without_precursor_is_not_told() -> None:
    assert parse_collision_energy("35 %") is None


@given(st.text(max_size=40), st.none() | st.floats(1, 2000))
def test_any_text_gives_an_energy_or_none(text: str, precursor: float | None) -> None:
    energy = parse_collision_energy(text, precursor)
    assert energy is None or 0 <= energy <= 4000


@pytest.mark.parametrize("words", ["20 eV", "NCE=35% 21 eV"])
def test_words_longer_than_any_that_tell_an_energy_are_not_read(words: str) -> None:
    assert parse_collision_energy(words.ljust(LONGEST), 300.0) == parse_collision_energy(words, 300.0)
    assert parse_collision_energy(words.ljust(LONGEST + 1), 300.0) is None


def test_digits_without_end_are_no_energy() -> None:
    assert parse_collision_energy("NCE " + "1" * 100_000) is None
