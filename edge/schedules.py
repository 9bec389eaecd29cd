"""The schedules of this station: the state's signed ones, all versions that it brought, or else Garita's own.

In the data directory: `schedules/NNNNNN.json` with `schedules/NNNNNN.signed`; verified each time they are opened.
"""

from pathlib import Path

from edge.keys import read_roots
from edge.releases import keep_release, read_file, signed_files, version_here
from edge.settings import Settings
from models.schedule_file import default_schedule, read_schedule
from models.schedules import Schedule, Schedules
from sync.errors import RefusedRelease
from sync.releases import Release, Taken
from sync.roots import RootSet

SUFFIX = ".json"


def read_schedules(settings: Settings, roots: RootSet) -> Schedules:
    """Return what lies here; raises RefusedRelease, UnusableSchedules."""
    own = [_schedule(file, roots) for file in signed_files(settings, "schedules")]
    return Schedules(own or [default_schedule()])


def take_schedules(settings: Settings, signed: bytes, data: bytes, taken: Taken) -> Schedule:
    """Bring a newer version; raises RefusedRelease, UnusableSchedules, and what is in use stays."""
    roots = read_roots(settings)
    release, schedule = _checked(signed, data, roots)
    Taken(max(taken.version, version_here(settings, roots, "schedules"))).check_newer(release)
    keep_release(settings, release, signed, data, SUFFIX)
    return schedule


def _schedule(signed: Path, roots: RootSet) -> Schedule:
    return _checked(read_file(signed), read_file(signed.with_suffix(SUFFIX)), roots)[1]


def _checked(signed: bytes, data: bytes, roots: RootSet) -> tuple[Release, Schedule]:
    release = Release.read(signed, roots, "schedules")
    release.check_file(data)
    schedule = read_schedule(data, release.what)
    if schedule.version != release.version:
        raise RefusedRelease(f"{release.what}: the schedules themselves say version {schedule.version}")
    return release, schedule
