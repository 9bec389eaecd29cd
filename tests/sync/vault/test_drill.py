"""The drill finds what was changed in the case database, in any of its tables, by making them again from the log."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from sync.chain import check_next, empty
from sync.contract.casework import Concerned
from sync.contract.ids import Seq, StationId
from sync.contract.records import Record
from sync.envelope import Envelope
from sync.identity import Identity
from sync.journal import Sealer
from sync.vault.cases import Cases
from sync.vault.drill import open_everything
from sync.vault.source import Source
from sync.vault.vault import Vault
from sync.vault.voids import Void
from tests.sync.vault.conftest import STATION
from tests.sync.vault.parts import unnoted
from tests.sync.vault.voided import AUDITOR, REASON, SUPERVISOR, Token, accounts, approval, void_of
from tests.sync.witness.parts import NOON

Drill = Callable[[], list[str]]


@pytest.fixture
def drill(
    records: list[Record],
    sealer: Sealer,
    submit: Callable[[list[Envelope]], None],
    inside: httpx.Client,
    cases: Cases,
    national: Identity,
    escrow: Identity,
) -> Drill:
    """File a journal in which entry 11 voids 3 by two persons and 12 voids 5 by one; return what drills it."""
    tokens = {SUPERVISOR: Token(), AUDITOR: Token()}
    head, sealed = empty(STATION, sealer.key.public), list[Envelope]()

    def write(record: Record) -> None:
        nonlocal head
        sealed.append(sealer.seal_after(head, record.to_bytes()))
        head = check_next(head, sealed[-1])

    for record in [*records, *accounts(tokens), approval(tokens, 3)]:
        write(record)
    for seq in (3, 5):
        write(void_of(Concerned(seq=Seq(seq), digest=sealed[seq - 1].digest)))
    submit(sealed)
    Vault(Source(inside), cases, national, lambda: NOON, unnoted).pull()
    return lambda: open_everything(Source(inside), cases, escrow, StationId("VAULT")).problems


def test_a_key_that_opens_nothing_is_told_as_that(drill: Drill, inside: httpx.Client, cases: Cases) -> None:
    assert drill() == []
    report = open_everything(Source(inside), cases, Identity.generate("oversight"), StationId("VAULT"))
    assert report.problems[-1].startswith("this key opens none of it, so nothing was compared: give the nation's")


def test_what_is_as_it_was_filed_passes_and_nothing_is_left(drill: Drill, cases_file: Path) -> None:
    assert drill() == []
    assert list(cases_file.parent.glob("drill.*")) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("UPDATE screenings SET conclusion = 'no_alarm' WHERE seq = 3", "3: its screenings"),
        ("DELETE FROM screenings WHERE seq = 4", "4: its screenings"),
        ("UPDATE hits SET name = 'Sucrose' WHERE seq = 5 AND rank = 1", "5: its hits"),
        ("UPDATE readings SET outcome = 'measured' WHERE seq = 4", "4: its readings"),
        ("DELETE FROM alerts", "12: its alerts"),
        ("INSERT INTO alerts VALUES ('MX-TIJ-01', 3, 'duress', '')", "3: its alerts"),
        ("INSERT INTO proven_voids VALUES ('MX-TIJ-01', 12)", "12: its proven_voids"),
        ("DELETE FROM proven_voids", "11: its proven_voids"),
        ("UPDATE attachments SET digest = x'00' WHERE seq = 3", "3: its attachments"),
        ("UPDATE attachments SET opened = 'x', data = x'00' WHERE seq = 3", "3: its attachments"),
        ("UPDATE entries SET operator = 'op-9' WHERE seq = 2", "2: its entries"),
        ("INSERT INTO alerts VALUES ('MX-MEX-09', 1, 'duress', '')", "MX-MEX-09/1: its alerts"),
        ("UPDATE entries SET record = x'00' WHERE seq = 2", "2: filed as another record"),
        ("DELETE FROM entries WHERE seq = 2", "2: not filed here"),
    ],
)  # fmt: skip
def test_what_was_changed_fails_it(change: str, place: str, drill: Drill, cases_file: Path) -> None:
    with closing(sqlite3.connect(cases_file, isolation_level=None)) as database:
        database.execute(change)
    assert any(place in problem for problem in drill())


@pytest.mark.usefixtures("drill")
def test_a_void_without_its_alerts_is_still_not_proven(cases: Cases, cases_file: Path) -> None:
    with closing(sqlite3.connect(cases_file, isolation_level=None)) as database:
        database.execute("DELETE FROM alerts")
    assert [case.void for case in cases.cases()] == [Void(REASON, True), None, Void(REASON, False)]


@pytest.mark.usefixtures("drill")
def test_voids_that_were_filed_before_keep_their_standing(cases: Cases, cases_file: Path) -> None:
    before = cases.cases()
    cases.close()
    with closing(sqlite3.connect(cases_file, isolation_level=None)) as database:
        database.execute("DROP TABLE proven_voids")
        database.execute("PRAGMA user_version = 7")
    with closing(Cases(cases_file)) as forward:
        assert forward.cases() == before
