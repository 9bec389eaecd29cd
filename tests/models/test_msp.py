"""MSP: strict, there and back, and nothing but its own error."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import MalformedSpectrum, UnreadableFile
from models.msp import MspRecord, format_msp, parse_msp
from models.spectrum import Polarity, Technique

ONE = """Name: Cocaine
Synon: Benzoylmethylecgonine
Synon: Coke
PrecursorMZ: 304.1543
Collision_energy: 20 eV
Num Peaks: 3
82.0651 20.5
105.0335 3 "C7H5O+"
182.1176 999
"""

BAD = {
    "no-field": "just text\n",
    "no-count": "Name: A\n\n",
    "ends-before-count": "Name: A",
    "count-not-a-number": "Name: A\nNum Peaks: many\n",
    "count-negative": "Name: A\nNum Peaks: -1\n",
    "count-enormous": "Name: A\nNum Peaks: 99999999999999999999\n",
    "fewer-peaks": "Name: A\nNum Peaks: 2\n100 1\n",
    "more-peaks-on-a-line": "Name: A\nNum Peaks: 1\n100 1; 101 2\n",
    "peak-of-one-number": "Name: A\nNum Peaks: 1\n100\n",
    "peak-of-words": "Name: A\nNum Peaks: 1\nhundred one\n",
}

words = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=12)
names = words.map(str.lower).filter(lambda name: name != "num peaks")
records = st.builds(
    lambda fields, peaks: MspRecord(
        fields={name: tuple(values) for name, values in fields.items()},
        mz=tuple(sorted(peak[0] for peak in peaks)),
        intensity=tuple(peak[1] for peak in peaks),
    ),
    st.dictionaries(names, st.lists(words, min_size=1, max_size=3), min_size=1, max_size=5),
    st.lists(st.tuples(st.floats(1, 2000), st.floats(0, 1e9)), max_size=20),
)


def test_reads_fields_and_peaks() -> None:
    [record] = parse_msp(ONE)
    assert record.name == "Cocaine"
    assert record.fields["synon"] == ("Benzoylmethylecgonine", "Coke")
    assert record.mz == (82.0651, 105.0335, 182.1176)
    assert record.spectrum.collision_energy == 20.0
    assert record.spectrum.technique is Technique.CID


def test_several_peaks_on_a_line() -> None:
    [record] = parse_msp("Name: A\nNum Peaks: 3\n50 1; 60 2; 70 3;\n")
    assert record.intensity == (1.0, 2.0, 3.0)


def test_peaks_rounded_onto_one_mz_are_added() -> None:
    [record] = parse_msp("Name: A\nNum Peaks: 3\n50.1 1\n50.1 2\n60 4\n")
    assert record.spectrum.intensity.tolist() == [3.0, 4.0]


def test_technique_and_polarity() -> None:
    [record] = parse_msp("Name: A\nInstrument_type: GC-EI-Q\nIon_mode: N\nNum Peaks: 1\n50 1\n")
    assert record.spectrum.technique is Technique.EI
    assert record.spectrum.polarity is Polarity.NEGATIVE
    [record] = parse_msp("Name: A\nInstrument_type: LC-ESI-Q\nNum Peaks: 1\n50 1\n")
    assert record.spectrum.technique is Technique.IN_SOURCE_CID


def test_unsorted_peaks_are_read_but_are_no_spectrum() -> None:
    [record] = parse_msp("Name: A\nNum Peaks: 2\n60 1\n50 1\n")
    with pytest.raises(MalformedSpectrum):
        _ = record.spectrum


@pytest.mark.parametrize("name", BAD)
def test_refuses(name: str) -> None:
    with pytest.raises(UnreadableFile, match=r"a\.msp, line \d"):
        list(parse_msp(BAD[name], "a.msp"))


@given(st.lists(records, max_size=4))
def test_there_and_back(written: list[MspRecord]) -> None:
    read = list(parse_msp(format_msp(written)))
    assert [(r.fields, r.mz, r.intensity) for r in read] == [(r.fields, r.mz, r.intensity) for r in written]


@given(st.text(max_size=300))
def test_any_text_reads_or_is_refused(text: str) -> None:
    with suppress(UnreadableFile):
        list(parse_msp(text))
