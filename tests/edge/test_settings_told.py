"""A change of station.toml is on record, and papers name the post as it was when the screening began."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import delete, update

from edge import settings_told
from edge.database import Database
from edge.settings import Settings
from edge.tables import ToldSettings
from sync.contract.facts import FactRecord
from sync.contract.ids import Seq, StationId
from tests.edge.bench import Bench, PutOnPty, finished
from tests.edge.paper.case import prints
from tests.edge.test_beginning import named

ROSARITO = "Garita Playas de Rosarito"


def restart(bench: Bench, **settings: object) -> list[FactRecord]:
    """Start the station once more with other settings, and return what it said of them, now and before."""
    bench.open(**settings)
    bench.close()
    return named(bench, "settings_changed")


def test_each_start_says_the_posts_name_and_the_digest_of_the_settings(bench: Bench) -> None:
    assert restart(bench) == restart(bench, night_brightness=5, panel="10-1280x800") == []
    restart(bench, daily_check=True)
    first, second, third = (each.values for each in named(bench, "self_check"))
    assert {each["post_name"] for each in (first, second, third)} == {"Garita Km 57"}
    assert first["settings"] == second["settings"] != third["settings"]
    assert third["settings"] == settings_told.digest(Settings.load(bench.data))


def test_a_change_is_on_record_once_with_what_was_and_what_is(bench: Bench) -> None:
    restart(bench)
    [told] = restart(bench, post=ROSARITO, daily_check=True, reading_limit_s=1.5)
    assert told.values == {
        "post_was": "Garita Km 57",
        "post_now": ROSARITO,
        "daily_check_was": "false",
        "daily_check_now": "true",
        "reading_limit_s_was": "120.0",
        "reading_limit_s_now": "1.5",
    }
    assert "post: Garita Km 57 -> Garita Playas de Rosarito" in told.detail
    assert restart(bench) == [told]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "told.db", bytes(32))
    yield opened
    opened.close()


def test_what_was_not_told_before_is_no_change(database: Database, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, station=StationId("MX-TIJ-01"), post="Garita Km 57")
    with database.write() as session:
        assert settings_told.changes(session, settings) == {}
        session.add(ToldSettings(since=1, told='{"post": "Garita Km 57", "a_setting_of_once": "x"}'))
    with database.read() as session:
        assert settings_told.changes(session, settings) == {}
        moved = settings_told.changes(session, settings.model_copy(update={"post": ROSARITO}))
        assert moved == {"post": ("Garita Km 57", ROSARITO)}


@pytest.mark.parametrize(("seq", "post"), [(1, "A"), (5, "A"), (8, "A"), (9, "B"), (20, "C"), (99, "C")])
def test_the_posts_name_is_that_of_the_entry(database: Database, seq: int, post: str) -> None:
    with database.write() as session:
        assert settings_told.post_at(session, Seq(seq)) is None
        for since, name in ((5, "A"), (9, "B"), (20, "C")):
            session.add(ToldSettings(since=since, told=f'{{"post": "{name}"}}'))
    with database.read() as session:
        assert settings_told.post_at(session, Seq(seq)) == post
    for change in (delete(ToldSettings), update(ToldSettings).values(told="{}")):
        with pytest.raises(IntegrityError, match="stays as it is"), database.write() as session:
            session.exec(change)


def test_papers_name_the_post_where_the_screening_began(bench: Bench, put_on_pty: PutOnPty) -> None:
    station = bench.open(analyzer=put_on_pty("Cocaine", "Cocaine"))
    officer = station.operators.enrol("Ana Ruiz", "officer", "314159")
    old = finished(station, station.screenings.start(officer, "parcel")).screening
    bench.close()
    station = bench.open(post=ROSARITO)
    new = finished(station, station.screenings.start(officer, "parcel")).screening
    for screening, post, other in ((old, "Garita Km 57", ROSARITO), (new, ROSARITO, "Garita Km 57")):
        dossier = station.casework.dossier(screening)
        made = prints(station, "es")
        for order in (made.acta(dossier), made.custody(dossier), made.annex(dossier), made.slip(dossier)):
            assert post in order.page
            assert other not in order.page
