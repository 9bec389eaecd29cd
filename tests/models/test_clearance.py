"""What says whether something hides: its evidence, its file, and that more of it never lies in a damaged one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import DATA
from models.clearance import Clearance
from models.components import Parts
from models.conclusion import Weighing
from models.errors import UnusableBundle
from models.layers import framed
from models.mixture import Decomposition
from models.preprocessing import BINS
from models.traces import FALLING, RISING, Row, Trace, traces

NOTHING_FOUND = Parts((), (), (), Decomposition((), np.zeros(BINS)))
SURE = np.array([1.0, 0.0, 0.0])
PLAIN = Weighing(
    controlled=0.0,
    watched=0.0,
    unlisted=1.0,
    none=0.0,
    first_probability=1.0,
    isomers=(),
    substances=(),
    drug_family=0.0,
)


@pytest.fixture(scope="module")
def clearance() -> Clearance:
    return Clearance.load()


def risk(clearance: Clearance, weighing: Weighing, ranking: np.ndarray = SURE, *, catalogued: bool = True) -> float:
    return clearance.risk(traces(weighing, ranking, NOTHING_FOUND, catalogued))


def test_what_is_surely_recognised_and_wholly_explained_is_hardly_a_risk(clearance: Clearance) -> None:
    assert risk(clearance, PLAIN) < 0.1


@pytest.mark.parametrize(
    "doubt",
    [
        {"drug_family": 0.5},
        {"watched": 0.45},
        {"unexplained": 0.5, "clusters": 0.5, "strange": 1.0},
        {"hinted": 0.3, "unexplained": 0.2, "clusters": 0.2},
    ],
)
def test_a_doubt_is_a_greater_risk(clearance: Clearance, doubt: dict[str, float]) -> None:
    assert risk(clearance, replace(PLAIN, **doubt)) > 1.5 * risk(clearance, PLAIN)


ROWS = st.lists(st.floats(-1e6, 1e6), min_size=len(Trace), max_size=len(Trace)).map(np.array)


@given(ROWS)
def test_a_risk_is_a_probability(row: Row) -> None:
    assert 0 <= Clearance.load().risk(row) <= 1


@given(ROWS, st.sampled_from([*RISING, *FALLING]), st.floats(0, 1e6))
def test_no_more_of_what_speaks_for_something_hidden_is_a_smaller_risk(row: Row, of: Trace, more: float) -> None:
    clearance, worse = Clearance.load(), row.copy()
    worse[of] += more if of in RISING else -more
    assert clearance.risk(worse) >= clearance.risk(row) - 1e-6


def test_what_was_written_is_read(clearance: Clearance) -> None:
    again = Clearance.from_bytes(clearance.to_bytes())
    assert again.to_bytes() == clearance.to_bytes() == (DATA / "clearance.cbor").read_bytes()


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_is_refused(at: int, change: int) -> None:
    data = bytearray((DATA / "clearance.cbor").read_bytes())
    data[at % len(data)] ^= change
    with pytest.raises(UnusableBundle, match="the clearance"):
        Clearance.from_bytes(bytes(data))


@pytest.mark.parametrize("length", [0, 31, 32, 33, 500])
def test_a_short_file_is_refused(length: int) -> None:
    with pytest.raises(UnusableBundle, match="install the software again"):
        Clearance.from_bytes((DATA / "clearance.cbor").read_bytes()[:length])


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnusableBundle, match="No such file"):
        Clearance.load(tmp_path / "clearance.cbor")


def test_another_format_is_refused() -> None:
    with pytest.raises(UnusableBundle, match="mixture-judge"):
        Clearance.from_bytes(framed("garita.mixture-judge/3", {}))
    with pytest.raises(UnusableBundle, match="cannot be read"):
        Clearance.from_bytes(framed("garita.clearance/1", {"mean": [[1], b"\0\0\0\0"]}))
