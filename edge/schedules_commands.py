"""What the commands on schedules do: tell, compare, sign and bring."""

from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from edge.keys import read_roots
from edge.left_out import LeftOut
from edge.release_commands import NEXT_START, read_signed, sign_release, taken_here
from edge.schedules import read_schedules, schedules_of, take_schedules
from edge.settings import Settings
from models.catalogue import Catalogue
from models.schedule_file import default_schedule, read_schedule
from models.schedules import Entry, Schedule
from sync.releases import Release


def show_schedules(file: Path | None, data: Path | None) -> Iterator[str]:
    """Yield what a file says, or what a station has, newest first; raises UnusableSchedules, RefusedRelease."""
    versions, left_out = ([_read(file)], []) if file else _here(data)
    for schedule in versions:
        yield from _told(schedule)
    yield from map(str, left_out)


def compare_schedules(file: Path, data: Path | None) -> Iterator[str]:
    """Yield what a file takes out of the newest schedules, and what it adds; raises UnusableSchedules."""
    catalogue, new, old = Catalogue.load(), _read(file), _here(data)[0][0]
    before, after = set(old.entries), set(new.entries)
    yield from (f"- {_line(entry, catalogue)}" for entry in old.entries if entry not in after)
    yield from (f"+ {_line(entry, catalogue)}" for entry in new.entries if entry not in before)
    yield f"version {old.version} -> {new.version}, {len(old.entries)} -> {len(new.entries)} entries"


def sign_schedules(file: Path, keys: Sequence[Path], out: Path) -> str:
    """Sign schedules with root holders' keys and return a line that says so; raises UnusableSchedules."""
    version, digest = _read(file).version, sha256(file.read_bytes()).digest()
    return sign_release(Release(kind="schedules", version=version, digest=digest, removed=[]), keys, out)


def install_schedules(data: Path, file: Path, signed: Path) -> str:
    """Bring newer schedules; raises RefusedRelease, UnusableSchedules."""
    settings = Settings.load(data)
    signatures, taken = read_signed(signed), taken_here(settings, "schedules")
    schedule = take_schedules(settings, signatures, file.read_bytes(), taken)
    return f"schedules release {schedule.version} is in place, to count from {schedule.effective} on; {NEXT_START}"


def _told(schedule: Schedule) -> Iterator[str]:
    whole = "whole" if schedule.verified else "unverified"
    yield f"{schedule.name}: version {schedule.version}, counts from {schedule.effective} on, {whole}"
    yield f"SHA-256 {schedule.digest}"
    listed = Counter((each.authority, each.standing, each.verified) for each in schedule.entries)
    for (authority, standing, verified), count in sorted(listed.items()):
        yield f"{authority}: {count} {standing}{'' if verified else ', unverified'}"
    known = {each.skeleton for each in Catalogue.load().substances}
    strange = {each.inchikey for each in schedule.entries if each.inchikey and each.inchikey[:14] not in known}
    if strange:
        yield f"{len(strange)} substances that the catalogue does not have"


def _line(entry: Entry, catalogue: Catalogue) -> str:
    substance = catalogue.find(entry.inchikey)
    name = substance.name if substance else entry.inchikey or f"family {entry.family}"
    days = f"{entry.since or ''}..{entry.until or ''}" if entry.since or entry.until else "always"
    return f"{name}: {entry.authority} {entry.list}, {entry.standing}, {days}{'' if entry.verified else ', unverified'}"


def _here(data: Path | None) -> tuple[list[Schedule], list[LeftOut]]:
    """Return the versions of a station, newest first, and what of them it cannot use."""
    if data is None:
        return [default_schedule()], []
    settings = Settings.load(data)
    own, left_out = read_schedules(settings, read_roots(settings))
    return sorted(schedules_of(own).versions, key=lambda each: -each.version), left_out


def _read(file: Path) -> Schedule:
    return read_schedule(file.read_bytes(), file.name)
