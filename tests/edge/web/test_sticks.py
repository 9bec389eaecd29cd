"""Spectra as pictures, and numbers as words."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.web import forms
from edge.web.sticks import HEIGHT, WIDTH, all_peaks, apart, stick_plot
from edge.web.translations import load_languages
from sync.contract.records import SpectrumPart

SPANISH = load_languages()["es"]


def part(mz: list[int], intensity: list[float]) -> SpectrumPart:
    return SpectrumPart(
        technique="cid",
        collision_energy=30.0,
        precursor_mz=None,
        polarity="positive",
        mz=np.array(mz, "<u4").tobytes(),
        intensity=np.array(intensity, "<f4").tobytes(),
    )


def test_peaks_come_highest_first_and_as_shares() -> None:
    peaks = all_peaks(part([1_000_000, 1_821_200], [50, 200]))
    assert [(peak.mz, peak.share) for peak in peaks] == [(182.12, 1.0), (100.0, 0.25)]


def test_of_two_peaks_within_half_an_mz_the_higher_is_kept() -> None:
    assert [round(peak.mz, 4) for peak in apart(all_peaks(part([1_000_000, 1_003_000, 1_010_000], [5, 9, 1])))] == [
        100.3,
        101.0,
    ]


def test_nothing_measured_gives_an_empty_picture() -> None:
    assert all_peaks(part([], [])) == all_peaks(part([1_000_000], [0])) == []
    assert 'class="stick"' not in stick_plot([], "nothing")


def test_the_title_is_escaped() -> None:
    assert "<script>" not in stick_plot([], "<script>")


@settings(max_examples=60)
@given(st.dictionaries(st.integers(1, 40_000_000), st.floats(0, 2.0**99, width=32), max_size=60))
def test_every_picture_is_well_formed_and_stays_in_its_frame(peaks: dict[int, float]) -> None:
    drawn = stick_plot(all_peaks(part(sorted(peaks), [peaks[mz] for mz in sorted(peaks)])), "a spectrum")
    for element in ET.fromstring(drawn):  # noqa: S314 - drawn here
        numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", element.get("d", ""))]
        assert all(-1 <= number <= max(WIDTH, HEIGHT) for number in numbers)


def test_a_moment_has_its_month_in_letters_and_its_offset() -> None:
    assert re.fullmatch(
        r"22 nov 2026 \d\d:42:07 [+\N{MINUS SIGN}]\d\d:\d\d",
        forms.moment(SPANISH, datetime(2026, 11, 22, 18, 42, 7, tzinfo=UTC)),
    )


def test_numbers_have_spaces_between_thousands() -> None:
    assert forms.number(12480) == "12\N{NO-BREAK SPACE}480"
    assert forms.size(83_400_000_000) == "83.4\N{NO-BREAK SPACE}GB"
    assert forms.share(0.004) == "<1\N{NO-BREAK SPACE}%"


def test_a_length_of_time_is_in_one_unit() -> None:
    spans = [timedelta(minutes=1), timedelta(minutes=59), timedelta(hours=5), timedelta(days=3)]
    assert [forms.span(SPANISH, span) for span in spans] == ["1 minuto", "59 minutos", "5 horas", "3 días"]


def test_a_digest_is_in_groups() -> None:
    assert forms.digest("0123456789abcdef") == "01234567 89abcdef"
