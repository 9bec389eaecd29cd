"""The schedules of this station: the state's signed ones, all versions that it brought, or else Garita's own.

In the data directory: `schedules/NNNNNN.json` with `schedules/NNNNNN.signed`; verified each time they are opened.
"""

from collections.abc import Sequence

from edge.keys import read_roots
from edge.left_out import LeftOut, Why
from edge.releases import Kept, check_brought, keep_release, kept_releases
from edge.settings import Settings
from models.errors import UnusableSchedules
from models.schedule_file import default_schedule, read_schedule
from models.schedules import Schedule, Schedules
from sync.errors import RefusedRelease
from sync.releases import Release, Taken
from sync.roots import RootSet

SUFFIX = ".json"


def read_schedules(settings: Settings, roots: RootSet) -> tuple[list[Schedule], list[LeftOut]]:
    """Return the state's versions that lie here and can be used, and what cannot be used."""
    kept, left_out = kept_releases(settings, roots, "schedules", SUFFIX)
    own: list[Schedule] = []
    for each in kept:
        try:
            own.append(_checked(each))
        except (RefusedRelease, UnusableSchedules) as error:
            left_out.append(LeftOut("schedules", Why.UNFIT, str(error), each.release.version))
    return own, left_out


def schedules_of(own: Sequence[Schedule]) -> Schedules:
    """Return the state's own versions, or where there are none those that come with Garita."""
    return Schedules(own or [default_schedule()])


def take_schedules(settings: Settings, signed: bytes, data: bytes, taken: Taken) -> Schedule:
    """Bring a newer version; raises RefusedRelease, UnusableSchedules, and what is in use stays."""
    roots = read_roots(settings)
    release = Release.read(signed, roots, "schedules")
    release.check_file(data)
    schedule = _checked(Kept(release, data))
    whole, damaged = kept_releases(settings, roots, "schedules", SUFFIX)
    check_brought(release, [each.release.version for each in whole], damaged, taken)
    keep_release(settings, release, signed, data, SUFFIX)
    return schedule


def _checked(kept: Kept) -> Schedule:
    schedule = read_schedule(kept.data, kept.release.what)
    if schedule.version != kept.release.version:
        raise RefusedRelease(f"{kept.release.what}: the schedules themselves say version {schedule.version}")
    return schedule
