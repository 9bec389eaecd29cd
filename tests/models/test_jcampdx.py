"""JCAMP-DX: peak tables and AFFN; the compressed forms are refused by name."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import MalformedSpectrum, UnreadableFile
from models.jcampdx import parse_jcamp
from models.spectrum import Technique

HEAD = "##TITLE= caffeine\n##JCAMP-DX= 4.24 $$ a remark\n##DATA TYPE= MASS SPECTRUM\n"
PEAKS = HEAD + "##NPOINTS= 3\n##PEAK TABLE= (XY..XY)\n110.07,12 138.066, 100\n195.0877 55\n##END=\n"
EVEN = HEAD + "##FIRSTX= 50\n##LASTX= 53\n##NPOINTS= 4\n##YFACTOR= 0.5\n##XYDATA= (X++(Y..Y))\n{}\n##END=\n"

BAD = {
    "no-jcamp": "hello",
    "no-table": HEAD + "##END=\n",
    "label-without-equals": "##TITLE\n",
    "odd-count": HEAD + "##PEAK TABLE= (XY..XY)\n100 1 101\n##END=\n",
    "words": HEAD + "##PEAK TABLE= (XY..XY)\n!100 ?1\n##END=\n",
    "wrong-points": EVEN.format("50 2 4"),
    "no-first-x": HEAD + "##XYDATA= (X++(Y..Y))\n50 2 4\n##END=\n",
    "squeezed": EVEN.format("50A2B4"),
    "difference": EVEN.format("50A2J1%"),
    "factor-not-a-number": EVEN.format("50 2 4 6 8").replace("0.5", "half"),
}


def test_peak_table() -> None:
    spectrum = parse_jcamp(PEAKS)
    assert spectrum.mz.tolist() == [110.07, 138.066, 195.0877]
    assert spectrum.intensity.tolist() == [12.0, 100.0, 55.0]


@pytest.mark.parametrize("lines", ["50 2 4 6 8", "50 2 4\n52 6 8", "50+2+4\n52+6+8", "50, 2, 4, 6, 8e0"])
def test_even_points_fixed_and_packed(lines: str) -> None:
    spectrum = parse_jcamp(EVEN.format(lines))
    assert spectrum.mz.tolist() == [50.0, 51.0, 52.0, 53.0]
    assert spectrum.intensity.tolist() == [1.0, 2.0, 3.0, 4.0]


def test_electron_ionisation_is_told() -> None:
    text = PEAKS.replace("##NPOINTS", "##.IONIZATION MODE= EI+\n##NPOINTS")
    assert parse_jcamp(text).technique is Technique.EI


@pytest.mark.parametrize("name", BAD)
def test_refuses(name: str) -> None:
    with pytest.raises(UnreadableFile):
        parse_jcamp(BAD[name])


def test_compressed_forms_say_what_to_do() -> None:
    with pytest.raises(UnreadableFile, match=r"ASDF.*AFFN"):
        parse_jcamp(BAD["squeezed"])


@given(st.text(max_size=300) | st.text(max_size=200).map(lambda text: HEAD + "##XYDATA= (X++(Y..Y))\n" + text))
def test_any_text_reads_or_is_refused(text: str) -> None:
    with suppress(UnreadableFile, MalformedSpectrum):
        parse_jcamp(text)


@given(st.lists(st.tuples(st.floats(1, 4000), st.floats(0, 1e9)), unique_by=lambda peak: peak[0], max_size=30))
def test_peaks_there_and_back(peaks: list[tuple[float, float]]) -> None:
    peaks = sorted(peaks)
    body = "\n".join(f"{mz!r} {intensity!r}" for mz, intensity in peaks)
    spectrum = parse_jcamp(HEAD + f"##PEAK TABLE= (XY..XY)\n{body}\n##END=\n")
    assert list(zip(spectrum.mz.tolist(), spectrum.intensity.tolist(), strict=True)) == peaks
