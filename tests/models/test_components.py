"""A mixture's components: who is named, what counts as a mixture, and how it weighs."""

import numpy as np
import pytest

from models.calibration import Thresholds
from models.catalogue import Standing
from models.components import NAMED, Parts, hinted, sort_out, suspected, weigh_mixture
from models.conclusion import Conclusion, Reason, Weighing, judge
from models.identification import Identifier
from models.mixture import Answer, Decomposition, Found, Rivals
from models.preprocessing import BINS

CONTROLLED, UNLISTED = 0, 1
STANDINGS = (Standing.CONTROLLED, Standing.UNLISTED)
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
        ((found(UNLISTED, 0.95, 0.8), found(CONTROLLED, 0.55, 0.1)), True),
        ((found(UNLISTED, 0.95, 0.8), found(CONTROLLED, 0.45, 0.1)), False),
        ((found(UNLISTED, 0.95, 0.8), found(UNLISTED, 0.5, 0.1, present=0.95)), True),
        ((), False),
    ],
)
def test_what_is_a_mixture(components: tuple[Found, ...], mixture: bool) -> None:
    assert sorted_out(*components).is_mixture is mixture


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
    ("hints", "conclusion"),
    [
        ((), Conclusion.NO_ALARM),
        (((UNLISTED, 0.2),), Conclusion.NO_ALARM),
        (((UNLISTED, 0.2), (CONTROLLED, LIMITS.hinted)), Conclusion.INCONCLUSIVE),
    ],
)
def test_nothing_listed_is_not_said_where_something_controlled_may_be_left(
    hints: Rivals, conclusion: Conclusion
) -> None:
    parts = sort_out(Decomposition((found(UNLISTED, 0.98, 0.8),), np.zeros(BINS), hints), LIMITS, STANDINGS)
    weighing = Weighing(0.0, 0.0, 1.0, 0.0, 0.98, (), (), 0.0, hinted=hinted(parts, STANDINGS))
    assert judge(weighing, LIMITS)[0] is conclusion
