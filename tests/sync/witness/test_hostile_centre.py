"""A hostile centre: who owns its disk, its database and the log's key is still found out, by auditor or witness."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import httpx
import psycopg
import pytest

from sync.central.centre import Centre
from sync.central.cli import alarms
from sync.central.gate import Gate
from sync.central.ingest import Ingest
from sync.central.inside import create_inside_app
from sync.central.log import Log
from sync.central.storage import FolderStorage
from sync.central.store import Store
from sync.chain import check_next, empty
from sync.checkpoint import Checkpoint
from sync.contract.ids import KeyId, StationId
from sync.contract.inside import Page
from sync.contract.submission import Answer, Submission
from sync.envelope import Envelope
from sync.identity import Identity
from sync.journal import Sealer
from sync.keys import Recipient
from sync.note import LogKey
from sync.receipts import Proof, verify
from sync.tiles import Tile
from sync.witness.audit import Finding, Report, Seen, audit, read_seen
from sync.witness.published import Folder
from sync.witness.rows import audit_rows
from tests.sync.conftest import InProcess
from tests.sync.witness.parts import NOON, Witnessed

STATION = StationId("MX-TIJ-01")
Codes = set[str]


class Crime:
    """The centre's folder in the hands of its owner: rows as he likes, and a log that is made anew from them."""

    def __init__(self, witnessed: Witnessed) -> None:
        self.witnessed, self.folder = witnessed, witnessed.folder
        self.before = (self.folder / "log/checkpoint").read_text()
        witnessed.centre.close()

    def sql(self, *statements: str) -> None:
        """Change rows as the database's superuser, its guards taken off."""
        database = sqlite3.connect(self.folder / "central.db")
        for guard in ("envelopes_stay", "envelopes_are_final"):
            database.execute(f"DROP TRIGGER {guard}")
        for statement in statements:
            database.execute(statement)
        database.commit()
        database.close()

    def sign_anew(self) -> None:
        """Make tiles and checkpoint anew from the rows, with the true key and without the witnesses."""
        shutil.rmtree(self.folder / "log")
        (self.folder / "log").mkdir()
        key = LogKey.from_bytes((self.folder / "log.key").read_bytes())
        storage, store = FolderStorage(self.folder / "log"), Store(self.folder / "central.db")
        Log.create(storage, key)
        log = Log(storage, key, store)
        log.catch_up()
        log.close()
        store.close()

    def audit(self, *seen: Seen) -> Report:
        return audit(Folder(self.folder / "log"), self.witnessed.policy, seen)

    def rows(self, recipients: frozenset[KeyId] = frozenset()) -> list[Finding]:
        """Audit the rows through the inside socket's app."""
        store = Store(self.folder / "central.db")
        key, gate = LogKey.from_bytes((self.folder / "log.key").read_bytes()), Gate(2**30, monotonic)
        log = Log(FolderStorage(self.folder / "log"), key, store)
        with httpx.Client(
            transport=InProcess(create_inside_app(store, log, Ingest(store, log, lambda: NOON, gate), gate)),
            base_url="http://central",
        ) as http:

            def page(after: int) -> Page:
                return Page.from_bytes(http.get("/v1/envelopes", params={"after": after, "limit": 7}).content)

            found = list(audit_rows(Folder(self.folder / "log"), page, log.size, recipients))
        log.close()
        store.close()
        return found


@pytest.fixture
def commit(witnessed: Witnessed, entries: list[Envelope]) -> Callable[[], Crime]:
    """Take 20 entries in, honestly; then the crime begins."""
    submission = Submission(station=STATION, envelopes=[each.data for each in entries[:20]])
    assert witnessed.centre.ingest.submit(submission).contiguous == 20
    return lambda: Crime(witnessed)


def codes(report: Report) -> Codes:
    return {finding.code for finding in report.findings}


def test_an_honest_centre_is_found_honest(commit: Callable[[], Crime], recipients: list[Recipient]) -> None:
    crime = commit()
    report = crime.audit(Seen("the prosecutor", crime.before))
    assert (report.size, report.compared, report.findings) == (20, 1, [])
    assert crime.rows(frozenset(each.kid for each in recipients)) == []


EDITS = {
    "edited": ("UPDATE envelopes SET envelope = x'00', digest = zeroblob(32) WHERE log_index = 5",),
    "reordered": (
        "UPDATE envelopes SET log_index = -1 WHERE log_index = 5",
        "UPDATE envelopes SET log_index = 5 WHERE log_index = 6",
        "UPDATE envelopes SET log_index = 6 WHERE log_index = -1",
    ),
    "deleted and closed up": (
        "DELETE FROM envelopes WHERE log_index = 5",
        "UPDATE envelopes SET log_index = log_index - 1 WHERE log_index > 5",
    ),
    "cut off": ("DELETE FROM envelopes WHERE log_index >= 15",),
}


@pytest.mark.parametrize("how", EDITS)
def test_rows_changed_and_the_log_signed_anew(how: str, commit: Callable[[], Crime]) -> None:
    crime = commit()
    crime.sql(*EDITS[how])
    crime.sign_anew()
    found = codes(crime.audit(Seen("the prosecutor", crime.before)))
    assert found >= {"cosignatures"}, "two of three witnesses never saw the new history"
    assert found & {"deleted", "rewritten", "fork"}


@pytest.mark.parametrize("how", ["edited", "reordered"])
def test_rows_changed_under_an_unchanged_log(how: str, commit: Callable[[], Crime]) -> None:
    """Whoever audits the rows inside sees it; the last tile's leaves are checked by the log itself at its start."""
    crime = commit()
    with sqlite3.connect(crime.folder / "central.db") as database:
        rows = database.execute("SELECT log_index, station, seq, envelope FROM envelopes ORDER BY 1").fetchall()
    shuffled = [list(row) for row in rows]
    if how == "edited":
        shuffled[5][3] = shuffled[5][3][:-1] + bytes([shuffled[5][3][-1] ^ 1])
    else:
        shuffled[5][3], shuffled[6][3] = shuffled[6][3], shuffled[5][3]
    page = Page.from_value({
        "format": "garita.page/1", "size": 20,
        "envelopes": [dict(zip(("index", "station", "seq", "envelope"), row, strict=True)) for row in shuffled],
    })  # fmt: skip
    found = list(audit_rows(Folder(crime.folder / "log"), lambda _after: page, 20, frozenset()))
    assert {finding.code for finding in found} == {"row"}
    assert "entry 5" in found[0].detail


def test_rows_missing_under_an_unchanged_log(commit: Callable[[], Crime]) -> None:
    crime = commit()
    nothing = Page(size=20, envelopes=[])
    [found] = audit_rows(Folder(crime.folder / "log"), lambda _after: nothing, 20, frozenset())
    assert "rows 0 to 19" in found.detail


BURY = """
CREATE FUNCTION bury() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RETURN CASE WHEN NEW.seq = 5 THEN NULL ELSE NEW END; END $$;
CREATE TRIGGER buried BEFORE INSERT ON pending FOR EACH ROW EXECUTE FUNCTION bury();
"""


class Shown:
    """The log of a centre in this process, as it is published."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre

    def read(self, name: str) -> bytes | None:
        return self._centre.log.file(name)


def test_an_entry_buried_in_the_database_is_named_and_taken_in_again(
    open_centre: Callable[[str], Centre], entries: list[Envelope], caplog: pytest.LogCaptureFixture
) -> None:
    centre = open_centre("postgres")

    def submit(*sent: Envelope) -> Answer:
        return centre.ingest.submit(Submission(station=STATION, envelopes=[each.data for each in sent]))

    def rows() -> list[str]:
        page = Page(size=centre.log.size, envelopes=centre.store.envelopes(0, 99, 2**30))
        return [each.detail for each in audit_rows(Shown(centre), lambda _: page, page.size, frozenset())]

    def told() -> str:
        return ", ".join(alarm for state in centre.store.stations() for alarm in alarms(state))

    submit(*entries[:4])
    assert told() == ""
    with psycopg.connect(centre.settings.postgres, autocommit=True) as database:
        database.execute(BURY)
        answer = submit(*entries[4:6])
        assert (answer.contiguous, [each.seq for each in answer.receipts]) == (6, [6])
        assert "MX-TIJ-01/5: stored, and left out of the log" in caplog.text
        missing = "entry 5 of MX-TIJ-01 is missing where 6 stands, at 4 of the log"
        assert rows() == [missing]
        assert told().startswith("1 BURIED in the database, entry 5 first, found 20")
        assert "have the log audited (garita-witness audit --inside)" in told()
        database.execute("DROP TRIGGER buried ON pending")
    for receipt, sent in zip(submit(*entries[4:8]).receipts, entries[4:8], strict=True):
        verify(receipt.proof, sent.digest, centre.log.verifier)
    assert rows() == [missing, "entry 5 of MX-TIJ-01 stands at 7 of the log, behind later ones"]
    assert told().startswith("1 BURIED")


def test_witnesses_refuse_a_second_history(commit: Callable[[], Crime]) -> None:
    crime = commit()
    crime.sql(*EDITS["edited"])
    crime.sign_anew()
    crime.witnessed.reopen()
    crime.witnessed.centre.log.catch_up()
    forged = crime.witnessed.centre.log.checkpoint
    assert len(crime.witnessed.policy.cosigners(forged)) < 2
    kept = [found.note for each in crime.witnessed.witnesses for found in each.book.refused()]
    log = crime.witnessed.policy.logs[0]
    assert len(kept) >= 2, "the second history, signed by the log, is kept as evidence"
    assert {Checkpoint.verify(note, log).root for note in kept} == {Checkpoint.verify(forged, log).root}


def test_two_histories_for_two_readers(commit: Callable[[], Crime], tmp_path: Path) -> None:
    """The centre shows one log to a station (its receipt) and another one to the auditor."""
    crime = commit()
    receipt = Proof(0, (), crime.before).to_text()
    shutil.copytree(crime.folder / "log", tmp_path / "shown to the station")
    crime.sql(*EDITS["reordered"])
    crime.sign_anew()
    assert "fork" in codes(crime.audit(read_seen("a seizure form", receipt)))


@pytest.mark.parametrize("harm", ["gone", "cut", "changed"])
def test_a_tile_is_harmed(harm: str, commit: Callable[[], Crime]) -> None:
    crime = commit()
    tile = crime.folder / "log" / Tile(0, 0, 20).path
    data = tile.read_bytes()
    tile.unlink()
    if harm != "gone":
        tile.write_bytes(data[:-32] if harm == "cut" else bytes(32) + data[32:])
    assert codes(crime.audit()) == ({"root"} if harm == "changed" else {"deleted"})


def test_another_key_signs(commit: Callable[[], Crime]) -> None:
    crime = commit()
    text = Checkpoint.from_text(crime.before.split("\n\n")[0] + "\n")
    forged = text.sign(LogKey.generate(text.origin))
    (crime.folder / "log/checkpoint").write_text(forged)
    assert codes(crime.audit()) == {"checkpoint"}
    (crime.folder / "log/checkpoint").write_text(crime.before)
    assert codes(crime.audit(Seen("somebody", forged))) == {"not-its-own"}


def test_recipient_keys_swapped(
    witnessed: Witnessed, sealer: Sealer, recipients: list[Recipient], entries: list[Envelope]
) -> None:
    """A station that was made to seal to a stranger's key too is found by what its envelopes say."""
    stranger = Identity.generate("escrow").recipient
    swapped = Sealer(sealer.station, sealer.key, [recipients[0], stranger])
    head = check_next(empty(sealer.station, sealer.key.public), entries[0])
    bad = swapped.seal_after(head, b"sealed to the wrong people")
    witnessed.centre.ingest.submit(Submission(station=STATION, envelopes=[entries[0].data, bad.data]))
    crime = Crime(witnessed)
    [found] = crime.rows(frozenset(each.kid for each in recipients))
    assert (found.code, stranger.kid.hex() in found.detail) == ("recipients", True)


def test_a_centre_that_gives_the_same_row_for_ever(commit: Callable[[], Crime]) -> None:
    crime = commit()
    with sqlite3.connect(crime.folder / "central.db") as database:
        row = database.execute("SELECT log_index, station, seq, envelope FROM envelopes WHERE log_index = 0").fetchone()
    first = dict(zip(("index", "station", "seq", "envelope"), row, strict=True))
    page = Page.from_value({"format": "garita.page/1", "size": 20, "envelopes": [first]})
    [found] = audit_rows(Folder(crime.folder / "log"), lambda _after: page, 20, frozenset())
    assert found == Finding("row", "the centre gave row 0 where row 1 comes next")
