"""SPC, mzML, MassBank and columns: there and back, and any bytes."""

import base64
import struct
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UnreadableFile
from models.formats.columns import parse_columns
from models.formats.content import COLUMNS, FORMATS, MASSBANK, MZML, SPC, Format, format_of
from models.formats.found import NOT_TOLD
from models.formats.massbank import format_massbank, parse_massbank
from models.formats.mzml import parse_mzml
from models.formats.spc import parse_spc

FOLDER = Path(__file__).parents[2] / "vectors" / "spectra"
floats32 = st.floats(width=32, allow_nan=False, allow_infinity=False)


@given(st.lists(floats32, min_size=1, max_size=40), st.sampled_from("<>"))
def test_spc_floats_there_and_back(values: list[float], order: str) -> None:
    version = 0x4B if order == "<" else 0x4C
    head = struct.pack(order + "BBBbiddiBBBB", 0, version, 4, -128, len(values), 4000.0, 400.0, 1, 1, 2, 0, 0)
    sub = struct.pack(order + "BbHfffiif4x", 0, -128, 0, 0, 0, 0, 0, 0, 0)
    data = head.ljust(512, b"\0") + sub + struct.pack(f"{order}{len(values)}f", *values)
    [spectrum] = parse_spc(data).spectra
    assert spectrum.y.tolist() == values
    assert spectrum.x.tolist() == np.linspace(4000, 400, len(values)).tolist()


def test_an_spc_of_masses_is_taken_for_electron_ionisation_and_says_so() -> None:
    """Byte 28 of the header is the unit of x, 9 of it m/z."""
    data = bytearray((FOLDER / "float.spc").read_bytes())
    data[28] = 9
    [sample] = SPC.read(bytes(data), "a.spc").samples
    assert sample.notes == (NOT_TOLD,)


def test_an_spc_of_ultraviolet_light_is_left_out() -> None:
    """Byte 2 of the header is the kind of experiment, 7 of it UV-VIS; 28 the unit of x, 3 of it nm."""
    data = bytearray((FOLDER / "float.spc").read_bytes())
    data[2], data[28], data[29] = 7, 3, 2
    found = SPC.read(bytes(data), "a.spc")
    assert found.traces == ()
    assert "method ultraviolet or visible, axis 'nm'" in found.problems[0]


def test_a_signalling_nan_is_refused_like_any_other() -> None:
    """Making it wider is an operation that warns."""
    data = bytearray((FOLDER / "float.spc").read_bytes())
    data[544:548] = b"\x00\x00\xa0\x7f"
    with pytest.raises(UnreadableFile, match=r"byte 544: .*NaN"):
        parse_spc(bytes(data))


@given(st.integers(0, 511), st.binary(min_size=1, max_size=40), st.sampled_from(sorted(FOLDER.glob("*.spc"))))
def test_a_changed_spc_reads_or_is_refused(at: int, patch: bytes, path: Path) -> None:
    data = path.read_bytes()
    with suppress(UnreadableFile):
        parse_spc(data[:at] + patch + data[at + len(patch) :])


@given(st.lists(st.tuples(st.floats(1, 1e6), st.floats(0, 1e9)), max_size=30), st.booleans(), st.booleans())
def test_mzml_there_and_back(peaks: list[tuple[float, float]], packed: bool, wide: bool) -> None:
    kind, dtype = ("MS:1000523", "<f8") if wide else ("MS:1000521", "<f4")
    arrays = ""
    for column, accession in enumerate(("MS:1000514", "MS:1000515")):
        data = np.array([peak[column] for peak in peaks], dtype=dtype).tobytes()
        text = base64.b64encode(zlib.compress(data) if packed else data).decode()
        params = [kind, accession, "MS:1000574" if packed else "MS:1000576"]
        told = "".join(f'<cvParam accession="{each}" name="" value=""/>' for each in params)
        arrays += f"<binaryDataArray>{told}<binary>{text}</binary></binaryDataArray>"
    file = f'<mzML><run><spectrum id="s" defaultArrayLength="{len(peaks)}">{arrays}</spectrum></run></mzML>'
    [spectrum] = parse_mzml(file.encode())
    wanted = np.array(peaks, dtype=dtype).astype(float).reshape(-1, 2)
    assert np.array_equal(np.stack([spectrum.mz, spectrum.intensity], axis=1), wanted)


def test_mzml_parameters_of_a_group_count() -> None:
    text = (FOLDER / "plain-64.mzML").read_text("utf-8")
    width = '<cvParam cvRef="MS" accession="MS:1000523" name="64-bit float" value=""/>'
    group = f'<referenceableParamGroup id="g">{width}</referenceableParamGroup><run'
    moved = text.replace(width, '<referenceableParamGroupRef ref="g"/>').replace("<run", group)
    [one], [other] = parse_mzml(text.encode()), parse_mzml(moved.encode())
    assert one.mz.tolist() == other.mz.tolist()
    assert (other.level, other.precursor_mz, other.energy) == (2, 304.1543, 20.0)


def test_massbank_there_and_back() -> None:
    records = list(parse_massbank((FOLDER / "two-records.mb").read_text("utf-8")))
    again = list(parse_massbank(format_massbank(records)))
    assert [(each.fields, each.mz, each.intensity) for each in again] == [
        (each.fields, each.mz, each.intensity) for each in records
    ]
    assert records[0].fields["name"] == ("Cocaine", "Benzoylmethylecgonine")
    assert records[0].spectrum.precursor_mz == pytest.approx(304.1543)


@given(
    st.lists(st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9)), min_size=1, max_size=30),
    st.sampled_from([",", ";", "\t"]),
)
def test_columns_there_and_back(rows: list[tuple[float, float]], part: str) -> None:
    text = f'"Raman shift (cm-1)"{part}Counts\r\n' + "".join(f"{x!r}{part}{y!r}\r\n" for x, y in rows)
    columns = parse_columns(text)
    assert list(zip(columns.x.tolist(), columns.y.tolist(), strict=True)) == rows


@pytest.mark.parametrize("form", [SPC, MASSBANK, MZML, COLUMNS], ids=lambda form: form.name)
@given(data=st.binary(max_size=400))
def test_any_bytes_read_or_are_refused(form: Format, data: bytes) -> None:
    with suppress(UnreadableFile):
        form.read(data, "a")


@given(st.data())
def test_any_changed_vector_reads_or_is_refused(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(path for path in FOLDER.iterdir() if path.suffix != ".json")))
    content = path.read_bytes()
    at = data.draw(st.integers(0, len(content)))
    patch = data.draw(st.binary(max_size=20))
    with suppress(UnreadableFile):
        format_of(path.name, content).read(content[:at] + patch + content[at + data.draw(st.integers(0, 20)) :], "a")


def test_a_text_file_is_known_by_how_it_begins() -> None:
    names = {
        name: format_of("a.txt", (FOLDER / name).read_bytes()).name for name in ("fix.jdx", "cocaine.mb", "mass.csv")
    }
    assert list(names.values()) == ["JCAMP-DX", "MassBank", "columns"]
    assert len({ending for form in FORMATS for ending in form.endings}) == sum(len(form.endings) for form in FORMATS)
