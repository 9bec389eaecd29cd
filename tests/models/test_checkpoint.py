"""What is likelier beforehand is likelier afterwards, by Bayes' rule and no more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.checkpoint import MET, as_met, odds_of
from models.identification import Identifier


@given(st.lists(st.floats(0.001, 1), min_size=2, max_size=33), st.data())
def test_ratios_change_by_the_odds_alone(shares: list[float], data: st.DataObject) -> None:
    before = np.array(shares) / sum(shares)
    entries = np.arange(len(shares) - 1)
    odds = np.array([data.draw(st.sampled_from([1.0, MET])) for _ in entries])
    after = as_met(before, entries, odds)
    assert after.sum() == pytest.approx(1)
    assert after[:-1] / after[-1] == pytest.approx(odds * before[:-1] / before[-1])


def test_the_catalogue_and_what_a_state_adds_are_met_more_often(identifier: Identifier) -> None:
    library = identifier.library
    odds = odds_of(library)
    names = {entry.name: at for at, entry in enumerate(library.entries)}
    assert odds[names["Cocaine"]] == odds[names["Caffeine"]] == MET
    strange = next(at for at, entry in enumerate(library.entries) if not entry.family)
    assert odds[strange] == 1
    assert odds_of(library, {library.entries[strange].skeleton})[strange] == MET
