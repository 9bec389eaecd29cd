"""Mascot Generic Format: there and back, what a file tells of its ions, and any bytes."""

from array import array
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UnreadableFile
from models.formats.content import MGF, format_of
from models.formats.mgf import format_mgf, parse_mgf
from models.msp import MspRecord
from models.sample import POLARITY_NOT_TOLD, Sample
from models.spectrum import Polarity, Spectrum, Technique

PEAKS = "82.065 35\n182.118 100\n303.147 20\n"

words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)
numbers = st.floats(allow_nan=False, allow_infinity=False)
keys = st.sampled_from(["name", "precursormz", "charge", "ionmode", "scans", "collision_energy"])
records = st.builds(
    lambda fields, peaks: MspRecord(fields, array("d", [mz for mz, _ in peaks]), array("d", [at for _, at in peaks])),
    st.dictionaries(keys, st.lists(words, min_size=1, max_size=2).map(tuple)).map(
        lambda fields: fields | ({"precursormz": fields["precursormz"][:1]} if "precursormz" in fields else {})
    ),
    st.lists(st.tuples(numbers, numbers), max_size=20),
)


def read(told: str, head: str = "") -> Sample:
    text = f"{head}BEGIN IONS\n{told}{PEAKS}END IONS\n"
    [sample] = MGF.read(text.encode(), "a.mgf").samples
    return sample


def spectrum(told: str, head: str = "") -> Spectrum:
    [found] = read(told, head).spectra
    return found


@given(st.lists(records, min_size=1, max_size=4))
def test_there_and_back(written: list[MspRecord]) -> None:
    found = list(parse_mgf(format_mgf(written)))
    assert [(each.fields, each.mz, each.intensity) for each in found] == [
        (each.fields, each.mz, each.intensity) for each in written
    ]


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"BEGIN IONS\n{text}\nEND IONS".encode()))
def test_any_bytes_read_or_are_refused(data: bytes) -> None:
    with suppress(UnreadableFile):
        found = MGF.read(data, "a.mgf")
        assert all(sample.spectra or sample.problem for sample in found.samples)


def test_an_isolated_ion_and_its_energy() -> None:
    sample = read("TITLE=Cocaine\nPEPMASS=304.1543 5000\nCHARGE=1+\nCOLLISION_ENERGY=20 eV\nRTINSECONDS=12\n")
    [found] = sample.spectra
    assert (sample.name, found.precursor_mz, found.collision_energy) == ("Cocaine", 304.1543, 20)
    assert (found.technique, found.polarity) == (Technique.CID, Polarity.POSITIVE)
    assert found.mz.tolist() == [82.065, 182.118, 303.147]


def test_a_substance_is_named_before_its_title() -> None:
    assert read("NAME=Cocaine\nTITLE=scan 7\n").name == read("TITLE=scan 7\nNAME=Cocaine\n").name == "Cocaine"


@pytest.mark.parametrize("told", ["", "PEPMASS=0\n", "PEPMASS=304.1543\nMSLEVEL=1\n"])
def test_ions_that_nobody_isolated(told: str) -> None:
    found = spectrum(f"{told}CONE_VOLTAGE=35 V\n")
    assert (found.technique, found.precursor_mz, found.collision_energy) == (Technique.IN_SOURCE_CID, None, 35)


def test_electrons() -> None:
    assert spectrum("PEPMASS=0\nSOURCE_INSTRUMENT=GC-EI-TOF\n").technique is Technique.EI


@pytest.mark.parametrize("told", ["CHARGE=1-\n", "CHARGE=2- and 3-\n", "IONMODE=Negative\n", "ADDUCT=[M-H]-\n"])
def test_negative_ions_of_a_spectrum_or_of_all(told: str) -> None:
    assert spectrum(told).polarity is spectrum("", told).polarity is Polarity.NEGATIVE


def test_a_spectrum_contradicts_what_holds_for_all() -> None:
    assert spectrum("CHARGE=1+\n", "CHARGE=1-\n").polarity is Polarity.POSITIVE


def test_text_that_begins_so_is_of_this_format() -> None:
    assert format_of("a.txt", b"BEGIN IONS\n") is MGF


@pytest.mark.parametrize(
    ("title", "polarity", "energy"),
    [
        ("Cmpd 1, -MSn(304.1), 2.1 min", Polarity.NEGATIVE, None),
        ("Cmpd 1, +MSn(304.1), 2.1 min", Polarity.POSITIVE, None),
        ("FTMS - p ESI d Full ms2 304.15@hcd35.00", Polarity.NEGATIVE, 35 * 304.15 / 500),
        ("x -ESI Product Ion (0.5 min) Frag=175.0V CID@20.0 (304.1 -> **)", Polarity.NEGATIVE, 20),
    ],
)
def test_a_title_tells_how_ions_were_made(title: str, polarity: Polarity, energy: float | None) -> None:
    sample = read(f"TITLE={title}\nPEPMASS=304.15\n")
    [found] = sample.spectra
    assert (found.polarity, found.collision_energy) == (polarity, pytest.approx(energy) if energy else None)
    assert sample.notes == ()


def test_a_polarity_that_was_not_told_is_said_to_be_taken_for_granted() -> None:
    assert read("TITLE=x\nPEPMASS=304.15\n").notes == (POLARITY_NOT_TOLD,)
    assert read("TITLE=x\nPEPMASS=304.15\nCHARGE=1+\n").notes == ()
