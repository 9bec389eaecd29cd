"""Programs of strangers read the same files: they agree with ours, or the disagreement is listed here and explained.

`docs/instruments/files.md` carries the same list. A file is not given to a peer where its fault would take all of
the memory (`NOT_RUN`).
"""

import contextlib
import io
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jcamp
import numpy as np
import pytest
from ms_file_reader.jcamp import JCAMPFileReader
from ms_file_reader.massbank import MassBankFileReader
from ms_file_reader.msp import MSPFileReader
from nmrglue.fileio import jcampdx
from pyteomics import mgf
from pyteomics.mzml import MzML
from spc_io import SPC

from models.errors import UnreadableFile
from models.formats.jcamp.blocks import read_blocks, read_curves
from models.formats.massbank import parse_massbank
from models.formats.mgf import parse_mgf
from models.formats.mzml import parse_mzml
from models.formats.spc import parse_spc
from models.msp import parse_msp

FOLDER = Path(__file__).parents[2] / "vectors" / "spectra"
PAGE = Path(__file__).parents[3] / "docs" / "instruments" / "files.md"

Curves = list[tuple[Any, Any]]
"""What a program read of a file: x (None where it gives none) and y of each spectrum."""


def ours_jcamp(path: Path) -> Curves:
    blocks = read_blocks(path.read_text("utf-8"), path.name)
    return [(curve.x, curve.y) for block in blocks for curve in read_curves(block)]


def ours_spc(path: Path) -> Curves:
    return [(each.x, each.y) for each in parse_spc(path.read_bytes(), path.name).spectra]


def ours_massbank(path: Path) -> Curves:
    return [(each.mz, each.intensity) for each in parse_massbank(path.read_text("utf-8"), path.name)]


def ours_msp(path: Path) -> Curves:
    return [(each.mz, each.intensity) for each in parse_msp(path.read_text("utf-8"), path.name)]


def ours_mgf(path: Path) -> Curves:
    return [(each.mz, each.intensity) for each in parse_mgf(path.read_text("utf-8"), path.name)]


def ours_mzml(path: Path) -> Curves:
    return [(each.mz, each.intensity) for each in parse_mzml(path.read_bytes(), path.name)]


def with_jcamp(path: Path) -> Curves:
    with path.open("r", encoding="utf-8") as file:
        read = jcamp.read(file)
    blocks = read.get("children") or [read]
    return [(block["x"], block["y"]) for block in blocks]


def with_nmrglue(path: Path) -> Curves:
    """Give its ordinates decoder each table: the rest of it is for NMR."""
    text = path.read_text("utf-8")
    factor = re.search(r"##YFACTOR= (\S+)", text)
    tables = re.findall(r"##(?:XYDATA|xy-data)= (\(X\+\+\(Y\.\.Y\)\)\n.*?)\n##END", text, re.DOTALL)
    if not tables or factor is None:
        raise ValueError(f"{path.name}: no table for this decoder")
    return [(None, jcampdx._parse_data(table)[0] * float(factor[1])) for table in tables]


def with_spc_io(path: Path) -> Curves:
    return [(each.xarray, each.yarray) for each in SPC.from_bytes_io(io.BytesIO(path.read_bytes()))]


def with_ms_file_reader(path: Path) -> Curves:
    text = path.read_text("utf-8")
    if path.suffix == ".mb":
        return [(spectrum[:, 0], spectrum[:, 1]) for spectrum in [MassBankFileReader().process_file(text).spectrum]]
    reader = MSPFileReader() if path.suffix == ".msp" else JCAMPFileReader(peak_delimiter=",")
    return [(each.spectrum[:, 0], each.spectrum[:, 1]) for each in reader.process_file(text).spectra]


class _Untyped(dict[str, Any]):
    """A vocabulary that knows no term's type, so that none has to be fetched."""

    def __missing__(self, _: str) -> SimpleNamespace:
        return SimpleNamespace(relationship=(), name="")


def with_pyteomics(path: Path) -> Curves:
    with MzML(str(path), use_index=False, cv=_Untyped()) as spectra:
        return [(each["m/z array"], each["intensity array"]) for each in spectra]


def with_pyteomics_mgf(path: Path) -> Curves:
    with mgf.MGF(str(path)) as spectra:
        return [(each["m/z array"], each["intensity array"]) for each in spectra]


PEERS: dict[str, tuple[str, Callable[[Path], Curves], Callable[[Path], Curves]]] = {
    "jcamp": ("*.jdx", with_jcamp, ours_jcamp),
    "nmrglue": ("*.jdx", with_nmrglue, ours_jcamp),
    "spc_io": ("*.spc", with_spc_io, ours_spc),
    "ms-file-reader": ("*.mb", with_ms_file_reader, ours_massbank),
    "ms-file-reader, MSP": ("*.msp", with_ms_file_reader, ours_msp),
    "ms-file-reader, JCAMP": ("*ss-xydata.jdx", with_ms_file_reader, ours_jcamp),
    "pyteomics": ("*.mzML", with_pyteomics, ours_mzml),
    "pyteomics, MGF": ("*.mgf", with_pyteomics_mgf, ours_mgf),
}

NOT_RUN = {("jcamp", "bad-points-enormous.jdx"), ("nmrglue", "bad-dup-enormous.jdx"), ("nmrglue", "bad-deep.jdx")}
READS_WHAT_WE_REFUSE = {
    "jcamp": [
        "bad-decimal-commas.jdx", "bad-deep.jdx", "bad-delta.jdx", "bad-dif-first.jdx", "bad-factors-of-peaks.jdx",
        "bad-form.jdx",
        "bad-infinite.jdx", "bad-no-end.jdx", "bad-no-version.jdx", "bad-number-of-5000-digits.jdx",
        "bad-odd-pairs.jdx", "bad-title-in-block.jdx", "bad-too-few.jdx", "bad-too-many.jdx", "bad-x-check.jdx",
        "bad-y-check.jdx",
    ],
    "nmrglue": [
        "bad-delta.jdx", "bad-first-x.jdx", "bad-infinite.jdx", "bad-no-version.jdx", "bad-number-of-5000-digits.jdx",
        "bad-points-enormous.jdx", "bad-points-negative.jdx", "bad-title-in-block.jdx", "bad-too-few.jdx",
        "bad-too-many.jdx", "bad-x-check.jdx", "bad-y-check.jdx",
    ],
    "spc_io": ["bad-first-x-infinite.spc", "bad-nan.spc"],
    "ms-file-reader": ["bad-first-line.mb", "bad-no-end.mb"],
    "pyteomics": [
        "bad-doctype.mzML", "bad-length-enormous.mzML", "bad-length.mzML", "bad-numpress.mzML", "bad-root.mzML",
        "bad-zlib-bomb.mzML",
    ],
    "pyteomics, MGF": [
        "bad-between.mgf", "bad-empty.mgf", "bad-infinite.mgf", "bad-key-after-peaks.mgf", "bad-mass-alone.mgf",
        "bad-masses-alone.mgf", "bad-no-begin.mgf", "bad-remark-inside.mgf", "bad-three-numbers.mgf",
    ],
}  # fmt: skip
REFUSES_WHAT_WE_READ = {
    "jcamp": ["dup-without-dif.jdx", "missing.jdx", "remarks.jdx", "sqzdup.jdx"],
    "nmrglue": ["mass-xydata.jdx", "missing.jdx", "ntuples.jdx", "peaks.jdx", "xypoints.jdx"],
    "spc_io": ["big-endian.spc", "old.spc"],
}
READS_OTHERWISE = {
    "jcamp": ["lower-case-labels.jdx", "ntuples.jdx"],
    "spc_io": ["int32-exponent-in-main-header.spc"],
    "ms-file-reader": ["two-records.mb"],
}
LISTS = {
    "reads what we refuse": READS_WHAT_WE_REFUSE,
    "refuses what we read": REFUSES_WHAT_WE_READ,
    "reads otherwise": READS_OTHERWISE,
}


def outcome(peer: str, path: Path) -> str:
    """Say how a peer's reading stands to ours."""
    _, theirs, ours = PEERS[peer]
    expected = _quietly(ours, path)
    found = _quietly(theirs, path)
    if expected is None:
        return "both refuse" if found is None else "reads what we refuse"
    if found is None:
        return "refuses what we read"
    return "agrees" if _same(found, expected) else "reads otherwise"


def _quietly(read: Callable[[Path], Curves], path: Path) -> Curves | None:
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            return read(path)
        except UnreadableFile:
            return None
        except Exception:  # noqa: BLE001 - a peer fails as it likes
            return None


def _same(found: Curves, expected: Curves) -> bool:
    return len(found) == len(expected) and all(
        _close(y, wanted_y) and (x is None or _close(x, wanted_x))
        for (x, y), (wanted_x, wanted_y) in zip(found, expected, strict=True)
    )


def _close(found: Any, expected: Any) -> bool:
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    return found.shape == expected.shape and np.allclose(found, expected, rtol=1e-6, equal_nan=True)


@pytest.mark.parametrize("peer", PEERS)
def test_a_peer_agrees_but_for_what_is_listed(peer: str) -> None:
    pattern = PEERS[peer][0]
    outcomes = {path.name: outcome(peer, path) for path in FOLDER.glob(pattern) if (peer, path.name) not in NOT_RUN}
    for how, listed in LISTS.items():
        assert {name for name, said in outcomes.items() if said == how} == set(listed.get(peer, [])), how
    assert "agrees" in outcomes.values()


def test_the_page_explains_every_disagreement() -> None:
    page = PAGE.read_text("utf-8")
    names = {name for listed in LISTS.values() for peer in listed.values() for name in peer}
    assert not [name for name in names | {name for _, name in NOT_RUN} if f"`{name}`" not in page]
