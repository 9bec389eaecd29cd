"""Acts that take two persons: whose roles stand behind each, and in which words both are told what it is.

The station asks by these, and the vault holds the records against them: an approval is of one act and of no other.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Literal

from sync.contract.account import AccountEvent, AccountRecord, TokenPart
from sync.contract.casework import ExportCore, ExportRecord, VoidRecord
from sync.contract.ids import Seq
from sync.contract.record import Record

Role = Literal["officer", "supervisor", "technician", "laboratory", "auditor", "admin"]

# fmt: off
BEHIND: Mapping[str, tuple[tuple[Role, ...], tuple[Role, ...]]] = {
    # act        who begins it                who stands beside
    "void":     (("supervisor",),            ("officer", "supervisor", "auditor")),
    "release":  (("supervisor", "auditor"),  ("officer", "supervisor", "auditor")),
    "keys":     (("technician", "admin"),    ("supervisor", "auditor")),
    "accounts": (("admin",),                 ("supervisor", "auditor", "admin")),
}
# fmt: on
CHANGES: Mapping[AccountEvent, str] = {
    "enrolled": "{name} may work here as {role}",
    "role_changed": "{name} is {role} from now on",
    "pin_changed": "{name} changes the own PIN",
    "pin_replaced": "{name} gets a new PIN",
    "duress_pin_set": "{name} sets a duress PIN",
    "token_added": "{name} gets the token whose key has SHA-256 {key}",
    "token_removed": "the tokens of {name} are worth nothing any more",
    "left": "{name} may sign in here no more",
    "returned": "{name} may sign in here again",
}
OWN: tuple[AccountEvent, ...] = ("pin_changed", "duress_pin_set")
"""What everybody does alone, for themselves."""


def void_subject(seq: Seq, reason: str) -> str:
    """Return what a void is, for those who approve it."""
    return f"entry {seq} no longer counts: {reason}"


def release_subject(first: Seq, last: Seq, receiver: str, reason: str, also: Sequence[Seq] = ()) -> str:
    """Return what an export is, for those who approve it; `also` leave beside `first` to `last`."""
    beside = f" and {', '.join(map(str, also))}" if also else ""
    return f"entries {first} to {last}{beside} leave for {receiver}: {reason}"


def account_subject(event: AccountEvent, name: str, role: str, token: TokenPart | None = None) -> str:
    """Return what a change of an account is, for those who approve it; `role` is the one that it leads to.

    A `token` that is added is named by its key: who approves it approves no other.
    """
    key = sha256(token.public_key).hexdigest() if token else "unknown"
    return CHANGES[event].format(name=name, role=role, key=key)


def act_of(record: Record) -> tuple[str, str] | None:
    """Return the action and the subject that the approval right before a record must have; None where it needs none."""
    match record:
        case VoidRecord():
            return "void", void_subject(record.concerns.seq, record.reason)
        case ExportCore():
            also = record.also if isinstance(record, ExportRecord) else ()
            return "release", release_subject(record.first, record.last, record.receiver, record.reason, also)
        case AccountRecord() if record.operator is not None and not _own(record):
            return "accounts", account_subject(record.event, record.name, record.role, record.token)
        case _:
            return None


def _own(record: AccountRecord) -> bool:
    return record.event in OWN and record.operator == record.person
