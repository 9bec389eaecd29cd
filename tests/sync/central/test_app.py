"""The centre over HTTP: what it answers, and one shape for every error."""

import asyncio
import tracemalloc
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import Message

from sync import frames
from sync.batch import MAGIC, BatchHeader, Statement
from sync.central.app import read_body
from sync.central.centre import Centre
from sync.central.engine import NewEntry
from sync.checkpoint import Checkpoint
from sync.contract.aside import AsideKey
from sync.contract.ids import Seq, StationId
from sync.contract.inside import Page, StationList
from sync.contract.submission import BATCH_TYPE, MAX_BODY, MEDIA_TYPE, Answer
from sync.envelope import MAX_ENVELOPE, Envelope
from sync.merkle import leaf_hash
from sync.note import LogVerifier
from sync.vault.source import Source
from tests.sync.batches import batch_of, key_of
from tests.waiting import HANG_S

TYPE = {"Content-Type": BATCH_TYPE}


def submit(outside: httpx.Client, entries: list[Envelope]) -> Answer:
    response = outside.post("/v1/batches", content=batch_of(entries), headers=TYPE)
    assert response.status_code == 200
    assert response.headers["content-type"] == MEDIA_TYPE
    return Answer.from_bytes(response.content)


def assert_problem(response: httpx.Response, status: int, code: str) -> None:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem.keys() == {"type", "title", "status", "code", "detail"}
    assert (problem["status"], problem["code"]) == (status, code)


def test_submission_and_answer(outside: httpx.Client, entries: list[Envelope]) -> None:
    assert submit(outside, entries[:4]).contiguous == 4


def test_the_log_can_be_read_by_anybody_admitted(
    outside: httpx.Client, entries: list[Envelope], log: LogVerifier
) -> None:
    submit(outside, entries[:3])
    response = outside.get("/v1/log/checkpoint")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert Checkpoint.verify(response.text, log).size == 3
    tile = outside.get("/v1/log/tile/0/000.p/3")
    assert tile.headers["content-type"] == "application/octet-stream"
    assert "immutable" in tile.headers["cache-control"]
    assert tile.content == b"".join(leaf_hash(entry.digest) for entry in entries[:3])
    assert outside.get("/v1/health").json() == {"status": "ok", "log": log.name, "size": 3}


@pytest.mark.parametrize(
    "name",
    ["entries/000", "entries/000.p/3", "0/001", "0/000.p/0", "0/0", "64/000", "..%2Fcheckpoint", "0", ""],
)
def test_there_is_no_other_tile(name: str, outside: httpx.Client, entries: list[Envelope]) -> None:
    submit(outside, entries[:3])
    assert_problem(outside.get(f"/v1/log/tile/{name}"), 404, "not_found")


def test_errors_have_one_shape(outside: httpx.Client) -> None:
    post = outside.post
    assert_problem(post("/v1/batches", content=b"\x00", headers=TYPE), 400, "malformed")
    assert_problem(post("/v1/batches", content=b"{}"), 415, "unsupported_media_type")
    assert_problem(outside.get("/v1/batches"), 405, "method_not_allowed")
    assert_problem(outside.get("/v1/envelopes"), 404, "not_found")


def test_a_body_is_read_no_further_than_the_limit(outside: httpx.Client) -> None:
    said = {**TYPE, "Content-Length": str(MAX_BODY + 1)}
    assert_problem(outside.post("/v1/batches", content=iter([b"x"]), headers=said), 413, "too_large")
    piece = bytes(1024 * 1024)
    unsaid = outside.post("/v1/batches", content=(piece for _ in range(65)), headers=TYPE)
    assert_problem(unsaid, 413, "too_large")


def test_a_body_that_stands_still_is_not_waited_for() -> None:
    pieces = [b"x", b"y"]

    async def receive() -> Message:
        await asyncio.sleep(0 if pieces else HANG_S)
        return {"type": "http.request", "body": pieces.pop(), "more_body": True}

    asked = Request({"type": "http", "headers": [(b"content-type", BATCH_TYPE.encode())]}, receive)
    came = list[int]()
    with pytest.raises(HTTPException, match=r"for 0\.1 s, 2 bytes were here") as slow:
        asyncio.run(read_body(asked, BATCH_TYPE, MAX_BODY, came.append, patience=0.1))
    assert (slow.value.status_code, came) == (408, [1, 1])


def bomb(station: str, signer: str, count: int) -> bytes:
    """Return a small batch that unpacks to `count` times what an envelope may have."""
    header = BatchHeader(station=StationId(station), first=Seq(1), count=500, before=bytes(32), after=bytes(32))
    statement = Statement.sign(header, key_of(signer)).data
    return MAGIC + len(statement).to_bytes(2) + statement + frames.pack([bytes(MAX_ENVELOPE)]) * count


@pytest.mark.parametrize(
    ("station", "signer", "count", "outcome"),
    [
        ("NOBODY", "MX-TIJ-01", 3, "unknown_station"),
        ("MX-TIJ-01", "MX-MEX-02", 3, "bad_signature"),
        ("NOBODY", "MX-TIJ-01", 500, "together"),
        ("MX-TIJ-01", "MX-TIJ-01", 4, "together"),
    ],
)
def test_nothing_is_unpacked_that_its_station_did_not_state(
    outside: httpx.Client, station: str, signer: str, count: int, outcome: str
) -> None:
    body = bomb(station, signer, count)
    tracemalloc.start()
    try:
        response = outside.post("/v1/batches", content=body, headers=TYPE)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MAX_ENVELOPE
    if outcome == "together":
        assert_problem(response, 400, "malformed")
        assert "together" in response.json()["detail"]
    else:
        answer = Answer.from_bytes(response.content)
        assert answer.refusal
        assert answer.refusal.code == outcome


def test_what_is_held_already_takes_nothing_of_a_stations_hour(
    outside: httpx.Client, centre: Centre, entries: list[Envelope]
) -> None:
    submit(outside, entries[:3])
    centre.gate._quota = sum(len(each.data) for each in entries[:6])
    for _ in range(5):
        submit(outside, entries[:3])
    assert submit(outside, entries[3:6]).contiguous == 6
    busy = outside.post("/v1/batches", content=batch_of(entries[6:7]), headers=TYPE)
    assert_problem(busy, 429, "busy")


def test_a_damaged_log_answers_later(outside: httpx.Client, centre: Centre, entries: list[Envelope]) -> None:
    submit(outside, entries[:3])
    (centre.folder / "log/tile/0/000.p/3").unlink()
    body = batch_of(entries[3:4])
    assert_problem(outside.post("/v1/batches", content=body, headers=TYPE), 503, "unavailable")


def test_a_fault_inside_tells_nothing(centre: Centre, entries: list[Envelope], outside: httpx.Client) -> None:
    centre.store.close()
    body = batch_of(entries[:1])
    response = outside.post("/v1/batches", content=body, headers=TYPE)
    assert_problem(response, 503, "unavailable")
    assert "sqlite" not in response.text.lower()


def test_the_vault_gets_envelopes_in_log_order(
    inside: httpx.Client, outside: httpx.Client, entries: list[Envelope]
) -> None:
    submit(outside, entries[:6])
    first = Page.from_bytes(inside.get("/v1/envelopes?limit=4").content)
    rest = Page.from_bytes(inside.get("/v1/envelopes?after=3").content)
    assert [logged.index for logged in [*first.envelopes, *rest.envelopes]] == list(range(6))
    assert [logged.envelope for logged in [*first.envelopes, *rest.envelopes]] == [each.data for each in entries[:6]]
    assert first.size == 6
    assert Page.from_bytes(inside.get("/v1/envelopes?after=5").content).envelopes == []


def test_the_vault_gets_every_card(inside: httpx.Client) -> None:
    cards = StationList.from_bytes(inside.get("/v1/stations").content).cards
    assert [card.station for card in cards] == ["MX-MEX-02", "MX-TIJ-01"]


def test_the_vault_gets_what_is_kept_aside(inside: httpx.Client, centre: Centre, entries: list[Envelope]) -> None:
    kept = [NewEntry(each.header.seq, each.digest, each.data) for each in entries[:3]]
    with centre.store.writing([entries[0].header.station]) as [journal]:
        journal.keep_contested(kept, datetime.now(UTC))
    source = Source(inside)
    first = source.aside(AsideKey(), 2)
    rest = source.aside(first.entries[-1].key, 2)
    assert [each.envelope for each in [*first.entries, *rest.entries]] == [each.data for each in entries[:3]]
    assert (first.size, source.aside(rest.entries[-1].key, 2).entries) == (3, [])


@pytest.mark.parametrize("query", ["kind=x", "seq=-1", f"seq={2**63}", "digest=ab", f"digest={'G' * 64}", "limit=501"])
def test_the_vault_must_ask_properly_for_what_is_kept_aside(query: str, inside: httpx.Client) -> None:
    assert_problem(inside.get(f"/v1/aside?{query}"), 400, "malformed")


@pytest.mark.parametrize("query", ["after=-2", "after=x", "limit=0", "limit=501", "limit=99999999999999999999"])
def test_the_vault_must_ask_properly(query: str, inside: httpx.Client) -> None:
    assert_problem(inside.get(f"/v1/envelopes?{query}"), 400, "malformed")


def test_envelopes_without_a_checkpoint_are_not_shown_yet(
    inside: httpx.Client, centre: Centre, entries: list[Envelope]
) -> None:
    entry = entries[0]
    with centre.store.writing([entry.header.station]) as [journal]:
        journal.append([NewEntry(entry.header.seq, entry.digest, entry.data)], datetime.now(UTC))
    assert Page.from_bytes(inside.get("/v1/envelopes").content).envelopes == []
