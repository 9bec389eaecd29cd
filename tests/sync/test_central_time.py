"""The centre's time: believed under the log's key alone, only with the answer it came with, and to what was asked."""

from datetime import UTC, datetime

import pytest

from sync import central_time
from sync.contract.ids import StationId
from sync.contract.submission import Answer, ReceiptPart, Refusal
from sync.errors import BadReceipt
from sync.note import LogKey

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOON_TEXT = "2026-11-22T12:00:00.000000Z"
GAP = Refusal(seq=9, code="gap", detail="seq 6 is expected next; send from there")
BATCH = b"a statement"
OF_BATCH = "28462c1e5b25025505bd65c591cfe44d71c8c6c25be18a877780f6a5904f7bdc"


def answer(key: LogKey, statement: bytes = BATCH) -> Answer:
    said = Answer(station=StationId("MX-TIJ-01"), contiguous=5, receipts=[], refusal=GAP)
    return said.model_copy(update={"time": central_time.write(key, statement, said, NOON)})


def earlier(key: LogKey) -> Answer:
    """Return an answer as centres gave it whose note was over the batch alone."""
    note = key.sign(f"garita.time/1\n{key.verifier.name}\n{OF_BATCH}\n{NOON_TEXT}\n")
    return answer(key).model_copy(update={"time": note})


def test_what_is_written_is_read(log_key: LogKey) -> None:
    assert central_time.read(answer(log_key), BATCH, [log_key.verifier]) == NOON
    assert central_time.vouched(answer(log_key), [log_key.verifier]) == NOON


@pytest.mark.parametrize("statement", [b"another statement", b""])
def test_of_another_batch_it_is_not_believed(log_key: LogKey, statement: bytes) -> None:
    with pytest.raises(BadReceipt, match="something else"):
        central_time.read(answer(log_key), statement, [log_key.verifier])


@pytest.mark.parametrize(
    "change",
    [
        {"station": StationId("MX-TIJ-02")},
        {"contiguous": 0},
        {"refusal": None},
        {"refusal": GAP.model_copy(update={"code": "revoked_station"})},
        {"refusal": GAP.model_copy(update={"seq": 1})},
        {"refusal": GAP.model_copy(update={"detail": "nothing"})},
    ],
    ids=["station", "contiguous", "no refusal", "code", "seq", "detail"],
)
def test_with_another_answer_it_is_not_believed(log_key: LogKey, change: dict[str, object]) -> None:
    changed = answer(log_key).model_copy(update=change)
    with pytest.raises(BadReceipt, match="something else"):
        central_time.read(changed, BATCH, [log_key.verifier])
    with pytest.raises(BadReceipt, match="another answer"):
        central_time.vouched(changed, [log_key.verifier])


def test_receipts_prove_themselves(log_key: LogKey) -> None:
    fewer = answer(log_key).model_copy(update={"receipts": [ReceiptPart(seq=1, proof="")]})
    assert central_time.vouched(fewer, [log_key.verifier]) == NOON


def test_an_earlier_centre_tells_the_time_and_vouches_for_nothing(log_key: LogKey) -> None:
    assert central_time.read(earlier(log_key), BATCH, [log_key.verifier]) == NOON
    with pytest.raises(BadReceipt, match="something else"):
        central_time.read(earlier(log_key), b"another statement", [log_key.verifier])
    with pytest.raises(BadReceipt, match="of a batch alone"):
        central_time.vouched(earlier(log_key), [log_key.verifier])


def test_another_log_or_a_changed_note_is_not_believed(log_key: LogKey, other_log_key: LogKey) -> None:
    said = answer(log_key)
    note = said.time or ""
    for time in (
        None,
        "",
        "garita.time/2\n",
        note.replace("T12:", "T13:"),
        log_key.sign(note.partition("\n\n")[0] + "\nmore\n"),
        log_key.sign("\n"),
        log_key.sign(note.partition("\n\n")[0].replace("T12:", "T25:") + "\n"),
        log_key.sign(note.partition("\n\n")[0].replace(log_key.verifier.name, "log.other") + "\n"),
    ):
        changed = said.model_copy(update={"time": time})
        for log in (log_key, other_log_key):
            with pytest.raises(BadReceipt):
                central_time.read(changed, BATCH, [log.verifier])
            with pytest.raises(BadReceipt):
                central_time.vouched(changed, [log.verifier])
    with pytest.raises(BadReceipt, match="no log"):
        central_time.vouched(said, [other_log_key.verifier])


def test_a_log_that_has_a_new_key_under_its_name_is_believed_by_either() -> None:
    old, new = LogKey.generate("log.test/garita"), LogKey.generate("log.test/garita")
    for key in (old, new):
        assert central_time.read(answer(key), BATCH, [old.verifier, new.verifier]) == NOON
