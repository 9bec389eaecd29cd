"""What is likelier beforehand is likelier afterwards, by Bayes' rule and no more."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import Catalogue
from models.identification import Identifier
from models.odds import LIKELIER, as_met, odds_of
from models.schedules import Schedules
from tests.models.test_schedules import AFTER, BANNED, BEFORE, OWN


@given(st.lists(st.floats(0.001, 1), min_size=2, max_size=33), st.data())
def test_ratios_change_by_the_odds_alone(shares: list[float], data: st.DataObject) -> None:
    before = np.array(shares) / sum(shares)
    entries = np.arange(len(shares) - 1)
    odds = np.array([data.draw(st.sampled_from([1.0, LIKELIER])) for _ in entries])
    after = as_met(before, entries, odds)
    assert after.sum() == pytest.approx(1)
    assert after[:-1] / after[-1] == pytest.approx(odds * before[:-1] / before[-1])


def test_the_catalogue_and_what_a_state_adds_are_met_more_often(identifier: Identifier, catalogue: Catalogue) -> None:
    library = identifier.library
    odds = odds_of(library, catalogue)
    names = {entry.name: at for at, entry in enumerate(library.entries)}
    assert odds[names["Cocaine"]] == odds[names["Caffeine"]] == LIKELIER
    strange = next(at for at, entry in enumerate(library.entries) if not entry.family)
    assert odds[strange] == 1
    assert odds_of(library, catalogue, {library.entries[strange].skeleton})[strange] == LIKELIER


def test_what_a_schedule_lists_is_met_more_often_from_its_day_on(identifier: Identifier) -> None:
    """The library has it and the catalogue has not: a state puts it on a list of its own."""
    strange = next(at for at, entry in enumerate(identifier.library.entries) if not entry.family)
    key = identifier.library.entries[strange].inchikey
    law = Catalogue.load(schedules=Schedules((replace(OWN, entries=(replace(BANNED, inchikey=key),)),)))
    assert odds_of(identifier.library, law.on(BEFORE))[strange] == 1
    assert odds_of(identifier.library, law.on(AFTER))[strange] == LIKELIER
