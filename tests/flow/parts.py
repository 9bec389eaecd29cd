"""What the flow tests share: how a demonstration and an officer are had, and what they read of a reading."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from deploy.demo import Demo
from deploy.drill import filed
from deploy.officer import Officer, wait_for

StartDemo = Callable[..., Demo]
SignIn = Callable[[Demo], Officer]

PATIENCE = 60.0


def identification(view: dict[str, Any]) -> dict[str, Any]:
    """Return what a reading's record concludes."""
    return view["record"]["readings"][0]["identification"]


def cases(demo: Demo) -> list[dict[str, Any]]:
    """Return the screenings that the vault has opened."""
    return [asdict(case) for case in filed(demo)]


def case_of(demo: Demo, view: dict[str, Any]) -> dict[str, Any]:
    """Return the vault's case of a reading, once it is there."""
    return wait_for(
        f"the case of {view['seq']}",
        PATIENCE,
        lambda: next((case for case in cases(demo) if case["screening"] == view["screening"]), None),
    )
