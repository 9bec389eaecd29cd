"""What somebody at the centre must look at: opened records of one station in order go in, alerts come out.

Whoever holds root at a station can make it write what it likes, but not unseen: an act without the two tokens that the
station's accounts name, or a reading taken again until it pleases, stands out here.
"""

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeGuard

from sync.contract.duress import is_forced
from sync.contract.facts import FactRecord
from sync.contract.ids import ScreeningId
from sync.contract.record import Record
from sync.contract.records import Conclusion, ScreeningRecord
from sync.contract.wall import format_wall, parse_wall
from sync.vault.alerts import Alert
from sync.vault.approvals import Approvals

UNSAID = timedelta(minutes=1)
"""A station marks a record that is 2 s behind an earlier one; one so far behind and not marked was made not to be."""
AGAIN_WITHIN = timedelta(minutes=30)
ABORTS = 2
LATELY = 64
"""How many readings are looked back upon, at most."""
INTERRUPTED = ("stopped", "failed")
STRENGTH: dict[Conclusion, int] = {"alarm": 2, "caution": 1, "inconclusive": 0, "no_alarm": 0}
"""How much a conclusion holds against a subject; a fault is none."""


class Watch:
    """Looks at the records of one station, oldest first."""

    def __init__(self) -> None:
        self._approvals = Approvals()
        self._latest: datetime | None = None
        self._lately: deque[ScreeningRecord] = deque(maxlen=LATELY)
        self._strongest: dict[ScreeningId, int] = {}

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
        yield from self._approvals.look(record)
        if isinstance(record, ScreeningRecord):
            if record.conclusion in STRENGTH:
                yield from self._look_at_conclusion(record)
            self._lately.append(record)

    def _look_at_conclusion(self, record: ScreeningRecord) -> Iterator[Alert]:
        since = parse_wall(record.recorded.wall) - AGAIN_WITHIN
        lately = [each for each in self._lately if parse_wall(each.recorded.wall) >= since]
        strength, before = STRENGTH[record.conclusion], self._strongest.get(record.screening, 0)
        self._strongest[record.screening] = max(strength, before)
        alarms = sum(STRENGTH.get(each.conclusion, 0) > 0 for each in lately)
        aborts = sum(any(part.outcome in INTERRUPTED for part in each.readings) for each in lately)
        if strength < before:
            detail = f"{record.conclusion} by {record.operator}, after more than that in {record.screening}"
            yield Alert("measured_again", detail)
        elif strength == 0 and (alarms or aborts >= ABORTS):
            detail = f"{record.conclusion} by {record.operator}, after {alarms} alarms and {aborts} readings cut short"
            yield Alert("measured_again", detail)


def puts_right(record: Record) -> TypeGuard[FactRecord]:
    """Tell whether a record says that the station's clock was ahead and is right now."""
    return isinstance(record, FactRecord) and record.fact == "clock_put_right"
