"""What somebody at the centre must look at: opened records of one station in order go in, alerts come out.

Whoever holds root at a station can make it write what it likes, but not unseen: an act without the two tokens that the
station's accounts name, or a reading taken again until it pleases, stands out here.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeGuard

from sync.contract.duress import is_forced
from sync.contract.facts import FactRecord
from sync.contract.ids import ScreeningId
from sync.contract.record import Record, Timestamp
from sync.contract.records import CheckRecord, Conclusion, ScreeningRecord, parse_record
from sync.contract.training import TrainingRecord
from sync.contract.wall import format_wall, parse_wall
from sync.errors import Malformed
from sync.vault.alerts import Alert
from sync.vault.approvals import Approvals

UNSAID = timedelta(minutes=1)
"""A station marks a record that is 2 s behind an earlier one; one so far behind and not marked was made not to be."""
AGAIN_WITHIN = timedelta(minutes=30)
AGAIN_WITHIN_NS = AGAIN_WITHIN // timedelta(microseconds=1) * 1000
ABORTS = 2
LATELY = 64
"""How many readings are looked back upon, at most."""
INTERRUPTED = ("stopped", "failed")
MEASURED = (ScreeningRecord.SCHEMA, CheckRecord.SCHEMA)
"""What an analyzer's reading goes on record as, in practice too."""
STRENGTH: dict[Conclusion, int] = {"alarm": 2, "caution": 1, "inconclusive": 0, "no_alarm": 0}
"""How much a conclusion holds against a subject; a fault is none."""


@dataclass(frozen=True)
class _Measured:
    """What somebody may have seen of a reading, `aside` where it was a check or practice."""

    recorded: Timestamp
    alarms: bool
    cut_short: bool
    aside: bool


class Watch:
    """Looks at the records of one station, oldest first."""

    def __init__(self) -> None:
        self._approvals = Approvals()
        self._latest: datetime | None = None
        self._lately: deque[_Measured] = deque(maxlen=LATELY)
        self._strongest: dict[tuple[ScreeningId, str | None], int] = {}

    def look(self, record: Record) -> list[Alert]:
        """Return what is wrong with the next record."""
        alerts = list(self._alerts(record))
        wall = parse_wall(record.recorded.wall)
        self._latest = wall if puts_right(record) else max(wall, self._latest or wall)
        return alerts

    def _alerts(self, record: Record) -> Iterator[Alert]:
        if is_forced(record):
            yield Alert("duress", f"{record.operator} made this record while being forced")
        if puts_right(record):
            yield Alert("clock_turned_back", f"put right, by the station's own word: {record.detail}")
        elif record.recorded.trust == "turned_back":
            yield Alert("clock_turned_back", f"its clock shows {record.recorded.wall}, earlier than it did before")
        elif self._latest and parse_wall(record.recorded.wall) < self._latest - UNSAID:
            detail = f"it says {record.recorded.wall} behind a record of {format_wall(self._latest)}, and marks nothing"
            yield Alert("clock_turned_back", f"backdated: {detail}")
        if isinstance(record, FactRecord) and record.fact == "policy_changed" and record.values.get("was"):
            yield Alert("policy_changed", record.detail)
        if isinstance(record, FactRecord) and record.fact == "settings_changed":
            yield Alert("settings_changed", record.detail)
        yield from self._approvals.look(record)
        if isinstance(record, ScreeningRecord) and record.conclusion in STRENGTH:
            yield from self._look_at_conclusion(record)
        if measured := _measured(record):
            self._lately.append(measured)

    def _look_at_conclusion(self, record: ScreeningRecord) -> Iterator[Alert]:
        lately = [each for each in self._lately if _is_lately(each.recorded, record.recorded)]
        subject = record.screening, next((each.exhibit for each in record.readings), None)
        strength, before = STRENGTH[record.conclusion], self._strongest.get(subject, 0)
        self._strongest[subject] = max(strength, before)
        alarms, aborts = sum(each.alarms for each in lately), sum(each.cut_short for each in lately)
        if strength < before:
            detail = f"{record.conclusion} by {record.operator}, after more than that in {record.screening}"
            yield Alert("measured_again", detail)
        elif strength == 0 and (alarms or aborts >= ABORTS):
            aside = sum(each.alarms and each.aside for each in lately)
            said = f"{alarms} alarms{f' ({aside} of them in checks or practice)' if aside else ''}"
            detail = f"{record.conclusion} by {record.operator}, after {said} and {aborts} readings cut short"
            yield Alert("measured_again", detail)


def puts_right(record: Record) -> TypeGuard[FactRecord]:
    """Tell whether a record says that the station's clock was ahead and is right now."""
    return isinstance(record, FactRecord) and record.fact == "clock_put_right"


def _measured(record: Record) -> _Measured | None:
    """Return a reading of a subject; or one that came to an alarm as practice, or as a check that did not pass.

    The reference sample may be a substance that alarms: then the check passed. What is aside and alarms nothing takes
    no place among those that are looked back upon.
    """
    found = _practised(record) if isinstance(record, TrainingRecord) else record
    if not isinstance(found, ScreeningRecord | CheckRecord):
        return None
    alarms = STRENGTH.get(found.conclusion, 0) > 0 and not (isinstance(found, CheckRecord) and found.passed)
    aside = found is not record or isinstance(found, CheckRecord)
    cut_short = not aside and any(part.outcome in INTERRUPTED for part in found.readings)
    return _Measured(record.recorded, alarms, cut_short, aside) if alarms or not aside else None


def _practised(record: TrainingRecord) -> Record | None:
    try:
        return parse_record(record.practice) if record.of in MEASURED else None
    except Malformed:
        return None


def _is_lately(before: Timestamp, now: Timestamp) -> bool:
    """Tell whether it is no longer since than AGAIN_WITHIN, by the counter, which nobody sets, as far as it goes."""
    if before.boot == now.boot:
        return now.monotonic_ns - before.monotonic_ns <= AGAIN_WITHIN_NS
    return parse_wall(before.wall) >= parse_wall(now.wall) - AGAIN_WITHIN
