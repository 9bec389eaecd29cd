"""What a witness cosigns, what it refuses and with which status, and what a centre does without it."""

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from threading import Event

import httpx
import pytest

from sync.asking import AddCheckpoint
from sync.central.witnesses import MOST_OPEN, Witnesses
from sync.checkpoint import Checkpoint
from sync.contract.ids import StationId
from sync.contract.submission import Answer, Submission
from sync.cosignature import WitnessKey
from sync.envelope import Envelope
from sync.errors import BadReceipt, Malformed
from sync.merkle import consistency_path, leaf_hash, root
from sync.note import LogKey
from sync.policy import Policy
from sync.receipts import Proof, verify
from sync.tiles import pyramid
from sync.witness.app import log_name
from sync.witness.book import Book
from sync.witness.witness import Refused, WitnessOffice
from tests.sync.witness.parts import NOON, Witnessed

LEAVES = [leaf_hash(b"%d" % number) for number in range(40)]
OTHERS = [*LEAVES[:20], leaf_hash(b"forged"), *LEAVES[21:]]


def hash_of(leaves: Sequence[bytes], height: int, number: int) -> bytes:
    return pyramid(leaves[number << height : number + 1 << height])[-1][0]


def ask(log_key: LogKey, old: int, new: int, leaves: list[bytes] = LEAVES, proven: list[bytes] | None = None) -> bytes:
    """Write what a log asks: from `old` entries to `new`."""
    of = lambda height, number: hash_of(leaves, height, number)  # noqa: E731
    proof = consistency_path(old, new, of) if 0 < old <= new else []
    note = Checkpoint(log_key.verifier.name, new, root(new, of)).sign(log_key)
    return AddCheckpoint(old, tuple(proof if proven is None else proven), note).to_bytes()


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "witness.db")


@pytest.fixture
def office(book: Book, log_key: LogKey) -> WitnessOffice:
    return WitnessOffice(WitnessKey.generate("witness.example"), [log_key.verifier], book, lambda: NOON)


def status(office: WitnessOffice, request: bytes) -> tuple[int, int | None]:
    try:
        office.add(AddCheckpoint.from_bytes(request))
    except Refused as error:
        return error.status, error.size
    return 200, None


def test_cosigns_what_continues_and_only_that(office: WitnessOffice, book: Book, log_key: LogKey) -> None:
    assert status(office, ask(log_key, 0, 10)) == (200, None)
    assert status(office, ask(log_key, 10, 25)) == (200, None)
    assert status(office, ask(log_key, 25, 25)) == (200, None)
    assert status(office, ask(log_key, 10, 30)) == (409, 25)
    assert status(office, ask(log_key, 25, 40, OTHERS)) == (422, None)
    assert status(office, ask(log_key, 25, 25, OTHERS)) == (409, 25)
    assert status(office, ask(log_key, 25, 30, proven=[])) == (422, None)
    assert status(office, ask(log_key, 26, 25)) == (400, None)
    kept = {Checkpoint.verify(note, log_key.verifier).size for _, note in book.refused()}
    assert kept == {25, 30, 40}
    assert status(office, ask(log_key, 25, 40)) == (200, None)


def test_knows_its_logs_by_name_and_key(office: WitnessOffice, log_key: LogKey, other_log_key: LogKey) -> None:
    assert status(office, ask(other_log_key, 0, 10)) == (404, None)
    impostor = LogKey.generate(log_key.verifier.name)
    assert status(office, ask(impostor, 0, 10)) == (403, None)


def test_remembers_over_a_restart(office: WitnessOffice, tmp_path: Path, log_key: LogKey) -> None:
    office.add(AddCheckpoint.from_bytes(ask(log_key, 0, 10)))
    again = WitnessOffice(
        WitnessKey.generate("again.example"), [log_key.verifier], Book(tmp_path / "witness.db"), lambda: NOON
    )
    assert status(again, ask(log_key, 0, 12)) == (409, 10)


@pytest.mark.parametrize(
    "body", [b"", b"old 1\n", b"old 01\n\nx", b"new 1\n\nx", b"old 1\nzz\n\nx", b"old 1\n" + b"AA==\n" * 64 + b"\nx"]
)
def test_requests_that_are_none(body: bytes) -> None:
    with pytest.raises(Malformed):
        AddCheckpoint.from_bytes(body)


def submit(centre: Witnessed, entries: list[Envelope]) -> Answer:
    submission = Submission(station=StationId("MX-TIJ-01"), envelopes=[each.data for each in entries])
    return centre.centre.ingest.submit(submission)


def test_receipts_carry_two_of_three_cosignatures(witnessed: Witnessed, entries: list[Envelope]) -> None:
    for receipt, entry in zip(submit(witnessed, entries[:3]).receipts, entries, strict=False):
        verify(receipt.proof, entry.digest, witnessed.policy)


def test_one_witness_may_be_away_and_two_may_not(witnessed: Witnessed, entries: list[Envelope]) -> None:
    witnessed.witnesses[0].stop()
    verify(submit(witnessed, entries[:1]).receipts[0].proof, entries[0].digest, witnessed.policy)
    witnessed.witnesses[1].stop()
    proof = submit(witnessed, entries[:2]).receipts[1].proof
    with pytest.raises(BadReceipt, match=r"cosigned by university\.example; that is not the quorum two"):
        verify(proof, entries[1].digest, witnessed.policy)


def test_a_restarted_centre_learns_what_witnesses_saw(witnessed: Witnessed, entries: list[Envelope]) -> None:
    submit(witnessed, entries[:5])
    witnessed.reopen()
    verify(submit(witnessed, entries[:9]).receipts[8].proof, entries[8].digest, witnessed.policy)


def test_anybody_may_ask_a_witness_what_it_saw(witnessed: Witnessed, entries: list[Envelope]) -> None:
    note = Proof.from_text(submit(witnessed, entries[:5]).receipts[0].proof).checkpoint
    log = witnessed.policy.logs[0]
    answers = [
        httpx.get(f"http://127.0.0.1:{each.port}/checkpoint/{log_name(log.name)}") for each in witnessed.witnesses
    ]
    shown = [Checkpoint.verify(answer.text, log).size for answer in answers if answer.status_code == HTTPStatus.OK]
    assert shown.count(Checkpoint.verify(note, log).size) >= 2
    nothing = httpx.get(f"http://127.0.0.1:{witnessed.witnesses[0].port}/checkpoint/00")
    assert nothing.status_code == HTTPStatus.NOT_FOUND


def test_the_wire_answers_as_the_specification_says(witnessed: Witnessed, entries: list[Envelope]) -> None:
    submit(witnessed, entries[:5])
    key = LogKey.from_bytes((witnessed.folder / "log.key").read_bytes())
    url = f"http://127.0.0.1:{witnessed.witnesses[0].port}/add-checkpoint"
    conflict = httpx.post(url, content=ask(key, 3, 10))
    if conflict.status_code == HTTPStatus.CONFLICT:
        assert conflict.headers["content-type"].startswith("text/x.tlog.size")
        assert conflict.text.endswith("\n")
    assert httpx.post(url, content=b"nonsense").status_code == HTTPStatus.BAD_REQUEST
    assert httpx.post(url, content=bytes(400_000)).status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_a_silent_witness_takes_no_place_of_the_others(book: Book, log_key: LogKey) -> None:
    asked, end = list[httpx.Request](), Event()
    silent, key = WitnessKey.generate("silent.example").verifier, WitnessKey.generate("live.example")
    office = WitnessOffice(key, [log_key.verifier], book, lambda: NOON)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "silent":
            asked.append(request)
            end.wait()
            return httpx.Response(HTTPStatus.SERVICE_UNAVAILABLE)
        return httpx.Response(HTTPStatus.OK, text=office.add(AddCheckpoint.from_bytes(request.content)))

    lines = [f"log {log_key.verifier.vkey}", f"witness a {silent.vkey} http://silent"]
    lines += [f"witness b {key.verifier.vkey} http://live", "group one any a b", "quorum one", ""]
    policy = Policy.from_bytes("\n".join(lines).encode())
    witnesses = Witnesses(policy, httpx.Client(transport=httpx.MockTransport(answer)))
    of = lambda height, number: hash_of(LEAVES, height, number)  # noqa: E731
    try:
        for size in range(1, 20):
            checkpoint = Checkpoint(log_key.verifier.name, size, root(size, of))
            policy.verify(witnesses.cosign(checkpoint, checkpoint.sign(log_key), of))
    finally:
        end.set()
        witnesses.close()
    assert len(asked) <= MOST_OPEN
