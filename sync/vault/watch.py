"""What somebody at the centre must look at: opened records of one station in order go in, alerts come out.

Whoever holds root at a station can make it write what it likes, but not unseen: an act without the two tokens that the
station's accounts name, or a reading taken again until it pleases, stands out here.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sync.assertion import verify_assertion
from sync.contract.account import AccountRecord
from sync.contract.approval import ApprovalRecord, ApproverPart
from sync.contract.casework import ExportRecord, VoidRecord
from sync.contract.duress import is_forced
from sync.contract.ids import OperatorId
from sync.contract.record import Record
from sync.contract.records import ScreeningRecord
from sync.contract.wall import format_wall, parse_wall
from sync.errors import BadSignature

AlertKind = Literal["duress", "unapproved", "unproven", "provisioned", "measured_again", "clock_turned_back"]
UNSAID = timedelta(minutes=1)
"""A station marks a record that is 2 s behind an earlier one; one so far behind and not marked was made not to be."""
AGAIN_WITHIN = timedelta(minutes=30)
ABORTS = 2
OWN_ACTS = ("pin_changed", "duress_pin_set")
INTERRUPTED = ("stopped", "failed")


@dataclass(frozen=True)
class Alert:
    """What to look at, with words for a person."""

    kind: AlertKind
    detail: str


class Watch:
    """Looks at the records of one station, oldest first."""

    def __init__(self) -> None:
        self._tokens: dict[tuple[OperatorId, bytes], bytes] = {}
        self._before: Record | None = None
        self._latest: datetime | None = None
        self._lately: deque[ScreeningRecord] = deque(maxlen=64)

    def look(self, record: Record) -> list[Alert]:
        """Return what is wrong with the next record."""
        alerts = list(self._alerts(record))
        wall = parse_wall(record.recorded.wall)
        self._before, self._latest = record, max(wall, self._latest or wall)
        return alerts

    def _alerts(self, record: Record) -> Iterator[Alert]:
        if is_forced(record):
            yield Alert("duress", f"{record.operator} made this record while being forced")
        if record.recorded.trust == "turned_back":
            yield Alert("clock_turned_back", f"its clock shows {record.recorded.wall}, earlier than it did before")
        elif self._latest and parse_wall(record.recorded.wall) < self._latest - UNSAID:
            detail = f"it says {record.recorded.wall} behind a record of {format_wall(self._latest)}, and marks nothing"
            yield Alert("clock_turned_back", f"backdated: {detail}")
        action = _needs_approval(record)
        if action and not (isinstance(self._before, ApprovalRecord) and self._before.action == action):
            yield Alert("unapproved", f"{record.schema_name} by {record.operator} without the approval of two persons")
        if isinstance(record, ApprovalRecord):
            yield from self._look_at_approval(record)
        elif isinstance(record, AccountRecord):
            yield from self._look_at_account(record)
        elif isinstance(record, ScreeningRecord):
            yield from self._look_at_screening(record)

    def _look_at_approval(self, record: ApprovalRecord) -> Iterator[Alert]:
        first, second = record.persons
        if first.operator == second.operator:
            yield Alert("unapproved", f"{first.operator} stands twice behind {record.action}: {record.subject}")
        for person in record.persons:
            fault = self._fault(person, record.statement.challenge)
            if fault:
                yield Alert("unproven", f"{person.operator} behind {record.action}: {fault}")

    def _fault(self, person: ApproverPart, challenge: bytes) -> str | None:
        if person.token is None:
            return "gave no token"
        key = self._tokens.get((person.operator, person.token.credential))
        if key is None:
            return "a token that no account of the station names"
        try:
            verify_assertion(person.token, challenge, key)
        except BadSignature as error:
            return str(error)
        return None

    def _look_at_account(self, record: AccountRecord) -> Iterator[Alert]:
        if record.event == "token_added" and record.token:
            self._tokens[record.person, record.token.credential] = record.token.public_key
        elif record.event == "token_removed":
            self._tokens = {key: value for key, value in self._tokens.items() if key[0] != record.person}
        if record.operator is None:
            detail = f"{record.event}: {record.name} ({record.role}), by whoever had the station's key in hand"
            yield Alert("provisioned", detail)

    def _look_at_screening(self, record: ScreeningRecord) -> Iterator[Alert]:
        since = parse_wall(record.recorded.wall) - AGAIN_WITHIN
        own = [each for each in self._lately if each.operator == record.operator]
        lately = [each for each in own if parse_wall(each.recorded.wall) >= since]
        self._lately.append(record)
        if record.conclusion != "no_alarm":
            return
        alarms = sum(each.conclusion in ("alarm", "caution") for each in lately)
        aborts = sum(any(part.outcome in INTERRUPTED for part in each.readings) for each in lately)
        if alarms or aborts >= ABORTS:
            detail = f"no alarm, after {alarms} alarms and {aborts} readings cut short by {record.operator}"
            yield Alert("measured_again", detail)


def _needs_approval(record: Record) -> str | None:
    match record:
        case VoidRecord():
            return "void"
        case ExportRecord():
            return "release"
        case AccountRecord() if record.operator is not None and record.event not in OWN_ACTS:
            return "accounts"
        case _:
            return None
