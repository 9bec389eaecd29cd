"""What the centre takes, and each way in which it refuses."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from sync.central.centre import Centre
from sync.central.engine import Revocation
from sync.central.ingest import Judge
from sync.chain import Head
from sync.contract.aside import AsideKey
from sync.contract.ids import Seq, StationId
from sync.contract.submission import Answer, Submission
from sync.envelope import Envelope
from sync.journal import Sealer
from sync.note import LogVerifier
from sync.receipts import verify
from tests.sync.witness.parts import NOON


@pytest.fixture(params=["sqlite", "postgres"])
def centre(request: pytest.FixtureRequest, open_centre: Callable[[str], Centre]) -> Centre:
    """Judge the same on either engine."""
    return open_centre(request.param)


def submit(centre: Centre, envelopes: Sequence[Envelope], *damaged: bytes) -> Answer:
    data = [*(envelope.data for envelope in envelopes), *damaged]
    return centre.ingest.submit(Submission(station=StationId("MX-TIJ-01"), envelopes=data))


def aside(centre: Centre) -> list[tuple[str, bytes]]:
    return [(each.kind, each.envelope) for each in centre.store.aside(AsideKey(), 99, 10**9)]


def outcome(answer: Answer) -> tuple[int, list[int], str | None]:
    receipts = [receipt.seq for receipt in answer.receipts]
    return answer.contiguous, receipts, answer.refusal.code if answer.refusal else None


def fork_after(sealer: Sealer, entry: Envelope) -> Envelope:
    return sealer.seal_after(Head(entry.header.seq, entry.digest), b"something else")


def test_takes_what_comes_next_and_proves_it(centre: Centre, entries: list[Envelope], log: LogVerifier) -> None:
    answer = submit(centre, entries[:5])
    assert outcome(answer) == (5, [1, 2, 3, 4, 5], None)
    for number, (envelope, receipt) in enumerate(zip(entries, answer.receipts, strict=False)):
        verified = verify(receipt.proof, envelope.digest, log)
        assert (verified.index, verified.size) == (number, 5)


def test_same_bytes_again_same_receipts_no_second_row(centre: Centre, entries: list[Envelope]) -> None:
    assert submit(centre, entries[:3]) == submit(centre, entries[:3])
    assert centre.store.size() == 3


def test_same_entry_twice_in_one_submission_is_taken_once(centre: Centre, entries: list[Envelope]) -> None:
    assert outcome(submit(centre, [entries[0], entries[0], entries[1]])) == (2, [1, 2], None)
    assert centre.store.size() == 2


def test_receipt_of_a_known_entry_holds_in_the_bigger_log(
    centre: Centre, entries: list[Envelope], log: LogVerifier
) -> None:
    submit(centre, entries[:1])
    submit(centre, entries[1:9])
    verified = verify(submit(centre, entries[:1]).receipts[0].proof, entries[0].digest, log)
    assert (verified.index, verified.size) == (0, 9)


def test_two_stations_share_one_log(
    centre: Centre, entries: list[Envelope], other_entries: list[Envelope], log: LogVerifier
) -> None:
    submit(centre, entries[:2])
    other = Submission(station=StationId("MX-MEX-02"), envelopes=[each.data for each in other_entries[:2]])
    answer = centre.ingest.submit(other)
    assert outcome(answer) == (2, [1, 2], None)
    assert verify(answer.receipts[0].proof, other_entries[0].digest, log).index == 2


def test_gap_names_the_expected_seq_and_keeps_what_came_before(centre: Centre, entries: list[Envelope]) -> None:
    answer = submit(centre, [entries[0], entries[1], entries[3]])
    assert outcome(answer) == (2, [1, 2], "gap")
    assert answer.refusal
    assert answer.refusal.seq == 4
    assert "seq 3 is expected next" in answer.refusal.detail


def test_broken_chain(centre: Centre, entries: list[Envelope], sealer: Sealer) -> None:
    stray = fork_after(sealer, fork_after(sealer, entries[0]))
    assert stray.header.seq == 3
    assert outcome(submit(centre, [*entries[:2], stray])) == (2, [1, 2], "broken_chain")


def test_first_entry_must_name_the_genesis(centre: Centre, sealer: Sealer) -> None:
    stray = sealer.seal_after(Head(Seq(0), bytes(32)), b"another beginning")
    assert outcome(submit(centre, [stray])) == (0, [], "broken_chain")


def test_equivocation_is_refused_and_kept_as_evidence(centre: Centre, entries: list[Envelope], sealer: Sealer) -> None:
    submit(centre, entries[:3])
    other = fork_after(sealer, entries[0])
    for _ in range(2):
        assert outcome(submit(centre, [entries[0], other])) == (3, [1], "equivocation")
    assert aside(centre) == [("contested", other.data)]
    assert [state.equivocations for state in centre.store.stations()] == [0, 1]
    assert outcome(submit(centre, entries[:3])) == (3, [1, 2, 3], None)


def test_bad_signature_is_no_evidence_of_equivocation(centre: Centre, entries: list[Envelope]) -> None:
    submit(centre, entries[:2])
    forged = entries[1].data[:-1] + bytes([entries[1].data[-1] ^ 1])
    assert outcome(submit(centre, entries[:1], forged)) == (2, [1], "bad_signature")
    assert aside(centre) == []


def test_the_whole_of_a_second_branch_is_kept_in_one_batch_or_several(
    centre: Centre, entries: list[Envelope], sealer: Sealer
) -> None:
    """A clone sent first, or an image was put back: the 50 true entries behind it must be there for who looks."""
    submit(centre, entries[:3])
    branch = [fork_after(sealer, entries[0])]
    for _ in range(5):
        branch.append(fork_after(sealer, branch[-1]))
    strange = fork_after(sealer, fork_after(sealer, branch[-1]))
    parts = (branch[:2], branch[2:3], branch[3:5], branch[4:], [strange])
    assert [outcome(submit(centre, part))[2] for part in parts] == ["equivocation"] * 4 + ["gap"]
    assert outcome(submit(centre, branch[1:2], b"no envelope")) == (3, [], "equivocation")
    assert aside(centre) == [("contested", each.data) for each in branch]
    assert outcome(submit(centre, entries[:4])) == (4, [1, 2, 3, 4], None), "the branch that came first goes on"


def test_what_was_kept_before_counts_no_more(centre: Centre, entries: list[Envelope], sealer: Sealer) -> None:
    submit(centre, entries[:2])
    other = fork_after(sealer, entries[0])
    with centre.store.writing([sealer.station]) as [journal]:
        kept = list[int]()
        for _ in range(2):
            judge = Judge(journal, sealer.station, sealer.key.public, NOON)
            judge.place([other.data])
            kept.append(judge.kept)
    assert kept == [len(other.data), 0]


def test_every_envelope_is_checked_under_its_own_station(
    centre: Centre, entries: list[Envelope], other_entries: list[Envelope]
) -> None:
    assert outcome(submit(centre, entries[:1], other_entries[0].data)) == (1, [1], "malformed")


def test_malformed_keeps_those_before_it(centre: Centre, entries: list[Envelope]) -> None:
    assert outcome(submit(centre, entries[:2], b"not an envelope", entries[2].data)) == (2, [1, 2], "malformed")


def test_unknown_station(centre: Centre, entries: list[Envelope]) -> None:
    stranger = Submission(station=StationId("XX-XXX-99"), envelopes=[entries[0].data])
    assert outcome(centre.ingest.submit(stranger)) == (0, [], "unknown_station")
    assert centre.store.size() == 0


def test_many_at_once_are_still_once_each(
    centre: Centre, entries: list[Envelope], other_entries: list[Envelope], log: LogVerifier
) -> None:
    """Send the growing journals of two stations from eight threads, each entry many times."""
    journals = [entries[:8], other_entries]
    submissions = [
        Submission(station=journal[0].header.station, envelopes=[each.data for each in journal[:stop]])
        for stop in range(1, 9)
        for journal in journals
    ]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(centre.ingest.submit, submissions * 2))
    assert centre.store.size() == centre.log.size == 16
    known = {(each.header.station, each.header.seq): each for journal in journals for each in journal}
    for answer in answers:
        assert answer.refusal is None
        for receipt in answer.receipts:
            verify(receipt.proof, known[answer.station, Seq(receipt.seq)].digest, log)


def test_a_gap_is_shown_until_it_is_filled(centre: Centre, entries: list[Envelope]) -> None:
    submit(centre, [*entries[:2], entries[4]])
    submit(centre, entries[:1])
    [gap] = [state.gap for state in centre.store.stations() if state.gap]
    assert (gap.expected, gap.offered) == (3, 5)
    submit(centre, entries[2:5])
    assert [state.gap for state in centre.store.stations()] == [None, None]


def test_a_revoked_station_is_quarantined_from_that_moment(
    centre: Centre, entries: list[Envelope], other_entries: list[Envelope]
) -> None:
    station = StationId("MX-TIJ-01")
    submit(centre, entries[:2])
    centre.store.revoke(station, Revocation("2026-11-22T12:00:00.000000Z", "stolen"))
    for _ in range(2):
        assert outcome(submit(centre, entries[:4], b"nonsense")) == (2, [1, 2], "revoked_station")
    assert outcome(submit(centre, entries[:2])) == (2, [1, 2], None), "the log took these before"
    assert outcome(submit(centre, [])) == (2, [], "revoked_station")
    assert aside(centre) == [("quarantined", each.data) for each in entries[2:4]]
    assert (centre.store.size(), centre.log.size) == (2, 2)
    forged = entries[1].data[:-1] + bytes([entries[1].data[-1] ^ 1])
    submit(centre, [], forged)
    assert centre.store.aside_size() == 2
    other = Submission(station=StationId("MX-MEX-02"), envelopes=[other_entries[0].data])
    assert outcome(centre.ingest.submit(other)) == (1, [1], None)
    centre.store.reinstate(station)
    assert outcome(submit(centre, entries[:4])) == (4, [1, 2, 3, 4], None)


def test_two_processes_share_one_log(centre: Centre, entries: list[Envelope], other_entries: list[Envelope]) -> None:
    """Two centres on one PostgreSQL, each with its own connections: one log, one order, whoever writes it."""
    if not centre.settings.postgres:
        pytest.skip("SQLite has one process: the second one is refused, see test_log")
    second = Centre.open(centre.folder, lambda: NOON)
    other = Submission(station=StationId("MX-MEX-02"), envelopes=[each.data for each in other_entries])
    parts = [entries[:3], entries[:9], entries[5:20], entries[:24]]
    with ThreadPoolExecutor(8) as threads:
        futures = [threads.submit(submit, each, part) for part in parts for each in (centre, second)]
        futures += [threads.submit(each.ingest.submit, other) for each in (centre, second)]
        for future in futures:
            answer = future.result()
            for receipt in answer.receipts:
                journal = entries if answer.station == "MX-TIJ-01" else other_entries
                verify(receipt.proof, journal[receipt.seq - 1].digest, centre.log.verifier)
    submit(second, entries[:24])
    assert centre.store.size() == 32
    stored = [each.envelope for each in centre.store.envelopes(0, 99, 2**30) if each.station == "MX-TIJ-01"]
    assert stored == [each.data for each in entries[:24]]
    second.close()
