"""A primary that was cut off shows what no standby ever got. Nothing of it is learned, signed again or answered.

The primary here waits for a standby that does not come; its sessions are ended while they wait, as by a failover.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from sync.central.centre import Centre
from sync.central.settings import CentralSettings
from sync.contract.ids import StationId
from sync.contract.submission import Submission
from sync.envelope import Envelope
from sync.journal import Sealer
from sync.receipts import verify
from tests.postgres import Postgres
from tests.sync.conftest import NOON
from tests.waiting import wait_until

WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
SHOWN = "SELECT (SELECT count(*) FROM envelopes), (SELECT count(*) FROM log)"
FAIL_AT_COMMIT = """
CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no commit'; END $$;
CREATE CONSTRAINT TRIGGER fail AFTER INSERT OR UPDATE ON log_files DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION fail();
"""


@pytest.fixture
def server() -> Iterator[Postgres]:
    made = Postgres("fsync=off")
    yield made
    made.end()


@pytest.fixture
def centre(server: Postgres, tmp_path: Path, sealer: Sealer) -> Iterator[Centre]:
    folder = tmp_path / "central"
    Centre.create(folder, "log.test/garita", CentralSettings(postgres=server.create("unconfirmed")))
    opened = Centre.open(folder, lambda: NOON)
    opened.store.admit(sealer.key.card(sealer.station), NOON)
    yield opened
    opened.close()


@pytest.fixture
def primary(centre: Centre) -> Iterator[psycopg.Connection]:
    """Look into the database, without waiting for any standby."""
    with psycopg.connect(f"{centre.settings.postgres}", autocommit=True) as connection:
        connection.execute("SET synchronous_commit = local")
        yield connection


def wait_for_standby(primary: psycopg.Connection, name: str) -> None:
    """Let the primary acknowledge nothing before standby `name` has it; no name: none."""
    primary.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'".encode())
    primary.execute("SELECT pg_reload_conf()")
    wait_until(lambda: primary.execute("SHOW synchronous_standby_names").fetchone() == (name,))


def ended_while_waiting(primary: psycopg.Connection, work: Callable[[], object]) -> BaseException | None:
    """Do `work` until it waits for the standby, end its session, and return what that raised."""
    raised = list[BaseException]()

    def run() -> None:
        try:
            work()
        except psycopg.Error as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    wait_until(lambda: primary.execute(WAITING).fetchall())
    primary.execute(END)
    thread.join()
    return raised[0] if raised else None


def test_what_no_standby_has_is_neither_learned_nor_answered(
    centre: Centre, primary: psycopg.Connection, entries: list[Envelope]
) -> None:
    submission = Submission(station=StationId("MX-TIJ-01"), envelopes=[entries[0].data])
    wait_for_standby(primary, "nobody")
    assert ended_while_waiting(primary, lambda: centre.ingest.submit(submission))
    assert primary.execute(SHOWN).fetchone() == (1, 0), "the primary has the entry"
    assert ended_while_waiting(primary, lambda: centre.ingest.submit(submission))
    assert primary.execute(SHOWN).fetchone() == (1, 1), "and in its log"
    assert ended_while_waiting(primary, lambda: centre.ingest.submit(submission))
    assert ended_while_waiting(primary, centre.log.refresh)
    assert centre.log.size == 0
    wait_for_standby(primary, "")
    [receipt] = centre.ingest.submit(submission).receipts
    verify(receipt.proof, entries[0].digest, centre.log.verifier)
    assert primary.execute(SHOWN).fetchone() == (1, 1)


def test_a_checkpoint_that_was_never_committed_is_never_shown(
    centre: Centre, primary: psycopg.Connection, entries: list[Envelope]
) -> None:
    submission = Submission(station=StationId("MX-TIJ-01"), envelopes=[entries[0].data])
    primary.execute(FAIL_AT_COMMIT)
    before = centre.log.checkpoint
    with pytest.raises(psycopg.Error, match="no commit"):
        centre.ingest.submit(submission)
    assert centre.log.checkpoint == before
    primary.execute("DROP TRIGGER fail ON log_files")
    [receipt] = centre.ingest.submit(submission).receipts
    verify(receipt.proof, entries[0].digest, centre.log.verifier)
