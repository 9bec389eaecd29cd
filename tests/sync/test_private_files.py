"""What holds envelopes, cases and openings is nobody else's to read from its first moment on, whatever the umask."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync.central.store import Store
from sync.vault.cases import Cases
from sync.vault.openings import Openings
from sync.witness.book import Book

Closable = Store | Cases | Book


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.parametrize("opened", [Store, Cases, Book])
def test_a_database_and_what_sqlite_keeps_beside_it(opened: Callable[..., Closable], tmp_path: Path) -> None:
    database = opened(tmp_path / "kept.db", new=True)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    database.close()
    assert modes == dict.fromkeys(("kept.db", "kept.db-wal", "kept.db-shm"), 0o600)


def test_the_journal_of_openings(tmp_path: Path) -> None:
    Openings.create(tmp_path / "openings.db")
    assert stat.S_IMODE((tmp_path / "openings.db").stat().st_mode) == 0o600
