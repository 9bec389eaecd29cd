"""Every file of tests/vectors/spectra reads, or is refused in words that name the file."""

import json
from pathlib import Path

import pytest

from models.errors import UnreadableFile
from models.formats.content import format_of
from models.formats.found import Found

FOLDER = Path(__file__).parents[2] / "vectors" / "spectra"
OUTCOMES: dict[str, str] = json.loads((FOLDER / "index.json").read_text("utf-8"))


def read(name: str) -> Found:
    data = (FOLDER / name).read_bytes()
    return format_of(name, data).read(data, name)


@pytest.mark.parametrize("name", [name for name, outcome in OUTCOMES.items() if outcome == "reads"])
def test_reads(name: str) -> None:
    found = read(name)
    assert found.samples or found.traces
    assert not found.problems
    assert not [sample.problem for sample in found.samples if sample.problem]


@pytest.mark.parametrize("name", [name for name, outcome in OUTCOMES.items() if outcome == "refused"])
def test_refused(name: str) -> None:
    with pytest.raises(UnreadableFile, match=r"expected .*, found ") as refused:
        read(name)
    assert str(refused.value).startswith(name)


@pytest.mark.parametrize("name", [name for name, outcome in OUTCOMES.items() if outcome == "fault"])
def test_a_fault_that_no_reading_is_made_of(name: str) -> None:
    assert [(bool(sample.problem), sample.spectra) for sample in read(name).samples] == [(True, ())]


def test_the_index_is_whole() -> None:
    assert sorted(OUTCOMES) == sorted(path.name for path in FOLDER.iterdir() if path.name != "index.json")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("raman.csv", ("raman", "cm-1", "counts")),
        ("decimal-comma.csv", ("near-infrared", "nm", "reflectance")),
        ("float.spc", ("raman", "cm-1", "counts")),
        ("old.spc", ("infrared", "cm-1", "absorbance")),
        ("difdup.jdx", ("infrared", "cm-1", "absorbance")),
    ],
)
def test_what_a_spectrum_is(name: str, expected: tuple[str, str, str]) -> None:
    [trace] = read(name).traces
    assert (trace.spectrum.method, trace.spectrum.unit, trace.spectrum.quantity) == expected
