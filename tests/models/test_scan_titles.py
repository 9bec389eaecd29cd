"""What programs write of a scan in one line, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.scan_titles import Titled, read_titles
from models.spectrum import Polarity

SIGNED = (
    "{0}ESI Scan (0.1 min) Frag=175.0V a.d",
    "x {0}ESI Product Ion (0.5 min) CID@20.0 (304.1 -> **)",
    "FTMS {0} p ESI Full ms [50.00-750.00]",
    "ITMS {0} c NSI d Full ms2 304.15@cid35.00 [80.00-315.00]",
    "{0} c Full ms [50.00-500.00]",
    "1: TOF MS ES{0}",
    "Scan ES{0} 1: MS2 ES{0} 30V",
    "1: Scan AP{0}",
    "Spectrum from a.wiff (sample 1) - X, {0}TOF MS (50 - 1000) from 0.523 min",
    "{0}TOF MS^2 (302.1) from 0.52 min, CE=-35",
    "{0}Q1: 0.52 min from Sample",
    "{0}EPI (304.15) CE (-35) CES (15)",
    "{0}Prec (182.10) from 0.52 min",
    "{0}NL (122.00) from 0.52 min",
    "{0}EMC (100.00 - 1000.00)",
    "{0}MS, 0.5min #31",
    "Cmpd 1, {0}MSn(304.1), 2.1 min",
    "{0}MS2(304.1), 20.0eV, 0.5min #31",
    "Event#: 1 MS(E{0}) Ret. Time : 0.5",
    "DART{0}",
    "ESI({0}) 3500 V",
)
WORDED = ("ESI {0}", "{0} ion mode", "Modo {0}o", "iones {0}os", "ESI_{1}_01.raw", "MS, polarity {1}")
NO_POLARITY = (
    "Negative control", "Marquis test: negative", "la prueba es negativa", "EL RESULTADO ES NEGATIVO", "LC-MS",
    "MALDI-TOF MS", "Q-TOF MS (EI 70 eV)", "Cocaine - ESI-QTOF 20 eV", "LC-ESI-QTOF; MS2; CE: 20 eV", "LC -MS",
    "(-)-Cocaine", "Test: negative; mode: fast", "/data/a-ESI.d", "(1S)-CI-988", "positive control", "N-EI", "pH 7 - 9",
    "Monterrey -NL", "Muestra -MI 5",
)  # fmt: skip


@pytest.mark.parametrize("title", SIGNED)
def test_a_sign(title: str) -> None:
    assert read_titles([title.format("-")]).polarity is Polarity.NEGATIVE
    assert read_titles([title.format("+")]).polarity is Polarity.POSITIVE


@pytest.mark.parametrize("title", WORDED)
def test_a_word(title: str) -> None:
    assert read_titles([title.format("negativ", "neg")]).polarity is Polarity.NEGATIVE
    assert read_titles([title.format("positiv", "pos")]).polarity is Polarity.POSITIVE


@pytest.mark.parametrize("title", NO_POLARITY)
def test_no_polarity(title: str) -> None:
    assert read_titles([title]).polarity is None


def test_one_word_of_negative_ions_is_enough() -> None:
    assert read_titles(["+ESI Scan", "-ESI Scan"]).polarity is Polarity.NEGATIVE


@pytest.mark.parametrize(
    ("title", "electrons"),
    [
        ("+EI Scan (rt: 7.1 min)", True),
        ("TOF MS EI+", True),
        ("+ c EI Full ms [40-500]", True),
        ("GC-EI-TOF", True),
        ("EI, 70 eV", True),
        ("electron impact", True),
        ("Source: EI", True),
        ("Sample EI 5", False),
        ("EI-2026-11", False),
        ("Eiger", False),
    ],
)
def test_electrons(title: str, electrons: bool) -> None:
    assert read_titles([title]).electron_ionisation is electrons


@pytest.mark.parametrize(
    ("title", "voltage", "energies"),
    [
        ("+ESI Scan Frag=175.0V a.d", 175.0, ()),
        ("FTMS + p ESI sid=35.00 Full ms [50-750]", 35.0, ()),
        ("+ESI Product Ion Frag=175.0V CID@20.0 (304.1 -> **)", None, ("20.0 eV",)),
        ("FTMS + p ESI d Full ms2 304.1543@hcd35.00 [50-330]", None, ("35.00 NCE",)),
        ("ITMS + c ESI d Full ms2 304.15@cid30.00 [80-315]", None, ("30.00 NCE",)),
        ("+ c ESI SRM ms2 304.150@cid-20.00 [182.1]", None, ("20.00 eV",)),
        ("+MS2(304.1), 20.0eV, 0.5min #31", None, ("20.0eV",)),
        ("-TOF MS^2 (302.1), CE=-35", None, ("-35",)),
        ("Cocaine; MS2; CE: 20 eV; R=35000", None, ("20 eV",)),
        ("CE: 20-40 V", None, ()),
        ("Frag=70V, Frag=90V", None, ()),
    ],
)
def test_energies(title: str, voltage: float | None, energies: tuple[str, ...]) -> None:
    found = read_titles([title])
    assert (found.voltage, found.energies) == (voltage, energies)


@pytest.mark.parametrize(
    ("title", "precursor"),
    [
        ("FTMS + p ESI d Full ms2 304.1543@hcd35.00 [50-330]", 304.1543),
        ("+ESI Product Ion (0.5 min) CID@20.0 (304.1543[z=1] -> **)", 304.1543),
        ("+ESI Product Ion CID@20.0 (304.2 -> **)", 304.2),
        ("+MS2(304.1), 20.0eV, 0.5min #31", 304.1),
        ("+TOF MS^2 of 304.2 (50 - 500) from 0.5 min", 304.2),
        ("-EPI (302.15) CE (-35) CES (15)", 302.15),
        ("+Product (304.2) from 0.5 min", 304.2),
        ("+TOF MS^2 (50.00 - 500.00) from 0.5 min", None),
        ("+ESI Scan (0.1 min) Frag=175.0V", None),
        ("+MS2(304.1)\n+MS2(290.1)", None),
        ("+ESI Precursor Ion (** -> 182.1)", None),
    ],
)
def test_the_ion_that_was_isolated(title: str, precursor: float | None) -> None:
    assert read_titles([title]).precursor_mz == precursor


@given(st.text(max_size=300))
def test_any_line_is_read(line: str) -> None:
    assert isinstance(read_titles([line]), Titled)
