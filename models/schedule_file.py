"""The file of schedules, `garita.schedules/1`: JSON, one entry a line. `docs/formats/schedules.md` describes it."""

import json
import re
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from models.errors import UnusableSchedules
from models.schedules import Entry, Schedule, Standing

FORMAT = "garita.schedules/1"
DEFAULT = Path(__file__).parent / "data" / "schedules.json"
MAX_BYTES = 8 * 2**20
LONGEST = 200
_INCHIKEY = re.compile(r"[A-Z]{14}-[A-Z]{10}-[A-Z]")
_HEAD = frozenset({"format", "name", "version", "effective", "verified", "entries"})
_ENTRY = frozenset({"authority", "list", "standing", "source", "verified"})
_MAY = frozenset({"inchikey", "family", "from", "until"})


def default_schedule() -> Schedule:
    """Read the lists that come with Garita, for a state that brought none. Raises UnusableSchedules."""
    try:
        return read_schedule(DEFAULT.read_bytes(), DEFAULT.name)
    except OSError as error:
        raise UnusableSchedules(f"{DEFAULT.name}: {error.strerror or error}; install the software again") from error


def read_schedule(data: bytes, source: str) -> Schedule:
    """Read and check a file. Raises UnusableSchedules, naming the file and the entry."""
    if len(data) > MAX_BYTES:
        raise UnusableSchedules(f"{source}: {len(data)} bytes; schedules have at most {MAX_BYTES}")
    try:
        value: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnusableSchedules(f"{source}: no JSON ({error}); bring the signed file again") from error
    head = _fields(value, source, _HEAD)
    version, entries = head["version"], head["entries"]
    if head["format"] != FORMAT:
        raise UnusableSchedules(f"{source}: format {head['format']!r}; this software reads {FORMAT!r}")
    if type(version) is not int or version < 1:
        raise UnusableSchedules(f"{source}: version {version!r}; expected 1 or more")
    if not isinstance(entries, list) or not entries:
        raise UnusableSchedules(f"{source}: no list of entries; schedules without any would hold nothing to be listed")
    numbered = enumerate(cast("list[object]", entries), 1)
    return Schedule(
        name=_text(head, "name", source),
        version=version,
        effective=_day(head["effective"], source),
        verified=_flag(head, source),
        entries=tuple(_entry(each, f"{source}, entry {number}") for number, each in numbered),
        digest=sha256(data).hexdigest(),
    )


def write_schedule(schedule: Schedule) -> bytes:
    """Write the file; its digest is another where a person had laid it out otherwise."""
    head = {
        "format": FORMAT,
        "name": schedule.name,
        "version": schedule.version,
        "effective": schedule.effective.isoformat(),
        "verified": schedule.verified,
    }
    lines = [f"{json.dumps(name)}: {_json(value)}" for name, value in head.items()]
    entries = ",\n".join(_json(fields_of(entry)) for entry in schedule.entries)
    return "\n".join(["{", ",\n".join([*lines, f'"entries": [\n{entries}\n]']), "}\n"]).encode()


def fields_of(entry: Entry) -> dict[str, str | bool]:
    """Return an entry as the file has it: days in ISO 8601, and no key where there is none."""
    named = {
        "inchikey": entry.inchikey,
        "family": entry.family,
        "authority": entry.authority,
        "list": entry.list,
        "standing": entry.standing.value,
        "from": entry.since.isoformat() if entry.since else "",
        "until": entry.until.isoformat() if entry.until else "",
    }
    told: dict[str, str | bool] = {name: value for name, value in named.items() if value}
    return {**told, "source": entry.source, "verified": entry.verified}


def _entry(value: object, where: str) -> Entry:
    fields = _fields(value, where, _ENTRY, _MAY)
    inchikey, family = (_text(fields, name, where) if name in fields else "" for name in ("inchikey", "family"))
    if bool(inchikey) == bool(family) or (inchikey and not _INCHIKEY.fullmatch(inchikey)):
        raise UnusableSchedules(f"{where}: inchikey {inchikey!r}, family {family!r}; expected one of both, and whole")
    try:
        standing = Standing(_text(fields, "standing", where))
    except ValueError as error:
        raise UnusableSchedules(f"{where}: {error}; expected {', '.join(Standing)}") from error
    since, until = (_day(fields[name], where) if name in fields else None for name in ("from", "until"))
    if since and until and since > until:
        raise UnusableSchedules(f"{where}: from {since} until {until}; expected days in order")
    return Entry(
        inchikey=inchikey,
        family=family,
        authority=_text(fields, "authority", where),
        list=_text(fields, "list", where),
        standing=standing,
        since=since,
        until=until,
        source=_text(fields, "source", where),
        verified=_flag(fields, where),
    )


def _fields(value: object, where: str, must: frozenset[str], may: frozenset[str] = frozenset()) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise UnusableSchedules(f"{where}: {type(value).__name__}; expected an object")
    fields = cast("dict[str, Any]", value)
    if not must <= fields.keys() <= must | may:
        raise UnusableSchedules(f"{where}: keys {sorted(fields)}; expected {sorted(must)}, and may have {sorted(may)}")
    return fields


def _text(fields: Mapping[str, Any], name: str, where: str) -> str:
    text = fields[name]
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST or not text.isprintable():
        raise UnusableSchedules(f"{where}: {name} {text!r}; expected 1 to {LONGEST} printable characters")
    return text


def _flag(fields: Mapping[str, Any], where: str) -> bool:
    if not isinstance(fields["verified"], bool):
        raise UnusableSchedules(f"{where}: verified {fields['verified']!r}; expected true or false")
    return fields["verified"]


def _day(value: object, where: str) -> date:
    try:
        day = date.fromisoformat(str(value))
    except ValueError as error:
        raise UnusableSchedules(f"{where}: {value!r} is no day; expected YYYY-MM-DD") from error
    if day.isoformat() != value:
        raise UnusableSchedules(f"{where}: {value!r} is another way to write {day}; expected YYYY-MM-DD")
    return day


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
