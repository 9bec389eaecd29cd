"""Rows at rest, on either engine: what was taken stays, byte for byte."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime

import psycopg
import pytest

from sync.central.centre import Centre
from sync.central.engine import Engine, NewEntry, Span
from sync.central.store import Store
from sync.chain import Head
from sync.contract.aside import AsideEntry, AsideKey
from sync.contract.ids import Seq, StationId
from sync.envelope import Envelope
from sync.errors import UnusableKey
from sync.journal import Sealer

NOW = datetime(2026, 11, 22, tzinfo=UTC)
STATION = StationId("MX-TIJ-01")
ERRORS = (sqlite3.IntegrityError, psycopg.Error)


def append(engine: Engine, entries: Sequence[Envelope]) -> None:
    with engine.writing([STATION]) as [journal]:
        journal.append([NewEntry(each.header.seq, each.digest, each.data) for each in entries], NOW)


@pytest.fixture(params=["sqlite", "postgres"])
def centre(request: pytest.FixtureRequest, open_centre: Callable[[str], Centre]) -> Centre:
    return open_centre(request.param)


@pytest.fixture
def filled(centre: Centre, entries: list[Envelope]) -> Engine:
    append(centre.store, entries[:3])
    centre.log.catch_up()
    return centre.store


@pytest.mark.parametrize("change", ["DELETE FROM envelopes", "UPDATE envelopes SET seq = seq + 10"])
def test_rows_are_never_changed_nor_deleted(change: str, filled: Engine, centre: Centre) -> None:
    with pytest.raises(ERRORS, match="a stored envelope is never"):
        run(centre, change)
    assert filled.size() == 3


@pytest.mark.parametrize("table", ["equivocations", "quarantine"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET seq = seq + 10"])
def test_what_contests_stays_too(
    table: str, change: str, filled: Engine, centre: Centre, entries: list[Envelope]
) -> None:
    fork = [NewEntry(each.header.seq, each.digest, each.data) for each in entries[2:4]]
    with filled.writing([STATION]) as [journal]:
        journal.keep_contested(fork, NOW)
        journal.keep_quarantined(fork, NOW)
    with pytest.raises(ERRORS, match="never"):
        run(centre, change.format(table))
    assert filled.aside_size() == 4


@pytest.mark.parametrize("table", ["envelopes", "equivocations", "quarantine"])
def test_nothing_is_replaced_in_a_file(
    table: str, open_centre: Callable[[str], Centre], entries: list[Envelope]
) -> None:
    """REPLACE deletes without asking what forbids to delete."""
    centre = open_centre("sqlite")
    append(centre.store, entries[:3])
    fork = [NewEntry(each.header.seq, each.digest, each.data) for each in entries[2:4]]
    with centre.store.writing([STATION]) as [journal]:
        journal.keep_contested(fork, NOW)
        journal.keep_quarantined(fork, NOW)
    columns = "log_index, station, seq, digest" if table == "envelopes" else "station, seq, digest"
    rows = f"SELECT * FROM {table}"  # noqa: S608 - one of those named above
    replace = f"REPLACE INTO {table} SELECT {columns}, 'later', x'99' FROM {table}"  # noqa: S608 - as above
    with closing(sqlite3.connect(centre.folder / "central.db", isolation_level=None)) as database:
        before = database.execute(rows).fetchall()
        with suppress(sqlite3.IntegrityError):
            database.execute(replace)
        assert len(before) >= 2
        assert database.execute(rows).fetchall() == before


@pytest.mark.parametrize(
    "table", ["envelopes", "envelopes_07", "log", "log_00000", "equivocations", "attachments", "buried"]
)
def test_nothing_is_emptied_as_a_whole(
    table: str, open_centre: Callable[[str], Centre], entries: list[Envelope]
) -> None:
    centre = open_centre("postgres")
    append(centre.store, entries[:3])
    centre.log.catch_up()
    with pytest.raises(psycopg.Error, match="never"):
        run(centre, f"TRUNCATE {table}")
    assert centre.store.size() == 3


def run(centre: Centre, change: str) -> None:
    """Do it to the database, beside the centre."""
    if centre.settings.postgres:
        with psycopg.connect(centre.settings.postgres) as connection:
            connection.execute(change.encode())
    else:
        with closing(sqlite3.connect(centre.folder / "central.db", isolation_level=None)) as database:
            database.execute(change)


def test_a_broken_transaction_leaves_nothing(filled: Engine, entries: list[Envelope]) -> None:
    with pytest.raises(ERRORS):
        append(filled, [entries[3], entries[3]])
    filled.enrol()
    assert filled.size() == 3
    assert filled.places([Span(STATION, Seq(4), Seq(4))]) == {}


def test_journals_are_written_together_or_not_at_all(
    filled: Engine, entries: list[Envelope], other_entries: list[Envelope]
) -> None:
    both = [STATION, StationId("MX-MEX-02"), STATION]

    def write(engine: Engine, second: Envelope) -> None:
        with engine.writing(both) as [one, other, same]:
            one.append([NewEntry(entries[3].header.seq, entries[3].digest, entries[3].data)], NOW)
            assert same.head() == Head(Seq(4), entries[3].digest)
            assert same.held(Seq(3), Seq(9)) == {Seq(3): entries[2].digest, Seq(4): entries[3].digest}
            other.append([NewEntry(Seq(1), second.digest, second.data)] * (1 + (second is entries[0])), NOW)

    with pytest.raises(ERRORS):
        write(filled, entries[0])  # the same seq twice
    assert filled.head(STATION) == Head(Seq(3), entries[2].digest)
    write(filled, other_entries[0])
    filled.enrol()
    spans = [Span(station, Seq(1), Seq(9)) for station in both[:2]]
    places = filled.places(spans)
    assert sorted(places.values()) == [0, 1, 2, 3, 4]
    assert [places[STATION, Seq(seq)] for seq in (1, 2, 3)] == [0, 1, 2]


def test_a_page_ends_at_its_bytes_but_holds_one_at_least(filled: Engine, entries: list[Envelope]) -> None:
    size = len(entries[0].data)
    assert [len(filled.envelopes(0, 3, limit)) for limit in (0, size, 2 * size + 50, 10**9)] == [1, 1, 2, 3]
    assert filled.envelopes(3, 3, 10**9) == []


def test_what_is_kept_aside_is_told_in_pages(
    filled: Engine, entries: list[Envelope], other_entries: list[Envelope]
) -> None:
    kept = [NewEntry(each.header.seq, each.digest, each.data) for each in entries[:3]]
    with filled.writing([STATION, StationId("MX-MEX-02")]) as [one, other]:
        one.keep_contested(kept, NOW)
        one.keep_quarantined(kept[:2], NOW)
        other.keep_contested([NewEntry(Seq(1), other_entries[0].digest, other_entries[0].data)], NOW)
        assert one.contested(Seq(2)) == {entries[1].digest}
        assert one.contested(Seq(4)) == set()
    told, after = list[AsideEntry](), AsideKey()
    while page := filled.aside(after, 2, len(entries[0].data) + 9):
        assert len(page) == 1, "two would be too many bytes"
        told, after = told + page, page[-1].key
    assert told == filled.aside(AsideKey(), 99, 10**9)
    assert [len(filled.aside(AsideKey(), limit, 10**9)) for limit in (1, 2, 99)] == [1, 2, filled.aside_size()]
    names = [(each.kind, each.station, each.seq) for each in told]
    both = [("contested", "MX-MEX-02", 1), *[("contested", STATION, seq) for seq in (1, 2, 3)]]
    assert names == [*both, ("quarantined", STATION, 1), ("quarantined", STATION, 2)]
    assert {datetime.fromisoformat(each.received) for each in told} == {NOW}


def test_one_entry_of_a_station_for_each_seq(filled: Engine, entries: list[Envelope]) -> None:
    with pytest.raises(ERRORS):
        append(filled, entries[:1])


def test_a_station_keeps_its_key(filled: Engine, sealer: Sealer, other_sealer: Sealer) -> None:
    filled.admit(sealer.key.card(sealer.station), NOW)
    with pytest.raises(UnusableKey, match=r"admitted with another key.*a name of its own, as MX-TIJ-01-B"):
        filled.admit(other_sealer.key.card(sealer.station), NOW)


def test_what_the_log_has_has_its_place(filled: Engine, entries: list[Envelope]) -> None:
    spans = [Span(STATION, Seq(1), Seq(2)), Span(STATION, Seq(3), Seq(9))]
    assert filled.places(spans) == {(STATION, Seq(number + 1)): number for number in range(3)}
    assert filled.digests(1, 9) == [each.digest for each in entries[1:3]]


def test_commits_survive_power_cuts_by_setting(open_centre: Callable[[str], Centre]) -> None:
    store = open_centre("sqlite").store
    assert isinstance(store, Store)
    database = store._database
    assert database.execute("PRAGMA synchronous").fetchone() == (2,)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
