"""Candidates beside one another, and the contests that the judge of components learns from."""

import numpy as np
import pytest

from models.mixture import CANDIDATES
from models.mixture_own import AHEAD, AHEAD_SAME, Own
from models.mixture_rivals import ahead, ahead_of_same, shared_out
from models.training.mixture_contests import Contests


def test_who_is_ahead_of_the_best_other() -> None:
    assert ahead(np.array([0.9, 0.2, 0.6], np.float32)) == pytest.approx([0.3, -0.7, -0.3])
    assert ahead(np.array([0.5], np.float32)).tolist() == [0]


def test_who_is_ahead_of_those_with_the_same_charged_whole() -> None:
    values, ion = np.array([0.9, 0.2, 0.6], np.float32), np.array([195, 304, 195])
    assert ahead_of_same(values, ion) == pytest.approx([0.3, 0.2, -0.3])


def test_candidates_share_what_only_they_explain() -> None:
    rows = np.random.default_rng(3).dirichlet(np.full(50, 0.2), size=3)
    parts = shared_out(0.7 * rows[0] + 0.3 * rows[2], rows)
    assert parts == pytest.approx([0.7, 0.0, 0.3], abs=0.06)


def test_each_column_of_evidence_stands_once() -> None:
    assert [column.value for column in Own] == list(range(len(Own)))
    assert not {*AHEAD, *AHEAD_SAME} & {*AHEAD.values(), *AHEAD_SAME.values()}


def test_any_component_that_is_left_is_right_and_nobody_where_none_is() -> None:
    contests, table = Contests(), np.arange(3 * len(Own), dtype=np.float32).reshape(3, -1) + 1
    contests.add(np.array([7, 11, 5]), table, [5, 7, 99])
    contests.add(np.array([7, 11, 5]), table, [99])
    assert [np.flatnonzero(right).tolist() for right in contests.right] == [[0, 2], [CANDIDATES]]
    assert (contests.tables[0][3:] == table[0]).all()


def test_contests_of_one_mixture_stay_together() -> None:
    one, more, table = Contests(), Contests(), np.ones((1, len(Own)), np.float32)
    for _ in range(2):
        more.add(np.array([1]), table, [1])
    for _ in range(3):
        one.extend(more)
    assert one.mixture == [0, 0, 1, 1, 2, 2]
