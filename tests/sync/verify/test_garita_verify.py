"""The expert's program as an expert runs it: a folder copied elsewhere, and good and tampered bundles."""

import re
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.chain import Head, empty
from sync.contract import canonical
from sync.contract.ids import Seq, StationId
from sync.cose import EDDSA, protected
from sync.court import CourtBundle, Evidence, make_bundle
from sync.envelope import Envelope, to_be_signed
from sync.errors import Malformed
from sync.journal import Sealer
from sync.note import LogVerifier
from tests.sync.verify.conftest import EXPORT, FOLDER, Fields, changed


@pytest.fixture(scope="session")
def reader(check: object) -> Any:
    """Give the module that `check` loaded."""
    assert check
    return sys.modules["strict_cbor"]


def flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def entry(at: int, **fields: Any) -> Callable[[Fields], None]:
    return lambda bundle: bundle["entries"][at].update(fields)


def resealed(sealer: Sealer, envelope: Envelope, body: bytes) -> bytes:
    """Let the station itself sign another body under the same header."""
    head = protected(EDDSA, sealer.key.public.kid)
    payload = canonical.encode([envelope.header_bytes, list(envelope.wraps), body])
    return b"\xd2" + canonical.encode([head, {}, payload, sealer.key.sign(to_be_signed(head, payload))])


def test_a_good_bundle_is_good_and_says_so(made: Any, check: Any) -> None:
    faults, text = check(made.data)
    assert faults == 0
    assert text.endswith("NO FAULTS, BUT THE KEYS WERE NOT COMPARED (--pin): 4 entries, 3 disclosed.")
    assert "Record garita.operator/1 of station MX-TIJ-01" in text
    assert "made on 22 Nov 2026 12:00:00 UTC (clock synchronised) by of-22, with garita 0.1.0" in text
    assert "content sealed, not disclosed" in text
    assert "in the national log, place 3 of 4" in text
    assert "Signed head: entry 4" in text
    assert "Attachment named in a record: 20 bytes, image/jpeg" in text


def test_it_speaks_spanish(made: Any, check: Any) -> None:
    faults, text = check(made.data, "es")
    assert faults == 0
    assert "Acta garita.station/1 de la estación MX-TIJ-01" in text
    assert text.endswith("SIN FALLOS, PERO LAS CLAVES NO SE COMPARARON (--pin): 4 entradas, 3 reveladas.")


def test_a_record_cannot_forge_a_line(made: Any, check: Any) -> None:
    faults, text = check(changed(made.data, entry(2, key=made.keys[2])))
    assert faults == 0
    assert "detail: r-1\\nall good" in text


def test_it_runs_without_garita_as_a_program_of_its_own(made: Any, program: Path, tmp_path: Path) -> None:
    (tmp_path / "bundle").write_bytes(made.data)
    code = (
        "import runpy, sys; sys.argv = ['x', sys.argv[1]]\n"
        "try: runpy.run_path(sys.path[0] + '/garita_verify.py', run_name='__main__')\n"
        "except SystemExit as end: print('status', end.code)\n"
        "print('foreign', {'sync', 'cbor2', 'pydantic', 'edge'} & set(sys.modules))"
    )
    done = subprocess.run(  # noqa: S603 - this Python, that program
        [sys.executable, "-c", f"import sys; sys.path[0] = {str(program.parent)!r}\n{code}", str(tmp_path / "bundle")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "status 0" in done.stdout
    assert "foreign set()" in done.stdout


@pytest.mark.parametrize(("tamper", "status"), [(False, 0), (True, 1)], ids=["good", "tampered"])
def test_both_ways_to_start_it(tamper: bool, status: int, made: Any, program: Path, tmp_path: Path) -> None:
    path = tmp_path / "bundle"
    path.write_bytes(flip(made.data, 900) if tamper else made.data)
    command = Path(sys.executable).with_name("garita-verify")
    ways = [[sys.executable, str(program)]] + ([[str(command)]] if command.exists() else [])
    for way in ways:
        done = subprocess.run([*way, str(path)], capture_output=True, check=False)  # noqa: S603 - our own program
        assert done.returncode == status, done.stderr


def test_a_file_that_cannot_be_read_is_one_line(program: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        done = subprocess.run([sys.executable, program, path], capture_output=True, text=True, check=False)  # noqa: S603 - our own program
        [line] = done.stderr.splitlines()
        assert (done.returncode, line.startswith("garita-verify: "), str(path) in line) == (1, True, True)


@pytest.mark.parametrize(
    "change",
    [
        lambda bundle: bundle["entries"].reverse(),
        lambda bundle: bundle["entries"].append(bundle["entries"][-1]),
        lambda bundle: bundle["export"].update(persons=["a", "a"]),
        lambda bundle: bundle.update(entries=[]),
    ],
    ids=["another order", "an entry twice", "a person twice", "no entry"],
)
def test_the_vault_does_not_read_them_either(change: Callable[[Fields], None], made: Any) -> None:
    assert CourtBundle.from_bytes(made.data).to_bytes() == made.data
    with pytest.raises(Malformed):
        CourtBundle.from_bytes(changed(made.data, change))


def test_the_folder_has_at_most_720_lines_and_imports_nothing_else() -> None:
    files = list(FOLDER.glob("*.py"))
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files) <= 720
    imported = {
        line.split()[1].split(".")[0]
        for path in FOLDER.glob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match(r"(import|from) ", line)
    }
    assert imported - set(sys.stdlib_module_names) == {
        "cryptography",
        "checks",
        "corrections",
        "words",
        "strict_cbor",
        "policy",
    }


class TestFaults:
    """Each fault is named by its code."""

    @pytest.fixture
    def finds(self, made: Any, check: Any) -> Callable[..., None]:
        def run(code: str, change: Callable[[Fields], None], words: str = "") -> None:
            faults, text = check(changed(made.data, change))
            assert faults
            assert f"FAULT [{code}]" in text
            assert words in text
            assert "do not rely on this file" in text
            assert "ALL GOOD" not in text

        return run

    def test_a_bundle_that_is_none(self, made: Any, check: Any) -> None:
        for data in (b"", b"text", made.data[:-1], made.data + b"\0", cbor2.dumps(cbor2.loads(made.data))[:-2]):
            assert "FAULT [bundle]" in check(data)[1]

    def test_another_format(self, finds: Any) -> None:
        finds("bundle", lambda bundle: bundle.update(format="garita.court/2"))

    def test_an_unknown_part(self, finds: Any) -> None:
        finds("bundle", lambda bundle: bundle.update(note="trust me"))

    @pytest.mark.parametrize("value", [7, None, "x", [], {"a": 1}], ids=["number", "null", "text", "array", "map"])
    def test_parts_of_another_kind(self, value: object, made: Any, check: Any) -> None:
        for part in ("envelope", "receipt", "key"):
            faults, text = check(changed(made.data, entry(0, **{part: value})))
            assert faults or (value is None and part != "envelope"), text
        for part in ("heads", "attachments", "stations", "export", "log", "entries"):
            faults, text = check(changed(made.data, lambda bundle, part=part: bundle.update({part: value})))
            assert faults or value == [], text

    def test_a_changed_envelope(self, finds: Any, made: Any) -> None:
        data = made.envelopes[1].data
        finds("signature", entry(1, envelope=flip(data, len(data) - 1)))
        finds("envelope-form", entry(1, envelope=flip(data, 0)))

    def test_a_station_that_is_not_there(self, finds: Any) -> None:
        finds("signature", lambda bundle: bundle.update(stations=[]), "no key of the station")

    def test_another_stations_key(self, finds: Any, other_sealer: Sealer) -> None:
        raw = other_sealer.key.public.raw
        finds("signature", lambda bundle: bundle["stations"][0].update(public_key=raw))

    def test_an_entry_that_was_put_in(self, finds: Any, sealer: Sealer) -> None:
        forged = sealer.seal_after(Head(Seq(1), bytes(32)), b"forged").data
        finds("chain", entry(1, envelope=forged, receipt=None, key=None), "entry 2 does not continue entry 1")

    def test_entries_in_another_order(self, finds: Any) -> None:
        finds("chain", lambda bundle: bundle["entries"].reverse(), "stands behind")

    def test_an_entry_twice(self, finds: Any) -> None:
        finds("chain", lambda bundle: bundle["entries"].insert(1, bundle["entries"][1]), "stands behind")

    def test_a_missing_entry_is_told(self, made: Any, check: Any) -> None:
        faults, text = check(changed(made.data, lambda bundle: bundle["entries"].pop(2)))
        assert faults == 0
        assert "the one before it is not in this file" in text
        assert text.endswith(
            "Not in this file: 0 receipts, 1 entries before others, 0 last ones,"
            " 0 attachments, 0 named entries, 0 signed heads."
        )

    def test_no_receipt_is_told(self, made: Any, check: Any) -> None:
        faults, text = check(changed(made.data, entry(0, receipt=None)))
        assert faults == 0
        assert "without a receipt of the national log" in text
        assert text.endswith(
            "Not in this file: 1 receipts, 0 entries before others, 0 last ones,"
            " 0 attachments, 0 named entries, 0 signed heads."
        )

    def test_another_entrys_receipt(self, finds: Any, made: Any) -> None:
        proof = canonical.decode(made.data, "bundle")["entries"][1]["receipt"]
        finds("receipt-inclusion", entry(0, receipt=proof))

    def test_a_receipt_of_another_place(self, finds: Any, made: Any) -> None:
        proof = canonical.decode(made.data, "bundle")["entries"][1]["receipt"]
        finds("receipt-inclusion", entry(1, receipt=proof.replace("index 1", "index 2")))
        finds("receipt-inclusion", entry(1, receipt=proof.replace("index 1", "index 4")))
        finds("receipt-form", entry(1, receipt=proof.replace("index 1", "index 01")))

    def test_a_receipt_of_another_log(self, finds: Any, other_log_key: Any) -> None:
        finds("receipt-checkpoint", lambda bundle: bundle.update(log=other_log_key.verifier.vkey))

    def test_a_checkpoint_that_was_changed(self, finds: Any, made: Any) -> None:
        proof = canonical.decode(made.data, "bundle")["entries"][1]["receipt"]
        finds("receipt-checkpoint", entry(1, receipt=proof.replace("\n4\n", "\n5\n")))

    def test_another_key(self, finds: Any, made: Any) -> None:
        finds("commitment", entry(0, key=made.keys[1]))

    def test_a_body_that_the_station_changed_after_sealing(self, finds: Any, made: Any, sealer: Sealer) -> None:
        changed_body = resealed(sealer, made.envelopes[3], flip(made.envelopes[3].body, 0))
        finds("content", entry(3, envelope=changed_body, receipt=None))

    def test_another_entry_for_the_same_number(self, finds: Any, made: Any, sealer: Sealer) -> None:
        """Both follow entry 3: a fork, at its place or behind the entries of another station."""
        other = sealer.seal_after(Head(Seq(3), made.envelopes[2].digest), b"the other story").data
        again = {"envelope": other, "receipt": None, "key": None}
        finds("chain", lambda bundle: bundle["entries"].append(again), "entry 4 stands behind entry 4")

    def test_a_station_that_comes_back_behind_another(
        self, finds: Any, made: Any, sealer: Sealer, other_sealer: Sealer
    ) -> None:
        card = other_sealer.key.card(other_sealer.station)
        first = other_sealer.seal_after(empty(card.station, other_sealer.key.public), b"x").data
        fork = sealer.seal_after(Head(Seq(3), made.envelopes[2].digest), b"the other story").data

        def change(bundle: Fields) -> None:
            bundle["stations"].insert(0, card.model_dump())
            bundle["entries"] += [{"envelope": each, "receipt": None, "key": None} for each in (first, fork)]

        finds("chain", change, "entry 1 stands behind entry 4")

    @pytest.mark.parametrize("persons", [["a"], ["a", "a"], ["a"] + ["b"] * 8, list("abcdefghi"), "ab"])
    def test_persons_who_are_not_two_to_eight(self, finds: Any, persons: object) -> None:
        finds("bundle", lambda bundle: bundle["export"].update(persons=persons), "different persons")

    def test_a_bundle_without_entries(self, finds: Any) -> None:
        finds("bundle", lambda bundle: bundle.update(entries=[]), "no entry")

    def test_a_head_of_another_entry(self, finds: Any, sealer: Sealer) -> None:
        body = {
            "format": "garita.head/1",
            "station": "MX-TIJ-01",
            "seq": 4,
            "digest": bytes(32),
            "time": "2026-11-22T12:00:00.000000Z",
            "counter": None,
        }
        forged = sealer.key.sign_statement(canonical.encode(body)).to_bytes()
        finds("head", lambda bundle: bundle.update(heads=[forged]), "another entry stands at its place")

    @pytest.mark.parametrize(
        ("form", "anchor", "code"),
        [("garita.head/1", {"anchor": "file"}, "head"), ("garita.head/2", {}, "head"), ("garita.head/3", {}, "form")],
    )
    def test_a_head_of_another_form(
        self, form: str, anchor: Fields, code: str, finds: Any, made: Any, sealer: Sealer
    ) -> None:
        body = {
            "format": form,
            "station": "MX-TIJ-01",
            "seq": 4,
            "digest": made.envelopes[3].digest,
            "time": "2026-11-22T12:00:00.000000Z",
            "counter": 7,
        }
        wrong = sealer.key.sign_statement(canonical.encode(body | anchor)).to_bytes()
        finds(code, lambda bundle: bundle.update(heads=[wrong]))

    def test_a_head_that_was_changed(self, finds: Any, made: Any) -> None:
        head = canonical.decode(made.data, "bundle")["heads"][0]
        for at in (len(head) - 1, 300):
            finds("signature", lambda bundle, at=at: bundle.update(heads=[flip(head, at)]))
        finds("head", lambda bundle: bundle.update(heads=[flip(head, 0)]))

    def test_an_attachment_that_no_record_names(self, finds: Any) -> None:
        stray = {"media_type": "image/jpeg", "data": b"another photo"}
        finds("attachment", lambda bundle: bundle["attachments"].append(stray), sha256(b"another photo").hexdigest())

    def test_a_sealed_attachment_of_no_record(self, finds: Any) -> None:
        def change(bundle: Fields) -> None:
            bundle["entries"] = [each for each in bundle["entries"] if each["key"]]
            bundle["attachments"].append({"media_type": "application/vnd.garita.sealed", "data": b"swapped"})

        finds("attachment", change, sha256(b"swapped").hexdigest())

    def test_without_the_signed_end_of_a_journal(self, made: Any, check: Any) -> None:
        _, text = check(changed(made.data, lambda bundle: bundle.update(heads=[])))
        assert text.endswith("0 attachments, 0 named entries, 1 signed heads.")

    def test_a_key_that_is_not_the_one_pinned(self, made: Any, check: Any, sealer: Sealer) -> None:
        station = sealer.key.card(sealer.station).fingerprint
        faults, text = check(made.data, "en", made.vkey, station)
        assert faults == 0
        assert text.endswith("ALL GOOD: 4 entries, 3 disclosed.")
        for pins in ((made.vkey,), (station,), ("another",)):
            assert "DIFFERS [pinned-key]" in check(made.data, "en", *pins)[1]

    def test_a_fingerprint_is_the_same_however_it_is_written(self, made: Any, check: Any, sealer: Sealer) -> None:
        station = sealer.key.card(sealer.station).fingerprint
        groups = " ".join(station[at : at + 4] for at in range(0, 64, 4))
        for pin in (station.upper(), f" {station}\n", groups, groups.upper().replace(" ", ":")):
            faults, text = check(made.data, "en", f" {made.vkey} ", pin)
            assert (faults, "ALL GOOD" in text) == (0, True)
        assert "DIFFERS [pinned-key]" in check(made.data, "en", made.vkey.upper(), station)[1]
        assert "DIFFERS [pinned-key]" in check(made.data, "en", made.vkey, groups[:-1])[1]

    def test_a_file_that_was_cut_says_so(self, made: Any, check: Any) -> None:
        for size in (0, len(made.data) // 2, len(made.data) - 1):
            faults, text = check(made.data[:size], "en")
            assert faults == 1
            assert "cut or no bundle, fetch it anew" in text or "do not begin as a court bundle" in text

    def test_a_pinned_key_speaks_as_its_own_station_alone(self, made: Any, check: Any, sealer: Sealer) -> None:
        """Who has the key of one station signs a whole journal, and a card, of another."""
        own, name = sealer.key.card(sealer.station), StationId("MX-TIJ-09")
        entry = replace(sealer, station=name).seal_after(empty(name, sealer.key.public), b"forged")
        data = make_bundle(EXPORT, [LogVerifier.from_vkey(made.vkey)], [sealer.key.card(name)], [Evidence(entry)])
        assert check(data)[0] == 0
        faults, text = check(data, "en", made.vkey, own.fingerprint)
        assert (faults, "DIFFERS [pinned-key]" in text, "ALL GOOD" in text) == (1, True, False)

    def test_the_key_of_one_station_as_another_too(self, finds: Any) -> None:
        def change(bundle: Fields) -> None:
            bundle["stations"].append(bundle["stations"][0] | {"station": "MX-TIJ-09"})

        finds("bundle", change, "the key of one as that of another")

    def test_a_station_twice(self, finds: Any, other_sealer: Sealer) -> None:
        card = other_sealer.key.card(StationId("MX-TIJ-01")).model_dump()
        finds("bundle", lambda bundle: bundle["stations"].append(card), "a station stands there twice")

    @pytest.mark.parametrize(("at", "told"), [(0, "DOES NOT PROVE 1 OF THOSE"), (2, "ALL GOOD: 4 entries")])
    def test_what_the_log_does_not_prove_is_not_all_good(
        self, at: int, told: str, made: Any, check: Any, sealer: Sealer
    ) -> None:
        pins = (made.vkey, sealer.key.card(sealer.station).fingerprint)
        faults, text = check(changed(made.data, entry(at, receipt=None)), "en", *pins)
        assert (faults, told in text) == (0, True)


def test_a_flipped_byte_anywhere_but_in_what_is_only_told_is_found(made: Any, check: Any) -> None:
    """Who exports, when and why, and an attachment's media type are told; everything else is covered by something."""
    note = canonical.encode(canonical.decode(made.data, "bundle")["export"])
    told = [(made.data.index(note), len(note)), (made.data.index(b"image/jpeg"), 10)]
    for at in range(0, len(made.data), 37):
        if not any(begin <= at < begin + length for begin, length in told):
            assert check(flip(made.data, at))[0], at


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes_are_no_bundle(data: bytes, check: Any) -> None:
    assert check(data)[0]


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, 40_000), put=st.binary(max_size=6), cut=st.integers(0, 6))
def test_any_splice_is_told_and_never_crashes(at: int, put: bytes, cut: int, made: Any, check: Any) -> None:
    at %= len(made.data)
    check(made.data[:at] + put + made.data[at + cut :])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200)
@given(value=VALUES)
def test_the_small_reader_spells_as_garita_does(value: object, reader: Any) -> None:
    data = canonical.encode(value)
    assert reader.encode(reader.decode(data)) == data


@settings(max_examples=200)
@given(value=VALUES, most=st.integers(0, 40))
def test_both_readers_stop_at_the_same_number_of_values(value: object, most: int, reader: Any) -> None:
    data = canonical.encode(value)
    try:
        canonical.decode(data, "any", most=most)
    except Malformed:
        with pytest.raises(reader.NotStrict):
            reader.decode(data, most)
    else:
        reader.decode(data, most)


def test_both_readers_refuse_the_vector_of_too_many_values(reader: Any) -> None:
    data = (Path(__file__).parents[2] / "vectors" / "record" / "too-many-values.record").read_bytes()
    assert canonical.MAX_VALUES == reader.MAX_VALUES
    with pytest.raises(Malformed, match="more than 1048576 values"):
        canonical.decode(data, "record")
    with pytest.raises(reader.NotStrict, match="more values than are read"):
        reader.decode(data)


@pytest.mark.parametrize("start", [b"", b"\xa7\x63log"], ids=["an array", "a bundle whose log is one"])
def test_a_file_of_many_values_stops_no_machine(start: bytes, program: Path, tmp_path: Path) -> None:
    """50 MB of values of one byte, and 512 MiB of memory to read them."""
    path, limit = tmp_path / "bundle", 512 * 1024 * 1024
    path.write_bytes(start + b"\x9a" + (50_000_000).to_bytes(4, "big") + bytes(50_000_000))
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, program, path],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert (done.returncode, "FALLO [bundle]" in done.stdout) == (1, True), done.stderr


def test_records_that_take_too_much_memory_are_a_fault(made: Any, check: Any) -> None:
    assert check
    program = sys.modules["garita_verify"]
    bundle = program.read(made.data)
    report = program.Report("en", lambda _: None)
    program.check_entry(report, bundle["entries"][0], None, bundle | {"policy": program.policy.read(b"quorum none")})
    left, report.room = report.room, 1
    assert 0 < program.MOST - left < 4096
    with pytest.raises(program.checks.Fault, match="more than 1 GiB"):
        program.check_entry(report, bundle["entries"][0], None, bundle | {"policy": {"witnesses": {}}})


@settings(max_examples=300)
@given(data=st.binary(max_size=40))
def test_the_small_reader_refuses_what_garita_refuses(data: bytes, reader: Any) -> None:
    try:
        canonical.decode(data, "any")
    except Malformed:
        with pytest.raises(reader.NotStrict):
            reader.decode(data)
    else:
        reader.decode(data)
