"""The centre's time: believed under the log's key alone, and only as the answer to what was asked."""

from datetime import UTC, datetime

import pytest

from sync import central_time
from sync.errors import BadReceipt
from sync.note import LogKey

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_what_is_written_is_read(log_key: LogKey) -> None:
    note = central_time.write(log_key, b"a statement", NOON)
    assert central_time.read(note, b"a statement", [log_key.verifier]) == NOON


@pytest.mark.parametrize("statement", [b"another statement", b""])
def test_of_another_batch_it_is_not_believed(log_key: LogKey, statement: bytes) -> None:
    note = central_time.write(log_key, b"a statement", NOON)
    with pytest.raises(BadReceipt, match="something else"):
        central_time.read(note, statement, [log_key.verifier])


def test_another_log_or_a_changed_time_is_not_believed(log_key: LogKey, other_log_key: LogKey) -> None:
    note = central_time.write(log_key, b"a statement", NOON)
    with pytest.raises(BadReceipt):
        central_time.read(note, b"a statement", [other_log_key.verifier])
    with pytest.raises(BadReceipt, match="does not verify"):
        central_time.read(note.replace("T12:", "T13:"), b"a statement", [log_key.verifier])
    with pytest.raises(BadReceipt):
        central_time.read(log_key.sign(note.partition("\n\n")[0] + "\nmore\n"), b"a statement", [log_key.verifier])


def test_of_any_batch_it_is_read_where_no_batch_is_asked_for(log_key: LogKey, other_log_key: LogKey) -> None:
    note = central_time.write(log_key, b"a statement", NOON)
    assert central_time.read(note, None, [log_key.verifier]) == NOON
    with pytest.raises(BadReceipt):
        central_time.read(note, None, [other_log_key.verifier])


def test_a_log_that_has_a_new_key_under_its_name_is_believed_by_either() -> None:
    old, new = LogKey.generate("log.test/garita"), LogKey.generate("log.test/garita")
    for key in (old, new):
        note = central_time.write(key, b"a statement", NOON)
        assert central_time.read(note, b"a statement", [old.verifier, new.verifier]) == NOON
