"""Group commit: who comes while others are at work is done with whoever else came, and fails alone."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from sync.central.together import AT_ONCE, Together
from tests.waiting import HANG_S, wait_until


class Work:
    """Squares numbers when it is let; a group with a negative one fails."""

    def __init__(self) -> None:
        self.groups, self.let = list[list[int]](), threading.Event()

    def __call__(self, jobs: Sequence[int]) -> list[int]:
        self.groups.append(list(jobs))
        assert self.let.wait(HANG_S)
        if min(jobs) < 0:
            raise ValueError(f"{min(jobs)} has no place here")
        return [job * job for job in jobs]


def gathered(together: Together[int, int]) -> int:
    return len(together._next.jobs)


@pytest.fixture
def work() -> Work:
    return Work()


def begin(threads: ThreadPoolExecutor, together: Together[int, int], work: Work, jobs: list[int]) -> list[Future[int]]:
    """Start jobs: the first ones alone, and the others gather behind them."""
    futures = list[Future[int]]()
    for alone in range(1, AT_ONCE + 1):
        futures.append(threads.submit(together.do, jobs[alone - 1]))
        wait_until(lambda at=alone: len(work.groups) == at)
    for waiting, job in enumerate(jobs[AT_ONCE:], start=1):
        futures.append(threads.submit(together.do, job))
        wait_until(lambda at=waiting: gathered(together) == at)
    return futures


def test_those_who_wait_are_done_together(work: Work) -> None:
    together = Together(work)
    with ThreadPoolExecutor(20) as threads:
        futures = begin(threads, together, work, list(range(10)))
        work.let.set()
        assert [future.result(HANG_S) for future in futures] == [job * job for job in range(10)]
    assert work.groups == [*([each] for each in range(AT_ONCE)), list(range(AT_ONCE, 10))]


def test_nobody_fails_for_anothers_sake(work: Work) -> None:
    together = Together(work)
    with ThreadPoolExecutor(20) as threads:
        futures = begin(threads, together, work, [0, 1, 2, -3, 4])
        work.let.set()
        with pytest.raises(ValueError, match="-3 has no place"):
            futures.pop(3).result(HANG_S)
        assert [future.result(HANG_S) for future in futures] == [0, 1, 4, 16]


def test_after_a_failure_the_next_one_is_done(work: Work) -> None:
    together = Together(work)
    work.let.set()
    for _ in range(AT_ONCE + 1):
        with pytest.raises(ValueError, match="no place"):
            together.do(-1)
    assert together.do(5) == 25
