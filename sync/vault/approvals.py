"""Whether two persons stand behind an act, by what a station's records prove: their roles, their tokens, once each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sync.assertion import verify_assertion
from sync.contract.account import AccountRecord
from sync.contract.acts import BEHIND, act_of
from sync.contract.approval import ApprovalRecord, ApproverPart
from sync.contract.ids import OperatorId
from sync.contract.record import Record
from sync.errors import BadSignature
from sync.vault.alerts import Alert


@dataclass(frozen=True)
class _Account:
    """A person as the account records tell."""

    name: str
    role: str
    left: bool = False


class Approvals:
    """Looks at the records of one station, oldest first."""

    def __init__(self) -> None:
        self._accounts: dict[OperatorId, _Account] = {}
        self._tokens: dict[tuple[OperatorId, bytes], bytes] = {}
        self._nonces: set[bytes] = set()
        self._standing: ApprovalRecord | None = None

    def look(self, record: Record) -> Iterator[Alert]:
        """Yield what is wrong with the next record."""
        approval, self._standing = self._standing, None
        fault = self._fault_of_act(record, approval)
        if fault:
            yield Alert("unapproved", f"{record.schema_name} by {record.operator}: {fault}")
        if isinstance(record, ApprovalRecord):
            yield from self._look_at_approval(record)
        elif isinstance(record, AccountRecord):
            yield from self._look_at_account(record)

    def _fault_of_act(self, record: Record, approval: ApprovalRecord | None) -> str | None:
        act = act_of(record)
        if act is None:
            return None
        if approval is None:
            return "without the approval of two persons right before it"
        if (approval.action, approval.subject) != act or approval.persons[0].operator != record.operator:
            return f"{approval.persons[0].operator} got approval for {approval.subject!r}, and did {act[1]!r}"
        if isinstance(record, AccountRecord) and record.event != "enrolled":
            known = self._accounts.get(record.person)
            if known is None or known.name != record.name:
                return f"{record.person} is {known.name if known else 'nobody'} by the accounts, not {record.name}"
        return None

    def _look_at_approval(self, record: ApprovalRecord) -> Iterator[Alert]:
        what = f"{record.action}: {record.subject}"
        first, second = record.persons
        if first.operator == second.operator:
            yield Alert("unapproved", f"{first.operator} stands twice behind {what}")
        if record.nonce in self._nonces:
            yield Alert("unapproved", f"{what}: this very approval was used before")
        else:
            self._standing = record
        self._nonces.add(record.nonce)
        for person, roles in zip(record.persons, BEHIND.get(record.action, ((), ())), strict=True):
            fault = self._fault_of_person(person, roles, record.statement.challenge)
            if fault:
                yield Alert("unproven", f"{person.operator} behind {record.action}: {fault}")

    def _fault_of_person(self, person: ApproverPart, roles: Sequence[str], challenge: bytes) -> str | None:
        account = self._accounts.get(person.operator)
        if account is None or account.left:
            return "no account of the station lets them work there"
        if account.role not in roles or person.role != account.role:
            expected = " or ".join(roles) or "no known act"
            return f"{account.role} by the accounts, {person.role} by the approval; expected {expected}"
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
        self._learn(record)
        if record.operator is None:
            detail = f"{record.event}: {record.name} ({record.role}), by whoever had the station's key in hand"
            yield Alert("provisioned", detail)

    def _learn(self, record: AccountRecord) -> None:
        person, known = record.person, self._accounts.get(record.person)
        match record.event:
            case "enrolled":
                self._accounts[person] = _Account(record.name, record.role)
            case "role_changed" if known:
                self._accounts[person] = replace(known, role=record.role)
            case "left" | "returned" if known:
                self._accounts[person] = replace(known, left=record.event == "left")
            case "token_added" if record.token:
                self._tokens[person, record.token.credential] = record.token.public_key
            case "token_removed":
                self._tokens = {key: value for key, value in self._tokens.items() if key[0] != person}
            case _:
                pass
