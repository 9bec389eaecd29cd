"""A mixture's components: who is named, what counts as a mixture, and how it weighs."""

from dataclasses import replace

import numpy as np
import pytest

from models.calibration import Thresholds
from models.catalogue import Standing
from models.components import NAMED, Parts, hinted, sort_out, suspected, trusted, weigh_mixture
from models.conclusion import Conclusion, Reason, judge
from models.identification import Identifier
from models.mixture import Answer, Decomposition, Found, Rivals
from models.preprocessing import BINS

CONTROLLED, UNLISTED, WATCHED = 0, 1, 2
STANDINGS = (Standing.CONTROLLED, Standing.UNLISTED, Standing.WATCHED)
LIMITS = Thresholds()


def found(entry: int, probability: float, share: float, present: float | None = None) -> Found:
    answer = Answer(entry, probability, present or probability, ((entry, probability),), likeness=0.5)
    return Found(answer, share, np.zeros(BINS))


def sorted_out(*components: Found) -> Parts:
    return sort_out(Decomposition(components, np.zeros(BINS)), LIMITS, STANDINGS)


@pytest.mark.parametrize(
    ("entry", "probability", "named"),
    [
        (CONTROLLED, LIMITS.alarm, True),
        (CONTROLLED, LIMITS.alarm - 0.01, False),
        (UNLISTED, NAMED, True),
        (UNLISTED, NAMED - 0.01, False),
    ],
)
def test_a_controlled_substance_is_named_as_soon_as_it_alarms(entry: int, probability: float, named: bool) -> None:
    parts = sorted_out(found(entry, probability, 0.1))
    assert [each.answer.entry for each in parts.named] == [entry] * named
    assert (suspected(parts, STANDINGS) >= LIMITS.alarm) == (named and entry == CONTROLLED)


def test_the_gravest_stands_first() -> None:
    parts = sorted_out(found(UNLISTED, 0.98, 0.8), found(CONTROLLED, 0.6, 0.2))
    assert [each.answer.entry for each in parts.named] == [CONTROLLED, UNLISTED]


@pytest.mark.parametrize(
    ("components", "mixture"),
    [
        ((found(UNLISTED, 0.95, 0.9),), False),
        ((found(UNLISTED, 0.95, 0.15),), True),
        ((found(UNLISTED, 0.6, 0.15),), False),
        ((found(UNLISTED, 0.95, 0.45),), False),
        ((found(CONTROLLED, 0.95, 0.45),), True),
        ((found(WATCHED, 0.95, 0.45),), True),
        ((found(CONTROLLED, 0.95, 0.55),), False),
        ((found(CONTROLLED, 0.75, 0.45),), False),
        ((found(UNLISTED, 0.95, 0.8), found(CONTROLLED, 0.55, 0.1)), True),
        ((found(UNLISTED, 0.95, 0.8), found(CONTROLLED, 0.45, 0.1)), False),
        ((found(UNLISTED, 0.95, 0.8), found(UNLISTED, 0.5, 0.1, present=0.95)), True),
        ((found(UNLISTED, 0.95, 0.8), found(WATCHED, 0.5, 0.1)), True),
        ((found(UNLISTED, 0.95, 0.8), found(WATCHED, 0.45, 0.1)), False),
        ((), False),
    ],
)
def test_what_is_a_mixture(components: tuple[Found, ...], mixture: bool) -> None:
    assert sorted_out(*components).is_mixture is mixture


@pytest.mark.parametrize(
    ("components", "beside"),
    [
        ((found(CONTROLLED, 0.95, 0.5), found(UNLISTED, 0.3, 0.5, present=0.8)), True),
        ((found(CONTROLLED, 0.75, 0.5), found(UNLISTED, 0.3, 0.5, present=0.8)), False),
        ((found(CONTROLLED, 0.95, 0.5), found(UNLISTED, 0.3, 0.5, present=0.45)), False),
        ((found(CONTROLLED, 0.95, 0.85), found(UNLISTED, 0.3, 0.15, present=0.8)), False),
        ((found(CONTROLLED, 0.95, 0.5), found(UNLISTED, 0.98, 0.5)), False),
        ((found(CONTROLLED, 0.95, 1.0),), False),
    ],
)
def test_one_that_is_sure_beside_one_that_is_not(components: tuple[Found, ...], beside: bool) -> None:
    assert sorted_out(*components).beside_another is beside


@pytest.mark.parametrize(
    ("entry", "probability", "left", "beside"),
    [
        (CONTROLLED, 0.95, 0.4, True),
        (CONTROLLED, 0.95, 0.2, False),
        (CONTROLLED, 0.75, 0.4, False),
        (UNLISTED, 0.95, 0.4, False),
    ],
)
def test_one_that_is_sure_beside_what_nobody_explains(
    entry: int, probability: float, left: float, beside: bool
) -> None:
    own, nobody_s = np.zeros(BINS), np.zeros(BINS)
    own[304], nobody_s[205] = 1 - left, left
    component = replace(found(entry, probability, 0.55), current=own)
    parts = sort_out(Decomposition((component,), nobody_s), LIMITS, STANDINGS)
    assert parts.beside_another is beside


@pytest.mark.parametrize(
    ("name", "conclusion", "reason"),
    [
        ("Cocaine", Conclusion.ALARM, Reason.CONTROLLED_SUBSTANCE),
        ("Caffeine", Conclusion.INCONCLUSIVE, Reason.UNKNOWN_COMPOUND),
    ],
)
def test_a_tenth_beside_something_unknown(
    identifier: Identifier, name: str, conclusion: Conclusion, reason: Reason
) -> None:
    library, catalogue = identifier.library, identifier.catalogue
    entry = next(at for at, each in enumerate(library.entries) if each.name == name)
    rows = [catalogue.find(each.inchikey) for each in library.entries]
    standings = [row.standing if row else Standing.UNLISTED for row in rows]
    parts = sort_out(Decomposition((found(entry, 0.95, 0.1),), np.zeros(BINS)), LIMITS, standings)
    said, reasons = judge(weigh_mixture(parts, library, standings, catalogue), LIMITS)
    assert said is conclusion
    assert reason in reasons


@pytest.mark.parametrize(
    ("hints", "probability"),
    [
        ((), 0.0),
        (((UNLISTED, 0.2),), 0.0),
        (((UNLISTED, 0.2), (CONTROLLED, 0.05)), 0.05),
        (((UNLISTED, 0.2), (WATCHED, 0.1)), 0.05),
    ],
)
def test_what_is_listed_and_may_be_left_is_hinted_at(hints: Rivals, probability: float) -> None:
    """What is watched counts half."""
    parts = sort_out(Decomposition((found(UNLISTED, 0.98, 0.8),), np.zeros(BINS), hints), LIMITS, STANDINGS)
    assert hinted(parts, STANDINGS) == pytest.approx(probability)


@pytest.mark.parametrize(
    ("name", "probability", "is_trusted"),
    [
        ("Cocaine", 0.8, True),
        ("Cocaine", 0.79, False),
        ("Lidocaine", 0.3, True),
        ("Lidocaine", 0.29, False),
    ],
)
def test_a_cutting_agent_s_ions_are_sooner_taken_to_be_its_own(
    identifier: Identifier, name: str, probability: float, is_trusted: bool
) -> None:
    entry = next(at for at, each in enumerate(identifier.library.entries) if each.name == name)
    whole = Decomposition((found(entry, probability, 0.5),), np.zeros(BINS))
    parts = sort_out(whole, LIMITS, [Standing.UNLISTED] * len(identifier.library.entries))
    assert trusted(parts, identifier.library) == (entry,) * is_trusted
