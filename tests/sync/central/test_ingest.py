"""What the centre takes, and each way in which it refuses."""

import pytest

from sync.central.centre import Centre
from sync.contract.submission import Answer, Submission
from sync.note import LogVerifier
from sync.receipts import verify


def seqs(answer: Answer) -> list[int]:
    return [receipt.seq for receipt in answer.receipts]


def code(answer: Answer) -> str | None:
    return answer.refusal.code if answer.refusal else None


def test_takes_what_comes_next_and_proves_it(centre, station, log: LogVerifier) -> None:
    envelopes = station.many(5)
    answer = centre.ingest.submit(station.submission(*envelopes))
    assert (answer.contiguous, seqs(answer), answer.refusal) == (5, [1, 2, 3, 4, 5], None)
    for number, (envelope, receipt) in enumerate(zip(envelopes, answer.receipts, strict=True)):
        verified = verify(receipt.proof, envelope.digest, log)
        assert (verified.index, verified.size) == (number, 5)


def test_the_same_bytes_again_get_the_same_receipts_and_no_second_row(centre, station) -> None:
    submission = station.submission(*station.many(3))
    assert centre.ingest.submit(submission) == centre.ingest.submit(submission)
    assert centre.store.size() == 3
