"""The national log gets a new key: what the old one signed stays proven, and the station goes on."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from edge.audit import audit
from edge.keys import read_log_keys, read_log_policy
from sync import outbox, receipts
from sync.anchoring import check_start
from sync.checkpoint import Checkpoint
from sync.contract.facts import FactRecord
from sync.contract.ids import Seq, StationId
from sync.court import CourtBundle, Evidence, Export, make_bundle
from sync.envelope import Envelope
from sync.errors import BadReceipt, BrokenChain, RolledBack
from sync.journal import JournalEntry
from sync.merkle import inclusion_path, leaf_hash, node_hash, root
from sync.note import LogKey
from tests.edge.bench import Bench

VERIFY = Path(__file__).parents[2] / "sync/verify/garita_verify.py"
OLD, NEW = LogKey.generate("log.test/garita"), LogKey.generate("log.test/garita-2")
STATION = StationId("MX-TIJ-01")
BOTH = (OLD.verifier, NEW.verifier)


def receive(session: Session, key: LogKey, last: int, now: datetime) -> None:
    """Let a log of its own take and prove all that waits up to `last`."""
    rows = session.exec(select(JournalEntry).where(JournalEntry.seq <= last).order_by(col(JournalEntry.seq))).all()
    waiting = [row for row in rows if outbox._get(session, Seq(row.seq)).released is None]

    def hash_of(level: int, index: int) -> bytes:
        if level == 0:
            return leaf_hash(waiting[index].digest)
        return node_hash(hash_of(level - 1, 2 * index), hash_of(level - 1, 2 * index + 1))

    size = len(waiting)
    signed = Checkpoint(key.verifier.name, size, root(size, hash_of)).sign(key)
    for place, row in enumerate(waiting):
        proof = receipts.write_proof(place, inclusion_path(place, size, hash_of), signed)
        outbox.release(session, Seq(row.seq), proof, receipts.verify(proof, row.digest, key.verifier), now)


def lay(bench: Bench, *keys: LogKey) -> None:
    (bench.data / "log.vkey").write_text("".join(f"{key.verifier.vkey}\n" for key in keys))


@pytest.fixture
def two_logs(bench: Bench) -> Bench:
    """Two entries with receipts of the old key, the rest with receipts of the new one; the station is off."""
    lay(bench, OLD)
    bench.open()
    bench.close()
    database = bench.database()
    with database.write() as session:
        receive(session, OLD, 2, bench.clock.wall)
    database.close()
    lay(bench, NEW, OLD)
    bench.open()
    bench.close()
    database = bench.database()
    with database.write() as session:
        receive(session, NEW, 99, bench.clock.wall)
    database.close()
    return bench


def test_a_station_starts_whichever_log_its_newest_receipt_is_of(two_logs: Bench) -> None:
    for keys in ([NEW, OLD], [OLD, NEW]):
        lay(two_logs, *keys)
        station = two_logs.open()
        assert station.left_out == []
        two_logs.close()


def test_the_policy_adds_to_the_keys(two_logs: Bench) -> None:
    lay(two_logs, OLD)
    (two_logs.data / "log.policy").write_text(f"log {NEW.verifier.vkey}\nquorum none\n")
    station = two_logs.open(log_policy="log.policy")
    assert station.left_out == []
    assert {each.name for each in read_log_keys(station.settings)} == {"log.test/garita", "log.test/garita-2"}
    assert read_log_policy(station.settings).logs == (NEW.verifier,)


def test_a_log_whose_key_is_not_laid_stops_nothing_and_is_told(two_logs: Bench) -> None:
    lay(two_logs, OLD)
    [told] = two_logs.open().left_out
    assert (told.part, told.why) == ("receipts", "missing")
    check = [each for each in two_logs.records() if isinstance(each, FactRecord) and each.fact == "self_check"][-1]
    assert "receipts" in check.values["left_out"]


def test_the_audit_takes_the_receipts_of_both_and_needs_both(two_logs: Bench) -> None:
    database = two_logs.database()
    with database.read() as session:
        audit(session, STATION, two_logs.station_key, BOTH, None)
        for key in BOTH:
            with pytest.raises(BrokenChain, match=r"lay it in log\.vkey"):
                audit(session, STATION, two_logs.station_key, [key], None)
    database.close()


def test_a_receipt_that_does_not_prove_its_entry_still_stops_it(two_logs: Bench) -> None:
    database = two_logs.database()
    with database.write() as session:
        proof = receipts.write_proof(0, [], Checkpoint(NEW.verifier.name, 1, leaf_hash(bytes(32))).sign(NEW))
        newest = outbox.newest_receipt(session)
        assert newest
        outbox._get(session, newest[0]).receipt = proof
        session.flush()
        with pytest.raises(RolledBack):
            check_start(session, STATION, two_logs.station_key, BOTH, None)
        session.rollback()
    database.close()


def test_a_court_bundle_names_each_log_that_its_receipts_need(two_logs: Bench, tmp_path: Path) -> None:
    database = two_logs.database()
    with database.read() as session:
        rows = session.exec(select(JournalEntry).order_by(col(JournalEntry.seq))).all()
        evidence = [
            Evidence(Envelope.from_bytes(row.envelope), outbox._get(session, Seq(row.seq)).receipt) for row in rows
        ]
    database.close()
    export = Export.from_value({"time": "2026-11-26T12:00:00.000000Z", "persons": ["A", "B"], "reason": "45/2026"})
    card = two_logs.station_key.card(STATION)
    assert CourtBundle.from_bytes(make_bundle(export, BOTH, [card], evidence[:2])).log == OLD.verifier.vkey
    data = make_bundle(export, BOTH, [card], evidence)
    assert CourtBundle.from_bytes(data).log == f"{OLD.verifier.vkey}\n{NEW.verifier.vkey}"
    with pytest.raises(BadReceipt):
        make_bundle(export, [NEW.verifier], [card], evidence)
    assert verified(data, tmp_path, OLD.verifier.vkey, NEW.verifier.vkey) == (0, True)
    assert verified(data, tmp_path, NEW.verifier.vkey) == (1, False)


def verified(bundle: bytes, folder: Path, *logs: str) -> tuple[int, bool]:
    """Run the expert's program under these keys of the log; return its status, and whether the log's keys are held."""
    (folder / "bundle").write_bytes(bundle)
    card = CourtBundle.from_bytes(bundle).stations[0]
    pins = [*logs, card.fingerprint]
    command = [
        sys.executable,
        str(VERIFY),
        "--language",
        "en",
        *(f"--pin={pin}" for pin in pins),
        str(folder / "bundle"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    return done.returncode, "ALL GOOD" in done.stdout
