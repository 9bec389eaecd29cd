"""What an evaluation of mixtures notes, and the protocols by which its readings are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.catalogue import Standing
from models.training.mixture_draw import Recipe

MOST_FALSE = 0.01
MINOR = 0.1
"""Share of a drug with cutting agents."""


@dataclass(frozen=True)
class Protocol:
    """Readings of one kind: `controlled` asks for a controlled substance with the minor share, False for none at all.

    None: any compound. `unknown` is the share of components that the library does not hold. With another standing
    `asked` the minor share is of a substance that has it.
    """

    name: str
    recipe: Recipe
    controlled: bool | None = True
    peers: bool = False
    unknown: float = 0.0
    most: int = 48
    asked: Standing = Standing.CONTROLLED


RARE = 0.1
PURE = "pure, controlled"
ANY_PURE = "pure, any compound"
HARMLESS = "2-4 components, none controlled"
PROTOCOLS = (
    *(
        Protocol(
            f"minor {minor:.0%}, 2-4 components",
            Recipe(minor=(minor,)),
            peers=minor <= RARE,
            most=144 if minor <= RARE else 48,
        )
        for minor in (0.05, 0.1, 0.2, 0.3)
    ),
    *(Protocol(f"minor 10%, {count} components", Recipe(components=(count,), minor=(0.1,))) for count in (2, 3, 4, 5)),
    Protocol("minor 10%, 2-4 components, one spectrum", Recipe(minor=(0.1,), energies=(1,))),
    Protocol("minor 10%, 2-4 components, as measured", Recipe(minor=(0.1,), distorted=False)),
    Protocol("minor 10%, 2-4 components, others may be unknown", Recipe(minor=(0.1,)), unknown=0.3),
    Protocol(HARMLESS, Recipe(), controlled=False, unknown=0.1, most=240),
    Protocol(PURE, Recipe(components=(1,)), most=96),
    Protocol(ANY_PURE, Recipe(components=(1,)), controlled=None, unknown=0.2, most=192),
    Protocol("pure, any compound, one spectrum", Recipe(components=(1,), energies=(1,)), controlled=None, most=192),
)


@dataclass(frozen=True)
class Name:
    """A name given: how sure, whether the substance (or an isomer of its group) is there, whether it was asked for.

    `said`: the station says it; other methods do not tell.
    """

    score: float
    right: bool
    asked: bool
    said: bool = False


@dataclass(frozen=True)
class MixtureTrial:
    """One reading: names by method; whether it was called a mixture; what was left unexplained.

    `alarm`: something controlled is probably there; `due`: something controlled is there.
    """

    contributor: str
    protocol: str
    names: dict[str, tuple[Name, ...]]
    mixture: bool
    residual: float
    share_error: float | None
    alarm: bool
    due: bool


@dataclass(frozen=True)
class Cut:
    """One drug with cutting agents: whether the station names it, alarms, and which wrong names it says."""

    drug: str
    agents: tuple[str, ...]
    named: bool
    alarm: bool
    wrong: tuple[str, ...]


def found(trials: Sequence[MixtureTrial], method: str, least: float) -> float:
    """Share of readings in which what was asked for is named at least that surely."""
    return _share(trials, method, least, wanted=True)


def said(trials: Sequence[MixtureTrial], method: str) -> float:
    """Share of readings in which the station names what was asked for."""
    return float(np.mean([any(name.said and name.asked for name in trial.names[method]) for trial in trials]))


def said_wrongly(trials: Sequence[MixtureTrial], method: str) -> float:
    """Share of readings in which the station says a name that is not there."""
    return float(np.mean([any(name.said and not name.right for name in trial.names[method]) for trial in trials]))


def strictest(trials: Sequence[MixtureTrial], method: str) -> float:
    """Lowest score that keeps false names in at most MOST_FALSE of these very readings: kind to the method."""
    wrong = sorted(
        (max((name.score for name in trial.names[method] if not name.right), default=-np.inf) for trial in trials),
        reverse=True,
    )
    return float(np.nextafter(wrong[int(MOST_FALSE * len(wrong))], np.inf))


def _share(trials: Sequence[MixtureTrial], method: str, least: float, *, wanted: bool) -> float:
    hits = [
        any(name.score >= least and (name.asked if wanted else not name.right) for name in trial.names[method])
        for trial in trials
    ]
    return float(np.mean(hits)) if hits else 0.0
