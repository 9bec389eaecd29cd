"""A command writes a new file: what lies at its name, a key or what a court was given, it leaves as it is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from edge.bundle_commands import build_bundle, calibrate_bundle, sign_bundle
from edge.commands import export_evidence
from edge.export import Leaving
from edge.file_commands import build_library
from edge.instruments import record
from edge.knowledge_commands import sign_library
from edge.paper.commands import print_paper
from edge.release_commands import sign_release
from models.identification import DEFAULT_BUNDLE
from sync.contract.approval import ApprovalRecord
from sync.contract.casework import ExportRecord
from sync.contract.ids import Seq
from sync.errors import UnusableFile
from sync.releases import Release
from sync.roots import RootKey
from tests.edge.bench import PIN, Bench
from tests.edge.usb import plugged, possible

WHOLE = Leaving(Seq(1), None, "Court 3", "causa 7")
KEY = "root.key"

Write = Callable[[Path, Path], object]
"""Lets a command, given a station's data and a root holder's key there, write a file."""

COMMANDS: dict[str, Write] = {
    "export-evidence": lambda data, out: export_evidence(data, out, WHOLE, ("of-1", "of-2")),
    "bundle build": lambda data, out: list(build_bundle(DEFAULT_BUNDLE, data / KEY, 2, (), out)),
    "bundle build, signed": lambda data, out: list(
        build_bundle(DEFAULT_BUNDLE, data / KEY, 2, [data / KEY], out.with_name("new"))
    ),
    "bundle calibrate": lambda data, out: list(calibrate_bundle(data / KEY, "lab", 2, DEFAULT_BUNDLE, (), out)),
    "bundle sign": lambda data, out: sign_bundle(DEFAULT_BUNDLE, [data / KEY], out),
    "library sign": lambda data, out: sign_library(None, ["ZPUCINDJVBIVPJ"], 2, [data / KEY], out),
    "schedules sign": lambda data, out: sign_release(
        Release(kind="schedules", version=2, digest=bytes(32), removed=[]), [data / KEY], out
    ),
    "library build": lambda data, out: build_library(data, out, "Raman"),
    "print paper": lambda data, out: print_paper(data, "of-1", PIN, "s-1", "acta", out, None),
    "instruments record": lambda _data, out: record("mt-sics:/nowhere", out, 0, ()),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_what_lies_there_is_never_overwritten(bench: Bench, command: str) -> None:
    (bench.data / KEY).write_bytes(RootKey.generate().to_bytes())
    there = bench.data / "new.signed"
    there.write_bytes(b"a key, or what a court was given")
    with pytest.raises(UnusableFile, match="is there already"):
        COMMANDS[command](bench.data, there)
    assert there.read_bytes() == b"a key, or what a court was given"


@pytest.fixture
def people(bench: Bench) -> list[str]:
    station = bench.open()
    people = [station.operators.enrol(name, "supervisor", PIN).id for name in ("Luis Mora", "Ana Soto")]
    bench.close()
    return people


@pytest.mark.parametrize(
    ("folder", "told"), [("nowhere", "is no folder that is there"), ("/proc", "takes no new file")]
)
def test_no_export_is_on_record_that_has_nowhere_to_go(bench: Bench, people: list[str], folder: str, told: str) -> None:
    with pytest.raises(UnusableFile, match=told):
        export_evidence(bench.data, bench.data / folder / "x.court", WHOLE, people)
    assert not [each for each in bench.records() if isinstance(each, ApprovalRecord | ExportRecord)]


@pytest.mark.parametrize("kib", [4, 72])
def test_nobody_is_asked_to_export_onto_a_stick_that_has_not_the_room(
    bench: Bench, people: list[str], tmp_path: Path, kib: int
) -> None:
    """One that is full, and one with room for a small file."""
    if not possible(tmp_path):
        pytest.skip("only root can mount a filesystem")
    with plugged(tmp_path / "stick", kib) as stick:
        with pytest.raises(UnusableFile, match=r"bytes left, x\.court may take"):
            export_evidence(bench.data, stick / "x.court", WHOLE, people)
        assert list(stick.iterdir()) == []
    assert not [each for each in bench.records() if isinstance(each, ApprovalRecord | ExportRecord)]
