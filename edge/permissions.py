"""Who may do what: one table, read by every door."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from edge.errors import NotAllowed
from edge.views import OperatorView
from sync.contract.acts import BEHIND, Role

Action = Literal[
    "look",
    "measure",
    "casework",
    "transfer",
    "review",
    "confirm",
    "train",
    "maintain",
    "void",
    "release",
    "keys",
    "accounts",
]


@dataclass(frozen=True)
class Permission:
    """Roles that may begin an act, roles one of which must stand beside it, and whether both touch their tokens."""

    may: tuple[Role, ...]
    beside: tuple[Role, ...] = ()
    token: bool = False


EVERYBODY: tuple[Role, ...] = ("officer", "supervisor", "technician", "laboratory", "auditor", "admin")

# fmt: off
PERMISSIONS: Mapping[Action, Permission] = {
    # act                   who begins it
    "look":     Permission(EVERYBODY),
    "measure":  Permission(("officer", "supervisor")),
    "casework": Permission(("officer", "supervisor")),
    "transfer": Permission(("officer", "supervisor", "laboratory")),
    "review":   Permission(("supervisor", "auditor")),
    "confirm":  Permission(("laboratory",)),
    "train":    Permission(("officer", "supervisor", "laboratory")),
    "maintain": Permission(("technician",)),
    "void":     Permission(*BEHIND["void"], token=True),
    "release":  Permission(*BEHIND["release"], token=True),
    "keys":     Permission(*BEHIND["keys"], token=True),
    "accounts": Permission(*BEHIND["accounts"], token=True),
}
# fmt: on


def may(operator: OperatorView, action: Action) -> bool:
    """Tell whether the operator's role may begin the act: for screens that offer it."""
    return operator.role in PERMISSIONS[action].may


def check(operator: OperatorView, action: Action) -> None:
    """Raise NotAllowed unless the operator's role may begin the act."""
    _check_role(operator, action, PERMISSIONS[action].may)


def check_beside(operator: OperatorView, action: Action) -> None:
    """Raise NotAllowed unless the operator's role may stand beside the act as its second person."""
    _check_role(operator, action, PERMISSIONS[action].beside)


def _check_role(operator: OperatorView, action: Action, roles: tuple[Role, ...]) -> None:
    if operator.role not in roles:
        expected = " or ".join(roles) or "nobody: it takes one person"
        raise NotAllowed(f"{action}: {operator.name} is {operator.role}; expected {expected}")
