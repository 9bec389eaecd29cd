"""JCAMP-DX: every form there and back, the checks, and any text."""

import math
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import UnreadableFile
from models.formats.content import JCAMP
from models.formats.found import NOT_TOLD
from models.formats.jcamp.blocks import read_blocks, read_curves
from models.formats.jcamp.encode import Form
from models.formats.jcamp.tables import Curve
from models.formats.jcamp.writing import format_block, format_even, format_link, format_mass_pages, format_pairs
from models.sample import POLARITY_NOT_TOLD
from models.spectrum import Polarity, Technique

LABELS = {"DATA TYPE": "RAMAN SPECTRUM", "XUNITS": "1/CM", "YUNITS": "COUNTS"}
HEAD = "##TITLE= a\n##JCAMP-DX= 5\n##FIRSTX= 0\n##LASTX= {}\n##NPOINTS= {}\n##XYDATA= (X++(Y..Y))\n{}\n##END=\n"

ordinates = st.lists(
    st.none() | st.integers(-(10**12), 10**12) | st.sampled_from([0, 0, 0, 1, 1, 10, -10]), min_size=1, max_size=60
)
ends = st.tuples(st.integers(-4000, 4000), st.integers(1, 4000), st.booleans())
peaks = st.lists(st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9)), max_size=30)


def curves(text: str) -> list[Curve]:
    return [curve for block in read_blocks(text, "a.jdx") for curve in read_curves(block)]


def values(text: str) -> list[float]:
    [curve] = curves(text)
    return curve.y.tolist()


@settings(max_examples=150)
@given(ordinates, ends, st.sampled_from(Form))
def test_every_form_there_and_back(written: list[int | None], span: tuple[int, int, bool], form: Form) -> None:
    first, width, falls = span
    last = first - width if falls else first + width
    [curve] = curves(format_block("a", LABELS, [format_even(first, last, written, form)]))
    assert np.array_equal(curve.y, [math.nan if each is None else each for each in written], equal_nan=True)
    assert np.allclose(curve.x, np.linspace(first, last, len(written)))


@given(peaks, st.sampled_from(["XYPOINTS", "PEAK TABLE", "XYDATA"]))
def test_pairs_there_and_back(written: list[tuple[float, float]], label: str) -> None:
    [curve] = curves(format_block("a", LABELS, [format_pairs(label, written)]))
    assert list(zip(curve.x.tolist(), curve.y.tolist(), strict=True)) == written


@given(st.dictionaries(st.integers(0, 99).map(lambda n: f"T={n}"), peaks, min_size=1, max_size=4))
def test_pages_there_and_back(written: dict[str, list[tuple[float, float]]]) -> None:
    read = curves(format_block("a", LABELS, [format_mass_pages(written)]))
    assert {curve.page: list(zip(curve.x.tolist(), curve.y.tolist(), strict=True)) for curve in read} == written


@given(st.lists(ordinates, min_size=1, max_size=4))
def test_links_there_and_back(written: list[list[int | None]]) -> None:
    blocks = [format_block("a", LABELS, [format_even(1, 2, each, Form.SQZ)]) for each in written]
    assert len(curves(format_link("all", blocks))) == len(curves("".join(blocks))) == len(written)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("0A2SATB0W", [12, 1, 1, 20, 20, 20, 20, 20]),
        ("0@J%Tj0", [0, 1, 1, 1, -9]),
        ("0 1 2 3e0 4E+01", [1, 2, 3, 40]),
        ("0+1-2+3", [1, -2, 3]),
        ("0 , 1 , 2", [1, 2]),
        ("0E5E", [55, 5]),
        ("0 55 e0", [55, -50]),
        ("0a1.5B", [-11.5, 2]),
        ("0A?Ta", [1, math.nan, math.nan, -1]),
    ],
)
def test_lines(line: str, expected: list[float]) -> None:
    read = values(HEAD.format(max(len(expected) - 1, 1), len(expected), line))
    assert np.array_equal(read, expected, equal_nan=True)


@pytest.mark.parametrize("second", ["1A2J", "2A2J"])
def test_a_line_after_a_difference_stands_at_the_checked_point_or_the_next(second: str) -> None:
    assert values(HEAD.format(2, 3, f"0A1J\n{second}")) == [11, 12, 13]


def test_the_last_line_may_be_a_check_alone() -> None:
    assert values(HEAD.format(1, 2, "0A1J\n1A2")) == [11, 12]
    with pytest.raises(UnreadableFile, match="Y-check"):
        values(HEAD.format(1, 2, "0A1J\n1A3"))


def test_abscissae_rounded_to_whole_numbers_pass_and_a_lost_line_does_not() -> None:
    rows = [f"{round(400 + at * 0.9645)} " + "1 " * 5 for at in range(0, 50, 5)]
    text = HEAD.replace("FIRSTX= 0", "FIRSTX= 400").format(400 + 49 * 0.9645, 50, "\n".join(rows))
    assert len(values(text)) == 50
    lost = text.replace(rows[4] + "\n", "").replace("NPOINTS= 50", "NPOINTS= 45")
    with pytest.raises(UnreadableFile, match="X-check"):
        values(lost)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda line: HEAD.format(9, 10, line).encode()))
def test_any_bytes_read_or_are_refused(data: bytes) -> None:
    with suppress(UnreadableFile):
        JCAMP.read(data, "a.jdx")


@given(st.text("0123456789.+-?%@ABJKSTabjkse \n", max_size=80), st.integers(0, 50))
def test_any_line_of_pseudo_digits_reads_or_is_refused(line: str, points: int) -> None:
    with suppress(UnreadableFile):
        assert len(values(HEAD.format(points, points, line))) == points


@pytest.mark.parametrize("line", ["E00.0 1", "@1.5A", "0E+999 1", "0E-999 1", "e 1"])
def test_abscissae_of_every_spelling(line: str) -> None:
    with suppress(UnreadableFile):
        values(HEAD.format(1, 1, line))


def test_vertical_tabs_and_separators_end_no_line() -> None:
    [block] = read_blocks("##TITLE= a\x0bb\u2028c\r##JCAMP-DX= 5\r##END=\r", "a.jdx")
    assert block.text("TITLE") == "a\x0bb\u2028c"


@pytest.mark.parametrize(
    ("told", "technique", "notes"),
    [
        ({}, Technique.EI, (NOT_TOLD,)),
        ({".IONIZATION MODE": ""}, Technique.EI, (NOT_TOLD,)),
        ({".IONIZATION MODE": "EI+"}, Technique.EI, ()),
        ({".IONIZATION MODE": "DART"}, Technique.IN_SOURCE_CID, (POLARITY_NOT_TOLD,)),
        ({".IONIZATION MODE": "DART+"}, Technique.IN_SOURCE_CID, ()),
        ({"$PRECURSOR MZ": "304.15", "$ADDUCT": "[M+H]+"}, Technique.CID, ()),
    ],
)
def test_how_the_ions_were_made_is_read_or_said_to_be_untold(
    told: dict[str, str], technique: Technique, notes: tuple[str, ...]
) -> None:
    labels = {"DATA TYPE": "MASS SPECTRUM", "XUNITS": "M/Z", "YUNITS": "RELATIVE ABUNDANCE", **told}
    text = format_block("a", labels, [format_pairs("PEAK TABLE", [(82.065, 20.0), (182.118, 100.0)])])
    [sample] = JCAMP.read(text.encode(), "a.jdx").samples
    assert ([each.technique for each in sample.spectra], sample.notes) == ([technique], notes)


@pytest.mark.parametrize(
    "told",
    [
        {".IONIZATION MODE": "ESI", ".SCAN POLARITY": "NEGATIVE"},
        {"$POLARITY": "Negative", "$IONIZATION MODE": "ESI"},
        {"TITLE": "bag 3 -ESI Scan Frag=100V"},
    ],
)
def test_negative_ions(told: dict[str, str]) -> None:
    labels = {"DATA TYPE": "MASS SPECTRUM", "XUNITS": "M/Z", **told}
    text = format_block(labels.pop("TITLE", "a"), labels, [format_pairs("PEAK TABLE", [(82.065, 20.0)])])
    [sample] = JCAMP.read(text.encode(), "a.jdx").samples
    assert [(each.polarity, each.technique) for each in sample.spectra] == [
        (Polarity.NEGATIVE, Technique.IN_SOURCE_CID)
    ]


@pytest.mark.parametrize(
    ("unit", "read"), [("SECONDS", False), ("SCANS", False), ("M/Z", True), ("m/z", True), ("", True)]
)
def test_a_mass_spectrum_along_another_axis_is_left_out(unit: str, read: bool) -> None:
    labels = {"DATA TYPE": "MASS SPECTRUM", "XUNITS": unit, "YUNITS": "COUNTS", ".IONIZATION MODE": "ESI+"}
    found = JCAMP.read(format_block("a", labels, [format_pairs("PEAK TABLE", [(40.0, 1.0)])]).encode(), "a.jdx")
    problem = f"a: a mass spectrum along '{unit}'; expected ##XUNITS= M/Z"
    assert (len(found.samples), found.problems) == ((1, ()) if read else (0, (problem,)))


@pytest.mark.parametrize(
    ("kind", "ends", "method"),
    [
        ("UV/VIS SPECTRUM", (200, 400), None),
        ("UV-VIS SPECTRUM", (900, 1700), None),
        ("FLUORESCENCE SPECTRUM", (900, 1700), None),
        ("SPECTRUM", (200, 800), None),
        ("SPECTRUM", (900, 1700), "near-infrared"),
        ("SPECTRUM", (400, 2500), "near-infrared"),
        ("UV/VIS/NIR SPECTRUM", (900, 2500), "near-infrared"),
        ("UV/VIS/NIR SPECTRUM", (200, 800), None),
        ("NIR SPECTRUM", (900, 1700), "near-infrared"),
    ],
)
def test_ultraviolet_and_visible_light_is_not_near_infrared(
    kind: str, ends: tuple[int, int], method: str | None
) -> None:
    labels = {"DATA TYPE": kind, "XUNITS": "NANOMETERS", "YUNITS": "ABSORBANCE"}
    points = [(float(at), 0.1) for at in range(*ends, 10)]
    found = JCAMP.read(format_block("a", labels, [format_pairs("XYPOINTS", points)]).encode(), "a.jdx")
    assert [each.spectrum.method.value for each in found.traces] == ([method] if method else [])
    assert len(found.problems) == (0 if method else 1)


@pytest.mark.parametrize(
    ("rows", "points"),
    [
        ("304,700 182,800\n150,300 82,999", [304, 182, 150, 82]),
        ("82,999 150,300\n182,800 304,700", [82, 150, 182, 304]),
        ("304,1 100,5", None),
        ("82,1 999,5\n182,1 100,0", None),
    ],
)
def test_pairs_of_whole_numbers_without_their_count(rows: str, points: list[int] | None) -> None:
    """One pair with decimal commas looks alike: it is told from two by abscissae that go one way."""
    text = f"##TITLE= a\n##JCAMP-DX= 5\n##XUNITS= M/Z\n##PEAK TABLE= (XY..XY)\n{rows}\n##END=\n"
    if points is None:
        with pytest.raises(UnreadableFile, match="may be one pair or two"):
            curves(text)
    else:
        [curve] = curves(text)
        assert curve.x.tolist() == points
