"""The client: what is an answer, what is a refusal, and what is only a bad line."""

import gzip
from collections.abc import Callable, Iterator

import httpx
import pytest

from sync.client import MAX_PROBLEM, CentralClient
from sync.contract import canonical
from sync.contract.ids import StationId
from sync.contract.submission import BATCH_TYPE, Answer
from sync.errors import CentralRefused, CentralUnreachable

STATION, BATCH = StationId("MX-TIJ-01"), b"a batch"
ANSWER = Answer(station=STATION, contiguous=0, receipts=[], refusal=None)


def client(answer: Callable[[httpx.Request], httpx.Response]) -> CentralClient:
    return CentralClient(httpx.Client(transport=httpx.MockTransport(answer), base_url="https://central"))


def test_sends_the_batch_and_reads_the_answer() -> None:
    def central(request: httpx.Request) -> httpx.Response:
        assert (request.method, request.url.path) == ("POST", "/v1/batches")
        assert request.headers["content-type"] == BATCH_TYPE
        assert request.read() == BATCH
        return httpx.Response(200, content=ANSWER.to_bytes())

    assert client(central).submit(STATION, BATCH) == ANSWER


def test_problem_details_are_a_refusal_with_its_code() -> None:
    problem = {"code": "too_large", "detail": "at most so much", "status": 413}
    with pytest.raises(CentralRefused, match="at most so much") as refusal:
        client(lambda _: httpx.Response(413, json=problem)).submit(STATION, BATCH)
    assert refusal.value.code == "too_large"


def test_of_a_refusal_as_much_is_kept_as_a_person_reads() -> None:
    problem = {"code": "c" * 1_000, "detail": "x" * 50_000}
    with pytest.raises(CentralRefused) as refusal:
        client(lambda _: httpx.Response(403, json=problem)).submit(STATION, BATCH)
    assert (refusal.value.code, refusal.value.detail) == ("c" * 64, "x" * 500)
    assert len(str(refusal.value)) < 600


def test_a_refusal_commands_neither_the_terminal_nor_the_log() -> None:
    problem = {"code": "c\x1b[8m", "detail": "no\r\x1b[2Knothing waits"}
    with pytest.raises(CentralRefused, match="nothing waits") as refusal:
        client(lambda _: httpx.Response(403, json=problem)).submit(STATION, BATCH)
    assert str(refusal.value).isprintable()
    assert refusal.value.code.isprintable()


def test_no_name_or_field_in_an_answer_is_repeated_at_length() -> None:
    other = ANSWER.model_copy(update={"station": "MX-MEX-02" * 100_000}).to_bytes()
    unknown = canonical.encode({**ANSWER.model_dump(), "y" * 1_000_000: 1})
    for answer in (other, unknown):
        with pytest.raises(CentralUnreachable) as told:
            client(lambda _, answer=answer: httpx.Response(200, content=answer)).submit(STATION, BATCH)
        assert len(str(told.value)) <= 500


def test_an_answer_that_would_unpack_to_any_length_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    for status in (200, 403):
        with pytest.raises(CentralUnreachable, match="packed"):
            client(
                lambda _, status=status: httpx.Response(
                    status, stream=httpx.ByteStream(bomb), headers={"Content-Encoding": "gzip"}
                )
            ).submit(STATION, BATCH)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"code": "x"}', b"\xff", b"[" * MAX_PROBLEM])
def test_a_refusal_without_a_reason_has_its_status_for_a_code(body: bytes) -> None:
    with pytest.raises(CentralRefused) as refusal:
        client(lambda _: httpx.Response(403, content=body)).submit(STATION, BATCH)
    assert refusal.value.code == "http_403"


@pytest.mark.parametrize("status", [204, 301, 408, 425, 429, 500, 502, 503])
def test_anything_else_is_no_answer_yet(status: int) -> None:
    with pytest.raises(CentralUnreachable, match=str(status)):
        client(lambda _: httpx.Response(status)).submit(STATION, BATCH)


@pytest.mark.parametrize(
    ("said", "wait"), [("10", 10), ("", 0), ("-1", 0), ("1e3", 0), ("\u0661", 0), ("Wed, 21 Oct 2026 07:28:00 GMT", 0)]
)
def test_how_long_the_centre_asks_to_be_left_alone(said: str, wait: int) -> None:
    with pytest.raises(CentralUnreachable) as busy:
        client(lambda _: httpx.Response(429, headers=[(b"Retry-After", said.encode())])).submit(STATION, BATCH)
    assert busy.value.wait == wait


@pytest.mark.parametrize("body", [b"", b"hotel wifi: please log in", ANSWER.to_bytes() + b"\0", ANSWER.to_bytes()[:-1]])
def test_bytes_that_are_no_answer(body: bytes) -> None:
    with pytest.raises(CentralUnreachable, match="cannot be read"):
        client(lambda _: httpx.Response(200, content=body)).submit(STATION, BATCH)


def test_an_answer_to_another_station() -> None:
    other = ANSWER.model_copy(update={"station": "MX-MEX-02"}).to_bytes()
    with pytest.raises(CentralUnreachable, match="this is MX-TIJ-01"):
        client(lambda _: httpx.Response(200, content=other)).submit(STATION, BATCH)


@pytest.mark.parametrize(
    ("fault", "shut_out"),
    [
        (httpx.ConnectError, False),
        (httpx.ReadTimeout, False),
        (httpx.RemoteProtocolError, True),
        (httpx.ReadError, True),
        (httpx.WriteError, True),
    ],
)
def test_a_broken_line_may_be_a_certificate_that_is_refused(fault: type[httpx.TransportError], shut_out: bool) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise fault("cut", request=request)

    with pytest.raises(CentralUnreachable, match="cut") as told:
        client(broken).submit(STATION, BATCH)
    assert ("refuses this certificate" in str(told.value)) is shut_out


@pytest.mark.parametrize(
    ("status", "limit", "error"),
    [(200, Answer.MAX_BYTES, CentralUnreachable), (403, MAX_PROBLEM, CentralRefused)],
)
def test_an_answer_without_end_is_read_up_to_the_limit(status: int, limit: int, error: type[Exception]) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1024 * 1024
            yield bytes(1024 * 1024)

    with pytest.raises(error, match=r"longer than|no reason"):
        client(lambda _: httpx.Response(status, content=endless())).submit(STATION, BATCH)
    assert read <= limit + 2 * 1024 * 1024
