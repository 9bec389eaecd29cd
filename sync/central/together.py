"""Group commit: what many threads ask for at the same time is done for all of them at once."""

from collections.abc import Callable, Sequence
from threading import BoundedSemaphore, Event, Lock
from typing import Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

AT_ONCE = 2
"""Groups under way: while the database writes one to the disk, the next one is judged."""


class _Group(Generic[Job, Result]):
    def __init__(self) -> None:
        self.jobs = list[Job]()
        self.results: Sequence[Result] | None = None
        self.ended = Event()


class Together(Generic[Job, Result]):
    """Does jobs in groups: while `AT_ONCE` groups are under way, whoever comes joins the next one.

    `work` does some jobs wholly or not at all, and returns a result for each. A group that fails is done again job by
    job, so that nobody fails for another's sake.
    """

    def __init__(self, work: Callable[[Sequence[Job]], Sequence[Result]]) -> None:
        self._work, self._lock, self._places = work, Lock(), BoundedSemaphore(AT_ONCE)
        self._next = _Group[Job, Result]()

    def do(self, job: Job) -> Result:
        """Return the job's result; raises what `work` raises for this job alone."""
        with self._lock:
            group, place = self._next, len(self._next.jobs)
            group.jobs.append(job)
        if place == 0:
            self._lead(group)
        else:
            group.ended.wait()
        return group.results[place] if group.results is not None else self._work([job])[0]

    def _lead(self, group: _Group[Job, Result]) -> None:
        with self._places:
            with self._lock:
                self._next = _Group[Job, Result]()
            try:
                group.results = self._work(group.jobs)
            except Exception:
                if len(group.jobs) == 1:
                    raise
            finally:
                group.ended.set()
