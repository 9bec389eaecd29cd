"""Whatever is sent, in whatever order, cut and restarted at any time: the centre holds each entry once, in order."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.central.centre import Centre
from sync.central.settings import CentralSettings
from sync.contract.card import StationCard
from sync.contract.ids import StationId
from sync.contract.submission import Submission
from sync.envelope import Envelope
from sync.journal import Sealer
from sync.receipts import verify

NOW = datetime(2026, 11, 22, tzinfo=UTC)
Step = tuple[str, int, int]
STEPS = st.tuples(st.sampled_from(["submit", "submit other", "restart", "crash"]), st.integers(0, 8), st.integers(1, 6))


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(STEPS, max_size=12))
def test_exactly_once_in_order(
    steps: list[Step], sealer: Sealer, other_sealer: Sealer, entries: list[Envelope], other_entries: list[Envelope]
) -> None:
    sealers = {"submit": (sealer, entries[:8]), "submit other": (other_sealer, other_entries)}
    held: dict[StationId, int] = {sealer.station: 0, other_sealer.station: 0}
    with TemporaryDirectory() as name:
        centre = _new(Path(name), sealers)
        for kind, start, count in steps:
            if kind in sealers:
                by, all_entries = sealers[kind]
                _submit(centre, by.station, all_entries[start : start + count], held)
            else:
                centre = _again(centre, entries[held[sealer.station]] if kind == "crash" else None, held)
        for by, all_entries in sealers.values():
            stored = [each for each in centre.store.envelopes(0, 10**6, 2**40) if each.station == by.station]
            assert [each.envelope for each in stored] == [each.data for each in all_entries[: held[by.station]]]
        centre.close()


def _new(folder: Path, sealers: dict[str, tuple[Sealer, list[Envelope]]]) -> Centre:
    Centre.create(folder, "log.test/garita", CentralSettings())
    centre = Centre.open(folder)
    for by, _ in sealers.values():
        centre.store.admit(StationCard(station=by.station, public_key=by.key.public.raw), NOW)
    return centre


def _submit(centre: Centre, station: StationId, sent: list[Envelope], held: dict[StationId, int]) -> None:
    """Submit, and hold the answer to a model in which a journal is a number."""
    if not sent:
        return
    answer = centre.ingest.submit(Submission(station=station, envelopes=[each.data for each in sent]))
    first, last = sent[0].header.seq, sent[-1].header.seq
    fits = first <= held[station] + 1
    held[station] = max(held[station], last) if fits else held[station]
    assert answer.contiguous == held[station]
    assert (answer.refusal is None) == fits
    assert [each.seq for each in answer.receipts] == ([each.header.seq for each in sent] if fits else [])
    for receipt, envelope in zip(answer.receipts, sent, strict=False):
        verify(receipt.proof, envelope.digest, centre.log.verifier)


def _again(centre: Centre, cut_off: Envelope | None, held: dict[StationId, int]) -> Centre:
    """Restart; after a crash, with a row that was committed and never logged nor answered."""
    if cut_off:
        with centre.store.transaction():
            centre.store.append(cut_off, NOW)
        held[cut_off.header.station] += 1
    centre.close()
    return Centre.open(centre.folder)
