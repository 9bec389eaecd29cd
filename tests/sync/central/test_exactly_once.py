"""Whatever is sent, in whatever order, cut and restarted at any time: the centre holds each entry once, in order."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.central.centre import Centre
from sync.central.engine import NewEntry
from sync.central.settings import CentralSettings
from sync.contract.submission import Submission
from sync.envelope import Envelope
from sync.journal import Sealer
from sync.receipts import verify

NOW = datetime(2026, 11, 22, tzinfo=UTC)
Step = tuple[str, int, int]
STEPS = st.tuples(st.sampled_from(["send", "send other", "restart", "crash"]), st.integers(0, 6), st.integers(1, 6))


class Journals:
    """What two stations may send."""

    def __init__(self, sealers: list[Sealer], entries: list[list[Envelope]]) -> None:
        self.cards = [each.key.card(each.station) for each in sealers]
        self.entries = dict(zip(["send", "send other"], entries, strict=True))


@pytest.fixture(scope="session")
def journals(sealer: Sealer, other_sealer: Sealer, entries: list[Envelope], other_entries: list[Envelope]) -> Journals:
    return Journals([sealer, other_sealer], [entries, other_entries])


class Model:
    """A centre, and beside it a model in which each journal is a number: how far it is there."""

    def __init__(self, folder: Path, journals: Journals) -> None:
        Centre.create(folder, "log.test/garita", CentralSettings())
        self.journals, self.centre = journals, Centre.open(folder)
        self.held = dict.fromkeys(journals.entries, 0)
        for card in journals.cards:
            self.centre.store.admit(card, NOW)

    def send(self, journal: str, start: int, count: int) -> None:
        sent = self.journals.entries[journal][start : start + count]
        submission = Submission(station=sent[0].header.station, envelopes=[each.data for each in sent])
        answer = self.centre.ingest.submit(submission)
        fits = start <= self.held[journal]
        self.held[journal] = max(self.held[journal], start + len(sent)) if fits else self.held[journal]
        assert answer.contiguous == self.held[journal]
        assert (answer.refusal is None) == fits
        assert len(answer.receipts) == (len(sent) if fits else 0)
        for receipt, envelope in zip(answer.receipts, sent, strict=False):
            verify(receipt.proof, envelope.digest, self.centre.log.verifier)

    def crash(self) -> None:
        """Leave a row that was committed, and neither logged nor answered."""
        entry = self.journals.entries["send"][self.held["send"]]
        with self.centre.store.writing([entry.header.station]) as [journal]:
            journal.append([NewEntry(entry.header.seq, entry.digest, entry.data)], NOW)
        self.held["send"] += 1

    def restart(self) -> None:
        self.centre.close()
        self.centre = Centre.open(self.centre.folder)

    def check(self) -> None:
        stored = self.centre.store.envelopes(0, 10**6, 2**40)
        assert [each.index for each in stored] == list(range(self.centre.log.size))
        for journal, entries in self.journals.entries.items():
            mine = [each.envelope for each in stored if each.station == entries[0].header.station]
            assert mine == [each.data for each in entries[: self.held[journal]]]


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(STEPS, max_size=10))
def test_exactly_once_in_order(steps: list[Step], journals: Journals) -> None:
    with TemporaryDirectory() as folder:
        model = Model(Path(folder), journals)
        try:
            for kind, start, count in steps:
                if kind in journals.entries:
                    model.send(kind, start, count)
                elif kind == "crash":
                    model.crash()
                    model.restart()
                else:
                    model.restart()
            model.check()
        finally:
            model.centre.close()
