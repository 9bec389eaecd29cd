"""MSP: strict, there and back, and nothing but its own error."""

from array import array
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.acquisition import Acquisition
from models.errors import MalformedSpectrum, UnreadableFile
from models.msp import MspRecord, format_msp, parse_msp
from models.sample import BY_HEIGHT, FELL, OTHER_ION, POLARITY_NOT_TOLD, SCATTERED, join_records
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
    "peak-with-underscore": "Name: A\nNum Peaks: 1\n1_82.1 5\n",
    "peak-of-words": "Name: A\nNum Peaks: 1\nhundred one\n",
    "peak-of-three-numbers": "Name: A\nNum Peaks: 1\n82.1 20 999\n",
    "peak-with-decimal-commas": "Name: A\nNum Peaks: 1\n82,07 20,5\n",
    "annotation-first": "Name: A\nNum Peaks: 1\nC5H8N+ 82.1 20\n",
    "peaks-behind-an-annotation": "Name: A\nNum Peaks: 2\n82.1 20 C5H8N+ 105 30\n",
    "bracket-of-one-number": "Name: A\nNum Peaks: 1\n(82.1)\n",
    "brackets-in-brackets": "Name: A\nNum Peaks: 1\n((82.1 20)\n",
}

words = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=12)
names = words.map(str.lower).filter(lambda name: name != "numpeaks")
records = st.builds(
    lambda fields, peaks: MspRecord(
        fields={name: tuple(values) for name, values in fields.items()},
        mz=array("d", sorted(peak[0] for peak in peaks)),
        intensity=array("d", (peak[1] for peak in peaks)),
    ),
    st.dictionaries(names, st.lists(words, min_size=1, max_size=3), min_size=1, max_size=5),
    st.lists(st.tuples(st.floats(1, 2000), st.floats(0, 1e9)), max_size=20),
)


def test_reads_fields_and_peaks() -> None:
    [record] = parse_msp(ONE)
    assert record.name == "Cocaine"
    assert record.fields["synon"] == ("Benzoylmethylecgonine", "Coke")
    assert tuple(record.mz) == (82.0651, 105.0335, 182.1176)
    assert record.spectrum.collision_energy == 20.0
    assert record.spectrum.technique is Technique.CID


def test_several_peaks_on_a_line() -> None:
    [record] = parse_msp("Name: A\nNum Peaks: 3\n50 1; 60 2; 70 3;\n")
    assert tuple(record.intensity) == (1.0, 2.0, 3.0)


@pytest.mark.parametrize(
    "peaks",
    [
        "82 20 C5H8N+\n105 3 C7H5O+/-2.1ppm",
        '82 20 "C5H8N+ 9/10"\n105 3 "p-H2O"',
        "82 20 C5H8N+; 105 3 ?",
        "(82 20) (105 3)",
        "( 82,20)(105, 3 )",
        "(82\t20)\n(105 3)",
    ],
)
def test_annotated_and_bracketed_peaks(peaks: str) -> None:
    [record] = parse_msp(f"Name: A\nNum Peaks: 2\n{peaks}\n")
    assert (record.mz.tolist(), record.intensity.tolist()) == ([82.0, 105.0], [20.0, 3.0])


def test_a_library_of_amdis() -> None:
    text = "NAME:Cocaine\nFORM:C17H21NO4\nCASNO:50362\nRI:2200\nNUM PEAKS: 2\n( 82 999) ( 182 850)\n\n"
    one, two = parse_msp(text + text.replace("Cocaine", "Other"))
    assert (one.name, two.name) == ("Cocaine", "Other")
    assert one.spectrum.technique is Technique.EI


REMARKS = {
    "MoNA": '"ion mode=negative" "collision energy=35 eV" "author=a"',
    "NIST": "Single Ion_mode=N Parent=304.15 Collision_energy=35eV Inst=it",
    "words": 'A "quoted" word, "ionization=ESI-" "CE=35"',
}


@pytest.mark.parametrize("name", REMARKS)
def test_what_comments_tell_of_the_ions(name: str) -> None:
    [record] = parse_msp(f"Name: A\nComments: {REMARKS[name]}\nNum Peaks: 1\n50 1\n")
    assert (record.spectrum.polarity, record.spectrum.collision_energy) == (Polarity.NEGATIVE, 35.0)
    assert record.spectrum.precursor_mz == (304.15 if name == "NIST" else None)


@pytest.mark.parametrize("told", ['"instrument type=GC-EI-QTOF"', '"ionization=EI"', "Instrument_type=GC-EI-Q"])
def test_comments_tell_electron_ionisation(told: str) -> None:
    [record] = parse_msp(f"Name: A\nComment: {told}\nNum Peaks: 1\n50 1\n")
    assert record.spectrum.technique is Technique.EI


@pytest.mark.parametrize(
    "told",
    [
        "Cone_voltage: 30 V",
        "Cone voltage: 30",
        "Fragmentor: 30V",
        "Declustering potential: -30 V",
        "Comments: cone voltage=30 V",
        'Comments: "cone voltage=30 V" "author=a"',
        "MW: 303\nCASNO: 50362\nCone_voltage: 30",
    ],
)
def test_the_voltage_of_the_source_where_no_ion_was_isolated(told: str) -> None:
    [record] = parse_msp(f"Name: A\n{told}\nNum Peaks: 1\n50 1\n")
    assert (record.spectrum.technique, record.spectrum.collision_energy) == (Technique.IN_SOURCE_CID, 30.0)
    [both] = parse_msp(f"Name: A\n{told}\nCollision_energy: 20 eV\nNum Peaks: 1\n50 1\n")
    assert both.spectrum.collision_energy == 50.0
    [isolated] = parse_msp(f"Name: A\n{told}\nPrecursorMZ: 304.15\nNum Peaks: 1\n50 1\n")
    assert (isolated.spectrum.technique, isolated.spectrum.collision_energy) == (Technique.CID, None)


def test_peaks_by_height_are_put_in_order_and_that_is_told() -> None:
    records = list(parse_msp("Name: A\nNum Peaks: 4\n182.1 100\n304.1 30\n82.1 25\n105.1 12\n"))
    [sample] = join_records(records)
    [spectrum] = sample.spectra
    assert (spectrum.mz.tolist(), spectrum.intensity.tolist()) == ([82.1, 105.1, 182.1, 304.1], [25, 12, 100, 30])
    assert sample.notes == (f"record on line 1: {BY_HEIGHT}", POLARITY_NOT_TOLD)


def test_peaks_in_no_order_are_put_in_order_and_that_is_told() -> None:
    [sample] = join_records(list(parse_msp("Name: A\nNum Peaks: 3\n182.1 30\n304.1 100\n82.1 25\n")))
    [spectrum] = sample.spectra
    assert (spectrum.mz.tolist(), spectrum.intensity.tolist()) == ([82.1, 182.1, 304.1], [25, 30, 100])
    assert sample.notes == (f"record on line 1: {SCATTERED}", POLARITY_NOT_TOLD)


@pytest.mark.parametrize(
    ("peaks", "said"),
    [
        ((82.1, 105.1, 182.1, 304.1, 82.2, 105.2, 182.2, 304.2), "point 5 has 82.2 after 304.1"),
        ((182.1, 304.1, 82.1, 304.1), "points 2 and 4 both have 304.1"),
    ],
    ids=["two scans", "one m/z twice"],
)
def test_what_may_be_several_scans_stays_a_fault_that_names_the_points(peaks: tuple[float, ...], said: str) -> None:
    rows = "".join(f"{mz} {10 + place % 2}\n" for place, mz in enumerate(peaks))
    [sample] = join_records(list(parse_msp(f"Name: A\nNum Peaks: {len(peaks)}\n{rows}")))
    assert sample.spectra == ()
    assert sample.problem
    assert f"{said}; give each scan by itself, in the order of m/z" in sample.problem


@pytest.mark.parametrize("told", ["Precursor_type: [M+Na]+", "Charge: 2+", "Adduct: [2M+H]+", "Ion: M+K"])
def test_an_ion_that_no_reference_is_of_is_told(told: str) -> None:
    [sample] = join_records(list(parse_msp(f"Name: A\n{told}\nNum Peaks: 1\n50 1\n")))
    assert sample.notes == (f"record on line 1: {OTHER_ION % told.partition(': ')[2]}",)


@pytest.mark.parametrize(
    "told",
    [
        "Precursor_type: [M+H]+",
        "Charge: 1+",
        "Adduct: M+H",
        "Adduct: M+H+",
        "Ion: [M+H+]",
        "Ion: [M+1H]+",
        "Ion: [M]+*",
        "Charge: +",
    ],
)
def test_an_ion_as_those_of_references_needs_no_word(told: str) -> None:
    [sample] = join_records(list(parse_msp(f"Name: A\n{told}\nNum Peaks: 1\n50 1\n")))
    assert sample.notes == ()


def test_a_field_counts_before_a_comment_and_no_comment_names_a_sample() -> None:
    told = 'Collision_energy: 20 eV\nComments: "collision energy=35 eV" "sample=x" "name=B"'
    [record] = parse_msp(f"Name: A\n{told}\nNum Peaks: 1\n50 1\n")
    assert (record.spectrum.collision_energy, record.text("sample"), record.name) == (20.0, "", "A")


@pytest.mark.parametrize(
    "comment",
    [
        "Precursor, List I chemical",
        "SWGDRUG 3.1; parent, fentanyl",
        "Charge, 1",
        "Scan 3; ion, 245",
        "Precursor: List I chemical",
        "Parent: fentanyl; ion: 245",
        "Ion source: 230 C",
        "Spectrum type: centroid",
        "Instrument type: HP 5973",
        "Fragmentor: none",
    ],
)
def test_a_free_comment_of_a_library_leaves_its_record_one_of_electrons(comment: str) -> None:
    [record] = parse_msp(f"Name: A\nMW: 336\nComment: {comment}\nNum Peaks: 1\n245 100\n")
    assert record.acquisition == Acquisition(Technique.EI)


def test_what_a_comment_tells_with_a_colon() -> None:
    comment = "Ion mode: negative; CE: NCE 35, precursor: 304,15; adduct: [M-H]-"
    [record] = parse_msp(f"Name: A\nMW: 336\nComment: {comment}\nNum Peaks: 1\n245 100\n")
    told = record.acquisition
    assert (told.technique, told.polarity, told.precursor_mz) == (Technique.CID, Polarity.NEGATIVE, 304.15)
    assert told.collision_energy == pytest.approx(35 * 304.15 / 500)


@pytest.mark.parametrize("told", ["304,15", "304.15 Da", "304.15 [M+H]+", "n/a\nComment: Parent=304.15"])
def test_a_precursor_in_any_form(told: str) -> None:
    [record] = parse_msp(f"Name: A\nPrecursorMZ: {told}\nNum Peaks: 1\n50 1\n")
    assert (record.spectrum.technique, record.spectrum.precursor_mz) == (Technique.CID, 304.15)


def test_an_adduct_without_end_is_none() -> None:
    [record] = parse_msp(f"Name: A\nAdduct: M{' ' * 100_000}x\nNum Peaks: 1\n50 1\n")
    assert record.other_ion == ""


@pytest.mark.parametrize(
    "told", ["Comment: " + "CE: 1;" * 300_000, "Collision energy: 1" + "\nCollision energy: 1" * 300_000]
)
def test_one_name_many_times_is_read_at_once(told: str) -> None:
    [record] = parse_msp(f"Name: A\n{told}\nNum Peaks: 1\n50 1\n")
    assert record.spectrum.collision_energy == 1.0


def test_a_comment_that_is_long_is_read_at_once() -> None:
    comment = 'a b="' * 200_000
    [record] = parse_msp(f"Name: A\nComments: {comment}\nNum Peaks: 1\n50 1\n")
    assert record.spectrum.polarity is Polarity.POSITIVE


def test_peaks_rounded_onto_one_mz_are_added() -> None:
    [record] = parse_msp("Name: A\nNum Peaks: 3\n50.1 1\n50.1 2\n60 4\n")
    assert record.spectrum.intensity.tolist() == [3.0, 4.0]


def test_technique_and_polarity() -> None:
    [record] = parse_msp("Name: A\nInstrument_type: GC-EI-Q\nIon_mode: N\nNum Peaks: 1\n50 1\n")
    assert record.spectrum.technique is Technique.EI
    assert record.spectrum.polarity is Polarity.NEGATIVE
    [record] = parse_msp("Name: A\nInstrument_type: LC-ESI-Q\nNum Peaks: 1\n50 1\n")
    assert record.spectrum.technique is Technique.IN_SOURCE_CID


def test_what_coded_synonyms_of_nist_tell() -> None:
    told = "Synon: Tuftsin\nSynon: $:04302.139\nSynon: $:03[M-H]-\nSynon: $:0515\nSynon: $:10ESI\nSynon: $:11N"
    [record] = parse_msp(f"Name: A\n{told}\nMW: 303\nCASNO: 0\nNum Peaks: 1\n50 1\n")
    assert record.acquisition == Acquisition(Technique.CID, Polarity.NEGATIVE, 15.0, 302.139)


def test_a_field_counts_before_a_coded_synonym_and_what_mona_codes_says_nothing() -> None:
    [record] = parse_msp("Name: A\nMW: 303\nSynon: $:00in-source\nNum Peaks: 1\n50 1\n")
    assert record.acquisition.technique is Technique.EI
    [record] = parse_msp("Name: A\nSynon: $:0540\nCollision_energy: 20 eV\nNum Peaks: 1\n50 1\n")
    assert record.acquisition.collision_energy == 20.0


NEGATIVE = (
    "Synon: $:11N", "Synon: $:03[M-H]-", "Adduct: [M+FA-H]", "Adduct: M+Cl", "Ion_mode: N",
    "Ion_mode: -", "Ion mode: Negative", "IONMODE: Negative", "Ionization mode: Negative",
    "Polarity: -", "PRECURSORTYPE: [M-H]-", "Precursor_type: [M-H]-", "Adduct: [M+Cl]-", "Charge: -1",
    "Ion_mode: P\nAdduct: [M-H]-",
)  # fmt: skip
ELECTRONS = (
    "Instrument_type: GC-EI-Q", "INSTRUMENTTYPE: GC-EI-TOF", "Instrument type: GC_EI_TOF", "Ionization: EI",
    "Ion_mode: EI+", "Ion source: Electron impact", "Instrument: GC-MS", "Formula: C17H21NO4\nMW: 303\nCASNO: 50362",
    "NIST#: 228224", "Retention_index: 2200",
)  # fmt: skip


@pytest.mark.parametrize("fields", NEGATIVE)
def test_negative_ions_however_they_are_told(fields: str) -> None:
    [record] = parse_msp(f"Name: A\n{fields}\nNum Peaks: 1\n50 1\n")
    assert record.spectrum.polarity is Polarity.NEGATIVE


@pytest.mark.parametrize("fields", ELECTRONS)
def test_electron_ionisation_however_it_is_told(fields: str) -> None:
    [record] = parse_msp(f"Name: A\n{fields}\nNum Peaks: 1\n50 1\n")
    assert record.spectrum.technique is Technique.EI


@pytest.mark.parametrize("fields", ["Formula: C17H21NO4", "MW: 303\nIon_mode: P", "MW: 303\nInstrument_type: LC-ESI-Q"])
def test_nothing_speaks_against_positive_ions_of_a_source(fields: str) -> None:
    [record] = parse_msp(f"Name: A\n{fields}\nNum Peaks: 1\n50 1\n")
    assert (record.spectrum.technique, record.spectrum.polarity) == (Technique.IN_SOURCE_CID, Polarity.POSITIVE)


@pytest.mark.parametrize("name", ["PRECURSORMZ", "PrecursorMZ", "Precursor_mz", "Precursor m/z", "precursor-mz"])
def test_names_of_fields_are_compared_without_what_parts_their_words(name: str) -> None:
    [record] = parse_msp(f"Name: A\n{name}: 304.15\nCOLLISIONENERGY: 20\nNUM_PEAKS: 1\n50 1\n")
    assert (record.spectrum.precursor_mz, record.spectrum.collision_energy) == (304.15, 20.0)


@pytest.mark.parametrize("peaks", ["0\n100 1", "1\n100 1\n101 2", '1\n100 1 "a"\n101 2 "b:c"', "1\n100 1\n\n101 2"])
def test_more_peaks_than_announced_are_told(peaks: str) -> None:
    with pytest.raises(UnreadableFile, match="more peaks came than `Num Peaks:` announced"):
        list(parse_msp(f"Name: A\nNum Peaks: {peaks}\n"))


@pytest.mark.parametrize("mark", ["\x85", "\f", "\v", "\u2028"])
def test_only_line_ends_part_lines(mark: str) -> None:
    [record] = parse_msp(f"Name: A{mark}B\r\nNum Peaks: 1\r50 1\n")
    assert record.name == f"A{mark}B"


def test_peaks_that_fall_throughout_are_turned_round() -> None:
    [record] = parse_msp("Name: A\nNum Peaks: 4\n60 1\n55 2\n55 4\n50 3\n")
    assert record.spectrum.mz.tolist() == [50.0, 55.0, 60.0]
    assert record.spectrum.intensity.tolist() == [3.0, 6.0, 1.0]
    [sample] = join_records([record])
    assert sample.notes == (f"record on line 1: {FELL}", POLARITY_NOT_TOLD)


def test_unsorted_peaks_are_read_but_are_no_spectrum() -> None:
    [record] = parse_msp("Name: A\nNum Peaks: 6\n50 1\n60 1\n70 1\n40 1\n80 1\n90 1\n")
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


def test_a_record_of_gnps_has_its_name() -> None:
    [record] = parse_msp(ONE.replace("Name:", "COMPOUND_NAME:"))
    assert record.name == "Cocaine"


def test_a_record_without_a_name_is_told_by_its_line() -> None:
    records = list(parse_msp("Num Peaks: 1\n100 1\n\nNum Peaks: 1\n101 1\n"))
    assert [each.name for each in join_records(records)] == ["record on line 1", "record on line 4"]
