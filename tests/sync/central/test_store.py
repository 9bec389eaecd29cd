"""Rows at rest: what was taken stays, byte for byte."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sync.central.centre import Centre
from sync.central.store import Store
from sync.contract.ids import Seq, StationId
from sync.envelope import Envelope
from sync.errors import UnusableKey
from sync.journal import Sealer

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def filled(centre: Centre, entries: list[Envelope]) -> Store:
    with centre.store.transaction():
        for entry in entries[:3]:
            centre.store.append(entry, NOW)
    return centre.store


@pytest.mark.parametrize("change", ["DELETE FROM envelopes", "UPDATE envelopes SET seq = seq + 10"])
def test_rows_are_never_changed_nor_deleted(change: str, filled: Store, centre_folder: Path) -> None:
    database = sqlite3.connect(centre_folder / "central.db", isolation_level=None)
    with pytest.raises(sqlite3.IntegrityError, match="a stored envelope is never"):
        database.execute(change)
    database.close()
    assert filled.size() == 3


def test_a_broken_transaction_leaves_nothing(filled: Store, entries: list[Envelope]) -> None:
    with pytest.raises(sqlite3.IntegrityError), filled.transaction():
        _ = [filled.append(entry, NOW) for entry in (entries[3], entries[3])]
    assert filled.size() == 3
    assert filled.find(StationId("MX-TIJ-01"), Seq(4)) is None


def test_a_page_ends_at_its_bytes_but_holds_one_at_least(filled: Store, entries: list[Envelope]) -> None:
    size = len(entries[0].data)
    assert [len(filled.envelopes(0, 3, limit)) for limit in (0, size, 2 * size + 50, 10**9)] == [1, 1, 2, 3]
    assert filled.envelopes(3, 3, 10**9) == []


def test_one_entry_of_a_station_for_each_seq(filled: Store, entries: list[Envelope]) -> None:
    with pytest.raises(sqlite3.IntegrityError), filled.transaction():
        filled.append(entries[0], NOW)


def test_a_station_keeps_its_key(filled: Store, sealer: Sealer, other_sealer: Sealer) -> None:
    filled.admit(sealer.key.card(sealer.station), NOW)
    with pytest.raises(UnusableKey, match="admitted with another key"):
        filled.admit(other_sealer.key.card(sealer.station), NOW)


def test_commits_survive_power_cuts_by_setting(filled: Store) -> None:
    database = filled._database
    assert database.execute("PRAGMA synchronous").fetchone() == (2,)
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
