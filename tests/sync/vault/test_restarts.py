"""A vault that is started anew files the alerts of one that never stopped: else the drill would fail falsely."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sync.contract.casework import Concerned
from sync.contract.facts import FactRecord
from sync.contract.ids import Seq
from sync.contract.record import Timestamp
from sync.contract.records import Record, ScreeningRecord, StationRecord
from sync.contract.training import TrainingRecord
from sync.envelope import Envelope
from sync.vault.cases import Cases
from sync.vault.filing import Filing
from sync.vault.watch import LATELY
from tests.sync.vault.conftest import STATION, at, screening
from tests.sync.vault.voided import AUDITOR, SUPERVISOR, Token, accounts, approval, void_of

SealRecords = Callable[[list[bytes]], list[Envelope]]
ABOUT = {"station": STATION, "operator": None, "software": "test"}


def clock(minute: int, hour: int = 12) -> Timestamp:
    return at(minute).model_copy(update={"wall": f"2026-11-22T{hour:02d}:{minute:02d}:00.000000Z"})


def note(minute: int, hour: int = 12) -> StationRecord:
    return StationRecord.model_validate({**ABOUT, "recorded": clock(minute, hour), "event": "started", "detail": ""})


def put_right(minute: int) -> FactRecord:
    about = {**ABOUT, "recorded": clock(minute), "values": {}}
    return FactRecord.model_validate({**about, "fact": "clock_put_right", "detail": "the clock was ahead"})


def maintained(minute: int) -> FactRecord:
    """Return a fact that only speaks of the other one."""
    about = {**ABOUT, "recorded": clock(minute), "values": {}}
    return FactRecord.model_validate({**about, "fact": "maintenance", "detail": "after clock_put_right"})


def measured(minute: int, conclusion: str, outcome: str = "measured", hour: int = 12) -> ScreeningRecord:
    [part] = screening("cocaine", minute).readings
    readings = [part.model_copy(update={"outcome": outcome})]
    update = {"recorded": clock(minute, hour), "conclusion": conclusion, "readings": readings}
    return screening("cocaine", minute).model_copy(update=update)


CUT_SHORT = measured(1, "inconclusive", "stopped")
FUTURE = measured(0, "alarm", hour=18)
TOKENS = {SUPERVISOR: Token(), AUDITOR: Token()}
VOID = void_of(Concerned(seq=Seq(1), digest=bytes(32)))
LONG = 210
JOURNALS: dict[str, tuple[list[Record], list[str]]] = {
    "backdated behind a time of long ago": ([note(50), *[note(10)] * LONG, note(10)], ["clock_turned_back"]),
    "put right long ago, after an alarm in the future": ([FUTURE, put_right(2), *[note(3)] * LONG, note(4)], []),
    "ahead again since it was put right, by a record that does not put it right": (
        [FUTURE, put_right(2), note(0, 17), *[maintained(3)] * LONG, note(4)],
        ["clock_turned_back"],
    ),
    "cut short before much else": (
        [CUT_SHORT, CUT_SHORT, *[note(2)] * LONG, measured(3, "no_alarm")],
        ["measured_again"],
    ),
    "an alarm before more readings than are looked back upon": (
        [measured(0, "alarm"), *[measured(10, "fault")] * LATELY, measured(20, "no_alarm")],
        [],
    ),
    "an alarm in practice before much else": (
        [TrainingRecord.wrap(measured(0, "alarm")), *[TrainingRecord.wrap(note(5))] * LONG, measured(20, "no_alarm")],
        ["measured_again"],
    ),
    "an approval that something else came after": (
        [*accounts(TOKENS), approval(TOKENS, 1), note(10), VOID],
        ["misnamed", "unapproved"],
    ),
}


@pytest.fixture
def filed(tmp_path: Path, seal_records: SealRecords) -> Callable[[list[Record]], list[str]]:
    """File a journal in one go, and with a restart before the last entry; return the kinds of the last one's alerts."""

    def file(records: list[Record]) -> list[str]:
        said = [record.to_bytes() for record in records]
        rows = list(zip(range(len(records)), seal_records(said), records, said, strict=True))

        def into(name: str, *runs: list[tuple[int, Envelope, Record, bytes]]) -> Cases:
            cases = Cases(tmp_path / name, new=True)
            with cases.transaction():
                for run in runs:
                    filing = Filing(cases)
                    for row in run:
                        filing.file(*row, "")
            return cases

        with closing(into("through.db", rows)) as through, closing(into("stopped.db", rows[:-1], rows[-1:])):
            assert list(through.compared.differences(tmp_path / "stopped.db", len(records))) == []
            return [alert.kind for alert in through.alerts.list() if alert.seq == len(records)]

    return file


@pytest.mark.parametrize("name", JOURNALS)
def test_the_last_entry_after_a_restart(name: str, filed: Callable[[list[Record]], list[str]]) -> None:
    records, kinds = JOURNALS[name]
    assert filed(records) == kinds
