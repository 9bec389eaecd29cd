"""The relay against the real centre, over good wires and bad ones."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Event, Thread

import httpx
import pytest
from sqlmodel import Session, select

from sync import central_time, outbox
from sync.batch import Batch
from sync.central.centre import Centre
from sync.client import CentralClient
from sync.contract.ids import Seq
from sync.contract.submission import Answer, ReceiptPart
from sync.journal import JournalEntry, Sealer, append
from sync.note import LogKey, LogVerifier
from sync.outbox import LONGEST_PAUSE, OutboxEntry, OutboxState
from sync.policy import Policy
from sync.receipts import verify
from sync.relay import BATCH_BYTES, Relay

Sessions = Callable[[], Session]


class Wire(httpx.BaseTransport):
    """The way to the centre: `down` requests fail before it works, and those of more than `longest` bytes always do.

    `alter` changes what comes back.
    """

    def __init__(self, central: httpx.Client) -> None:
        self._central = central
        self.down = 0
        self.longest = 2**40
        self.sent: list[int] = []
        self.alter: Callable[[Answer], Answer] = lambda answer: answer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        self.sent.append(len(Batch.from_bytes(body).envelopes))
        if self.down or len(body) > self.longest:
            self.down = max(self.down - 1, 0)
            raise httpx.ConnectError("no route", request=request)
        response = self._central.post(request.url.path, content=body, headers=request.headers)
        return httpx.Response(200, content=self.alter(Answer.from_bytes(response.content)).to_bytes())


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


class Bench:
    """A station's relay, its wire and its centre."""

    def __init__(self, sessions: Sessions, sealer: Sealer, wire: Wire, centre: Centre) -> None:
        self.sessions, self.sealer, self.wire, self.centre = sessions, sealer, wire, centre
        self.clock = Clock()
        self.random = Random(7)  # noqa: S311 - jitter is no secret
        self.restart()

    def restart(self) -> None:
        client = CentralClient(httpx.Client(transport=self.wire, base_url="https://central"))
        log = self.centre.log.verifier
        self.relay = Relay(self.sessions, client, self.sealer, log, self.clock, self.random)

    def write(self, count: int) -> None:
        for number in range(count):
            self.write_one(b"record %d" % number)

    def write_one(self, record: bytes) -> None:
        with self.sessions() as session:
            outbox.put(session, Seq(append(session, self.sealer, record).seq))
            session.commit()

    def damage(self, seq: int) -> None:
        with self.sessions() as session:
            entry = session.exec(select(JournalEntry).where(JournalEntry.seq == seq)).one()
            entry.envelope = entry.envelope[:-1] + bytes([entry.envelope[-1] ^ 1])
            session.commit()

    def state(self) -> OutboxState:
        with self.sessions() as session:
            return outbox.summary(session)

    def journal(self) -> list[bytes]:
        with self.sessions() as session:
            return [entry.envelope for entry in session.exec(select(JournalEntry)).all()]

    def stored(self) -> list[bytes]:
        return [logged.envelope for logged in self.centre.store.envelopes(0, self.centre.store.size(), 2**40)]


@pytest.fixture
def bench(sessions: Sessions, sealer: Sealer, outside: httpx.Client, centre: Centre) -> Bench:
    return Bench(sessions, sealer, Wire(outside), centre)


def test_a_key_of_the_log_that_ended_releases_nothing_new(bench: Bench, other_log_key: LogKey) -> None:
    """Whoever has the old key, because it was known to others, makes receipts for what the national log never had."""
    bench.write(3)
    client = CentralClient(httpx.Client(transport=bench.wire, base_url="https://central"))
    ended, newest = bench.centre.log.verifier, other_log_key.verifier
    for logs, released in (((newest, ended), 0), ((ended, newest), 3)):
        relay = Relay(bench.sessions, client, bench.sealer, Policy(logs), bench.clock, bench.random)
        bench.clock.time += LONGEST_PAUSE
        assert relay.drain().released == released
        assert bench.state().waiting == 3 - released


def test_it_hears_what_time_it_is_at_the_centre(bench: Bench, other_log_key: LogKey) -> None:
    heard: list[datetime] = []
    bench.relay._heard = heard.append
    bench.write(1)
    bench.relay.drain()
    assert heard == [datetime(2026, 11, 22, 12, tzinfo=UTC)]

    def lie(answer: Answer) -> Answer:
        return answer.model_copy(update={"time": central_time.write(other_log_key, b"", answer, bench.clock.time)})

    bench.wire.alter = lie
    bench.write(1)
    assert bench.relay.drain().released == 1, "a false time stops nothing"
    assert len(heard) == 1


def test_everything_arrives_once_and_in_order(bench: Bench, log: LogVerifier) -> None:
    bench.write(5)
    assert bench.relay.drain().released == 5
    bench.write(2)
    assert bench.relay.drain().released == 2
    assert bench.relay.drain().released == 0
    assert bench.stored() == bench.journal()
    with bench.sessions() as session:
        for entry, journalled in zip(
            session.exec(select(OutboxEntry)), session.exec(select(JournalEntry)), strict=True
        ):
            assert entry.receipt
            assert entry.log_index == verify(entry.receipt, journalled.digest, log).index


def test_a_batch_ends_at_its_limit_of_bytes(bench: Bench) -> None:
    for _ in range(5):
        bench.write_one(bench.random.randbytes(BATCH_BYTES * 2 // 5))
    bench.write_one(bench.random.randbytes(BATCH_BYTES + 1))
    assert bench.relay.drain().released == 6
    assert bench.wire.sent == [2, 2, 1, 1]


def test_a_line_that_carries_only_little_at_once_is_used(bench: Bench) -> None:
    """Cut every request that is longer than two entries: after each cut, half as much is offered."""
    bench.write(40)
    bench.wire.longest = 2 * len(bench.journal()[0]) + 1000
    for _ in range(60):
        bench.relay.drain()
        bench.clock.time += LONGEST_PAUSE
    assert bench.state().waiting == 0
    assert bench.stored() == bench.journal()


def test_centre_down_for_three_tries(bench: Bench) -> None:
    bench.write(3)
    bench.wire.down = 3
    for attempt in (1, 2, 3):
        assert "no route" in (bench.relay.drain().problem or "")
        paused = bench.state()
        assert (paused.waiting, paused.attempts) == (3, attempt)
        assert paused.next_attempt
        assert timedelta(0) <= paused.next_attempt - bench.clock() <= timedelta(seconds=2**attempt)
        bench.clock.time = paused.next_attempt
    assert bench.relay.drain().released == 3
    assert bench.stored() == bench.journal()


def test_pauses_and_tries_again_for_ever(bench: Bench) -> None:
    bench.write(1)
    bench.wire.down = 10**9
    pauses: list[timedelta] = []
    for _ in range(80):
        bench.relay.drain()
        until = bench.state().next_attempt
        assert until
        pauses.append(until - bench.clock())
        bench.clock.time = until
    assert len(bench.wire.sent) == 80
    assert max(pauses) <= LONGEST_PAUSE
    assert max(pauses) > LONGEST_PAUSE * 0.9
    assert bench.state().waiting == 1


def test_a_pause_outlives_a_restart(bench: Bench) -> None:
    bench.write(1)
    bench.wire.down = 1
    bench.relay.drain()
    bench.restart()
    assert bench.relay.drain().released == 0
    assert len(bench.wire.sent) == 1
    bench.clock.time += timedelta(seconds=2)
    assert bench.relay.drain().released == 1


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=-9000), timedelta(days=4000)])
def test_a_wrong_clock_does_not_hold_evidence(bench: Bench, jump: timedelta) -> None:
    bench.write(1)
    bench.wire.down = 1
    bench.relay.drain()
    bench.clock.time += jump
    assert bench.relay.drain().released == 1


def test_an_answer_lost_on_the_way_is_made_good(bench: Bench) -> None:
    bench.write(4)

    def lose(_: Answer) -> Answer:
        raise httpx.ReadError("cut")

    bench.wire.alter = lose
    assert bench.relay.drain().released == 0
    assert bench.centre.store.size() == 4
    bench.wire.alter = lambda answer: answer
    bench.clock.time += LONGEST_PAUSE
    assert bench.relay.drain().released == 4
    assert bench.stored() == bench.journal()


def test_a_receipt_of_another_log_releases_nothing(bench: Bench, other_log_key: LogKey) -> None:
    bench.write(2)

    def resign(answer: Answer) -> Answer:
        receipts = [ReceiptPart(seq=each.seq, proof=_signed_by(other_log_key, each.proof)) for each in answer.receipts]
        return answer.model_copy(update={"receipts": receipts})

    bench.wire.alter = resign
    report = bench.relay.drain()
    assert report.released == 0
    assert "entry 1" in (report.problem or "")
    assert bench.state().last_problem == report.problem
    assert bench.state().waiting == 2
    bench.wire.alter = lambda answer: answer
    bench.clock.time += LONGEST_PAUSE
    assert bench.relay.drain().released == 2


def _signed_by(key: LogKey, proof: str) -> str:
    head, text, _ = proof.split("\n\n")
    return f"{head}\n\n{key.sign(text + chr(10))}"


def test_a_receipt_of_another_entry_releases_nothing(bench: Bench) -> None:
    bench.write(3)

    def swap(answer: Answer) -> Answer:
        first, second, third = answer.receipts
        receipts = [first, ReceiptPart(seq=2, proof=third.proof), ReceiptPart(seq=3, proof=second.proof)]
        return answer.model_copy(update={"receipts": receipts})

    bench.wire.alter = swap
    report = bench.relay.drain()
    assert report.released == 1
    assert "inclusion" in (report.problem or "")
    assert bench.state().oldest_seq == 2


def test_no_receipt_and_no_reason_releases_nothing(bench: Bench) -> None:
    bench.write(1)
    bench.wire.alter = lambda answer: answer.model_copy(update={"receipts": [], "contiguous": 10**6})
    assert "neither a receipt nor a reason" in (bench.relay.drain().problem or "")
    assert bench.state().waiting == 1


def test_a_refused_entry_is_kept_named_and_holds_the_later_ones(bench: Bench) -> None:
    bench.write(4)
    bench.damage(3)
    report = bench.relay.drain()
    assert report.released == 2
    assert "bad_signature" in (report.problem or "")
    held = bench.state()
    assert (held.waiting, held.oldest_seq, held.refused, held.refusal) == (2, 3, 1, "bad_signature")
    assert bench.relay.drain().released == 0
    assert len(bench.wire.sent) == 1
    bench.clock.time += LONGEST_PAUSE
    bench.relay.drain()
    assert len(bench.wire.sent) == 2
    assert bench.state().waiting == 2
    assert bench.centre.store.size() == 2


def test_a_station_admitted_late_is_taken_then(bench: Bench) -> None:
    bench.write(2)
    unknown = {"seq": None, "code": "unknown_station", "detail": "admit it"}
    bench.wire.alter = lambda answer: Answer.from_value(
        {**answer.model_dump(), "receipts": [], "contiguous": 0, "refusal": unknown}
    )
    bench.relay.drain()
    assert bench.state().refused == 1
    bench.wire.alter = lambda answer: answer
    bench.clock.time += LONGEST_PAUSE
    assert bench.relay.drain().released == 2
    assert bench.state().refused == 0


def test_runs_in_a_thread_until_it_is_stopped(bench: Bench) -> None:
    with running(bench) as wake:
        for waiting in (3, 2):
            bench.write(waiting)
            wake_until_empty(bench, wake)
    assert len(bench.stored()) == 5


def test_outlives_a_fault_of_its_own(bench: Bench) -> None:
    faults = [ValueError("a bug")]

    def fail_once(answer: Answer) -> Answer:
        if faults:
            raise faults.pop()
        return answer

    bench.wire.alter = fail_once
    bench.write(1)
    with running(bench) as wake:
        wake_until_empty(bench, wake)
    assert not faults


@contextmanager
def running(bench: Bench) -> Iterator[Event]:
    stop, wake = Event(), Event()
    thread = Thread(target=bench.relay.run, args=(stop, wake))
    thread.start()
    try:
        yield wake
    finally:
        stop.set()
        wake.set()
        thread.join(10)
    assert not thread.is_alive()


def wake_until_empty(bench: Bench, wake: Event) -> None:
    deadline = time.monotonic() + 20
    while bench.state().waiting and time.monotonic() < deadline:
        wake.set()
        time.sleep(0.02)
    assert bench.state().waiting == 0


def test_a_receipt_that_does_not_hold_is_told_apart_from_a_dead_line(bench: Bench, other_log_key: LogKey) -> None:
    bench.write(1)
    bench.wire.alter = lambda answer: answer.model_copy(
        update={"receipts": [ReceiptPart(seq=1, proof=other_log_key.sign("not a proof\n"))]}
    )
    bench.relay.drain()
    assert (bench.state().waiting, bench.state().refusal) == (1, "bad_receipt")
    bench.wire.alter = lambda answer: answer
    bench.clock.time += LONGEST_PAUSE
    bench.relay.drain()
    assert (bench.state().waiting, bench.state().refusal) == (0, None)
