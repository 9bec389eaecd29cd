"""What a start finds and puts on record: lost power, another model, an older database."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session, text

from edge.station import Station
from edge.tables import StationState
from sync.contract.facts import FactRecord
from sync.errors import RolledBack
from sync.file_anchor import FileAnchor
from tests.edge.bench import PIN, Bench


def facts(bench: Bench) -> list[FactRecord]:
    return [record for record in bench.records() if isinstance(record, FactRecord)]


def named(bench: Bench, name: str) -> list[FactRecord]:
    return [record for record in facts(bench) if record.fact == name]


def cut_power(station: Station) -> None:
    """Let go of the files without ending the day, as a power cut does."""
    station._closing.set()
    station._database.close()


def test_each_start_checks_itself_on_record(bench: Bench) -> None:
    station = bench.open()
    bench.close()
    [check] = facts(bench)
    assert check.fact == "self_check"
    assert check.values["bundle"] == station.identifier.bundle.digest
    assert check.values["library"] == station.identifier.library.digest
    assert (check.values["seq"], check.values["space"]) == ("0", "ok")


def test_an_end_in_order_is_no_loss_of_power(bench: Bench) -> None:
    for _ in range(3):
        bench.open()
        bench.close()
    assert named(bench, "power_lost") == []


def test_a_power_cut_is_on_record_at_the_next_start_once(bench: Bench) -> None:
    cut_power(bench.open())
    bench.open_stations.clear()
    for _ in range(2):
        bench.open()
        bench.close()
    assert len(named(bench, "power_lost")) == 1


@pytest.mark.parametrize(("column", "name"), [("bundle", "model_changed"), ("library", "library_changed")])
def test_another_model_or_library_is_on_record(bench: Bench, column: str, name: str) -> None:
    bench.open()
    bench.close()
    change(bench, lambda session: setattr(session.get_one(StationState, 1), column, "00" * 32))
    station = bench.open()
    bench.close()
    [fact] = named(bench, name)
    now = station.identifier.bundle.digest if column == "bundle" else station.identifier.library.digest
    assert fact.values == {"was": "00" * 32, "now": now}


def test_a_session_that_ran_out_is_on_record(bench: Bench) -> None:
    station = bench.open(idle_minutes=5)
    operator = station.operators.enrol("Ana Ruiz", "officer", PIN)
    token = station.operators.sign_in(operator.id, PIN)
    bench.clock.sleep(6 * 60)
    with pytest.raises(Exception, match="5 idle minutes"):
        station.operators.session(token)
    [fact] = named(bench, "session_expired")
    assert fact.operator == operator.id


def test_maintenance_is_on_record(bench: Bench) -> None:
    bench.open().upkeep.note("fan changed")
    assert [fact.detail for fact in named(bench, "maintenance")] == ["fan changed"]


@pytest.fixture
def anchored(bench: Bench, tmp_path: Path) -> Callable[[], Station]:
    """Open the station with a counter outside its folder."""

    def open_station() -> Station:
        bench._write_settings()
        station = bench.assemble()
        station._anchor = station._housekeeping._anchor = FileAnchor(tmp_path / "counter")
        station.start()
        return station

    return open_station


def test_an_older_database_is_found_at_the_start(bench: Bench, tmp_path: Path, anchored: Callable[[], Station]) -> None:
    anchored().close()
    shutil.copy(bench.data / "station.db", tmp_path / "yesterday.db")
    anchored().close()
    for file in bench.data.glob("station.db*"):
        file.unlink()
    shutil.copy(tmp_path / "yesterday.db", bench.data / "station.db")
    with pytest.raises(RolledBack, match="older journal"):
        anchored()


def test_starts_and_ends_in_order_follow_the_anchor(anchored: Callable[[], Station]) -> None:
    for _ in range(3):
        anchored().close()


def test_a_power_cut_before_the_anchor_moved_is_no_rollback(
    bench: Bench, tmp_path: Path, anchored: Callable[[], Station]
) -> None:
    cut_power(anchored())
    counter = FileAnchor(tmp_path / "counter")
    (tmp_path / "counter").write_text(f"{counter.read() - 1}\n")
    anchored().close()
    assert len(named(bench, "power_lost")) == 1


def test_a_removed_entry_is_found_at_the_start(bench: Bench) -> None:
    bench.open()
    bench.close()
    change(bench, remove_second_entry)
    with pytest.raises(RolledBack, match="entry 2"):
        bench.open()


def remove_second_entry(session: Session) -> None:
    session.execute(text("DROP TRIGGER journal_keeps_delete"))
    session.execute(text("DELETE FROM journal WHERE seq = 2"))


def change(bench: Bench, act: Callable[[Session], object]) -> None:
    """Change the database as root with the key could."""
    database = bench.database()
    with database.session() as session:
        act(session)
        session.commit()
    database.close()
