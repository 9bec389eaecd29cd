"""To tell a record in words is no check: whatever an honest station sealed is told, and counts as no fault."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.contract import canonical
from sync.journal import Sealer
from tests.sync.verify.conftest import Fields

RECORDS = Path(__file__).parents[2] / "vectors" / "record"
GOOD = [case["file"] for case in json.loads((RECORDS / "index.json").read_text()) if case["expect"] != "Malformed"]
Bundle = Callable[..., bytes]
Check = Callable[..., tuple[int, str]]
FIELDS = ["schema", "station", "operator", "recorded", "software", "exhibit", "photo"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.sampled_from(["wall", "trust"]), inner),
    max_leaves=12,
)


@pytest.fixture(scope="session")
def words(check: object) -> Any:
    """Give the module that `check` loaded."""
    assert check
    return sys.modules["words"]


def of_station(station: str, record: Fields) -> Callable[..., bytes]:
    return lambda _: canonical.encode(record | {"station": station})


def vector(name: str) -> Fields:
    return canonical.decode((RECORDS / name).read_bytes(), name)


@pytest.mark.parametrize("name", GOOD)
def test_every_good_record_is_told_without_a_fault(name: str, disclosed: Bundle, check: Check, sealer: Sealer) -> None:
    data = disclosed(of_station(sealer.station, vector(name)))
    for language in ("es", "en"):
        faults, text = check(data, language)
        assert (faults, "[form]" in text) == (0, False), text


def test_a_weight_of_a_scale_stands_in_the_chain_of_custody(disclosed: Bundle, check: Check, sealer: Sealer) -> None:
    _, text = check(disclosed(of_station(sealer.station, vector("weight-3.record"))))
    [line] = text.partition("Chain of custody\n")[2].splitlines()[:1]
    assert "tare (unit ct, weight 200.000), unit ct" in line, line


@pytest.mark.parametrize(("language", "said"), [("es", "fuente escrito a mano"), ("en", "source typed by hand")])
@pytest.mark.parametrize(
    "names",
    [
        ("seal-2-typed", "seal-2", "seal"),
        ("transfer-4-typed", "transfer-4", "transfer-3"),
        ("seal-check-2-typed", "seal-check-2", "seal-check"),
    ],
)
def test_a_seal_whose_number_was_typed_says_so_in_the_chain_of_custody(
    names: tuple[str, str, str], language: str, said: str, disclosed: Bundle, check: Check, sealer: Sealer
) -> None:
    typed, scanned, old = (
        check(disclosed(of_station(sealer.station, vector(f"{name}.record"))), language)[1] for name in names
    )
    assert (said in typed, said in scanned, said in old) == (True, False, False)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"FGR-0000101", f'"FGR-0000101", 11 bytes, SHA-256 {sha256(b"FGR-0000101").hexdigest()}'),
        (b"S S     1.0270 kg\r\n", '"S S     1.0270 kg\\r\\n", 19 bytes'),
        ("sello ñ".encode(), '"sello ñ", 8 bytes'),
        (b'x", 99 bytes', '"x\\", 99 bytes", 12 bytes'),
        (b"FGR-00001", '"FGR-00001", 9 bytes'),
        (b"01095060001343521" + b"\x1d10AB", '"01095060001343521\\u001d10AB", 22 bytes'),
        (b"12345678901234567890123456789012", '"12345678901234567890123456789012", 31323334'),
        (bytes(range(8)), f"{8} bytes, SHA-256"),
        ("a\u202eb".encode(), f"{5} bytes, SHA-256"),
        (b"x" * 513, "513 bytes, SHA-256"),
        (b"", "0 bytes, SHA-256"),
    ],
)
def test_short_bytes_that_are_text_can_be_read(
    raw: bytes, said: str, disclosed: Bundle, check: Check, sealer: Sealer
) -> None:
    record = vector("observation-code.record")
    code = record["code"] | {"data": raw}
    _, text = check(disclosed(of_station(sealer.station, record | {"code": code})), "es")
    [line] = [line for line in text.splitlines() if line.strip().startswith("datos:")]
    assert line.strip().startswith(f"datos: {said}"), line


APPROVED = {
    "entry 22 no longer counts: Se leyó mal": "la entrada 22 ya no cuenta: Se leyó mal",
    "entries 1 to 12 leave for Juzgado 3: 45/2026": "las entradas 1 a 12 salen para Juzgado 3: 45/2026",
    "Ana Ruiz may work here as officer": "Ana Ruiz puede trabajar aquí como oficial",
    "Ana Ruiz is supervisor from now on": "Ana Ruiz es desde ahora supervisión",
}


@pytest.mark.parametrize(("subject", "said"), APPROVED.items())
def test_what_two_persons_approved_is_told_in_spanish(
    subject: str, said: str, disclosed: Bundle, check: Check, sealer: Sealer
) -> None:
    record = vector("operator.record") | {"schema": "garita.approval/1", "subject": subject}
    told = [check(disclosed(of_station(sealer.station, record)), language)[1] for language in ("es", "en")]
    assert f"asunto: {said}\n" in told[0]
    assert f"subject: {subject}\n" in told[1]


def test_what_somebody_wrote_is_told_as_written_though_it_reads_as_an_approved_act(
    disclosed: Bundle, check: Check, sealer: Sealer
) -> None:
    said = "entry 22 no longer counts: Se leyó mal"
    record = vector("operator.record") | {"schema": "garita.papers/1", "reason": said, "remarks": {"caption": [said]}}
    told = check(disclosed(of_station(sealer.station, record)), "es")[1]
    assert told.count(said) == 2
    assert "ya no cuenta" not in told


@given(record=st.dictionaries(st.text() | st.sampled_from(FIELDS), ANYTHING))
def test_a_record_of_any_form_is_told(record: Fields, words: Any) -> None:
    for language in ("es", "en"):
        lines = [*words.describe(record, language), *words.custody("MX-TIJ-01/1", record, language)]
        lines += [
            words.correction("MX-TIJ-01/1", record | {"concerns": {"seq": 1}}, each, "touched", language)
            for each in ("voided", "undone", "amended")
        ]
        assert all(each.isprintable() for each in lines)


def test_a_record_of_a_form_that_is_none_counts_as_no_fault(disclosed: Bundle, check: Check, sealer: Sealer) -> None:
    odd: Fields = {"schema": 7, "recorded": {"wall": "2026-13-01T00:00:00Z"}, "exhibit": [{"sealed": True}, 7]}
    faults, text = check(disclosed(of_station(sealer.station, odd | {"photo": {"sealed": [], "digest": {}}})))
    assert (faults, "Record 7 of station MX-TIJ-01" in text) == (0, True), text


def test_a_screen_that_lacks_a_letter_is_no_fault(
    disclosed: Bundle, sealer: Sealer, program: Path, tmp_path: Path
) -> None:
    path = tmp_path / "bundle"
    path.write_bytes(disclosed(of_station(sealer.station, vector("station.record") | {"detail": "检查站 Ω"})))
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, program, path],
        env=os.environ | {"PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        text=True,
        encoding="cp1252",
        check=False,
    )
    assert (done.returncode, r"\u68c0" in done.stdout) == (0, True), done.stdout
