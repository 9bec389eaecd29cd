"""What a witness cosigns, what it refuses and with which status, and what a centre does without it."""

import sqlite3
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest

from sync.asking import AddCheckpoint, log_name
from sync.central.centre import Centre
from sync.central.refusals import explain
from sync.central.witnesses import MOST_OPEN, Witnesses
from sync.checkpoint import Checkpoint
from sync.contract.ids import StationId
from sync.contract.submission import Answer, Submission
from sync.cosignature import WitnessKey
from sync.envelope import Envelope
from sync.errors import BadReceipt, Malformed, Rewritten
from sync.merkle import consistency_path, leaf_hash, root, verify_consistency
from sync.note import EM_DASH, LogKey, LogVerifier, Note
from sync.policy import Policy
from sync.receipts import Proof, verify
from sync.tiles import pyramid
from sync.witness.app import create_app
from sync.witness.book import SCHEMA, Book, Contradiction
from sync.witness.witness import Refused, WitnessOffice, own_checkpoint
from tests.sync.conftest import InProcess
from tests.sync.witness.parts import NOON, Witnessed
from tests.waiting import HANG_S, wait_until

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
    return Book(tmp_path / "witness.db", new=True)


@pytest.fixture
def office(book: Book, log_key: LogKey) -> WitnessOffice:
    return WitnessOffice(WitnessKey.generate("witness.example"), [log_key.verifier], book, lambda: NOON)


def status(office: WitnessOffice, request: bytes) -> tuple[int, int | None]:
    try:
        office.add(AddCheckpoint.from_bytes(request))
    except Refused as error:
        return error.status, error.size
    return 200, None


def test_a_stranger_s_lines_spoil_no_checkpoint(book: Book, log_key: LogKey) -> None:
    """Whoever has the public checkpoint may ask again for its cosignature, with lines of nobody or of the witness."""
    key = WitnessKey.generate("witness.example")
    office = WitnessOffice(key, [log_key.verifier], book, lambda: NOON)
    office.add(AddCheckpoint.from_bytes(ask(log_key, 0, 10)))
    again = AddCheckpoint.from_bytes(ask(log_key, 10, 10))
    nobody = f"{EM_DASH} nobody {b64encode(bytes(68)).decode()}\n" * 62
    for lines in (nobody, again.note.partition("\n\n")[2] * 62, key.line(bytes(72))):
        office.add(replace(again, note=again.note + lines))
        published = book.note(log_key.verifier.name)
        assert published
        assert len(Note.parse(published).signatures) == 2
        assert own_checkpoint(key, [log_key.verifier], published).size == 10


def test_cosigns_what_continues_and_only_that(office: WitnessOffice, book: Book, log_key: LogKey) -> None:
    assert status(office, ask(log_key, 0, 10)) == (200, None)
    assert status(office, ask(log_key, 10, 25)) == (200, None)
    assert status(office, ask(log_key, 25, 25)) == (200, None)
    assert status(office, ask(log_key, 10, 30)) == (409, 25)
    assert status(office, ask(log_key, 25, 40, OTHERS)) == (422, None)
    assert status(office, ask(log_key, 25, 25, OTHERS)) == (409, 25)
    assert status(office, ask(log_key, 25, 30, proven=[])) == (422, None)
    assert status(office, ask(log_key, 26, 25)) == (400, None)
    kept = [Checkpoint.verify(each.note, log_key.verifier) for each in book.refused()]
    others = lambda *at: hash_of(OTHERS, *at)  # noqa: E731
    assert [(each.size, each.root) for each in kept] == [(40, root(40, others)), (25, root(25, others))]
    assert status(office, ask(log_key, 25, 40)) == (200, None)


def said(office: WitnessOffice, request: bytes) -> str:
    with pytest.raises(Refused) as refused:
        office.add(AddCheckpoint.from_bytes(request))
    return str(refused.value)


def test_a_rewritten_log_is_told_from_a_bad_proof(office: WitnessOffice, book: Book, log_key: LogKey) -> None:
    """The pair that is kept convinces who has the log's key and nothing else."""
    office.add(AddCheckpoint.from_bytes(ask(log_key, 0, 25)))
    assert "the log was rewritten. That is proven" in said(office, ask(log_key, 25, 40, OTHERS))
    for proven in ([], [bytes(32)], [bytes(32)] * 6, consistency_path(25, 40, of)[::-1]):
        assert "this proof cannot tell which, and is no evidence" in said(office, ask(log_key, 25, 40, proven=proven))
    [kept] = book.refused()
    before, after = (Checkpoint.verify(note, log_key.verifier) for note in (kept.before, kept.note))
    proof = AddCheckpoint.from_bytes(f"{kept.claim}\n\n{kept.note}".encode()).proof
    with pytest.raises(Rewritten):
        verify_consistency(before.size, before.root, after.size, after.root, proof)
    assert (before.size, before.root) == (25, root(25, of))


def test_from_a_power_of_two_no_proof_can_tell(office: WitnessOffice, book: Book, log_key: LogKey) -> None:
    office.add(AddCheckpoint.from_bytes(ask(log_key, 0, 32)))
    assert "cannot tell which" in said(office, ask(log_key, 32, 40, OTHERS))
    assert book.refused() == []


def test_a_book_of_the_first_form_is_read_on(tmp_path: Path) -> None:
    path = tmp_path / "witness.db"
    with closing(sqlite3.connect(path)) as old:
        old.executescript(SCHEMA)
        old.execute("INSERT INTO refused VALUES ('o', 1, x'00', 'note', 'time')")
        old.commit()
    with closing(Book(path)) as book:
        assert book.refused() == [Contradiction("time", "", "", "note")]


@pytest.mark.parametrize("new", [7, 4])
def test_a_strangers_bad_proof_is_no_evidence(office: WitnessOffice, book: Book, log_key: LogKey, new: int) -> None:
    """Anybody may send an honest checkpoint with a proof of their own making."""
    assert status(office, ask(log_key, 0, 4)) == (200, None)
    assert status(office, ask(log_key, 4, new, proven=[bytes(32)])) == (422, None)
    assert book.refused() == []


def test_an_empty_log_has_one_root(office: WitnessOffice, book: Book, log_key: LogKey) -> None:
    note = Checkpoint(log_key.verifier.name, 0, bytes(32)).sign(log_key)
    assert status(office, AddCheckpoint(0, (), note).to_bytes()) == (409, 0)
    assert len(book.refused()) == 1
    assert status(office, ask(log_key, 0, 4)) == (200, None)


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


def test_the_centre_says_what_a_refusal_means(
    book: Book, log_key: LogKey, office: WitnessOffice, caplog: pytest.LogCaptureFixture
) -> None:
    """The witness saw one history; what it is asked about is that one, a rewritten one, and a copy of a day before."""
    app, key = create_app(office, book, [log_key.verifier]), office._key.verifier
    policy = Policy.from_bytes(f"log {log_key.verifier.vkey}\nwitness w {key.vkey} http://w\nquorum w\n".encode())
    office.add(AddCheckpoint.from_bytes(ask(log_key, 0, 32)))
    histories = {"ANOTHER HISTORY": (OTHERS, 40), "this database is an older copy": (LEAVES, 20)}
    for words, (leaves, size) in histories.items():
        witnesses = Witnesses(policy, httpx.Client(transport=InProcess(app)), HANG_S)
        hashes = partial(hash_of, leaves)
        checkpoint = Checkpoint(log_key.verifier.name, size, root(size, hashes))
        note = checkpoint.sign(log_key)
        assert witnesses.cosign(checkpoint, note, hashes) == note
        witnesses.close()
        assert words in caplog.messages[-1]
    seen, now = (Checkpoint(log_key.verifier.name, size, root(size, of)) for size in (32, 40))
    assert "the fault is the witness's" in explain(seen, now, of)


class Wires:
    """Leads to a witness that lives, `live`, and to others that take questions and say nothing before `speak`."""

    def __init__(self, book: Book, log: LogVerifier) -> None:
        self.asked, self.speak, self._log = list[httpx.Request](), Event(), log
        self.live = WitnessKey.generate("live.example")
        self._office = WitnessOffice(self.live, [log], book, lambda: NOON)

    def policy(self, quorum: str, *silent: str) -> Policy:
        lines = [f"log {self._log.vkey}", f"witness live {self.live.verifier.vkey} http://live"]
        lines += [f"witness {each} {WitnessKey.generate(each).verifier.vkey} http://silent" for each in silent]
        lines += [f"group enough {quorum} live {' '.join(silent)}", "quorum enough", ""]
        return Policy.from_bytes("\n".join(lines).encode())

    def witnesses(self, policy: Policy, patience: float) -> Witnesses:
        return Witnesses(policy, httpx.Client(transport=httpx.MockTransport(self._answer)), patience)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "silent":
            self.asked.append(request)
            self.speak.wait()
            return httpx.Response(HTTPStatus.SERVICE_UNAVAILABLE)
        line = self._office.add(AddCheckpoint.from_bytes(request.content))
        return httpx.Response(HTTPStatus.OK, text=line)


@pytest.fixture
def wires(book: Book, log_key: LogKey) -> Iterator[Wires]:
    made = Wires(book, log_key.verifier)
    yield made
    made.speak.set()


def of(height: int, number: int) -> bytes:
    return hash_of(LEAVES, height, number)


def cosigned(witnesses: Witnesses, log_key: LogKey, size: int) -> str:
    checkpoint = Checkpoint(log_key.verifier.name, size, root(size, of))
    return witnesses.cosign(checkpoint, checkpoint.sign(log_key), of)


def test_a_silent_witness_takes_no_place_of_the_others(wires: Wires, log_key: LogKey) -> None:
    policy = wires.policy("any", "mute")
    witnesses = wires.witnesses(policy, HANG_S)
    for size in range(1, 20):
        policy.verify(cosigned(witnesses, log_key, size))
    assert len(wires.asked) <= MOST_OPEN
    wires.speak.set()
    witnesses.close()


def test_two_silent_witnesses_of_three_are_waited_for_once(wires: Wires, log_key: LogKey) -> None:
    policy = wires.policy("2", "mute", "deaf")
    witnesses = wires.witnesses(policy, 0.05)
    cosigned(witnesses, log_key, 1)
    witnesses.patience = HANG_S
    wait_until(lambda: policy.cosigners(cosigned(witnesses, log_key, 1)) == {"live"})
    for size in range(2, 6):
        assert policy.cosigners(cosigned(witnesses, log_key, size)) == {"live"}
    wires.speak.set()
    witnesses.close()


def test_the_log_grows_while_witnesses_are_asked(book: Book, centre: Centre, entries: list[Envelope]) -> None:
    """The thread that asks waits for witnesses who say nothing; another one's entries are in the log all the same."""
    wires = Wires(book, centre.log.verifier)
    witnesses = wires.witnesses(wires.policy("2", "mute", "deaf"), HANG_S)
    centre.log._cosigners = witnesses
    submissions = [Submission(station=StationId("MX-TIJ-01"), envelopes=[each.data]) for each in entries[:2]]
    threads = [Thread(target=centre.ingest.submit, args=[each]) for each in submissions]
    for held, thread in enumerate(threads, start=1):
        thread.start()
        wait_until(lambda held=held: centre.log.size == held)
        wait_until(lambda: wires.asked)
    assert all(thread.is_alive() for thread in threads)
    wires.speak.set()
    for thread in threads:
        thread.join()
    witnesses.close()
