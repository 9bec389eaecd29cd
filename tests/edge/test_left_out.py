"""A station starts whatever lies damaged beside its evidence: without it, and it says so."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from edge import knowledge
from edge.keys import read_roots
from edge.left_out import LeftOut, Why, on_record
from edge.releases import keep_release
from edge.schedules import SUFFIX, read_schedules
from edge.settings import Settings
from edge.station import Station
from models.bundle import write_bundle
from models.catalogue import DATA, Catalogue
from models.errors import UnusableBundle
from models.evidence import Evidence
from models.identification import Identifier
from models.msp import format_msp, parse_msp
from models.schedule_file import default_schedule, write_schedule
from models.schedules import Schedule
from sync.contract.facts import FactRecord
from sync.errors import RefusedRelease
from sync.releases import Kind, Release, Taken
from sync.roots import RootKey
from tests.edge.bench import Bench

COCAINE = "ZPUCINDJVBIVPJ"
NEW = "AAAAAAAAAAAAAA"
CATALOGUE = Catalogue.load()
Told = list[tuple[str, str, int | None, str]]


@pytest.fixture
def roots(bench: Bench, keys: list[str]) -> list[RootKey]:
    """Return the keys of the root holders, whose public halves the station has."""
    del bench
    return [RootKey.from_bytes(Path(key).read_bytes()) for key in keys[1::2]]


@pytest.fixture(scope="module")
def cocaine() -> bytes:
    """Return reference spectra of a substance."""
    records = parse_msp((DATA / "samples.msp").read_text("utf-8"))
    return format_msp([each for each in records if each.name == "Cocaine"]).encode()


def put(
    bench: Bench, roots: list[RootKey], kind: Kind, version: int, data: bytes, removed: tuple[str, ...] = ()
) -> None:
    """Put a release in place, as an earlier program took it."""
    release = Release(kind=kind, version=version, digest=sha256(data).digest(), removed=list(removed))
    suffix: dict[Kind, str] = {"bundle": knowledge.BUNDLE, "library": knowledge.SPECTRA, "schedules": SUFFIX}
    keep_release(Settings.load(bench.data), release, release.sign(roots), data, suffix[kind])


def known(bench: Bench) -> knowledge.Known:
    return knowledge.open_known(Settings.load(bench.data))


def told(left_out: Iterable[LeftOut]) -> Told:
    return [(each.part, each.why, each.version, each.substance) for each in left_out]


def without_family(msp: bytes) -> bytes:
    """Name a substance that no catalogue has: a family must be told of it today, and none is."""
    return msp.replace(b"Name: Cocaine", b"Name: Newdrug").replace(COCAINE.encode(), NEW.encode())


def changes(bench: Bench) -> tuple[list[str], Told]:
    """Return the names of what is added and the skeletons of what is taken out, and what is left out of it."""
    settings = Settings.load(bench.data)
    found, left_out = knowledge.read_changes(settings, read_roots(settings), CATALOGUE)
    together = knowledge.sum_of(found)
    return [*(each.entry.name for each in together.additions), *together.removed], told(left_out)


def test_an_addition_that_the_rules_of_today_refuse_is_left_out_alone(
    bench: Bench, roots: list[RootKey], cocaine: bytes
) -> None:
    put(bench, roots, "library", 1, cocaine + b"\n" + without_family(cocaine))
    assert changes(bench) == (["Cocaine"], [("library", "unfit", 1, "Newdrug")])


def test_it_is_told_until_a_later_release_tells_of_that_substance(
    bench: Bench, roots: list[RootKey], cocaine: bytes
) -> None:
    put(bench, roots, "library", 1, without_family(cocaine))
    put(bench, roots, "library", 2, cocaine)
    assert changes(bench) == (["Cocaine"], [("library", "unfit", 1, "Newdrug")])
    mended = without_family(cocaine).replace(b"Name: Newdrug", b"Name: Newdrug\nFamily: stimulant-cocaine")
    put(bench, roots, "library", 3, mended)
    assert changes(bench) == (["Newdrug", "Cocaine"], [])


def test_what_a_refused_addition_was_to_replace_stays(bench: Bench, roots: list[RootKey], cocaine: bytes) -> None:
    put(bench, roots, "library", 1, cocaine.replace(b"DB#:", b"ExactMass: 100\nDB#:"), (COCAINE,))
    assert changes(bench) == ([], [("library", "unfit", 1, "Cocaine")])


def test_what_is_no_msp_today_and_a_record_without_inchikey_are_left_out(
    bench: Bench, roots: list[RootKey], cocaine: bytes
) -> None:
    put(bench, roots, "library", 1, b"neither field nor peak", (COCAINE,))
    put(bench, roots, "library", 2, cocaine + b"\n" + cocaine.replace(b"InChIKey: ", b"InChIKey: x"))
    assert changes(bench) == (["Cocaine"], [("library", "unfit", 2, "Cocaine"), ("library", "unfit", 1, "")])


def test_the_station_works_without_it_says_so_and_puts_it_on_record(
    bench: Bench, roots: list[RootKey], cocaine: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    put(bench, roots, "library", 1, without_family(cocaine))
    found = known(bench)
    with caplog.at_level(logging.WARNING):
        station = bench.know(found).open()
    assert told(station.left_out) == [("library", "unfit", 1, "Newdrug")]
    assert "not in use, unfit: library release 1: library release 1, line 1: Newdrug: no Family" in caplog.text
    *_, check = [each for each in bench.records() if isinstance(each, FactRecord) and each.fact == "self_check"]
    assert check.values["left_out"] == str(found.left_out[0])
    assert check.values["library"] == found.identifier.library.digest
    assert "left out" in check.detail


DAMAGE: dict[str, Callable[[Path], object]] = {
    "flipped": lambda file: file.write_bytes(bytes([file.read_bytes()[0] ^ 1]) + file.read_bytes()[1:]),
    "truncated": lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]),
    "empty": lambda file: file.write_bytes(b""),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
}


@pytest.fixture
def stocked(bench: Bench, roots: list[RootKey], cocaine: bytes, newer: bytes) -> Bench:
    """Provide a station that was at work with a bundle, two changes of the library and two versions of its lists."""
    put(bench, roots, "bundle", 9, newer)
    put(bench, roots, "library", 1, b"", (COCAINE,))
    put(bench, roots, "library", 2, cocaine)
    for version in (1, 2):
        lists = Schedule("S", version, date(2026, 1, version), True, default_schedule().entries, "")
        put(bench, roots, "schedules", version, write_schedule(lists))
    found = known(bench)
    assert found.left_out == ()
    bench.know(found).open()
    bench.close()
    return bench


@pytest.fixture(scope="session")
def newer(identifier: Identifier) -> bytes:
    """Garita's own bundle as a version 9."""
    return write_bundle({**identifier.bundle.manifest, "version": 9}, identifier.bundle.parts)


def test_whatever_is_damaged_the_station_opens_with_the_last_that_is_good(stocked: Bench) -> None:
    files = ("bundle/000009.bundle", "library/000002.msp", "library/000001.signed", "schedules/000002.json")
    for file, damage in zip(files, DAMAGE.values(), strict=True):
        damage(stocked.data / file)
    found = known(stocked)
    lost = {(each.part, each.version) for each in found.left_out}
    assert lost == {("bundle", 9), ("library", 1), ("library", 2), ("schedules", 2)}
    assert {each.why for each in found.left_out} == {"damaged"}
    assert found.identifier.library.digest == found.identifier.base.digest
    assert found.identifier.catalogue.schedules.newest.version == 1
    assert len(stocked.know(found).open().left_out) == len(lost)


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_damaged_can_be_brought_again(stocked: Bench, damage: str) -> None:
    settings = Settings.load(stocked.data)
    signed, spectra = (stocked.data / f"library/000001.{suffix}" for suffix in ("signed", "msp"))
    release = signed.read_bytes()
    DAMAGE[damage](signed)
    if signed.is_dir():
        signed.rmdir()
        signed.touch()
    knowledge.take_change(settings, release, b"", Taken(2))
    assert (signed.read_bytes(), spectra.exists()) == (release, False)
    assert changes(stocked) == (["Cocaine", COCAINE], [])
    with pytest.raises(RefusedRelease, match="library release 1 is not newer than 2"):
        knowledge.take_change(settings, release, b"", Taken(2))


def test_what_is_lost_altogether_is_told(stocked: Bench) -> None:
    for file in stocked.data.glob("*/*.signed"):
        file.unlink()
    found = known(stocked)
    station = stocked.know(found).open()
    missing = [("bundle", "missing", 9, ""), ("library", "missing", 2, ""), ("schedules", "missing", 2, "")]
    missing += [("library", "missing", 1, ""), ("schedules", "missing", 1, "")]
    assert told(station.left_out) == missing
    stocked.close()
    assert told(stocked.open().left_out) == missing


def test_a_bundle_for_other_software_gives_way_to_garitas_own(
    bench: Bench, roots: list[RootKey], identifier: Identifier
) -> None:
    bundle = identifier.bundle
    parts = {**bundle.parts, "encoder.onnx": bundle.part("ranker.onnx"), "ranker.onnx": bundle.part("encoder.onnx")}
    put(bench, roots, "bundle", 9, write_bundle({**bundle.manifest, "version": 9}, parts))
    found = known(bench)
    assert told(found.left_out) == [("bundle", "unfit", 9, "")]
    assert f"encoder.onnx takes evidence of {len(Evidence)} numbers; this software" in found.left_out[0].detail
    assert found.identifier.bundle.digest == bundle.digest


def test_a_bundle_for_other_steps_is_not_taken(bench: Bench, roots: list[RootKey], identifier: Identifier) -> None:
    other = {**identifier.bundle.manifest, "version": 9, "preprocessing": "garita.preprocessing/99"}
    put(bench, roots, "bundle", 9, write_bundle(other, identifier.bundle.parts))
    signed, data = ((bench.data / name).read_bytes() for name in ("bundle/000009.signed", "bundle/000009.bundle"))
    with pytest.raises(UnusableBundle, match=r"is for garita\.preprocessing/99; the bundle of this software is for"):
        knowledge.checked_bundle(read_roots(Settings.load(bench.data)), signed, data)


def test_lists_of_a_later_format_give_way_to_the_last_that_are_good(bench: Bench, roots: list[RootKey]) -> None:
    put(bench, roots, "schedules", 1, write_schedule(default_schedule()))
    later = write_schedule(replace(default_schedule(), version=2)).replace(b"garita.schedules/1", b"garita.schedules/2")
    put(bench, roots, "schedules", 2, later)
    settings = Settings.load(bench.data)
    own, left_out = read_schedules(settings, read_roots(settings))
    assert [each.version for each in own] == [1]
    assert told(left_out) == [("schedules", "unfit", 2, "")]


def test_changes_that_together_leave_nothing_are_left_out(
    bench: Bench, roots: list[RootKey], identifier: Identifier
) -> None:
    """A library that came with a newer Garita may have nothing but what the state took out of an older one."""
    skeletons = sorted({each.skeleton for each in identifier.base.entries})
    for number, first in enumerate(range(0, len(skeletons), 1000), start=1):
        put(bench, roots, "library", number, b"", tuple(skeletons[first : first + 1000]))
    found = known(bench)
    assert told(found.left_out) == [("library", "unfit", None, "")]
    assert found.identifier.library.digest == found.identifier.base.digest


def test_what_is_only_for_sending_or_for_other_techniques_stops_nothing(bench: Bench) -> None:
    (bench.data / "vibrational").write_bytes(b"no library")
    bench.settings |= {"central": "https://centre.example", "vibrational_library": "vibrational", "demo": True}
    bench.open()
    bench.close()
    station = Station.open(bench.data)
    try:
        assert told(station.left_out) == [("sending", "damaged", None, ""), ("vibrational", "unfit", None, "")]
        assert not station.sending.relay
    finally:
        station.close()


def test_a_record_keeps_twenty_and_counts_the_rest() -> None:
    lines = on_record([LeftOut("library", Why.UNFIT, "x", number) for number in range(1, 26)]).split("\n")
    assert (len(lines), lines[0], lines[-1]) == (21, "not in use, unfit: library release 1: x", "and 5 more")
