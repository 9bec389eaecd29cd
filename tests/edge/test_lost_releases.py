"""A release in the middle that goes, or was left off a stick: told, and it may be brought again."""

import pytest

from edge import knowledge
from edge.left_out import LeftOut, Why
from edge.releases import check_brought, lost_of
from edge.station import Station
from sync.errors import RefusedRelease
from sync.releases import NOTHING, Kind, Release, Taken


def release(kind: Kind, version: int) -> Release:
    return Release(kind=kind, version=version, digest=NOTHING, removed=[])


@pytest.mark.parametrize(
    ("whole", "seen", "lost"),
    [
        ([], [], set()),
        ([1, 2, 3], [1, 2, 3], set()),
        ([1, 3], [1, 2, 3], {2}),
        ([1, 3], [], {2}),
        ([3], [1, 2, 3], {1, 2}),
        ([], [1, 2], {1, 2}),
        ([5, 7], [5, 7], {6}),
    ],
)
def test_what_is_lost(whole: list[int], seen: list[int], lost: set[int]) -> None:
    assert lost_of(whole, seen) == lost


@pytest.mark.parametrize("kind", ["library", "schedules"])
def test_what_is_lost_may_be_brought_again_and_nothing_else_that_is_old(kind: Kind) -> None:
    check_brought(release(kind, 2), [1, 3], [], Taken(3, frozenset({1, 2, 3})))
    check_brought(release(kind, 2), [1, 3], [], Taken(3))
    check_brought(release(kind, 1), [3], [], Taken(3, frozenset({1, 3})))
    for version, whole in ((2, [3]), (3, [1, 3]), (1, [1, 3])):
        with pytest.raises(RefusedRelease, match="not newer"):
            check_brought(release(kind, version), whole, [], Taken(3))


def test_of_bundles_the_newest_alone_counts() -> None:
    with pytest.raises(RefusedRelease, match="not newer"):
        check_brought(release("bundle", 2), [1, 3], [], Taken(3, frozenset({2})))


def test_a_station_remembers_each_and_tells_of_it_until_it_is_back(a_station: Station) -> None:
    def start(versions: list[int], *told: LeftOut) -> list[tuple[str, Why, int | None]]:
        with a_station._database.write() as session:
            found = knowledge.lost(session, {"library": versions, "schedules": [5, 7]}, told)
            return [(each.part, each.why, each.version) for each in found]

    left_off = ("schedules", Why.MISSING, 6)
    assert start([1, 2, 3]) == [left_off]
    assert start([1, 3]) == [("library", Why.MISSING, 2), left_off]
    assert start([1, 3], LeftOut("library", Why.DAMAGED, "not as it was signed", 2)) == [left_off]
    assert start([1, 2, 3]) == [left_off]
    with a_station._database.read() as session:
        assert knowledge.taken(session, "library").seen == {1, 2, 3}
