"""Malformed files through `garita identify`: each reading has a reason, and what is no measurement never has a name."""

import json
from collections.abc import Callable
from math import inf
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from edge.identify_files import identify_files, json_line
from models.identification import Identifier
from models.reading import read_samples

MSP = "Name: x\nSample: x\n{fields}Num Peaks: {count}\n{peaks}\n"
NAMELESS = {"inconclusive", "fault"}

Identify = Callable[[str], list[dict[str, object]]]


@pytest.fixture
def identify(tmp_path: Path, identifier: Identifier) -> Identify:
    def run(text: str) -> list[dict[str, object]]:
        file = tmp_path / "reading.msp"
        file.write_text(text, "utf-8")
        return [json.loads(json_line(each.name, identifier.identify_sample(each))) for each in read_samples(file)]

    return run


def msp(peaks: list[tuple[object, object]], fields: str = "") -> str:
    return MSP.format(fields=fields, count=len(peaks), peaks="\n".join(f"{mz} {height}" for mz, height in peaks))


GOOD: list[tuple[object, object]] = [(82.1, 30), (105.0, 40), (150.1, 25), (182.1, 100), (304.2, 60)]

BAD = {
    "not a number": msp([*GOOD, (310, "nan")]),
    "m/z not a number": msp([*GOOD, ("nan", 1)]),
    "infinite": msp([*GOOD, (310, "inf")]),
    "negative": msp([*GOOD, (310, -1)]),
    "enormous": msp([(mz, 1.7e308) for mz, _ in GOOD]),
    "energy beyond all instruments": msp(GOOD, "PrecursorMZ: 1e300\nCollision_energy: 30 NCE\n"),
    "unsorted": msp([*GOOD[1:], GOOD[0]]),
    "zero m/z": msp([(0, 5), *GOOD]),
    "empty": msp([]),
    "all zero": msp([(mz, 0) for mz, _ in GOOD]),
    "beyond the range": msp([(5000 + at, 1) for at in range(5)]),
    "above 700": msp([(900.0 + at, 1) for at in range(5)]),
    "negative ions": msp(GOOD, "Ion_mode: N\n"),
    "negative ions of MS-DIAL": msp(GOOD, "IONMODE: Negative\nPRECURSORTYPE: [M-H]-\n"),
    "negative ions by their adduct": msp(GOOD, "Precursor_type: [M-H]-\n"),
    "negative ions by their polarity": msp(GOOD, "Polarity: -\n"),
    "negative EI": msp(GOOD, "Ion_mode: N\nInstrument_type: GC-EI-Q\n"),
    "one peak": msp([(182.1, 100)]),
    "EI of one peak": msp([(182.1, 100)], "Instrument_type: GC-EI-Q\n"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_measurement_has_a_reason_and_no_name(identify: Identify, what: str) -> None:
    [line] = identify(BAD[what])
    assert line["conclusion"] in NAMELESS
    assert line["reasons"]
    assert line["hits"] == []


def test_a_profile_of_thousands_of_points_is_read(identify: Identify) -> None:
    profile = [
        (round(mz + step * 0.02, 3), round(height * 2.7183 ** -((step * 0.02 / 0.15) ** 2), 4))
        for mz, height in ((82.06, 30.0), (105.03, 40.0), (150.09, 25.0), (182.12, 100.0), (304.15, 60.0))
        for step in range(-60, 61)
    ]
    [line] = identify(msp(profile))  # type: ignore[arg-type]
    assert line["hits"][0]["name"] == "Cocaine"  # type: ignore[index]


def test_a_million_peaks_are_answered_without_a_name(identify: Identify) -> None:
    [line] = identify(msp([(round(30 + at * 0.0006, 4), at % 7 + 1) for at in range(1_000_000)]))
    assert line["conclusion"] in NAMELESS
    assert line["hits"] == []


numbers = st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.integers(-10, 5000), st.floats(29, 700))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    peaks=st.lists(st.tuples(numbers, numbers), max_size=30),
    technique=st.sampled_from(["", "Instrument_type: GC-EI-Q\n", "Ion_mode: N\n", "Collision_energy: 20 eV\n"]),
)
@example(peaks=[(0.0, inf), (0.0, inf)], technique="")
def test_any_peaks_are_answered(identify: Identify, peaks: list[tuple[object, object]], technique: str) -> None:
    [line] = identify(msp(peaks, technique))
    assert line["reasons"]
    assert line["hits"] == [] or line["conclusion"] in {"alarm", "caution", "no_alarm", "inconclusive"}


@pytest.mark.parametrize(
    ("height", "said"), [("nan", "every m/z and intensity must be a finite number"), ("-1", "lowest is -1")]
)
def test_a_faulty_reading_says_why(
    tmp_path: Path, identifier: Identifier, capsys: pytest.CaptureFixture[str], height: str, said: str
) -> None:
    file = tmp_path / "bag.msp"
    file.write_text(msp([*GOOD, (310, height)]), "utf-8")
    identify_files([file], identifier, as_json=True)
    [line] = capsys.readouterr().out.splitlines()
    assert said in " ".join(json.loads(line)["notes"])
    identify_files([file], identifier, as_json=False)
    assert said.rsplit(maxsplit=1)[-1] in capsys.readouterr().out
