"""What GGA, RMC, GSA and ZDA sentences say, field by field; an empty field is None, never zero."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import IntEnum

from drivers.errors import BadFrame
from drivers.nmea.frames import Sentence

_TIME = re.compile(r"([01]\d|2[0-3])([0-5]\d)([0-5]\d|60)(?:\.(\d{1,6}))?")
_LATITUDE = re.compile(r"(\d{2})([0-5]\d(?:\.\d{1,8})?)")
_LONGITUDE = re.compile(r"(\d{3})([0-5]\d(?:\.\d{1,8})?)")
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?")
_MODES = frozenset("ADEMNSPRF")
_TWENTIETH = 80
_MODE_AT = 11  # from NMEA 2.3 on
_SYSTEM_AT = 17  # from NMEA 4.11 on
_KNOT = 1852 / 3600
_MINUTES = 60


class Quality(IntEnum):
    """GGA field 6: how the position was made."""

    NONE = 0
    GPS = 1
    DIFFERENTIAL = 2
    PRECISE = 3
    RTK = 4
    RTK_FLOAT = 5
    ESTIMATED = 6
    MANUAL = 7
    SIMULATOR = 8


@dataclass(frozen=True)
class Place:
    """Degrees, north and east positive; `step` is the last digit's worth in degrees, 0 where it is not known."""

    latitude: float
    longitude: float
    step: float = 0


@dataclass(frozen=True)
class Gga:
    """Position with its quality. `altitude` in m above mean sea level."""

    utc: time | None
    place: Place | None
    quality: Quality
    satellites: int | None
    hdop: float | None
    altitude: float | None


@dataclass(frozen=True)
class Rmc:
    """Position with date and validity. `speed` in m/s; `mode` A, D, E, M, N, S, ..., empty before NMEA 2.3."""

    utc: time | None
    day: date | None
    valid: bool
    place: Place | None
    speed: float | None
    mode: str


@dataclass(frozen=True)
class Gsa:
    """Which kind of fix: 1 none, 2 flat, 3 with height. `system` is NMEA 4.11's number of it, empty before."""

    dimensions: int
    system: str = ""


@dataclass(frozen=True)
class Zda:
    """Date with a year of four digits, and time."""

    at: datetime | None


Content = Gga | Rmc | Gsa | Zda


def read(sentence: Sentence, port: str) -> Content | None:
    """Return what `sentence` says, None for a kind that is not read here. Raises BadFrame naming the field."""
    reader = _READERS.get(sentence.kind)
    if reader is None:
        return None
    try:
        return reader(sentence.fields)
    except (ValueError, IndexError) as error:
        problem = "too few fields" if isinstance(error, IndexError) else str(error)
        raise BadFrame(port, f"{sentence.talker}{sentence.kind}: {problem}") from error


def _gga(fields: Sequence[str]) -> Gga:
    if not fields[5].isdecimal() or int(fields[5]) > Quality.SIMULATOR:
        raise ValueError(f"quality {fields[5]!r}; expected 0 to 8")
    satellites = _amount(fields[6], "satellites")
    return Gga(
        utc=_time(fields[0]),
        place=_place(fields[1:5]),
        quality=Quality(int(fields[5])),
        satellites=None if satellites is None else int(satellites),
        hdop=_amount(fields[7], "HDOP"),
        altitude=_number(fields[8], "altitude"),
    )


def _rmc(fields: Sequence[str]) -> Rmc:
    if fields[1] not in {"A", "V"}:
        raise ValueError(f"status {fields[1]!r}; expected A or V")
    mode = fields[_MODE_AT] if len(fields) > _MODE_AT else ""
    if mode and mode not in _MODES:
        raise ValueError(f"mode {mode!r}; expected one of {''.join(sorted(_MODES))}")
    speed = _amount(fields[6], "speed")
    return Rmc(
        utc=_time(fields[0]),
        day=_day(fields[8]),
        valid=fields[1] == "A",
        place=_place(fields[2:6]),
        speed=None if speed is None else speed * _KNOT,
        mode=mode,
    )


def _gsa(fields: Sequence[str]) -> Gsa:
    if fields[1] not in {"1", "2", "3"}:
        raise ValueError(f"fix {fields[1]!r}; expected 1, 2 or 3")
    return Gsa(int(fields[1]), fields[_SYSTEM_AT] if len(fields) > _SYSTEM_AT else "")


def _zda(fields: Sequence[str]) -> Zda:
    utc = _time(fields[0])
    if utc is None or not all(fields[1:4]):
        return Zda(None)
    day, month, year = (_whole(field, "date") for field in fields[1:4])
    return Zda(datetime.combine(date(year, month, day), utc))


def _time(field: str) -> time | None:
    if not field:
        return None
    match = _TIME.fullmatch(field)
    if match is None:
        raise ValueError(f"time {field!r}; expected hhmmss.ss")
    second = min(int(match[3]), 59)  # a leap second has no place in Python's clock
    return time(int(match[1]), int(match[2]), second, int((match[4] or "0").ljust(6, "0")), UTC)


def _day(field: str) -> date | None:
    if not field:
        return None
    if not re.fullmatch(r"[0-9]{6}", field):
        raise ValueError(f"date {field!r}; expected ddmmyy")
    day, month, year = (int(field[at : at + 2]) for at in (0, 2, 4))
    return date(year + (1900 if year >= _TWENTIETH else 2000), month, day)


def _place(fields: Sequence[str]) -> Place | None:
    if not any(fields):
        return None
    latitude = _degrees(_LATITUDE, fields[0], fields[1], "NS", 90)
    longitude = _degrees(_LONGITUDE, fields[2], fields[3], "EW", 180)
    decimals = min(len(fields[at].partition(".")[2]) for at in (0, 2))
    return Place(latitude, longitude, 10**-decimals / _MINUTES)


def _degrees(form: re.Pattern[str], digits: str, side: str, sides: str, most: int) -> float:
    match = form.fullmatch(digits)
    if match is None or len(side) != 1 or side not in sides:
        raise ValueError(f"position {digits!r} {side!r}; expected degrees, minutes and {' or '.join(sides)}")
    degrees = int(match[1]) + float(match[2]) / _MINUTES
    if degrees > most:
        raise ValueError(f"position {digits!r}; at most {most} degrees")
    return degrees if side == sides[0] else -degrees


def _number(field: str, name: str) -> float | None:
    if not field:
        return None
    if not _NUMBER.fullmatch(field):
        raise ValueError(f"{name} {field!r}; expected a number")
    return float(field)


def _amount(field: str, name: str) -> float | None:
    value = _number(field, name)
    if value is not None and value < 0:
        raise ValueError(f"{name} {field!r}; expected nothing below 0")
    return value


def _whole(field: str, name: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", field):
        raise ValueError(f"{name} {field!r}; expected digits")
    return int(field)


_READERS = {"GGA": _gga, "RMC": _rmc, "GSA": _gsa, "ZDA": _zda}
