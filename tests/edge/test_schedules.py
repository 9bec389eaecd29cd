"""The schedules of a station: only what the root holders signed, in force on its day, on each record."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from edge import knowledge
from edge.cli import app
from edge.listings import listing_of
from edge.settings import Settings
from edge.views import ReadingView
from models.schedule_file import DEFAULT, default_schedule, write_schedule
from models.schedules import Entry, Schedule, Standing
from sync.contract.facts import FactRecord
from sync.contract.listing import ListingPart
from sync.contract.records import IdentificationPart
from tests.edge.bench import PIN, Bench, PutOnPty, finished

CAFFEINE = "RYYVLZVUVIJVGH-UHFFFAOYSA-N"
MARCH = date(2027, 3, 1)
BANNED = Entry(CAFFEINE, "", "MX", "Lista I", Standing.CONTROLLED, MARCH, None, "DOF 2027-02-20", verified=True)


def run(*arguments: str | Path | int) -> Result:
    return CliRunner().invoke(app, ["schedules", *map(str, arguments)])


def write(folder: Path, version: int, effective: date = date(2027, 1, 1), *entries: Entry) -> Path:
    given = Schedule("Estado", version, effective, verified=True, entries=entries or (BANNED,), digest="")
    file = folder / f"mx-{version}.json"
    file.write_bytes(write_schedule(given))
    return file


@pytest.fixture
def installed(bench: Bench, keys: list[str], tmp_path: Path) -> Path:
    """Bring version 1 of a state's own schedules."""
    file = write(tmp_path, 1)
    assert "schedules release 1, signed by 2 root holders" in run("sign", file, *keys).stdout
    assert "in place, to count from 2027-01-01 on" in run("install", file, "--data", bench.data).stdout
    bench.identifier = knowledge.open_known(Settings.load(bench.data)).identifier
    return file


def test_those_that_come_with_garita_say_that_they_are_unverified() -> None:
    said = run("show").stdout
    assert "version 1, counts from 2026-11-26 on, unverified" in said
    assert default_schedule().digest in said


@pytest.mark.usefixtures("keys")
def test_what_would_change_is_told_and_changes_nothing(bench: Bench, tmp_path: Path) -> None:
    told = run("diff", write(tmp_path, 2), "--data", bench.data).stdout
    assert "+ Caffeine: MX Lista I, controlled, 2027-03-01.." in told
    assert "- Cocaine: UN SC1961 I, controlled, always" in told
    assert "version 1 -> 2" in told
    assert "unverified" in run("show", "--data", bench.data).stdout


def measured(bench: Bench, analyzer: str) -> ReadingView:
    station = bench.open(analyzer=analyzer)
    officer = next(iter(station.operators.list()), None) or station.operators.enrol("Ana Ruiz", "officer", PIN)
    return finished(station, station.screenings.start(officer))


def listing(view: ReadingView) -> tuple[IdentificationPart, ListingPart]:
    found = view.record.readings[0].identification if view.record else None
    said = listing_of(found)
    assert found
    assert said
    return found, said


@pytest.mark.usefixtures("installed")
def test_a_reading_is_judged_by_the_law_of_its_day(bench: Bench, put_on_pty: PutOnPty) -> None:
    bench.clock.wall = datetime(2027, 2, 28, 12, tzinfo=UTC)
    before, said = listing(measured(bench, put_on_pty("Caffeine")))
    assert (before.conclusion, said.verified, said.day, said.day_by) == ("no_alarm", True, "2027-02-28", "clock")
    assert said.entries == []
    bench.close()
    bench.clock.wall = datetime(2027, 3, 1, 12, tzinfo=UTC)
    after, said = listing(measured(bench, put_on_pty("Caffeine")))
    assert (after.conclusion, said.digest) == ("alarm", bench.identifier.catalogue.schedules.newest.digest)
    [entry] = said.entries
    assert (entry.substance, entry.list, entry.since, entry.verified) == (CAFFEINE, "Lista I", "2027-03-01", True)


@pytest.mark.usefixtures("installed")
def test_a_clock_turned_back_brings_no_older_law_into_force(bench: Bench, put_on_pty: PutOnPty) -> None:
    bench.clock.wall = datetime(2027, 3, 2, 12, tzinfo=UTC)
    bench.open()
    bench.close()
    bench.clock.wall, bench.clock.synchronised = datetime(1970, 1, 1, tzinfo=UTC), False
    bench.clock.reboot()
    found, said = listing(measured(bench, put_on_pty("Caffeine")))
    assert (found.conclusion, said.day, said.day_by) == ("alarm", "2027-03-02", "record")
    assert [entry.list for entry in said.entries] == ["Lista I"]


@pytest.mark.usefixtures("installed")
def test_the_change_is_on_record_at_the_next_start(bench: Bench) -> None:
    bench.open()
    bench.close()
    bench.open()
    changes = [each.detail for each in bench.records() if isinstance(each, FactRecord) and "schedules" in each.detail]
    assert changes == ["schedules release 1 follows 0"]


def test_a_version_to_come_counts_from_its_day(
    bench: Bench, keys: list[str], installed: Path, tmp_path: Path, put_on_pty: PutOnPty
) -> None:
    later = write(tmp_path, 2, date(2028, 1, 1), replace(BANNED, standing=Standing.UNLISTED, since=None))
    run("sign", later, *keys)
    assert run("install", later, "--data", bench.data).exit_code == 0
    bench.identifier = knowledge.open_known(Settings.load(bench.data)).identifier
    bench.clock.wall = datetime(2027, 6, 1, tzinfo=UTC)
    found, said = listing(measured(bench, put_on_pty("Caffeine")))
    assert (found.conclusion, said.version) == ("alarm", 1)
    shown = run("show", "--data", bench.data).stdout
    assert shown.index("version 2") < shown.index("version 1")
    assert installed.exists()


def test_a_stopped_reading_names_the_lists_too(bench: Bench, put_on_pty: PutOnPty) -> None:
    station = bench.open(analyzer=put_on_pty("Cocaine", duration=30))
    reading = station.screenings.start(station.operators.enrol("Ana Ruiz", "officer", PIN))
    station.screenings.stop(reading)
    found, said = listing(finished(station, reading))
    assert (found.conclusion, said.digest, said.entries) == ("inconclusive", default_schedule().digest, [])


def test_what_is_no_listing_is_none() -> None:
    assert listing_of(None) is None
    part = IdentificationPart(
        conclusion="fault", reasons=[], hits=[], families=[], unknown=False, library="", bundle="", components=[],
        residual=None, schedules={"format": "garita.listing/9"},
    )  # fmt: skip
    assert listing_of(part) is None


def test_an_older_one_is_refused(bench: Bench, installed: Path) -> None:
    assert "is not newer than 1" in str(run("install", installed, "--data", bench.data).exception)


def test_another_file_than_was_signed_is_refused(bench: Bench, keys: list[str], tmp_path: Path) -> None:
    file = write(tmp_path, 1)
    run("sign", file, *keys)
    file.write_bytes(file.read_bytes().replace(b"controlled", b"unlisted"))
    assert "was signed, the file is" in str(run("install", file, "--data", bench.data).exception)


def test_too_few_root_holders_are_refused(bench: Bench, keys: list[str], tmp_path: Path) -> None:
    file = write(tmp_path, 1)
    run("sign", file, *keys[:2])
    assert "1 of 2 root holders signed" in str(run("install", file, "--data", bench.data).exception)


def test_a_library_release_is_no_schedule(bench: Bench, keys: list[str], tmp_path: Path) -> None:
    signed = tmp_path / "library.signed"
    CliRunner().invoke(app, ["library", "sign", str(signed), "--version", "1", "--remove", CAFFEINE, *keys])
    refused = run("install", DEFAULT, "--data", bench.data, "--signed", signed)
    assert "expected a schedules release" in str(refused.exception)


@pytest.mark.usefixtures("installed")
def test_schedules_that_were_put_back_are_found(bench: Bench) -> None:
    bench.open()
    bench.close()
    (bench.data / "schedules" / "000001.signed").unlink()
    [left_out] = bench.open().left_out
    assert (left_out.part, left_out.why, left_out.version) == ("schedules", "missing", 1)


@pytest.mark.usefixtures("installed")
def test_schedules_that_were_changed_in_place_are_found(bench: Bench) -> None:
    (bench.data / "schedules" / "000001.json").write_bytes(DEFAULT.read_bytes())
    known = knowledge.open_known(Settings.load(bench.data))
    assert known.identifier.catalogue.schedules.newest == default_schedule()
    assert [(each.part, each.why, each.version) for each in known.left_out] == [("schedules", "damaged", 1)]
