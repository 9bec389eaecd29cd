"""Keys change by two persons as soon as anybody is enrolled; each approval is on record before the change."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from edge.cli import app
from edge.errors import NotAllowed, WrongPin
from edge.keys import read_recipients, read_roots
from edge.settings import Settings
from sync.contract.approval import ApprovalRecord
from sync.contract.facts import FactRecord
from sync.recipients import RecipientList
from sync.roots import RootKey, RootSet
from tests.edge.bench import PIN, Bench

ENROLLED = (("Ana Ruiz", "technician"), ("Luis Paz", "supervisor"), ("Eva Gil", "officer"))

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def newer(bench: Bench, tmp_path: Path) -> Path:
    """Provide list 2, and a demonstration that uses list 1 and where nobody is enrolled."""
    root = RootKey.generate()
    old = RootSet.from_bytes((bench.data / "root.keys").read_bytes())
    listed = RecipientList.read((bench.data / "recipients.list").read_bytes(), old)
    first = replace(listed, issued=LONG_AGO, not_before=LONG_AGO)
    (bench.data / "root.keys").write_bytes(RootSet(1, (root.public,)).to_bytes())
    (bench.data / "recipients.list").write_bytes(first.sign([root]))
    file = tmp_path / "newer"
    file.write_bytes(replace(first, version=2).sign([root]))
    bench.open(demo=True)
    return file


def enrol(bench: Bench) -> list[str]:
    [station] = bench.open_stations
    return [station.operators.enrol(name, role, PIN).id for name, role in ENROLLED]


def update(bench: Bench, file: Path, *persons: str, pins: str = f"{PIN}\n{PIN}\n") -> Result:
    given = [word for person in persons for word in ("--person", person)]
    return CliRunner().invoke(app, ["keys", "update", "--data", str(bench.data), str(file), *given], input=pins)


def version(bench: Bench) -> int:
    settings = Settings.load(bench.data)
    return read_recipients(settings, read_roots(settings)).version


def test_while_a_station_is_provisioned_nobody_is_asked(bench: Bench, newer: Path) -> None:
    assert "recipient list 2 is in place" in update(bench, newer, pins="").output
    assert version(bench) == 2
    assert not [each for each in bench.records() if isinstance(each, ApprovalRecord)]


def test_two_persons_bring_a_list_and_both_are_on_record(bench: Bench, newer: Path) -> None:
    ana, luis, _ = enrol(bench)
    assert "recipient list 2 is in place" in update(bench, newer, ana, luis).output
    assert version(bench) == 2
    approval, change = bench.records()[-2:]
    assert isinstance(approval, ApprovalRecord)
    assert (approval.action, [each.operator for each in approval.persons]) == ("keys", [ana, luis])
    assert isinstance(change, FactRecord)
    assert change.detail == approval.subject
    assert "recipient list 2 (" in change.detail


@pytest.mark.parametrize("places", [[], [0, 0], [1, 0], [0, 2]])
def test_nobody_and_one_twice_and_the_wrong_two_change_nothing(bench: Bench, newer: Path, places: list[int]) -> None:
    ids = enrol(bench)
    assert isinstance(update(bench, newer, *(ids[place] for place in places)).exception, NotAllowed)
    assert version(bench) == 1
    assert not [each for each in bench.records() if isinstance(each, ApprovalRecord)]


def test_a_wrong_pin_changes_nothing(bench: Bench, newer: Path) -> None:
    ana, luis, _ = enrol(bench)
    assert isinstance(update(bench, newer, ana, luis, pins=f"{PIN}\n271828\n").exception, WrongPin)
    assert version(bench) == 1
