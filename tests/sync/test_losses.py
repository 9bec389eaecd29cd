"""A centre that was restored from a backup gets back what it had confirmed since, by HTTPS and by stick."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

import httpx
import pytest
from sqlmodel import Session, col, select

from sync import attachment_store, losses, stick, stick_attachments
from sync.batch import Batch, write_batch
from sync.central.app import create_app
from sync.central.attachments_app import take_attachments
from sync.central.centre import Centre
from sync.central.inside import create_inside_app
from sync.central.speakers import anybody
from sync.central.sticks import import_folder
from sync.chain import empty, genesis
from sync.client import CentralClient
from sync.contract.ids import Seq, StationId
from sync.contract.submission import Answer, Refusal
from sync.contract.wall import format_wall
from sync.journal import Sealer, digest_of
from sync.keys import StationKey
from sync.losses import LostReceipt
from sync.outbox import LONGEST_PAUSE, OutboxEntry
from sync.receipts import verify
from sync.relay import DrainReport, Relay
from tests.sync.conftest import InProcess
from tests.sync.posts import Post

Sessions = Callable[[], Session]
START = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Country:
    """A station, and a centre whose folder can be put back as it was at `backup`."""

    def __init__(self, folder: Path, sessions: Sessions, sealer: Sealer, carried: Path) -> None:
        self.folder, self.sessions, self.sealer, self.stick = folder, sessions, sealer, carried
        self.time = START
        self.centre = Centre.open(folder, lambda: self.time)
        self.centre.store.admit(sealer.key.card(sealer.station), START)
        self.log = self.centre.log.verifier
        self.post = Post(sessions, sealer, carried, self.log)

    def backup(self) -> None:
        self.centre.close()
        shutil.copytree(self.folder, self.folder.with_name("backup"))
        self.centre = Centre.open(self.folder, lambda: self.time)

    def restore(self) -> None:
        self.centre.close()
        shutil.rmtree(self.folder)
        shutil.copytree(self.folder.with_name("backup"), self.folder)
        self.centre = Centre.open(self.folder, lambda: self.time)

    def drain(self) -> DrainReport:
        self.time += LONGEST_PAUSE
        parts = self.centre
        app = create_app(parts.ingest, parts.log, parts.gate, parts.store.standings, anybody, lambda _: None)
        take_attachments(app, parts.depot, parts.gate, anybody)
        with httpx.Client(transport=InProcess(app), base_url="http://central") as http:
            relay = Relay(self.sessions, CentralClient(http), self.sealer, self.log, lambda: self.time, Random(1))  # noqa: S311 - jitter
            return relay.drain()

    def carry(self) -> list[str]:
        """Fill the stick, let the centre read it, bring it back; return what was wrong with it there."""
        self.time += LONGEST_PAUSE
        self.post.export()
        self.post.export_attachments()
        parts = self.centre
        app = create_inside_app(parts.store, parts.log, parts.stick_ingest, parts.gate)
        take_attachments(app, parts.stick_depot, parts.gate, anybody)
        with httpx.Client(transport=InProcess(app), base_url="http://central") as http:
            list(import_folder(http, self.stick))
        return self.bring_back()

    def bring_back(self) -> list[str]:
        self.time += LONGEST_PAUSE
        attached = (self.sessions, self.sealer, self.stick, [self.log], self.time)
        stick_attachments.import_answers(*attached)
        return stick.import_answers(self.sessions, self.sealer, self.stick, self.log, self.time).problems

    def receipts(self) -> list[LostReceipt]:
        with self.sessions() as session:
            return list(session.exec(select(LostReceipt).order_by(col(LostReceipt.seq))))

    def loss(self) -> losses.Loss | None:
        with self.sessions() as session:
            return losses.open_loss(session)


def sealed_by(other: Sealer) -> bytes:
    """Return the first entry of another station."""
    return other.seal_after(empty(other.station, other.key.public), b"a record").data


@pytest.fixture
def country(centre_folder: Path, sessions: Sessions, sealer: Sealer, tmp_path: Path) -> Iterator[Country]:
    made = Country(centre_folder, sessions, sealer, tmp_path / "stick")
    yield made
    made.centre.close()


def test_what_it_had_confirmed_is_sent_again_and_the_receipts_are_kept(country: Country) -> None:
    country.post.write(5)
    country.drain()
    country.backup()
    country.post.write(20)
    assert country.drain().released == 20
    country.restore()
    country.post.write(3)
    assert "lost entries 6 to 25" in (country.drain().problem or "")
    assert country.loss() is not None
    assert country.drain() == DrainReport(23, None)
    assert country.centre.store.size() == 28
    assert (country.post.waiting(), country.loss()) == (0, None)
    kept = country.receipts()
    assert [each.seq for each in kept] == list(range(6, 26))
    with country.sessions() as session:
        for each in kept:
            assert verify(each.receipt, digest_of(session, each.seq) or b"", country.log).index == each.seq - 1  # pyright: ignore[reportArgumentType]


def test_a_loss_is_recorded_once_with_the_receipt_that_proves_it(country: Country) -> None:
    country.backup()
    country.post.write(2)
    country.drain()
    country.restore()
    country.post.write(1)
    country.drain()
    with country.sessions() as session:
        [(loss, receipt)] = losses.unrecorded(session)
        assert (loss.first, loss.last) == (1, 2)
        assert verify(receipt, digest_of(session, loss.last) or b"", country.log).index == 1
        assert losses.unrecorded(session) == []


def test_attachments_that_are_here_are_sent_again(country: Country) -> None:
    country.backup()
    country.post.write(1)
    country.post.attach(b"one", b"two")
    country.drain()
    country.restore()
    country.post.write(1)
    country.drain()
    with country.sessions() as session:
        assert attachment_store.waiting(session) == 2
        assert attachment_store.let_go(session, country.time, country.time) == 0
    country.drain()
    with country.sessions() as session:
        assert attachment_store.waiting(session) == 0
    assert len([each for each in country.receipts() if each.sealed]) == 2
    assert len([each for each in (country.folder / "attachments").rglob("*") if each.is_file()]) >= 2


def test_attachments_alone_that_the_backup_did_not_have_are_sent_again(country: Country) -> None:
    """The backup fell between a record and its photograph: no entry is missing, so no gap shows it."""
    country.post.write(2)
    country.drain()
    country.backup()
    one, two = (part.sealed for part, _ in country.post.attach(b"one", b"two"))
    country.drain()
    country.restore()
    country.drain()
    with country.sessions() as session:
        assert (attachment_store.waiting(session), losses.open_loss(session)) == (0, None), "nobody knows yet"
        assert attachment_store.let_go(session, country.time, country.time) == 0
        session.commit()
    for _ in range(2):
        country.drain()
    stored = {path.name for path in (country.folder / "attachments").rglob("*") if path.is_file()}
    assert {one.hex(), two.hex()} <= stored
    kept = [each.receipt for each in country.receipts()]
    with country.sessions() as session:
        [(loss, receipt)] = losses.unrecorded(session)
        assert (loss.first, loss.last, loss.entries, loss.attachments) == (0, 1, 0, 2)
        assert str(loss).startswith("the centre lost an attachment of entry 1, for which it gave a receipt")
        assert (receipt in kept, len(kept)) == (True, 2)
        assert (losses.open_loss(session), attachment_store.waiting(session)) == (None, 0)
        assert attachment_store.let_go(session, country.time, country.time) == 0, "they are asked for again first"


def test_one_whose_bytes_have_gone_is_not_called_lost_here(country: Country) -> None:
    country.backup()
    country.post.write(1)
    country.post.attach(b"one")
    country.drain()
    with country.sessions() as session:
        assert attachment_store.let_go(session, country.time, country.time) == 0
        session.commit()
    country.drain()
    with country.sessions() as session:
        assert attachment_store.let_go(session, country.time, country.time) == 1
        session.commit()
    country.restore()
    country.post.write(1)
    country.drain()
    with country.sessions() as session:
        assert (attachment_store.waiting(session), attachment_store.lost(session)) == (0, [])


def test_by_stick_too(country: Country) -> None:
    country.post.write(2)
    country.post.attach(b"one")
    assert country.carry() == []
    country.backup()
    country.post.write(4)
    assert country.carry() == []
    country.restore()
    shutil.rmtree(country.stick)
    country.post.write(1)
    [problem] = country.carry()
    assert "lost entries 3 to 6" in problem
    country.carry()
    assert (country.post.waiting(), country.centre.store.size()) == (0, 7)


def test_an_answer_that_lies_on_a_stick_for_long_takes_nothing_back(country: Country) -> None:
    country.backup()
    country.post.write(3)
    country.drain()
    country.restore()
    country.post.write(1)
    [problem] = country.carry()
    assert "lost entries 1 to 3" in problem
    country.drain()
    assert country.post.waiting() == 0
    country.post.write(1)
    for _ in range(2):
        assert not any("lost" in problem for problem in country.bring_back())
        assert country.post.waiting() == 1


def test_without_a_gap_nothing_is_lost(country: Country) -> None:
    country.post.write(3)
    country.drain()
    with country.sessions() as session:
        for code in ("unknown_station", "revoked_station"):
            refusal = Refusal(seq=None, code=code, detail="")
            answer = Answer(station=country.sealer.station, contiguous=0, receipts=[], refusal=refusal)
            assert losses.notice(session, answer, country.time) is None
        gap = Refusal(seq=9, code="gap", detail="")
        answer = Answer(station=country.sealer.station, contiguous=3, receipts=[], refusal=gap)
        assert losses.notice(session, answer, country.time) is None


def test_an_answer_that_the_centre_did_not_give_takes_nothing_back(country: Country) -> None:
    """Whoever writes on the stick has the centre's newest notes too: with answers to this and to other stations."""
    country.post.write(5)
    country.carry()
    other = Sealer(StationId("MX-TIJ-02"), StationKey.generate(), country.sealer.recipients)
    country.centre.store.admit(other.key.card(other.station), START)
    batch = write_batch(other.key, other.station, Seq(1), genesis(other.station, other.key.public), [sealed_by(other)])
    country.time += LONGEST_PAUSE
    to_other = country.centre.ingest.take(Batch.from_bytes(batch))
    country.post.write(1)
    country.carry()
    [*_, last] = sorted(country.stick.glob("*.answer"))
    to_this = Answer.from_bytes(last.read_bytes())
    country.time += LONGEST_PAUSE
    log_key = country.centre.log._key
    earlier = f"garita.time/1\n{country.log.name}\n{'0' * 64}\n{format_wall(country.time)}\n"
    gap = Refusal(seq=None, code="gap", detail="x")
    for time in (None, to_other.time, to_this.time, log_key.sign(earlier)):
        forged = Answer(station=country.sealer.station, contiguous=0, receipts=[], refusal=gap, time=time)
        last.write_bytes(forged.to_bytes())
        [problem] = country.bring_back()
        assert "(gap): x. Anybody may have written that onto the stick: the centre's time: " in problem
        assert (country.post.waiting(), country.loss(), country.receipts()) == (0, None, [])


def test_an_answer_of_before_is_an_old_one_also_where_the_stations_clock_is_behind(country: Country) -> None:
    """The centre saw the second half of what waited first; its true answer to that is laid on the stick again."""
    country.post.write(4)
    country.post.export()
    whole = next(country.stick.glob("*.batch"))
    entries = Batch.from_bytes(whole.read_bytes()).envelopes
    key, name = country.sealer.key, country.sealer.station
    before = sha256(entries[1]).digest()
    gap = country.centre.ingest.take(Batch.from_bytes(write_batch(key, name, Seq(3), before, entries[2:])))
    assert gap.refusal is not None
    country.carry()
    with country.sessions() as session:
        for entry in session.exec(select(OutboxEntry)):
            entry.released = START - timedelta(days=400)
        session.commit()
    whole.with_suffix(".answer").write_bytes(gap.to_bytes())
    [problem] = country.bring_back()
    assert problem.endswith("seq 1 is expected next; send from there")
    assert (country.post.waiting(), country.loss()) == (0, None)


def test_online_a_loss_is_told_though_the_stations_clock_was_put_back(country: Country) -> None:
    country.backup()
    country.post.write(2)
    country.drain()
    country.restore()
    country.time -= timedelta(days=400)
    country.post.write(1)
    assert "lost entries 1 to 2" in (country.drain().problem or "")
