"""Attachments on their way: after their records, in pieces, over lines that break, to a centre that is blind."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import httpx
import pytest
from sqlmodel import Session

from sync import attachment_store as store
from sync import outbox, uploads
from sync.attachments import seal_attachment
from sync.central.centre import Centre
from sync.client import CentralClient
from sync.contract.ids import Seq
from sync.contract.pieces import MAX_PIECE, Held, Piece
from sync.journal import Sealer, append
from sync.outbox import LONGEST_PAUSE
from sync.relay import Relay

Sessions = Callable[[], Session]
ATTACHMENTS = "/v1/attachments"
PHOTO = secrets.token_bytes(700_000)


class Wire(httpx.BaseTransport):
    """The way to the centre. Of requests with attachments it counts bytes, and loses those that `lost` picks."""

    def __init__(self, central: httpx.Client) -> None:
        self._central = central
        self.paths: list[str] = []
        self.carried = 0
        self.lost: Callable[[int], bool] = lambda _number: False
        self.alter: Callable[[Held], Held] = lambda held: held

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        self.paths.append(request.url.path)
        if request.url.path != ATTACHMENTS:
            return self._pass(request, body)
        if self.lost(len(self.paths)):
            raise httpx.ReadError("the line broke", request=request)
        self.carried += len(Piece.from_bytes(body).data)
        response = self._pass(request, body)
        if response.status_code != httpx.codes.OK:
            return response
        return httpx.Response(200, content=self.alter(Held.from_bytes(response.read())).to_bytes())

    def _pass(self, request: httpx.Request, body: bytes) -> httpx.Response:
        answer = self._central.post(request.url.path, content=body, headers=request.headers)
        return httpx.Response(answer.status_code, content=answer.content)


class Bench:
    """A station with records, attachments and a relay; its clock stands until it is moved."""

    def __init__(self, sessions: Sessions, sealer: Sealer, wire: Wire, centre: Centre) -> None:
        self.sessions, self.sealer, self.wire, self.centre = sessions, sealer, wire, centre
        self.time = datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.restart()

    def restart(self) -> None:
        client = CentralClient(httpx.Client(transport=self.wire, base_url="https://central"))
        verifier = self.centre.log.verifier
        dice = Random(7)  # noqa: S311 - jitter is no secret
        self.relay = Relay(self.sessions, client, self.sealer, verifier, lambda: self.time, dice)

    def attach(self, *data: bytes) -> list[bytes]:
        """Make a record with attachments; return the SHA-256 of each, sealed."""
        sealed = [seal_attachment(each, "photo", "image/jpeg") for each in data]
        with self.sessions() as session:
            seq = Seq(append(session, self.sealer, b"a record").seq)
            outbox.put(session, seq)
            store.keep(session, self.sealer, seq, sealed)
            session.commit()
        return [part.sealed for part, _ in sealed]

    def drain(self, times: int = 1) -> None:
        """Let the relay work, and the longest pause pass, so often."""
        for _ in range(times):
            self.relay.drain()
            self.time += LONGEST_PAUSE + timedelta(seconds=1)

    def way(self, sealed: bytes) -> store.AttachmentWay:
        with self.sessions() as session:
            return session.get_one(store.AttachmentWay, sealed)

    def body(self, sealed: bytes) -> bytes:
        with self.sessions() as session:
            return session.get_one(store.AttachmentEntry, sealed).body

    def at_the_centre(self, sealed: bytes) -> Path:
        return self.centre.folder / "attachments" / self.sealer.station / sealed.hex()


@pytest.fixture
def bench(sessions: Sessions, sealer: Sealer, outside: httpx.Client, centre: Centre) -> Bench:
    return Bench(sessions, sealer, Wire(outside), centre)


def test_attachments_arrive_after_their_record_and_a_receipt_that_verifies_ends_it(bench: Bench) -> None:
    small, large = bench.attach(b"short", PHOTO)
    bench.drain()
    assert bench.wire.paths[0] == "/v1/batches"
    assert set(bench.wire.paths[1:]) == {ATTACHMENTS}
    for sealed in (small, large):
        assert bench.at_the_centre(sealed).read_bytes() == bench.body(sealed)
        receipt, arrived = bench.way(sealed).receipt, bench.way(sealed).arrived
        assert receipt
        assert arrived
        assert sealed.hex() in receipt


def test_a_record_that_is_made_meanwhile_goes_before_the_next_piece(bench: Bench) -> None:
    bench.attach(PHOTO)
    made: list[bytes] = []

    def once(_: Held) -> Held:
        if not made:
            made.extend(bench.attach(b"later"))
        return _

    bench.wire.alter = once
    bench.drain()
    assert bench.wire.paths[:3] == ["/v1/batches", ATTACHMENTS, "/v1/batches"]
    assert bench.way(made[0]).arrived


def test_a_line_that_breaks_goes_on_where_it_stopped(bench: Bench) -> None:
    [sealed] = bench.attach(PHOTO)
    bench.wire.lost = lambda number: number % 3 == 0
    for _ in range(40):
        bench.restart()
        bench.drain()
        if bench.way(sealed).arrived:
            break
    assert bench.at_the_centre(sealed).read_bytes() == bench.body(sealed)
    assert bench.wire.carried < 1.3 * len(PHOTO), "what was there was not sent again"


def test_while_the_line_is_down_it_pauses_longer_each_time_and_keeps_everything(bench: Bench) -> None:
    first, second = bench.attach(b"one", b"two")
    bench.wire.lost = lambda _: True
    bench.relay.drain()
    tried = len(bench.wire.paths)
    bench.relay.drain()
    assert len(bench.wire.paths) == tried, "it pauses, for all of them"
    bench.drain(6)
    bench.wire.lost = lambda _: False
    assert bench.way(first).attempts + bench.way(second).attempts >= 6
    bench.drain()
    assert bench.way(first).arrived
    assert bench.way(second).arrived


def test_a_centre_that_lies_of_its_receipt_releases_nothing(bench: Bench) -> None:
    small, large = bench.attach(b"short", PHOTO)
    bench.drain()
    other = bench.way(large).receipt
    [sealed] = bench.attach(b"another")
    bench.wire.alter = lambda held: held.model_copy(update={"receipt": other})
    bench.drain(2)
    assert bench.way(sealed).arrived is None
    assert "of something else" in (bench.way(sealed).last_problem or "")
    assert bench.way(small).arrived


def test_one_that_is_refused_holds_up_no_other(bench: Bench) -> None:
    refused, other = bench.attach(b"one", b"two")
    with bench.sessions() as session:
        session.get_one(store.AttachmentEntry, min(refused, other)).claim = bytes(64)
        session.commit()
    bench.drain(2)
    assert bench.way(max(refused, other)).arrived
    left = bench.way(min(refused, other))
    assert left.arrived is None
    assert left.refusals
    assert "bad_signature" in (left.last_problem or "")


def test_bytes_that_were_damaged_at_the_centre_are_sent_again(bench: Bench) -> None:
    [sealed] = bench.attach(PHOTO)
    bench.wire.lost = lambda number: number > 3
    bench.drain()
    [part] = bench.at_the_centre(sealed).parent.glob("*.part")
    held = part.read_bytes()
    part.write_bytes(bytes(len(held)))
    bench.wire.lost = lambda _: False
    bench.drain(3)
    assert held
    assert bench.at_the_centre(sealed).read_bytes() == bench.body(sealed)


def test_only_what_has_a_receipt_is_let_go_and_after_its_time(bench: Bench) -> None:
    [sealed] = bench.attach(b"short")
    with bench.sessions() as session:
        assert store.let_go(session, bench.time + timedelta(days=9), bench.time) == 0
    bench.drain()
    assert let_go(bench, bench.time - timedelta(hours=1)) == 0
    asked = len(bench.wire.paths)
    bench.drain()
    assert len(bench.wire.paths) == asked, "before its time nothing is asked"
    assert let_go(bench, bench.time) == 0
    carried = bench.wire.carried
    bench.drain()
    assert (len(bench.wire.paths), bench.wire.carried) == (asked + 1, carried), "one question, without its bytes"
    assert let_go(bench, bench.time) == 1
    with bench.sessions() as session:
        assert session.get(store.AttachmentEntry, sealed) is None
        assert store.waiting(session) == 0
    bench.drain()
    assert len(bench.wire.paths) == asked + 1, "it is asked for once"


def let_go(bench: Bench, arrived_before: datetime) -> int:
    with bench.sessions() as session:
        gone = store.let_go(session, arrived_before, bench.time)
        session.commit()
    return gone


def test_while_nobody_answers_it_stays_for_a_month(bench: Bench) -> None:
    bench.attach(b"short")
    bench.drain()
    bench.wire.lost = lambda _: True
    assert let_go(bench, bench.time) == 0
    for days, gone in ((29, 0), (2, 1)):
        bench.time += timedelta(days=days)
        bench.drain()
        assert let_go(bench, bench.time) == gone


def test_a_false_receipt_lets_nothing_go(bench: Bench) -> None:
    bench.attach(b"short")
    bench.drain()
    bench.wire.alter = lambda held: held.model_copy(update={"receipt": "I have it"})
    assert let_go(bench, bench.time) == 0
    bench.drain(3)
    assert let_go(bench, bench.time) == 0


def test_what_waits_goes_before_what_is_asked_for(bench: Bench) -> None:
    bench.attach(b"short")
    bench.drain()
    assert let_go(bench, bench.time) == 0
    [later] = bench.attach(PHOTO)
    bench.wire.paths.clear()
    bench.drain()
    assert bench.at_the_centre(later).read_bytes() == bench.body(later)
    assert let_go(bench, bench.time - timedelta(hours=1)) == 1


def test_a_piece_is_never_longer_than_the_wire_allows(bench: Bench) -> None:
    bench.attach(secrets.token_bytes(5 * MAX_PIECE))
    bench.drain()
    assert bench.wire.carried >= 5 * MAX_PIECE
    assert uploads.SMALLEST_PIECE < uploads.FIRST_PIECE <= MAX_PIECE


def test_a_centre_that_takes_nothing_is_left_alone_for_a_while(bench: Bench) -> None:
    [sealed] = bench.attach(PHOTO)
    bench.wire.alter = lambda held: held.model_copy(update={"held": 0, "receipt": None})
    bench.relay.drain()
    assert "took none of" in (bench.way(sealed).last_problem or "")
    assert bench.wire.paths.count(ATTACHMENTS) == 2
    bench.wire.alter = lambda held: held
    bench.drain(2)
    assert bench.way(sealed).arrived
